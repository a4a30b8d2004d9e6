"""The transcript: what a frame costs, against Textual's Markdown and against its own length.

Run it with `python -m tests.bench.bench_transcript [row ...]`; rows: delta, length, giant, resize,
memory. All of them take some minutes, most of which is Textual's Markdown being filled.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from itertools import cycle, islice

from textual.widgets import Markdown

from tests.bench.pane_process import (
    BenchApp,
    against,
    frames_ms,
    resident_mb,
    side,
)
from tui.cockpit.projection.pages import LongText, Pages
from tui.cockpit.projection.view import MessageEntry, RunView
from tui.cockpit.widgets.transcript import Transcript

Answer = Callable[[float], Awaitable[str]]

FRAMES = 30
KIB = 1024
MIB = 1024 * KIB
PARAGRAPH = """\
## What was found

The order was **paid** on 2026-01-02 and never *shipped*: the carrier has no scan of it, and the
warehouse shows it as `packed`. See [the policy](https://example.com/policy) for what follows.

1. Check the payment with the ledger.
2. Ask the warehouse, and wait for the answer.
   - by phone
   - by mail

```python
def refund(order_id: int, amount: float) -> bool:
    return ledger.pay(order_id, amount)  # at once
```

"""
CHINESE = "自购买之日起十四天内可以无理由退款，客户无需支付任何费用。如有疑问，请联系我们。\n\n"
GIANTS = {
    "2,000-item list": "".join(f"- item number {n} of a **long** list\n" for n in range(2000)),
    "5,000-line fence": "```python\n"
    + "".join(f"value_{n} = compute({n}, 'text')  # line\n" for n in range(5000)),
    "500-row table": "| Order | State | Sum |\n|---|:-:|--:|\n"
    + "".join(f"| order number {n} | *paid* | {n}.90 |\n" for n in range(500)),
}


def text_of(characters: int, piece: str = PARAGRAPH) -> str:
    return (piece * (characters // len(piece) + 1))[:characters]


class Talk:
    """A conversation whose last message is in flight."""

    def __init__(self, pane: Transcript, text: str = "") -> None:
        entry = MessageEntry(item_id="m", run_id="r", at=0.0, agent="Triage")
        self._entries = Pages().append(entry)
        self._pane = pane
        self.live = LongText()
        self.add(text)

    def add(self, *texts: str) -> None:
        """Take in the deltas of a tick and publish one view, as a run does."""
        for text in texts:
            self.live = self.live.append(text)
        self._pane.view = RunView(
            run_id="r", entries=self._entries, live={"m": self.live}, open_items={"m": 0}
        )


async def our_deltas(app: BenchApp, characters: int, answer: Answer) -> None:
    assert isinstance(app.pane, Transcript)
    talk = Talk(app.pane, text_of(characters))
    deltas = cycle(["word ", "and a", " bit ", "more\n"])
    await asyncio.sleep(0.5)
    await answer(0)
    while True:
        await answer(await frames_ms(lambda: talk.add(next(deltas)), FRAMES))


async def textual_deltas(app: BenchApp, characters: int, answer: Answer) -> None:
    assert isinstance(app.pane, Markdown)
    await app.pane.update(text_of(characters))
    stream = Markdown.get_stream(app.pane)
    deltas = cycle(["word ", "and a", " bit ", "more\n"])
    await asyncio.sleep(0.5)
    await answer(0)
    while True:
        await answer(await frames_ms(lambda: stream.write(next(deltas)), FRAMES // 5))


async def giant(app: BenchApp, name: str, answer: Answer) -> None:
    """Streams a giant at 100 deltas a second; measures its beginning and its end."""
    assert isinstance(app.pane, Transcript)
    text = GIANTS[name]
    delta = 12
    measured = FRAMES * 3 * delta
    begin = 2 * KIB  # the screen is full from there on
    talk = Talk(app.pane, text[:begin])
    places = iter(range(begin, len(text), 3 * delta))

    def some() -> None:
        at = next(places)
        talk.add(*(text[start : start + delta] for start in range(at, at + 3 * delta, delta)))

    await answer(0)
    await answer(await frames_ms(some, FRAMES))
    for at in islice(places, (len(text) - begin - 2 * measured) // (3 * delta)):
        talk.add(text[at : at + 3 * delta])
    await asyncio.sleep(0.5)
    await answer(await frames_ms(some, FRAMES))


async def resized(app: BenchApp, characters: int, answer: Answer) -> None:
    """Measures the wall milliseconds from a resize to the frame that shows it."""
    assert isinstance(app.pane, Transcript)
    pane = app.pane
    Talk(pane, text_of(characters))
    await asyncio.sleep(0.5)
    await answer(0)
    for width in cycle([100, 120]):
        began = time.process_time()
        pane.styles.width = width
        await asyncio.sleep(0.5)
        await answer((time.process_time() - began) * 1000)


async def remembered(app: BenchApp, given: tuple[str, bool], answer: Answer) -> None:
    """Streams 10 MB, shown or only kept in a view, and says how many bytes a character takes."""
    assert isinstance(app.pane, Transcript)
    piece, is_shown = given
    talk = Talk(app.pane, text_of(10 * KIB, piece))
    await asyncio.sleep(0.5)
    before = resident_mb()
    text = text_of(64 * KIB, piece)
    for _ in range(10 * MIB // len(text)):
        if is_shown:
            talk.add(text)
        else:
            talk.live = talk.live.append(text)
        await asyncio.sleep(0)
    await asyncio.sleep(0.5)
    await answer((resident_mb() - before) * MIB / (10 * MIB))


def row(what: str, theirs: float, ours: float, unit: str = "ms") -> None:
    ratio = theirs / ours if ours else 0
    print(f"| {what} | {theirs:.2f} {unit} | {ours:.2f} {unit} | {ratio:.2f} |", flush=True)


def deltas() -> None:
    for characters in (50_000, 200_000):
        with (
            side(Transcript, our_deltas, characters) as ours,
            side(Markdown, textual_deltas, characters) as theirs,
        ):
            against(theirs, ours)
            row(
                f"a shown delta at {characters:,}: Markdown stream / ours",
                theirs.median,
                ours.median,
            )


def length() -> None:
    with (
        side(Transcript, our_deltas, 10 * KIB) as short,
        side(Transcript, our_deltas, 10 * MIB) as long,
    ):
        against(short, long)
        row("a frame: at 10 MB / at 10 KB", long.median, short.median)


def giants() -> None:
    for name in GIANTS:
        first, last = [], []
        for _ in range(3):
            with side(Transcript, giant, name) as one:
                first.append(one.ask())
                last.append(one.ask())
        row(f"a frame of a {name}: its end / its beginning", sorted(last)[1], sorted(first)[1])


def resizes() -> None:
    with side(Transcript, resized, 10 * KIB) as short, side(Transcript, resized, 10 * MIB) as long:
        against(short, long)
        row("CPU from a resize to a settled frame: 10 MB / 10 KB", long.median, short.median)


def memory() -> None:
    for name, piece in (("ASCII", PARAGRAPH), ("Chinese", CHINESE)):
        with (
            side(Transcript, remembered, (piece, True)) as shown,
            side(Transcript, remembered, (piece, False)) as kept,
        ):
            what = f"a character of 10 MB {name}: shown / in the view alone"
            row(what, shown.ready, kept.ready, "B")


ROWS = {"delta": deltas, "length": length, "giant": giants, "resize": resizes, "memory": memory}


def main() -> None:
    """Print the rows asked for, all without a wish."""
    print("| what | one side | other side | ratio |")
    print("| --- | --- | --- | --- |")
    for name in sys.argv[1:] or ROWS:
        ROWS[name]()


if __name__ == "__main__":
    main()
