"""Reads a tool's description and its parameters' out of a docstring. Knows no schemas.

Understands the Google, NumPy and Sphinx styles; of the sections only the parameters matter.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

DocstringStyle = Literal["google", "numpy", "sphinx"]

# In this order a tie is decided; a docstring with no mark at all is read as Google's.
_MARKS: dict[DocstringStyle, tuple[str, ...]] = {
    "sphinx": (r"^:param\s", r"^:type\s", r"^:return:", r"^:rtype:"),
    "numpy": tuple(rf"^{word}\s*\n\s*-{{3,}}" for word in ("Parameters", "Returns", "Yields")),
    "google": (r"^(Args|Arguments):", r"^Returns:", r"^Raises:"),
}
_PARAMETERS = frozenset({"args", "arguments", "params", "parameters"})
_GOOGLE_HEAD = re.compile(r"(?P<title>\w[\s\w-]*):(\s+\S.*)?\s*")
_GOOGLE_ENTRY = re.compile(r"\*{0,2}(?P<name>\w+)\s*(\(.*?\))?\s*:(?P<text>.*)", re.DOTALL)
_NUMPY_ENTRY = re.compile(r"(?P<names>\*{0,2}\w+(?:,\s\*{0,2}\w+)*)\s*(:.*)?$")
_SPHINX_ENTRY = re.compile(
    r":(?:param|parameter|arg|argument|key|keyword)\s+(?:[^:]*\s)?\*{0,2}(?P<name>\w+):(?P<text>.*)",
    re.DOTALL,
)


@dataclass
class Documentation:
    """What a docstring says: of the function, and of its parameters by name."""

    description: str | None = None
    parameters: dict[str, str] = field(default_factory=dict)


def read_docstring(function: object, style: DocstringStyle | None = None) -> Documentation:
    """Read the docstring of `function`; without a `style`, its marks decide."""
    text = inspect.getdoc(function)
    if not text:
        return Documentation()
    lines = text.splitlines()
    match style or _guess_style(text):
        case "sphinx":
            return _read_sphinx(lines)
        case "numpy":
            return _read_numpy(lines)
    return _read_google(lines)


def _guess_style(text: str) -> DocstringStyle:
    def score(style: DocstringStyle) -> int:
        return sum(bool(re.search(mark, text, re.MULTILINE)) for mark in _MARKS[style])

    best = max(_MARKS, key=score)
    return best if score(best) else "google"


def _read_google(lines: Sequence[str]) -> Documentation:
    documentation = Documentation()
    prose: list[str] = []
    fenced = False
    at = 0
    while at < len(lines):
        line = lines[at]
        fenced ^= line.lstrip().startswith("```")
        head = None if fenced else _google_head(lines, at)
        if head is None:
            prose.append(line)
            at += 1
            continue
        documentation.description = documentation.description or _joined(prose)
        prose = []
        body = list(_indented(lines, at + 1))
        if head.lower() in _PARAMETERS:
            documentation.parameters.update(_google_entries(body))
        at += 1 + len(body)
    documentation.description = documentation.description or _joined(prose)
    return documentation


def _google_head(lines: Sequence[str], at: int) -> str | None:
    match = _GOOGLE_HEAD.fullmatch(lines[at])
    has_body = at + 1 < len(lines) and lines[at + 1][:1].isspace() and lines[at + 1].strip()
    if match is None or not has_body:
        return None
    title = match["title"]
    after_blank = at == 0 or not lines[at - 1].strip()
    return title if after_blank or title.lower() in _PARAMETERS else None


def _indented(lines: Sequence[str], start: int) -> Iterator[str]:
    for line in lines[start:]:
        if line.strip() and not line[:1].isspace():
            return
        yield line


def _google_entries(body: Sequence[str]) -> Iterator[tuple[str, str]]:
    indent = len(body[0]) - len(body[0].lstrip())
    for entry in _entries([line[indent:] for line in body], step=indent):
        if match := _GOOGLE_ENTRY.fullmatch(entry):
            yield match["name"], match["text"].strip()


def _read_numpy(lines: Sequence[str]) -> Documentation:
    heads = [at for at in range(len(lines) - 1) if _is_numpy_head(lines, at)]
    ends = [*heads[1:], len(lines)]
    documentation = Documentation(_joined(lines[: heads[0] if heads else len(lines)]))
    for head, end in zip(heads, ends, strict=True):
        if lines[head].strip().lower() in _PARAMETERS:
            documentation.parameters.update(_numpy_entries(lines[head + 2 : end]))
    return documentation


def _is_numpy_head(lines: Sequence[str], at: int) -> bool:
    return bool(lines[at].strip()) and re.fullmatch(r"-{3,}\s*", lines[at + 1]) is not None


def _numpy_entries(body: Sequence[str]) -> Iterator[tuple[str, str]]:
    for entry in _entries(body, step=4):
        head, _, text = entry.partition("\n")
        if match := _NUMPY_ENTRY.match(head):
            for name in match["names"].split(","):
                yield name.strip().lstrip("*"), text.rstrip()


def _read_sphinx(lines: Sequence[str]) -> Documentation:
    prose: list[str] = []
    fields: list[list[str]] = []
    for line in lines:
        if re.match(r":\w", line):
            fields.append([line])
        elif fields:
            fields[-1].append(line)
        else:
            prose.append(line)
    parameters: dict[str, str] = {}
    for entry in fields:
        if match := _SPHINX_ENTRY.fullmatch(inspect.cleandoc("\n".join(entry))):
            parameters.setdefault(match["name"], match["text"].strip())
    return Documentation(_joined(prose), parameters)


def _entries(lines: Sequence[str], step: int) -> Iterator[str]:
    """Join each line at the margin with the deeper ones after it, `step` less indented."""
    entry: list[str] = []
    for line in lines:
        if line[:1].isspace() or not line.strip():
            entry.append(line[step:] if not line[:step].strip() else line.lstrip())
            continue
        if entry:
            yield "\n".join(entry)
        entry = [line]
    if entry:
        yield "\n".join(entry)


def _joined(lines: Sequence[str]) -> str | None:
    return "\n".join(lines).strip("\n") or None
