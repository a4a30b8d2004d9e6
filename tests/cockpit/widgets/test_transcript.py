"""The transcript on a screen: what it shows, and that it holds still while somebody reads."""

import pytest
from textual.geometry import Offset
from textual.selection import Selection

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
    NoticeEntry,
    RunView,
    UnknownEntry,
)
from tui.cockpit.widgets.transcript import Transcript


def paragraphs(count: int, first: int = 0) -> str:
    return "\n\n".join(f"Paragraph {n} of a text." for n in range(first, first + count))


async def test_an_empty_conversation_says_what_will_be_here() -> None:
    async with shown(pane := Transcript()):
        assert lines(pane)[0] == "Nothing has been said yet."
        pane.view = RunView()
        assert lines(pane)[0] == "Nothing has been said yet."


async def test_who_speaks_is_said_in_words() -> None:
    async with shown(pane := Transcript()) as pilot:
        pane.view = view_of(user("u", "Hello\n  there"), message("m", "Hi **you**."))
        await pilot.pause()
        assert lines(pane)[:7] == [
            "› You",
            "  Hello",
            "    there",
            "",
            "● Triage",
            "  Hi you.",
            "",
        ]


async def test_an_answer_that_no_model_wrote_says_so_and_is_read_like_a_message() -> None:
    async with shown(pane := Transcript()) as pilot:
        pane.view = view_of(call("c"), message("m", "# Found\n\n- **42**", is_final_output=True))
        await pilot.pause()
        said = lines(pane)
        assert said[1:4] == ["", "● Triage · final answer", "  Found"]
        assert "  • 42" in said


async def test_what_is_no_speech_is_one_line_in_its_place_with_its_trouble_below() -> None:
    base = {"run_id": "r", "at": 1.0, "agent": "Triage"}
    waiting = Approval(requested_at=5.0)
    rejected = Approval(requested_at=5.0, decided_at=17.0, approved=False, reason="too much")
    view = view_of(
        call("1", state="done", started_at=1.0, ended_at=1.3, arguments='{"id": 7}'),
        call("2", "refund", state="waiting", approval=waiting),
        call("3", "refund", state="rejected", approval=rejected),
        call("4", "score", state="failed", error_type="ValueError", error="no\nway"),
        call("5", "score", state="running", started_at=1.0, progress="half"),
        HandoffEntry(
            item_id="6",
            call_id="c6",
            tool="to_billing",
            target="Billing",
            arguments='{"reason": "a charge"}',
            **base,
        ),
        HandoffEntry(item_id="7", call_id="c7", tool="to_tech", output="only one", **base),
        GuardrailEntry(item_id="9", guardrail="polite", stage="output", message="rude", **base),
        UnknownEntry(item_id="10", kind="strange", **base),
        EndEntry(item_id="11", how="immediate", **base),
    )
    async with shown(pane := Transcript(), (70, 16)) as pilot:
        pane.view = view
        await pilot.pause()
        assert lines(pane)[:14] == [
            "Triage ⚙ lookup ✓ 0.3 s  id=7",
            "⚙ refund ⏸ waits for you",
            "⚙ refund ✗ rejected ⏸ waited 12 s for you",
            "  too much",
            "⚙ score ✗ failed",
            "  ValueError: no",
            "  way",
            "⚙ score ▶ running: half",
            "◆ handoff Triage → Billing  reason: a charge",
            "◆ handoff Triage → to_tech ✗ not done: only one",
            "⚠ guardrail polite stopped the run (output): rude",
            "? unknown item strange",
            "",
            "■ cancelled at once",
        ]


async def test_what_was_printed_is_a_mark_on_its_call_and_no_line() -> None:
    prints = {"run_id": "r", "at": 1.0, "agent": "Triage", "text": LongText().append("a\nb\nc\n")}
    view = view_of(
        call("1", state="done", printed_lines=3, arguments='{"id": 7}'),
        ConsoleEntry(item_id="2", call_id="call-1", **prints),
        ConsoleEntry(item_id="3", **prints),
        message("4", "Done."),
    )
    async with shown(pane := Transcript(), (60, 8)) as pilot:
        pane.view = view
        await pilot.pause()
        assert lines(pane)[:4] == [
            "Triage ⚙ lookup ✓ · printed 3 lines  id=7",
            "",
            "● Triage",
            "  Done.",
        ]


async def test_a_print_leads_to_its_call_and_counts_as_nothing_new() -> None:
    prints = {"run_id": "r", "at": 1.0, "agent": "Triage", "call_id": "call-c"}
    view = view_of(
        message("m", paragraphs(20)),
        call("c", state="running"),
        call("d", state="running"),
        ConsoleEntry(item_id="p", text=LongText().append("x"), **prints),
        message("m2", paragraphs(20)),
    )
    async with shown(pane := Transcript()) as pilot:
        pane.view = view
        await pilot.pause()
        pane.jump_to("p")
        assert "⚙ lookup" in lines(pane)[0]
        assert "⚙ lookup" in lines(pane)[1]
        pane.view = with_entry(
            pane.view, ConsoleEntry(item_id="q", text=LongText().append("y"), **prints)
        )
        await pilot.pause()
        assert pane.new_below == 0


async def test_a_note_from_the_host_has_a_look_of_its_own_and_is_whole() -> None:
    text = "the history of this conversation was lost with the agent process \x1b[2J"
    async with shown(pane := Transcript()) as pilot:
        pane.view = view_of(NoticeEntry(item_id="n", run_id="r", at=1.0, text=text))
        await pilot.pause()
        assert lines(pane)[:3] == [
            "⚠ note  the history of this",
            "        conversation was lost with the",
            "        agent process ␛[2J",
        ]


async def test_a_long_reason_is_readable_whole_under_its_call() -> None:
    reason = "The photo does not show the damage; " * 4 + "ask again."
    rejected = Approval(requested_at=5.0, decided_at=17.0, approved=False, reason=reason)
    async with shown(pane := Transcript(), (60, 12)) as pilot:
        pane.view = view_of(call("1", state="rejected", approval=rejected))
        await pilot.pause()
        assert " ".join(" ".join(lines(pane)[1:]).split()) == reason


async def test_an_endless_error_is_cut_and_says_where_the_rest_is() -> None:
    async with shown(pane := Transcript(), (60, 12)) as pilot:
        pane.view = view_of(call("1", state="failed", error="x" * 100_000))
        await pilot.pause()
        assert lines(pane)[-1] == "  (all of it is in the inspector)"


async def test_a_failure_shows_its_message_and_what_to_do() -> None:
    end = EndEntry(
        item_id="e",
        run_id="r",
        at=1.0,
        how="failed",
        error_type="RateLimitError",
        message="Too many requests, said the service.",
        advice="Wait a minute, then try again.",
    )
    async with shown(pane := Transcript(), (30, 8)) as pilot:
        pane.view = view_of(end)
        await pilot.pause()
        assert lines(pane)[:5] == [
            "✗ failed: RateLimitError",
            "  Too many requests, said the",
            "  service.",
            "  → Wait a minute, then try",
            "    again.",
        ]


async def test_what_nested_agents_say_is_indented_under_their_call() -> None:
    view = view_of(
        call("t", "ask_fraud", call_id="c1", state="running"),
        message("m", "Looks clean.", agent="Fraud", within="c1"),
        call("t2", "score", agent="Fraud", within="c1", call_id="c2", state="done"),
        message("m2", "Deep.", agent="Model", within="c2"),
    )
    async with shown(pane := Transcript()) as pilot:
        pane.view = view
        await pilot.pause()
        assert lines(pane)[:9] == [
            "Triage ⚙ ask_fraud ▶ running",
            "┊",
            "┊ ● Fraud",
            "┊   Looks clean.",
            "┊",
            "┊ ⚙ score ✓",
            "┊ ┊",
            "┊ ┊ ● Model",
            "┊ ┊   Deep.",
        ]


async def test_finished_reasoning_folds_to_a_line_and_a_key_or_a_click_unfolds_it() -> None:
    async with shown(pane := Transcript()) as pilot:
        pane.view = view_of(reasoning("r"), live={"r": "First.\n\nSecond."})
        await pilot.pause()
        assert lines(pane)[:4] == ["▾ Triage · reasoning", "  First.", "", "  Second."]
        pane.view = with_changed(pane.view, reasoning("r", "First.\n\nSecond.", ended_at=2.0))
        await pilot.pause()
        assert lines(pane)[:2] == ["▸ Triage · reasoning · 3 lines", ""]
        await pilot.press("o")
        assert lines(pane)[:2] == ["▾ Triage · reasoning · 3 lines", "  First."]
        await pilot.click(Transcript, offset=(3, 0))
        assert lines(pane)[:2] == ["▸ Triage · reasoning · 3 lines", ""]


async def test_reasoning_kept_back_is_said_to_be_unseen() -> None:
    async with shown(pane := Transcript()) as pilot:
        pane.view = view_of(reasoning("r", "", ended_at=2.0))
        await pilot.pause()
        assert lines(pane)[0] == "✦ Triage reasoned, unseen"


async def test_it_goes_with_the_end_as_text_streams() -> None:
    async with shown(pane := Transcript()) as pilot:
        pane.view = view_of(message("m"), live={"m": ""})
        for n in range(60):
            pane.view = with_delta(pane.view, "m", f"Paragraph {n}.\n\n")
            await pilot.pause()
            assert f"  Paragraph {n}." in lines(pane)
        assert pane.follows_end


async def test_it_holds_the_line_under_the_eye_while_others_come_and_says_how_many() -> None:
    async with shown(pane := Transcript()) as pilot:
        pane.view = view_of(message("m", paragraphs(40)), message("m2"), live={"m2": "start "})
        await pilot.pause()
        await pilot.press("pageup", "up", "up")
        held = lines(pane)[:-1]
        for n in range(30):
            pane.view = with_delta(pane.view, "m2", f"more {n}\n\n")
            await pilot.pause()
            assert lines(pane)[:-1] == held
        assert lines(pane)[-1] == " ↓ 1 new below · End"
        pane.view = with_entry(pane.view, user("u", "and this"))
        await pilot.pause()
        assert lines(pane)[-1] == " ↓ 2 new below · End"
        assert lines(pane)[:-1] == held
        await pilot.press("end")
        assert lines(pane)[-1] == "  and this"
        assert pane.follows_end


async def test_reading_back_through_text_never_seen_moves_line_by_line() -> None:
    # Heights above are guesses: headings and lists are higher than their characters say.
    text = "\n\n".join(f"# T{n}\n\n- a{n}\n- b{n}\n- c{n}" for n in range(80))
    async with shown(pane := Transcript()) as pilot:
        pane.view = view_of(message("m", text))
        await pilot.pause()
        before = lines(pane)
        for _ in range(300):
            pane.action_scroll_rows(-1)
            assert lines(pane)[1:] == before[:-1]
            before = lines(pane)
        for _ in range(300):
            pane.action_scroll_rows(1)
            assert lines(pane)[:-1] == before[1:]
            before = lines(pane)
        assert pane.follows_end


async def test_the_wheel_moves_by_what_it_says_over_guessed_heights() -> None:
    text = "\n\n".join(f"- a{n}\n- b{n}\n- c{n}" for n in range(200))
    async with shown(pane := Transcript()) as pilot:
        pane.view = view_of(message("m", text))
        await pilot.pause()
        for _ in range(40):
            before = lines(pane)
            pane.scroll_relative(y=-3, animate=False)
            await pilot.pause()
            assert lines(pane)[3:] == before[:-3]


async def test_a_resize_keeps_the_line_under_the_eye() -> None:
    words = " ".join(f"word{n}" for n in range(2000))
    async with shown(pane := Transcript(), (60, 12)) as pilot:
        pane.view = view_of(
            message("m0", paragraphs(50)), message("m", words), message("m2", words)
        )
        await pilot.pause()
        pane.jump_to("m")
        await pilot.press(*["pagedown"] * 3)
        eye = lines(pane)[0].split()[0]
        for width, height in ((33, 12), (80, 20), (41, 7), (60, 12)):
            await pilot.resize_terminal(width, height)
            await pilot.pause()
            assert eye in lines(pane)[0].split(), (width, height)
        assert not pane.follows_end


async def test_a_resize_at_the_end_stays_at_the_end() -> None:
    async with shown(pane := Transcript(), (60, 12)) as pilot:
        pane.view = view_of(message("m", paragraphs(30)))
        await pilot.pause()
        for size in ((30, 20), (80, 5), (40, 12)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert lines(pane)[-1] == "  Paragraph 29 of a text."


async def test_text_that_settles_as_it_streamed_is_not_drawn_again() -> None:
    text = paragraphs(5)
    async with shown(pane := Transcript(), (40, 20)) as pilot:
        pane.view = view_of(message("m"), live={"m": text})
        await pilot.pause()
        before = [line.strip for line in pane.window]
        pane.view = with_changed(pane.view, message("m", text))
        await pilot.pause()
        assert all(new.strip is old for new, old in zip(pane.window, before, strict=True))


async def test_text_that_settles_otherwise_replaces_what_streamed() -> None:
    async with shown(pane := Transcript()) as pilot:
        pane.view = view_of(message("m"), live={"m": "half of"})
        await pilot.pause()
        pane.view = with_changed(pane.view, message("m", "Something else."))
        await pilot.pause()
        assert lines(pane)[1] == "  Something else."


async def test_agents_that_speak_at_once_keep_their_texts_apart() -> None:
    async with shown(pane := Transcript()) as pilot:
        pane.view = view_of(message("a"), message("b", agent="Tech"), live={"a": "", "b": ""})
        for n in range(3):
            pane.view = with_delta(pane.view, "a", f"a{n} ")
            pane.view = with_delta(pane.view, "b", f"b{n} ")
            await pilot.pause()
        assert lines(pane)[:5] == ["● Triage", "  a0 a1 a2", "", "● Tech", "  b0 b1 b2"]


async def test_hostile_text_is_shown_and_does_nothing() -> None:
    text = "\x1b]0;title\x07 [bold red]x[/] \u202egnp.exe \x9b31m \u200b $secret @click=app.quit"
    hostile = [
        user("u", text),
        message("m", text, agent="[red]A\x1b[2J"),
        reasoning("r", text, ended_at=1.0),
        call("t", "\x1b[31mtool", arguments=text, state="failed", error=text),
        ConsoleEntry(item_id="c", run_id="r", at=0.0, text=LongText().append(text)),
    ]
    async with shown(pane := Transcript(), (90, 24)) as pilot:
        pane.view = view_of(*hostile)
        await pilot.press("o")
        said = "\n".join(lines(pane))
        assert "[bold red]x[/]" in said
        assert "● [red]A␛[2J" in said
        assert "␛]0;title␇" in said
        assert "⟨U+202E⟩gnp.exe" in said
        assert not set(said) & set("\x1b\x07\x9b\u202e\u200b")


async def test_giant_blocks_are_shown_to_their_last_line() -> None:
    giants = (
        "".join(f"- item {n}\n" for n in range(2000)),
        "```python\n" + "".join(f"value_{n} = {n}\n" for n in range(5000)),
        "| a | b |\n|---|---|\n" + "".join(f"| {n} | x |\n" for n in range(500)),
        "word " * 20_000,
    )
    ends = ("  • item 1999", "  ▏ value_4999 = 4999", "  499 │ x", "word")
    async with shown(pane := Transcript()) as pilot:
        for number, (giant, end) in enumerate(zip(giants, ends, strict=True)):
            pane.view = view_of(message(f"m{number}", giant))
            await pilot.pause()
            assert lines(pane)[-1].endswith(end)
            await pilot.press("g")
            assert lines(pane)[0] == "● Triage"


async def test_ten_thousand_entries_open_at_the_end_and_any_of_them_is_reached() -> None:
    entries = [message(f"m{n}", f"Message number {n}.") for n in range(10_000)]
    async with shown(pane := Transcript()) as pilot:
        pane.view = view_of(*entries)
        await pilot.pause()
        assert lines(pane)[-1] == "  Message number 9999."
        pane.jump_to("m5000")
        await pilot.pause()
        assert lines(pane)[:2] == ["● Triage", "  Message number 5000."]
        pane.jump_to("nobody knows")
        await pilot.press("G")
        assert lines(pane)[-1] == "  Message number 9999."


async def test_copy_gives_the_last_message_at_the_end_and_the_first_in_sight_elsewhere() -> None:
    entries = [message(f"m{n}", f"Text **{n}**\x1b") for n in range(30)]
    async with shown(pane := Transcript()) as pilot:
        app = pilot.app
        assert isinstance(app, PaneApp)
        pane.view = view_of(*entries)
        await pilot.press("c", "g", "c")
        copied = [said for said in app.said if isinstance(said, Transcript.Copied)]
        assert [(each.item_id, each.text) for each in copied] == [
            ("m29", "Text **29**␛"),
            ("m0", "Text **0**␛"),
        ]


async def test_what_is_selected_with_the_mouse_can_be_copied() -> None:
    async with shown(pane := Transcript()) as pilot:
        pane.view = view_of(message("m", "First line.\n\nSecond line."))
        await pilot.pause()
        chosen = Selection(Offset(2, 1), Offset(8, 3))
        assert pane.get_selection(chosen) == ("First line.\n\n  Second", "\n")


async def test_what_changes_above_the_eye_is_not_counted_as_new_below() -> None:
    async with shown(pane := Transcript()) as pilot:
        running = call("t", state="running", started_at=1.0)
        pane.view = view_of(running, message("m", paragraphs(60)))
        await pilot.press("pageup")
        done = call("t", state="done", started_at=1.0, ended_at=2.0)
        pane.view = with_changed(pane.view, done)
        await pilot.pause()
        assert pane.new_below == 0
        assert "below" not in lines(pane)[-1]


async def test_a_pane_that_was_hidden_shows_what_came_meanwhile_at_the_item_wanted() -> None:
    pane = Transcript()
    pane.display = False
    async with shown(pane) as pilot:
        pane.view = view_of(*(message(f"m{n}", f"Message {n}.") for n in range(50)))
        pane.jump_to("m20")
        await pilot.pause()
        pane.display = True
        await pilot.pause()
        assert lines(pane)[1] == "  Message 20."
        await pilot.press("G")
        pane.display = False
        pane.view = with_entry(pane.view, message("m50", "Message 50."))
        await pilot.pause()
        pane.display = True
        await pilot.pause()
        assert lines(pane)[-1] == "  Message 50."


async def test_another_conversation_starts_from_nothing() -> None:
    async with shown(pane := Transcript()) as pilot:
        pane.view = view_of(message("m", paragraphs(40)))
        await pilot.press("pageup")
        pane.view = view_of(user("u", "New."))
        await pilot.pause()
        assert lines(pane)[:3] == ["› You", "  New.", ""]
        assert pane.follows_end


@pytest.mark.parametrize("theme", ["baton-dark", "baton-light"])
async def test_another_theme_is_drawn_at_once(theme: str) -> None:
    async with shown(pane := Transcript()) as pilot:
        pane.view = view_of(message("m", "# Title"))
        await pilot.pause()
        pilot.app.theme = theme
        await pilot.pause()
        title = next(s for s in pane.render_line(1) if s.text == "Title")
        expected = pilot.app.theme_variables["primary"].lower()
        assert title.style is not None
        assert title.style.color is not None
        assert title.style.color.get_truecolor().hex == expected
