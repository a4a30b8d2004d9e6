"""Kept runs as a Markdown document. Stays out of what is told of them.

Nothing in a run can act on who reads it: speech stands in block quotes, HTML and pictures in it are
text, and what tools were given and gave stands in fences longer than any in it.
"""

import re
from collections.abc import Iterator
from typing import Final

from tui.cockpit.widgets.words import duration_words
from tui.plain import plain, plain_line
from tui.report.items import Block, Item, items_of
from tui.report.report import Report, RunPart
from tui.report.times import facts_of_run, since_begin

# What acts inside a line; between letters an underscore does not.
_ACTS: Final = re.compile(r"[\\`*\[\]<>~|&]|(?<!\w)_|_(?!\w)")
# A tag, or a picture that would be fetched; entities, because a backslash may stand before it.
_TAG_OR_PICTURE: Final = re.compile(r"<(?=[A-Za-z/!?])|!(?=\[)")
_BACKTICKS: Final = re.compile("`+")
# Only at the beginning of a line is a fence surely one: further in, it may belong to a list.
_OPENS: Final = re.compile(r"(`{3,})[^`]*$|(~{3,})")
_SHORTEST_FENCE: Final = 3
_TAB: Final = 4


def markdown_of(report: Report) -> Iterator[str]:
    """Yield the lines of the document, without their ends."""
    yield f"# {_words(report.title)}"
    yield ""
    yield f"Written by Baton. {report.note}"
    for part in report.runs:
        yield from _run(part)


def _run(part: RunPart) -> Iterator[str]:
    view = part.view
    yield ""
    yield f"## Run {_words(view.run_id[:8])} · {_words(view.target)}"
    yield ""
    for name, value in facts_of_run(view, part.state).items():
        yield f"- **{name}**: {_words(value)}"
    for remark in part.remarks:
        yield f"- {_words(remark)}"
    for item in items_of(view):
        yield ""
        yield from _item(item, since_begin(item.entry.at, view))


def _item(item: Item, when: str) -> Iterator[str]:
    if item.is_open or not item.blocks:
        yield f"### {_head(item, when)}"
        for block in item.blocks:
            yield from _block(block)
        return
    yield "<details>"
    yield f"<summary>{_head(item, when)}</summary>"
    for block in item.blocks:
        yield from _block(block)
    yield ""
    yield "</details>"


def _head(item: Item, when: str) -> str:
    what = " ".join(filter(None, (item.kind, item.name)))
    took = "" if item.took_s is None else duration_words(item.took_s)
    inside = f"inside {item.inside}" if item.inside else ""
    said = (item.who, what, item.state, took, inside, when)
    return " · ".join(_words(each) for each in said if each)


def _block(block: Block) -> Iterator[str]:
    yield ""
    if block.kind == "facts":
        for line in block.text.split("\n"):
            name, _, value = line.partition("\t")
            yield f"- **{_words(name)}** {_words(value)}"
        return
    if block.label:
        yield f"{block.label}:"
        yield ""
    if block.kind == "speech":
        yield from _quoted(block.text)
        return
    text = plain(block.text)
    marks = "`" * max(_SHORTEST_FENCE, 1 + max(map(len, _BACKTICKS.findall(text)), default=0))
    yield f"{marks}{'json' if block.kind == 'json' else 'text'}"
    yield from text.split("\n")
    yield marks


def _quoted(text: str) -> Iterator[str]:
    """Yield speech in a block quote; inside its fences nothing has to be changed."""
    closes: re.Pattern[str] | None = None
    for line in map(_indented, plain(text).split("\n")):
        if closes is not None:
            yield f"> {line}"
            closes = None if closes.fullmatch(line) else closes
            continue
        if opens := _OPENS.match(line):
            marks = opens[1] or opens[2]
            closes = re.compile(f" {{0,3}}{marks[0]}{{{len(marks)},}}[ \t]*")
            yield f"> {marks}{_safe(line[len(marks) :])}"
            continue
        yield f"> {_safe(line)}"


def _indented(line: str) -> str:
    """Return a line that begins with blanks in place of tabs: in a quote these are shorter."""
    rest = line.lstrip(" \t")
    return line[: len(line) - len(rest)].expandtabs(_TAB) + rest


def _safe(line: str) -> str:
    return _TAG_OR_PICTURE.sub(lambda match: f"&#{ord(match[0])};", line)


def _words(text: str) -> str:
    """Return text on one line that is no Markdown, and no HTML."""
    return _ACTS.sub(lambda match: f"&#{ord(match[0])};", plain_line(text))
