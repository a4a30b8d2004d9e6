"""The inspector shows all of an item, keeps its place, and never holds the screen for long."""

import json

import pytest
from textual.app import App, ComposeResult

from tests.cockpit.projection.folding import (
    RUN,
    asked,
    begun,
    called,
    fold,
    folded,
    numbered,
    output,
    started,
    text,
)
from tui.cockpit.projection.view import RunView
from tui.cockpit.widgets.inspector import Inspector
from tui.wire.events import RunFailed


class InspectorApp(App[None]):
    CSS = "Inspector > .inspector--cursor { background: red; }"

    def compose(self) -> ComposeResult:
        yield Inspector()


@pytest.fixture
async def stage():
    app = InspectorApp()
    async with app.run_test(size=(40, 20)) as pilot:
        inspector = app.query_one(Inspector)
        inspector.focus()
        yield Stage(pilot, inspector)


class Stage:
    def __init__(self, pilot, inspector: Inspector) -> None:
        self.pilot = pilot
        self.inspector = inspector

    async def show(self, view: RunView, item_id: str = "", now: float = 0.0) -> str:
        self.inspector.view = view
        self.inspector.now = now
        if item_id:
            self.inspector.item_id = item_id
        return await self.screen()

    async def screen(self) -> str:
        await self.pilot.pause()
        height = self.inspector.size.height
        return "\n".join(self.inspector.render_line(y).text.rstrip() for y in range(height))

    async def press(self, *keys: str) -> str:
        await self.pilot.press(*keys)
        return await self.screen()

    async def measured(self) -> str:
        while not self.inspector._body.is_whole:
            await self.pilot.pause(0.001)
        return await self.screen()


LONG = "\n".join(f"line {number}" for number in range(1_000))
WITH_LONG = fold(started(), called("c", '{"a": 1}'), output("c", LONG))


async def test_it_says_that_nothing_is_selected(stage):
    assert (await stage.screen()).startswith("Nothing is selected.")
    assert (await stage.show(fold(started()), "nobody")).startswith("Nothing is selected.")


async def test_a_call_is_shown_with_facts_arguments_and_output(stage):
    view = fold(started(), called("c", '{"a":1}'), begun("c"), output("c", "fine"))
    shown = await stage.show(view, "i-c")
    assert [line for line in shown.split("\n") if line] == [
        "⚙ t",
        "state         ✓ done",
        "agent         A",
        "ran           1.0 s",
        "Arguments",
        "{",
        '  "a": 1',
        "}",
        "Output",
        "fine",
        "Call id",
        "c",
    ]


async def test_escape_sequences_are_shown_and_not_sent(stage):
    shown = await stage.show(fold(started(), called("c"), output("c", "\x1b[2J[red]x[/]")), "i-c")
    assert "␛[2J[red]x[/]" in shown
    assert "\x1b" not in shown


async def test_keys_scroll_it_and_the_letters_of_vim_too(stage):
    await stage.show(WITH_LONG, "i-c")
    top = await stage.screen()
    assert await stage.press("j") == await stage.press("j", "k")
    assert await stage.press("g") == top
    assert "line 999" in await stage.press("G")
    assert "Call id" in await stage.screen()
    assert "line 999" not in await stage.press("ctrl+u")
    assert await stage.press("home") == top
    assert "line 999" in await stage.press("end")


async def test_another_item_starts_at_its_top(stage):
    view = fold(started(), called("c"), output("c", LONG), called("d"), output("d", LONG))
    await stage.show(view, "i-c")
    await stage.press("G")
    shown = await stage.show(view, "i-d")
    assert shown.startswith("⚙ t")
    assert stage.inspector.scroll_y == 0


async def test_an_event_elsewhere_does_not_move_or_draw_it(stage):
    await stage.show(WITH_LONG, "i-c")
    before = await stage.press("j", "j")
    body = stage.inspector._body
    view = folded([text("m", "elsewhere")], WITH_LONG)
    assert await stage.show(view) == before
    assert stage.inspector._body is body


async def test_text_in_flight_grows_where_it_stands(stage):
    events = [started(), *(text("m", f"word{n} ") for n in range(40))]
    half = folded(numbered(events)[:20])
    assert "word18" in await stage.show(half, "m")
    body = stage.inspector._body
    assert "word38" in await stage.show(folded(numbered(events)))
    assert stage.inspector._body is body


async def test_who_reads_the_end_of_growing_text_stays_there_and_who_reads_above_too(stage):
    def grown(lines: int) -> RunView:
        events = [started(), *(text("m", f"line {n}\n") for n in range(lines))]
        return folded(numbered(events))

    await stage.show(grown(100), "m")
    await stage.press("G")
    assert "line 149" in await stage.show(grown(150))
    above = await stage.press("ctrl+u")
    assert await stage.show(grown(200)) == above


async def test_durations_tick_with_the_time_it_is_told(stage):
    view = fold(started(), called("c"), begun("c"))
    assert "3.0 s so far" in await stage.show(view, "i-c", now=5.0)
    assert "4.0 s so far" in await stage.show(view, now=6.0)


async def test_a_request_that_is_decided_changes_its_facts(stage):
    waiting = fold(started(), called("c"), asked("c"))
    assert "waits for you" in await stage.show(waiting, "i-c", now=4.0)


async def test_new_texts_below_leave_the_line_at_the_top_where_it_is(stage):
    arguments = "[" + ", ".join(f'"argument {n}"' for n in range(300)) + "]"
    events = [started(), called("c", arguments), begun("c"), output("c", LONG)]
    await stage.show(fold(*events[:3]), "i-c")
    stage.inspector.scroll_to(y=150, animate=False)
    before = await stage.screen()
    assert before == await stage.show(fold(*events))


async def test_the_raw_entry_is_on_a_key_and_goes_again(stage):
    whole = await stage.show(fold(started(), called("c"), output("c", "fine")), "i-c")
    raw = await stage.press("v")
    assert '"output": "fine"' in raw
    assert await stage.press("v") == whole


async def test_a_resize_wraps_anew_and_keeps_the_line_at_the_top(stage):
    wide = "\n".join(f"line {number} and a good many words more" for number in range(500))
    await stage.show(fold(started(), called("c"), output("c", wide)), "i-c")
    await stage.measured()
    stage.inspector.scroll_to(y=300, animate=False)
    top = (await stage.screen()).split(" and")[0]
    await stage.pilot.resize_terminal(24, 20)
    await stage.measured()
    assert (await stage.screen()).split(" and")[0] == top


async def test_ten_megabytes_are_there_at_once(stage):
    huge = "some words of a line, and more of them\n" * 262_144
    shown = await stage.show(fold(started(), called("c"), output("c", huge)), "i-c")
    assert "some words of a line" in shown


TRACEBACK = 'Traceback (most recent call last):\n  File "/me/desk.py", line 3, in make\n    1 / 0'
FAILED = fold(
    started(),
    RunFailed(
        run_id=RUN, error_type="E", message="It broke.", advice="Mend it.", details=TRACEBACK
    ),
)
FAILURE = FAILED.entries[0].item_id
ROWS = json.dumps({"first": {"x": 1}, "rows": [{"id": n} for n in range(150)]})
WITH_ROWS = fold(started(), called("c", '{"a": {"b": 1}}'), output("c", ROWS))


async def test_a_traceback_is_folded_below_what_went_wrong_and_what_to_do(stage):
    shown = await stage.show(FAILED, FAILURE)
    assert [line for line in shown.split("\n") if line] == [
        "✗ the run failed: E",
        "It broke.",
        "What to do",
        "Mend it.",
        "▸ Traceback, 3 lines: desk.py:3 in make",
    ]


@pytest.mark.parametrize("key", ["o", "enter"])
async def test_a_key_opens_the_traceback_and_folds_it_again(stage, key):
    folded = await stage.show(FAILED, FAILURE)
    opened = await stage.press(key)
    assert "▾ Traceback, 3 lines" in opened
    assert "    1 / 0" in opened
    assert await stage.press(key) == folded


async def test_a_click_opens_the_traceback(stage):
    folded = await stage.show(FAILED, FAILURE)
    row = next(y for y, line in enumerate(folded.split("\n")) if "▸" in line)
    await stage.pilot.click(Inspector, offset=(5, row))
    assert "    1 / 0" in await stage.screen()
    await stage.pilot.click(Inspector, offset=(5, row + 1))
    assert "    1 / 0" in await stage.screen(), "a click on what is no head folds nothing"


async def test_the_key_is_offered_where_something_folds_and_nowhere_else(stage):
    def is_offered() -> bool:
        return "o" in stage.inspector.screen.active_bindings and stage.inspector.check_action(
            "fold", ()
        )

    await stage.show(fold(started(), called("c")), "i-c")
    assert not is_offered()
    await stage.show(FAILED, FAILURE)
    assert is_offered()


async def test_an_object_in_json_is_folded_and_opened_by_keys_alone(stage):
    whole = await stage.show(WITH_ROWS, "i-c")
    assert "▾ " in whole
    folded = await stage.press("o")
    assert '▸ "a": {"b": 1}' in folded
    opened = await stage.press("right", "o")
    assert '▾ "first": {' in opened
    assert await stage.press("o", "left", "o") == whole


async def test_the_line_that_the_keys_fold_is_marked_while_the_pane_has_the_focus(stage):
    def marked() -> list[str]:
        looks = [stage.inspector.render_line(y) for y in range(stage.inspector.size.height)]
        plain = stage.inspector.rich_style.bgcolor
        return [strip.text.strip() for strip in looks if strip._segments[0].style.bgcolor != plain]

    await stage.show(WITH_ROWS, "i-c")
    assert marked() == ['▾ "a": {']
    await stage.press("right")
    assert marked() == ['▸ "first": {"x": 1}']
    stage.inspector.blur()
    await stage.screen()
    assert marked() == []


async def test_a_fold_that_is_out_of_sight_is_brought_into_it(stage):
    await stage.show(WITH_ROWS, "i-c")
    await stage.press("right", "right", "o")
    opened = await stage.screen()
    assert '▾ "rows": [' in opened
    await stage.press("G")
    assert '{"id": 149}' in await stage.screen()
    assert '▸ {"id": 149}' in await stage.press("left", "right")
    # What is marked is far above again: the keys fold what is in sight.
    await stage.press("g", "G", "o")
    assert "▾ {" in await stage.screen()


async def test_what_is_opened_at_the_end_of_the_screen_leaves_the_screen_where_it_is(stage):
    await stage.show(WITH_ROWS, "i-c")
    await stage.press("right", "right", "o")
    await stage.press("o")
    top = stage.inspector.scroll_y
    before = (await stage.screen()).split("\n")
    row = next(y for y, line in enumerate(before) if "▸" in line and "rows" in line)
    opened = (await stage.press("o")).split("\n")
    assert stage.inspector.scroll_y == top
    assert opened[:row] == before[:row]
    assert "▾" in opened[row]


async def test_all_is_opened_and_folded_with_one_key(stage):
    await stage.show(WITH_ROWS, "i-c")
    await stage.press("O")
    assert '"id": 149' in await stage.press("G")
    folded = await stage.press("O")
    assert '▸ "rows"' in folded
    assert stage.inspector.scroll_y == 0


async def test_what_was_opened_stays_open_through_a_resize_and_the_raw_view(stage):
    await stage.show(FAILED, FAILURE)
    opened = await stage.press("o")
    await stage.press("v", "v")
    assert await stage.screen() == opened
    await stage.pilot.resize_terminal(30, 20)
    assert "▾ Traceback" in await stage.screen()


async def test_another_item_is_not_opened_because_one_was(stage):
    second = RunFailed(run_id="run2", error_type="E", message="Again.", details=TRACEBACK)
    both = folded([second], FAILED)
    await stage.show(both, FAILURE)
    await stage.press("o")
    assert "▸ Traceback" in await stage.show(both, both.entries[-1].item_id)


async def test_ten_megabytes_of_json_are_there_at_once_and_fold(stage):
    huge = json.dumps({"rows": [{"id": n, "name": f"row {n}"} for n in range(300_000)], "end": 1})
    shown = await stage.show(fold(started(), called("c"), output("c", huge)), "i-c")
    assert "Output" in shown
    assert "300,000" in await stage.measured()
    opened = await stage.press("o")
    assert '▸ {"id": 0, "name": "row 0"}' in opened
