"""Kept runs as one page of HTML that needs nothing else: no network, no script, no font.

Stays out of what is told of them. Every text of a run is escaped, and made visible before where it
could act or hide; the page's own policy forbids all but its styles and the one script it names.
"""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import escape
from typing import Final

from markdown_it import MarkdownIt

from tui.cockpit.widgets.words import duration_words
from tui.plain import plain, plain_line
from tui.report.items import NOBODY, PERSON, Block, Item, items_of
from tui.report.lanes import Bar, lanes_of
from tui.report.page_looks import AGENT_COLOURS, SCRIPT, STYLE
from tui.report.report import Report, RunPart
from tui.report.times import facts_of_run, last_at, since_begin

_BAD: Final = "✗"


def page_of(report: Report) -> Iterator[str]:
    """Yield the page in lines, without their ends."""
    yield "<!doctype html>"
    yield '<html lang="en"><head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_policy()}">'
    yield '<meta name="referrer" content="no-referrer">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{_line(report.title)}</title>"
    yield f"<style>{STYLE}</style></head><body>"
    yield f"<header><h1>{_line(report.title)}</h1>"
    yield f'<p class="quiet">Written by Baton. {_line(report.note)}</p>'
    yield '<p class="tools" hidden><button type="button">Unfold all</button>'
    yield '<input type="search" placeholder="Words that stand in an item" aria-label="Filter">'
    yield '<span role="status"></span></p></header><main>'
    colours: dict[str, str] = {}
    for number, part in enumerate(report.runs):
        yield from _run(part, f"r{number}", colours)
    yield f"</main><script>{SCRIPT}</script></body></html>"


def _policy() -> str:
    """Return what the page may do: nothing comes from anywhere, nothing goes anywhere."""
    digest = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _run(part: RunPart, anchor: str, colours: dict[str, str]) -> Iterator[str]:
    view, items = part.view, tuple(items_of(part.view))
    yield f'<section id="{anchor}"><h2>Run {_line(view.run_id[:8])} · {_line(view.target)}</h2><dl>'
    for name, value in facts_of_run(view, part.state).items():
        yield f"<dt>{name}</dt><dd>{_line(value)}</dd>"
    for remark in part.remarks:
        yield f"<dt>note</dt><dd>{_line(remark)}</dd>"
    yield "</dl>"
    for item in items:
        _colour(item.who, colours)
    if lanes := lanes_of(view, items):
        yield from _lanes(lanes, anchor, colours)
        took = duration_words(last_at(view) - (view.started_at or 0.0))
        yield f'<div class="scale quiet"><span>0 s</span><span>{took}</span></div></div>'
    yield '<ol class="items">'
    for place, item in enumerate(items):
        looks = " ".join(
            filter(None, ("item", _colour(item.who, colours), item.inside and "inside"))
        )
        kind = " handoff" if item.kind == "handoff" else ""
        yield f'<li id="{anchor}-{place}" class="{looks}{kind}">'
        yield from _item(item, since_begin(item.entry.at, view))
        yield "</li>"
    yield "</ol></section>"


def _lanes(
    lanes: dict[str, tuple[Bar, ...]], anchor: str, colours: dict[str, str]
) -> Iterator[str]:
    yield '<div class="lanes" role="group" aria-label="When which agent did what">'
    for who, bars in lanes.items():
        yield f'<div class="lane {_colour(who, colours)}"><b>{_line(who)}</b><div class="track">'
        for bar in bars:
            place = f"left:{bar.left:.2f}%;width:{bar.width:.2f}%"
            told = _line(bar.told)
            yield (
                f'<a class="{bar.look}" href="#{anchor}-{bar.place}" style="{place}" '
                f'title="{told}" aria-label="{told}">{bar.mark}</a>'
            )
        yield "</div></div>"


def _item(item: Item, when: str) -> Iterator[str]:
    head = _head(item, when)
    if not item.blocks:
        yield f'<div class="head">{head}</div>'
        return
    yield f"<details{' open' if item.is_open else ''}><summary>{head}</summary>"
    for block in item.blocks:
        yield from _block(block)
    yield "</details>"


def _head(item: Item, when: str) -> str:
    took = "" if item.took_s is None else duration_words(item.took_s)
    pieces: Sequence[tuple[str, str]] = (
        ("at", when),
        ("who", item.who),
        ("kind", item.kind),
        ("name", item.name),
        ("state bad" if item.state.startswith(_BAD) else "state", item.state),
        ("took", took),
        ("quiet", f"inside {item.inside}" if item.inside else ""),
    )
    # The space between is for who copies it, or has it read out.
    return " ".join(f'<span class="{look}">{_line(text)}</span>' for look, text in pieces if text)


def _block(block: Block) -> Iterator[str]:
    if block.label:
        yield f"<h4>{_line(block.label)}</h4>"
    match block.kind:
        case "speech":
            yield f'<div class="speech">{_markdown().render(plain(block.text))}</div>'
        case "facts":
            yield "<dl>"
            for line in block.text.split("\n"):
                name, _, value = line.partition("\t")
                look = ' class="bad"' if name.startswith(_BAD) else ""
                yield f"<dt{look}>{_line(name)}</dt><dd>{_line(value)}</dd>"
            yield "</dl>"
        case _:
            # A line end behind the tag is not the text's own.
            yield f"<pre>\n{escape(plain(block.text))}</pre>"


@lru_cache(1)
def _markdown() -> MarkdownIt:
    """Return what lays out speech: tags in it are text, and nothing in it leads anywhere."""
    rules = ["link", "image", "autolink", "reference", "html_block", "html_inline"]
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable(rules)


def _colour(who: str, colours: dict[str, str]) -> str:
    if who in (PERSON, NOBODY):
        return ""
    return colours.setdefault(who, f"a{len(colours) % AGENT_COLOURS}")


def _line(text: str) -> str:
    """Return text on one line that is no HTML, also inside of quotes."""
    return escape(plain_line(text))
