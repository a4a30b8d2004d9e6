"""Reads a tool's description and its parameters' out of a docstring. Knows no schemas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from inspect import cleandoc, getdoc
from typing import Literal, NamedTuple

DocstringStyle = Literal["google", "numpy", "sphinx"]


class _Style(NamedTuple):
    """How one style is written, in regular expressions."""

    mark: str  # only this style has it
    section: str  # the prose is over
    parameters: str  # their section, whose body is the group
    between: str  # two parameters
    parameter: str  # its names, and its description


_NAMED = "(?i:args|arguments|params|parameters)"
_NAME = r"\*{0,2}(\w+)"
# In this order they are tried; a docstring with no mark at all is read as Google's.
_STYLES: dict[DocstringStyle, _Style] = {
    "sphinx": _Style(
        mark=r"^:(param\s|type\s|return:|rtype:)",
        section=r"^:\w",
        parameters=r"^(:\w.*)",
        between=r"\n(?=:\w)",
        parameter=rf":(?:param|parameter|arg|argument|key|keyword)\s+(?:[^:]*\s)?{_NAME}:(.*)",
    ),
    "numpy": _Style(
        mark=r"^(Parameters|Returns|Yields)\s*\n\s*-{3,}",
        section=r"^.+\n-{3,} *$",
        parameters=rf"^{_NAMED} *\n-{{3,}} *\n(.*?)(?=^[^\n]+\n-{{3,}} *$|\Z)",
        between=r"\n(?=\S)",
        parameter=r"([*\w]+(?:,\s[*\w]+)*)\s*(?::[^\n]*)?(?:\n(.*))?",
    ),
    "google": _Style(
        mark=r"^(Args|Arguments|Returns|Raises):",
        section=rf"(?:\A|(?<=\n\n)|^(?={_NAMED}:))\w[\w -]*:( .*)?\n[ \t]+\S",
        parameters=rf"^{_NAMED}:[^\n]*\n((?:[ \t][^\n]*(?:\n|\Z)|\n)+)",
        between=r"\n(?=\S)",
        parameter=rf"{_NAME}\s*(?:\(.*?\))?\s*:(.*)",
    ),
}


@dataclass
class Documentation:
    """What a docstring says: of the function, and of its parameters by name."""

    description: str | None = None
    parameters: dict[str, str] = field(default_factory=dict)


def read_docstring(function: object, style: DocstringStyle | None = None) -> Documentation:
    """Read the docstring of `function`; without a `style`, its marks decide."""
    text = getdoc(function) or ""
    marked = (each for each in _STYLES.values() if re.search(each.mark, text, re.MULTILINE))
    written = _STYLES[style] if style else next(marked, _STYLES["google"])
    prose = re.split(written.section, text, maxsplit=1, flags=re.MULTILINE)[0]
    return Documentation(prose.strip("\n") or None, dict(_parameters(text, written)))


def _parameters(text: str, style: _Style) -> Iterator[tuple[str, str]]:
    for section in re.finditer(style.parameters, text, re.MULTILINE | re.DOTALL):
        for entry in re.split(style.between, cleandoc(section[1])):
            if match := re.fullmatch(style.parameter, entry, re.DOTALL):
                for name in re.findall(r"\w+", match[1]):
                    yield name, cleandoc(match[2] or "").strip()
