"""When a condition of a rule that asks or denies may hold: wherever there is doubt.

Tools make the number 5 of the text "5", drop all but the last of two members, tidy up paths; and a
shell runs more than the first words of a text. `strict` is the other way round.
"""

import re
import shlex
from collections.abc import Iterator
from fnmatch import fnmatchcase
from posixpath import normpath
from typing import Final

from tui.policy.commands import LONGEST, is_command, program, simple_commands
from tui.policy.reading import Json, Members, Scalar
from tui.policy.strict import decodings, is_number, is_same_scalar
from tui.wire.rules import Condition

_TRUE: Final = frozenset(("true", "t", "yes", "y", "on", "1"))
_FALSE: Final = frozenset(("false", "f", "no", "n", "off", "0"))
_GLOB: Final = re.compile(r"[*?[]")
_LONGEST_GLOB: Final = 200
# What a shell puts something else in place of; a NUL stands for a substitution.
_EXPANSION: Final = re.compile(r"\0|\$\{[^}]*\}|\$(?:\w+|[@*#?!$-])|\{[^{}]*\}")
_ANSI: Final = re.compile(r"\$'((?:[^'\\]|\\.)*)'", re.DOTALL)
_QUOTING: Final = re.compile(r"[\\'\"]")


def values(value: Json, name: str | None) -> Iterator[Json]:
    """Yield all that a dotted name may mean below `value`, None for the value itself.

    Members that stand twice are all meant, and so is what is inside arrays.
    """
    if isinstance(value, list):
        for each in value:
            yield from values(each, name)
    if name is None:
        yield value
    elif isinstance(value, Members):
        for key, inner in value:
            if name == key:
                yield from values(inner, None)
            elif name.startswith(f"{key}."):
                yield from values(inner, name[len(key) + 1 :])


def may_hold(condition: Condition, value: Json, tool: str) -> bool:
    """Tell whether `value` may become what the condition wants; one that makes no sense holds."""
    wanted = condition.value
    match condition.test:
        case "is":
            return not isinstance(value, list | Members) and may_be_same(value, wanted)
        case "like":
            return not isinstance(wanted, str) or (
                isinstance(value, str) and _may_be_like(value, wanted, tool, condition.name)
            )
        case "prefix":
            return not isinstance(wanted, str) or _may_begin(value, wanted)
        case "min" | "max" if not is_number(wanted):
            return True
        # Not the other way round: "nan" is a number for some tools, and no bound keeps it out.
        case "min":
            return (number := _number(value)) is not None and not number < wanted
        case "max":
            return (number := _number(value)) is not None and not number > wanted


def may_be_same(value: Scalar, wanted: Scalar) -> bool:
    """Tell whether a tool may read `value` as `wanted`: "5" as 5, 1 or "yes" as true."""
    if isinstance(wanted, bool):
        text = str(int(value) if value in (0, 1) else value).strip().casefold()
        return text in (_TRUE if wanted else _FALSE)
    if is_number(wanted):
        number = _number(value)
        return number is not None and number == wanted
    return is_same_scalar(value, wanted)


def _number(value: Json) -> int | float | None:
    if not isinstance(value, str):
        return value if isinstance(value, int | float) else None
    for kind in (int, float):
        try:
            return kind(value)
        except ValueError:
            continue
    return None


def _may_be_like(text: str, wanted: str, tool: str, name: str) -> bool:
    texts = {text.strip(), *decodings(text)}
    texts |= {_tidied(each) for each in texts}
    if is_command(tool, name):
        texts |= {" ".join(words) for words in simple_commands(text).words}
    return any(fnmatchcase(each, wanted) for each in texts)


def _tidied(path: str) -> str:
    """Return a path without its detours; where it climbs out of its folder, taken from the root."""
    tidy = normpath(path) if path else path
    if tidy.startswith("../"):
        return "/" + tidy.replace("../", "")
    return "/" + tidy.lstrip("/") if tidy.startswith("//") else tidy


def _may_begin(value: Json, wanted: str) -> bool:
    if isinstance(value, list):
        value = shlex.join(each for each in value if isinstance(each, str))
    if not isinstance(value, str):
        return False
    first = _split(wanted)[:LONGEST]
    if not first:
        return True
    commands = simple_commands(value)
    if any(_is_first(words, first) for words in commands.words):
        return True
    wanted_program = program(first[0])
    texts = (value, _QUOTING.sub("", value), _QUOTING.sub("", _ANSI.sub(_unescaped, value)))
    seen = tuple(text.casefold() for text in texts)
    if not commands.is_split and any(wanted_program in text for text in seen):
        return True
    word = re.compile(rf"(?<!\w){re.escape(wanted_program)}(?!\w)")
    return not commands.is_named and any(map(word.search, seen))


def _is_first(words: tuple[str, ...], first: list[str]) -> bool:
    """Tell whether a command begins with these words, caseless."""
    if len(words) < len(first) or not _may_name(program(words[0]), program(first[0])):
        return False
    pairs = zip(words[1:], first[1:], strict=False)
    return all(word.casefold() == each.casefold() for word, each in pairs)


def _may_name(word: str, wanted: str) -> bool:
    """Tell whether a shell may find a program at `word`, which it may expand or read as a glob."""
    known = _EXPANSION.sub("*", word)
    # Where nothing of the name is known, a rule about one program would cover them all.
    word = known if known.strip("*") else word
    if word == wanted or not _GLOB.search(word):
        return word == wanted
    return len(word) > _LONGEST_GLOB or fnmatchcase(wanted, word)


def _unescaped(quoted: re.Match[str]) -> str:
    """Return what a shell makes of the inside of `$'...'`."""
    try:
        return quoted[1].encode("latin-1", "backslashreplace").decode("unicode_escape")
    except UnicodeDecodeError:
        return quoted[1]


def _split(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()
