"""Light highlighting of code, line by line: comments, strings, numbers and common keywords.

Stays out of grammar. What spans lines (a docstring, a block comment) is carried from line to line
as the text that ends it, so that a piece of a long listing looks as it does in the whole.
"""

import re
from functools import cache
from typing import Final, NamedTuple

from tui.cockpit.widgets.lines import Run

_KEYWORDS: Final = frozenset(
    (  # noqa: SIM905 - as a list literal a page long
        "abstract and as assert async await break case catch class const constexpr continue def"
        " default defer del do done elif else end enum except export extends extern false final"
        " finally fn for foreach from func function global go goto if impl implements import in"
        " include inline instanceof interface is lambda let local loop match mod module move mut"
        " namespace new nil none nonlocal not null operator or override package pass private"
        " protected pub public raise range readonly ref return select self sizeof static struct"
        " super switch template then this throw throws trait true try type typedef typeof"
        " undefined union unless unsafe until use using var virtual void where while with yield"
    ).split()
)
_SQL: Final = frozenset(
    (  # noqa: SIM905 - as a list literal a page long
        "add all alter and as asc begin between by case commit constraint create cross default"
        " delete desc distinct drop else end exists foreign from full group having if in index"
        " inner insert into is join key left like limit not null offset on or order outer"
        " primary references returning right rollback select set table then transaction union"
        " unique update values view when where with"
    ).split()
)
_FAMILIES: Final = {
    "python": "py python python3 pyi starlark",
    "c": "c h cc cpp c++ cs csharp java kotlin kt scala swift rust rs dart php css scss less proto"
    " objc zig",
    "script": "js jsx ts tsx javascript typescript mjs go golang",
    "hash": "sh bash zsh fish shell console yaml yml toml ini conf ruby rb perl pl r make makefile"
    " dockerfile docker nix hcl terraform tf elixir ex cmake powershell ps1 nginx",
    "sql": "sql sqlite postgres postgresql mysql plsql",
    "json": "json jsonc json5 jsonl",
    "lua": "lua haskell hs ada elm",
    "markup": "html xml svg vue svelte",
    "diff": "diff patch udiff",
}
_OF: Final = {name: family for family, names in _FAMILIES.items() for name in names.split()}


class _Rules(NamedTuple):
    comment: str
    spans: dict[str, str]
    keywords: frozenset[str]


_RULES: Final = {
    "python": _Rules("#", {'"""': '"""', "'''": "'''"}, _KEYWORDS),
    "c": _Rules("//", {"/*": "*/"}, _KEYWORDS),
    "script": _Rules("//", {"/*": "*/", "`": "`"}, _KEYWORDS),
    "hash": _Rules("#", {}, _KEYWORDS),
    "sql": _Rules("--", {"/*": "*/"}, _SQL),
    "json": _Rules("//", {}, frozenset(("true", "false", "null"))),
    "lua": _Rules("--", {}, _KEYWORDS),
    "markup": _Rules("", {"<!--": "-->"}, frozenset()),
}


def family_of(language: str) -> str:
    """Return the family of a fence's language word, "" if there is none we know."""
    return _OF.get(language.lower(), "")


def highlighted(line: str, family: str, inside: str) -> tuple[list[Run], str]:
    """Return `line` as runs, and what the next line is inside of.

    Args:
        line: Safe to show, without its newline.
        family: From `family_of`.
        inside: The text that ends what the line begins inside of, "" outside of everything.
    """
    if family == "diff":
        return [(line, _diff_look(line))], ""
    if family not in _RULES:
        return [(line, "fence")], ""
    runs: list[Run] = []
    at = 0
    if inside:
        end = line.find(inside)
        look = _span_look(inside)
        if end < 0:
            return [(line, look)], inside
        at = end + len(inside)
        runs.append((line[:at], look))
    return _outside(line, at, family, runs)


def inside_after(line: str, family: str, inside: str) -> str:
    """Return only what the next line is inside of; cheap where nothing spans lines."""
    if family not in _RULES:
        return ""
    spans = _RULES[family].spans
    if not inside and not any(opener in line for opener in spans):
        return ""
    return highlighted(line, family, inside)[1]


def _outside(line: str, at: int, family: str, runs: list[Run]) -> tuple[list[Run], str]:
    rules, pattern = _RULES[family], _pattern(family)
    while token := pattern.search(line, at):
        if token.start() > at:
            runs.append((line[at : token.start()], "fence"))
        at = token.end()
        if token.lastgroup != "span":
            runs.append((token[0], _look(token, rules)))
            continue
        ender = rules.spans[token[0]]
        end = line.find(ender, at)
        at = len(line) if end < 0 else end + len(ender)
        runs.append((line[token.start() : at], _span_look(ender)))
        if end < 0:
            return runs, ender
    if at < len(line):
        runs.append((line[at:], "fence"))
    return runs, ""


def _look(token: re.Match[str], rules: _Rules) -> str:
    match token.lastgroup:
        case "word":
            known = token[0] in rules.keywords or token[0].lower() in rules.keywords
            return "fence keyword" if known else "fence"
        case "tag":
            return "fence keyword"
        case kind:
            return f"fence {kind}"


def _span_look(ender: str) -> str:
    return "fence comment" if ender in ("*/", "-->") else "fence string"


def _diff_look(line: str) -> str:
    match line[:1]:
        case "+":
            return "fence added"
        case "-":
            return "fence removed"
        case "@":
            return "fence comment"
        case _:
            return "fence"


@cache
def _pattern(family: str) -> re.Pattern[str]:
    rules = _RULES[family]
    kinds = []
    if rules.spans:
        kinds.append(f"(?P<span>{'|'.join(re.escape(opener) for opener in rules.spans)})")
    if rules.comment:
        kinds.append(rf"(?P<comment>(?<![^\s;,(){{}}\]]){re.escape(rules.comment)}.*)")
    if family == "markup":
        kinds.append(r"(?P<tag></?[A-Za-z][\w:.-]*|/?>)")
    kinds.append(r"""(?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')""")
    kinds.append(r"(?P<number>\b\d[\w.]*)|(?P<word>[^\W\d]\w*)")
    return re.compile("|".join(kinds))
