"""The timeline on a screen: a row for each thing that happened, and a cursor that is not lost."""

import pytest

from tests.cockpit.widgets.pane_app import PaneApp, lines, shown
from tests.cockpit.widgets.views import (
    call,
    message,
    reasoning,
    user,
    view_of,
    with_changed,
    with_delta,
    with_entry,
)
from tui.cockpit.projection.pages import LongText
from tui.cockpit.projection.view import (
    Approval,
    ConsoleEntry,
    EndEntry,
    GuardrailEntry,
    HandoffEntry,
    MessageEntry,
    NoticeEntry,
    RunView,
    ToolEntry,
    UnknownEntry,
)
from tui.cockpit.widgets.timeline import Timeline
from tui.cockpit.widgets.words import duration_words
from tui.wire.rules import Rule

BASE = {"run_id": "r", "at": 1.0, "agent": "Triage"}


def rows(pane: Timeline) -> list[str]:
    """Rows without the cursor's column, each run of spaces as one."""
    return [" ".join(line[1:].split()) for line in lines(pane) if line.strip()]


def cursor_row(pane: Timeline) -> int:
    return next(y for y, line in enumerate(lines(pane)) if line.startswith("▸"))


def said(pilot, kind: type) -> list[str]:
    assert isinstance(pilot.app, PaneApp)
    return [message.item_id for message in pilot.app.said if isinstance(message, kind)]


async def test_an_empty_run_says_what_will_be_here() -> None:
    async with shown(pane := Timeline()) as pilot:
        assert lines(pane)[0] == "Nothing has happened yet."
        pane.view = RunView()
        await pilot.press("enter", "up", "G")
        assert lines(pane)[0] == "Nothing has happened yet."
        assert pane.selected == ""


async def test_each_state_of_a_call_has_a_sign_and_all_but_the_ordinary_a_word() -> None:
    asked = Approval(requested_at=10.0)
    decided = Approval(requested_at=10.0, decided_at=25.0, approved=False, reason="too\nmuch")
    rule = Rule(effect="deny", origin="policy.toml:3")
    by_rule = Approval(requested_at=10.0, approved=False, rule=rule)
    edited = Approval(requested_at=10.0, approved=True, arguments='{"a": 2}')
    view = view_of(
        call("1", state="writing"),
        call("2", state="called", arguments='{"a": 1}'),
        call("3", state="waiting", approval=asked),
        call("4", state="approved", approval=Approval(requested_at=10.0, decided_at=12.0)),
        call("5", state="rejected", approval=decided),
        call("6", state="withdrawn", approval=Approval(requested_at=1.0, withdrawn="run ended")),
        call("7", state="running", started_at=20.0, progress="half"),
        call("8", state="done", started_at=20.0, ended_at=20.3),
        call("9", state="failed", started_at=20.0, ended_at=95.0, error_type="E", error="bad"),
        call("10", state="cancelled", started_at=20.0),
        call("11", state="answered", arguments='{"a": 1}', output="seen", ended_at=30.0),
        call("12", state="skipped", output="no such tool", ended_at=30.0),
        call("13", state="denied", denied_by=Rule(effect="deny", tool="lookup")),
        call("14", state="held", arguments='{"a": 1}'),
        call("15", state="rejected", approval=by_rule),
        call("16", state="approved", arguments='{"a": 1}', approval=edited),
    )
    async with shown(pane := Timeline(), (80, 18)) as pilot:
        pane.now = 30.0
        pane.view = view
        await pilot.pause()
        assert rows(pane) == [
            "┃ ⚙ Triage lookup ✎ writing",
            "┃ ⚙ lookup a=1 … called",
            "┃ ⚙ lookup ⏸ you 20s",
            "┃ ⚙ lookup ⏸ 2.0s ✓ approved",
            "┃ ⚙ lookup too ⏸ 15s ✗ rejected",
            "┃ ⚙ lookup run ended ⊘ withdrawn",
            "┃ ⚙ lookup half ▶ 10s",
            "┃ ⚙ lookup ✓ 0.3s",
            "┃ ⚙ lookup E: bad ✗ failed 1m15s",
            "┃ ⚙ lookup ■ cancelled",
            "┃ ⚙ lookup a=1 ↩ output received",
            "┃ ⚙ lookup no such tool ⊘ not run",
            "┃ ⚙ lookup deny lookup ✗ denied by a rule",
            "┃ ⚙ lookup a=1 ⏸ held",
            "┃ ⚙ lookup deny any tool (policy.toml:3) ✗ rejected",
            "┃ ⚙ lookup ✎ edited a=2 ✓ approved",
        ]


async def test_all_other_entries_have_their_row() -> None:
    view = view_of(
        user("1", "\n Hello\nthere"),
        user("2", "faster", steering=True),
        reasoning("3", "I think.\nSo", ended_at=3.2),
        message("4", "First line.\nSecond."),
        HandoffEntry(item_id="5", call_id="c", tool="x", target="Billing", **BASE),
        HandoffEntry(item_id="6", call_id="c", tool="to_tech", **BASE),
        HandoffEntry(item_id="7", call_id="c", tool="to_tech", output="only one", **BASE),
        ConsoleEntry(item_id="8", text=LongText().append("printed\n"), **BASE),
        GuardrailEntry(item_id="9", guardrail="polite", stage="output", message="rude", **BASE),
        UnknownEntry(item_id="10", kind="strange", text="?", **BASE),
        EndEntry(item_id="11", how="failed", error_type="E", message="It broke.", **BASE),
        EndEntry(item_id="12", how="after_turn", **BASE),
        HandoffEntry(item_id="13", call_id="c", tool="to_tech", ended_at=2.0, **BASE),
        message("14", "42", is_final_output=True),
    )
    async with shown(pane := Timeline(), (80, 16)) as pilot:
        pane.view = view
        await pilot.pause()
        assert rows(pane) == [
            "› You Hello",
            "› You, steering faster",
            "┃ ✦ Triage reasoning I think. 2.2s",
            "┃ » First line. 1.0s",
            "┃ ◆ handoff Triage → Billing",
            "┃ ◆ handoff Triage → to_tech … asked",
            "┃ ◆ handoff Triage → to_tech only one ✗ not done",
            "┃ ▤ printed printed",
            "┃ ⚠ guardrail polite rude ✗ stopped",
            "┃ ? unknown item strange ?",
            "┃ ✗ failed: E It broke.",
            "┃ ■ cancelled after the turn",
            "┃ ◆ handoff Triage → to_tech ✗ not done",
            "┃ » final answer 42",
        ]


async def test_a_label_takes_all_that_is_free_and_times_end_at_the_edge() -> None:
    words = "0123456789" * 12
    view = view_of(
        message("1", words, cut=True),
        call("2", state="done", started_at=1.0, ended_at=1.4, arguments=f'{{"id": "{words}"}}'),
        call("3", state="failed", started_at=1.0, ended_at=75.0, error=words),
        ConsoleEntry(item_id="4", text=LongText().append(words), **BASE),
    )
    async with shown(pane := Timeline(), (60, 6)) as pilot:
        pane.view = view
        await pilot.pause()
        assert [len(line) for line in lines(pane)[:4]] == [59] * 4
        assert [line.split("…")[1] for line in lines(pane)[:4]] == [
            " ■ cut off  1.0s",
            " ✓  0.4s",
            " ✗ failed 1m14s",
            "",
        ]


async def test_calls_of_one_tool_are_told_apart_by_their_values_where_it_is_narrow() -> None:
    arguments = '{{"order_identifier": "{}", "amount_in_cents": 4990}}'
    first, second = (arguments.format(order) for order in ("A-4711", "B-0815"))
    view = view_of(
        call("1", "issue_refund", state="called", arguments=first),
        call("2", "issue_refund", state="called", arguments=second),
        call("3", "issue_refund", state="failed", error="refused", arguments=second),
    )
    narrow, wide = [], []
    for size, told in (((42, 5), narrow), ((90, 5), wide)):
        async with shown(pane := Timeline(), size) as pilot:
            pane.view = view
            await pilot.pause()
            told += rows(pane)
    assert narrow == [
        "┃ ⚙ Triage issue_refund A-4711… … called",
        "┃ ⚙ issue_refund B-0815 4990 … called",
        "┃ ⚙ issue_refund refused · B-0… ✗ failed",
    ]
    assert wide == [
        "┃ ⚙ Triage issue_refund order_identifier=A-4711 amount_in_cents=4990 … called",
        "┃ ⚙ issue_refund order_identifier=B-0815 amount_in_cents=4990 … called",
        "┃ ⚙ issue_refund refused · B-0815 4990 ✗ failed",
    ]


async def test_an_agent_without_a_name_has_a_stand_in() -> None:
    unnamed = {**BASE, "agent": ""}
    view = view_of(
        user("1", "Hello"),
        MessageEntry(item_id="2", text="Hi", ended_at=2.0, **unnamed),
        ToolEntry(item_id="3", call_id="3", tool="look", state="done", **unnamed),
        HandoffEntry(item_id="4", call_id="c", tool="x", target="Billing", **unnamed),
        NoticeEntry(item_id="5", text="a note", run_id="r", at=1.0),
    )
    async with shown(pane := Timeline(), (80, 6)) as pilot:
        pane.view = view
        await pilot.pause()
        assert rows(pane) == [
            "› You Hello",
            "» (unnamed) Hi 1.0s",
            "⚙ look ✓",
            "◆ handoff (unnamed) → Billing",
            "⚠ note a note",
        ]


async def test_a_handoff_says_why_and_an_empty_payload_nothing() -> None:
    view = view_of(
        HandoffEntry(
            item_id="1",
            call_id="c",
            tool="x",
            target="Billing",
            arguments='{"reason": "a bill, charged twice"}',
            **BASE,
        ),
        call("2", agent="Billing", state="done"),
        HandoffEntry(item_id="3", call_id="d", tool="x", target="Triage", arguments="{}", **BASE),
    )
    async with shown(pane := Timeline(), (80, 6)) as pilot:
        pane.view = view
        await pilot.pause()
        assert rows(pane) == [
            "┃ ◆ handoff Triage → Billing reason: a bill, charged twice",
            "┃ ⚙ lookup ✓",
            "┃ ◆ handoff Triage → Triage",
        ]


async def test_an_agent_is_named_where_its_turn_begins_and_not_after_a_print() -> None:
    view = view_of(
        message("1", "a"),
        ConsoleEntry(item_id="2", text=LongText().append("raw"), run_id="r", at=1.0),
        message("3", "b"),
        message("4", "c", agent="Billing"),
        ConsoleEntry(item_id="5", text=LongText().append("x"), **BASE),
        message("6", "d", agent="Billing"),
    )
    async with shown(pane := Timeline(), (80, 8)) as pilot:
        pane.view = view
        await pilot.pause()
        assert [row.removesuffix(" 1.0s") for row in rows(pane)] == [
            "┃ » Triage a",
            "▤ printed raw",
            "┃ » b",
            "┃ » Billing c",
            "┃ ▤ printed x",
            "┃ » d",
        ]


async def test_a_note_from_the_host_is_a_row_of_its_own_kind() -> None:
    async with shown(pane := Timeline(), (80, 6)) as pilot:
        pane.view = view_of(NoticeEntry(item_id="1", run_id="r", at=1.0, text="not gated: ask"))
        await pilot.pause()
        assert rows(pane) == ["⚠ note not gated: ask"]


async def test_agents_have_lanes_and_nested_agents_stand_under_their_call() -> None:
    view = view_of(
        message("1", "a", agent="Triage"),
        message("2", "b", agent="Billing"),
        call("3", "ask", agent="Billing", call_id="c1", state="running", is_agent=True),
        message("4", "c", agent="Fraud", within="c1"),
        message("5", "d", agent="Triage"),
    )
    async with shown(pane := Timeline(), (80, 8)) as pilot:
        pane.view = view
        await pilot.pause()
        starts = [line[1:].split("»")[0].split("⚙")[0] for line in lines(pane)[:5]]
        assert starts == ["┃ ", " ┃ ", " ┃ ", " ┃ ┊ ", "┃ "]


async def test_lanes_give_way_to_text_on_a_narrow_screen() -> None:
    view = view_of(*(message(str(n), "text", agent=f"Agent {n}") for n in range(9)))
    async with shown(pane := Timeline(), (30, 12)) as pilot:
        pane.view = view
        await pilot.pause()
        assert all(line[1] == "┃" for line in lines(pane)[:9])


async def test_durations_tick_with_the_time_given() -> None:
    async with shown(pane := Timeline(), (80, 6)) as pilot:
        pane.view = view_of(call("1", state="running", started_at=10.0), call("2", state="done"))
        pane.now = 12.0
        await pilot.pause()
        assert "2.0s" in rows(pane)[0]
        pane.now = 75.0
        await pilot.pause()
        assert "1m05s" in rows(pane)[0]
        assert "s" not in rows(pane)[1].replace("lookup", "")


async def test_arguments_show_while_they_are_written() -> None:
    async with shown(pane := Timeline(), (80, 6)) as pilot:
        pane.view = view_of(call("1"), live={"1": '{"order_id": "A-1'})
        await pilot.pause()
        assert rows(pane) == ["┃ ⚙ Triage lookup order_id=A-1 ✎ writing"]


async def test_text_in_flight_shows_its_first_line() -> None:
    async with shown(pane := Timeline(), (80, 6)) as pilot:
        pane.view = view_of(message("1"), live={"1": "The be"})
        await pilot.pause()
        assert "» Triage The be" in rows(pane)[0]
        pane.view = with_delta(pane.view, "1", "ginning.\nMore " * 2000)
        await pilot.pause()
        assert "The beginning." in rows(pane)[0]
        pane.view = with_changed(pane.view, message("1", "The end."))
        await pilot.pause()
        assert "The end." in rows(pane)[0]


async def test_the_cursor_goes_with_the_end_until_it_is_moved() -> None:
    async with shown(pane := Timeline(), (80, 6)) as pilot:
        pane.view = view_of(*(message(str(n), f"text {n}") for n in range(20)))
        await pilot.pause()
        assert pane.selected == "19"
        pane.view = with_entry(pane.view, message("20", "text 20"))
        await pilot.pause()
        assert pane.selected == "20"
        assert cursor_row(pane) == 5
        await pilot.press("up", "k", "pageup")
        assert pane.selected == "13"
        before = lines(pane)
        pane.view = with_entry(pane.view, message("21", "text 21"))
        await pilot.pause()
        assert lines(pane) == before
        await pilot.press("G")
        pane.view = with_entry(pane.view, message("22", "text 22"))
        await pilot.pause()
        assert pane.selected == "22"


async def test_scrolling_away_from_the_end_lets_the_rows_hold_still() -> None:
    async with shown(pane := Timeline(), (80, 6)) as pilot:
        pane.view = view_of(*(message(str(n), f"text {n}") for n in range(40)))
        await pilot.pause()
        pane.scroll_relative(y=-3, animate=False)
        await pilot.pause()
        before = lines(pane)
        pane.view = with_entry(pane.view, message("40", "text 40"))
        await pilot.pause()
        assert lines(pane) == before


async def test_keys_move_open_and_report_the_row() -> None:
    async with shown(pane := Timeline(), (80, 6)) as pilot:
        pane.view = view_of(*(message(str(n), f"text {n}") for n in range(9)))
        await pilot.press("g", "j", "down", "enter", "up", "end", "home")
        assert said(pilot, Timeline.Selected) == ["8", "0", "1", "2", "1", "8", "0"]
        assert said(pilot, Timeline.Opened) == ["2"]


async def test_a_click_selects_and_a_second_one_opens() -> None:
    async with shown(pane := Timeline(), (80, 6)) as pilot:
        pane.view = view_of(*(message(str(n), f"text {n}") for n in range(20)))
        await pilot.pause()
        await pilot.click(Timeline, offset=(10, 2))
        assert pane.selected == "16"
        assert said(pilot, Timeline.Opened) == []
        await pilot.click(Timeline, offset=(10, 3), times=2)
        assert said(pilot, Timeline.Opened) == ["17"]


async def test_an_item_can_be_selected_from_elsewhere() -> None:
    async with shown(pane := Timeline(), (80, 6)) as pilot:
        pane.view = view_of(*(message(str(n), f"text {n}") for n in range(600)))
        await pilot.pause()
        pane.select("300")
        await pilot.pause()
        assert "text 300" in lines(pane)[cursor_row(pane)]
        pane.select("nobody knows")
        assert pane.selected == "300"


async def test_a_hundred_thousand_entries_are_as_few_on_screen() -> None:
    view = view_of(*(call(str(n), state="done") for n in range(100_000)))
    async with shown(pane := Timeline(), (80, 6)) as pilot:
        pane.view = view
        await pilot.pause()
        assert pane.selected == "99999"
        await pilot.press("g")
        assert pane.selected == "0"


@pytest.mark.parametrize("size", [(20, 3), (200, 60), (8, 2)])
async def test_rows_fit_any_size(size: tuple[int, int]) -> None:
    async with shown(pane := Timeline(), size) as pilot:
        pane.view = view_of(call("1", "tool" * 40, state="waiting", arguments="x" * 500))
        await pilot.pause()
        assert all(pane.render_line(y).cell_length == size[0] - 1 for y in range(size[1]))


async def test_a_resize_keeps_the_end_or_the_cursor_in_sight() -> None:
    async with shown(pane := Timeline(), (80, 12)) as pilot:
        pane.view = view_of(*(message(str(n), f"text {n}") for n in range(40)))
        await pilot.pause()
        await pilot.resize_terminal(60, 4)
        await pilot.pause()
        assert cursor_row(pane) == 3
        await pilot.resize_terminal(60, 20)
        await pilot.pause()
        assert cursor_row(pane) == 19


async def test_hostile_text_is_shown_and_does_nothing() -> None:
    text = "\x1b]0;t\x07[bold]x[/] \u202ey \u200b"
    view = view_of(
        user("1", text),
        message("2", text, agent=text),
        call("3", text, arguments=text, state="failed", error=text),
        HandoffEntry(item_id="4", call_id="c", tool=text, target=text, **BASE),
    )
    async with shown(pane := Timeline(), (160, 6)) as pilot:
        pane.view = view
        await pilot.pause()
        everything = "\n".join(lines(pane))
        assert "␛]0;t␇[bold]x[/] ⟨U+202E⟩y" in everything
        assert not set(everything) & set("\x1b\x07\u202e\u200b")


async def test_another_conversation_starts_from_nothing() -> None:
    async with shown(pane := Timeline(), (80, 6)) as pilot:
        pane.view = view_of(*(message(str(n), "text") for n in range(40)))
        await pilot.press("g")
        pane.view = view_of(user("new", "Hello"))
        await pilot.pause()
        assert pane.selected == "new"
        assert rows(pane) == ["› You Hello"]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-1, "0.0 s"), (0.34, "0.3 s"), (12.9, "12 s"), (59.99, "59 s"), (62, "1 m 02 s"),
     (3599, "59 m 59 s"), (7500, "2 h 05 m")],
)  # fmt: skip
def test_durations_in_words(seconds: float, words: str) -> None:
    assert duration_words(seconds) == words
