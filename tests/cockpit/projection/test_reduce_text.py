"""Messages, reasoning, the person's words, console output and unknown items, as they fold."""

import pytest

from tests.cockpit.projection.folding import (
    RUN,
    begun,
    called,
    entries,
    fold,
    message,
    output,
    started,
    text,
    thinking,
)
from tui.wire.events import (
    ConsoleOutput,
    GuardrailTripped,
    ReasoningOutput,
    RunCompleted,
    RunFailed,
    UnknownItem,
    UserMessage,
)


def console(piece: str, call: str | None = None) -> ConsoleOutput:
    return ConsoleOutput(run_id=RUN, text=piece, call_id=call, agent="A" if call else "")


def whole_reasoning(item: str, whole: str = "") -> ReasoningOutput:
    return ReasoningOutput(run_id=RUN, item_id=item, agent="A", text=whole)


@pytest.mark.parametrize(
    ("events", "shown"),
    [
        pytest.param(
            [text("m", "He"), text("m", "llo"), message("m", "Hello")],
            [("message", "m", "Hello", 3.0, False)],
            id="deltas then the whole",
        ),
        pytest.param(
            [message("m", "Hello")], [("message", "m", "Hello", 1.0, False)], id="the whole alone"
        ),
        pytest.param(
            [text("m", "Helo"), message("m", "Hello")],
            [("message", "m", "Hello", 2.0, False)],
            id="the whole replaces what the deltas gave",
        ),
        pytest.param(
            [text("m", ""), text("n", "second"), text("m", "first"), message("n", "second")],
            [("message", "m", "", None, False), ("message", "n", "second", 4.0, False)],
            id="an entry stands where its first delta opened it",
        ),
        pytest.param(
            [message("m", "Hello"), text("m", " late")],
            [("message", "m", "Hello", 1.0, False)],
            id="a delta after the whole changes nothing",
        ),
        pytest.param(
            [message("m", "Hello"), message("m", "Hello")],
            [("message", "m", "Hello", 1.0, False)],
            id="a repeated whole stays one entry",
        ),
        pytest.param(
            [thinking("r", "Hm"), whole_reasoning("r", "Hmm.")],
            [("reasoning", "r", "Hmm.", 2.0, False)],
            id="reasoning settles",
        ),
        pytest.param(
            [thinking("r", "Hm"), whole_reasoning("r")],
            [("reasoning", "r", "Hm", 2.0, False)],
            id="reasoning that the model withheld in the end keeps what was seen",
        ),
        pytest.param(
            [text("m", "Hel"), RunFailed(run_id=RUN, error_type="E", message="gone")],
            [("message", "m", "Hel", 2.0, True), ("end", "run1/end", None, None, None)],
            id="a message is cut by the end of its run",
        ),
    ],
)
def test_text_folds_into(events, shown):
    view = fold(started(), *events)
    assert entries(view, "type", "item_id", "text", "ended_at", "cut") == shown


def test_text_in_flight_is_live_and_not_in_its_entry():
    view = fold(started(), text("m", "Hel"), text("m", "lo"))
    assert str(view.live["m"]) == "Hello"
    assert entries(view, "text") == [""]


def test_a_settled_message_is_no_longer_live_nor_open():
    view = fold(started(), text("m", "Hello"), message("m", "Hello"))
    assert not view.live
    assert not view.open_items


def test_a_delta_leaves_entries_untouched():
    before = fold(started(), text("m", "a"))
    after = fold(started(), text("m", "a"), text("m", "b"))
    assert entries(before, "type", "at") == entries(after, "type", "at")


def test_an_entry_keeps_the_time_it_first_showed_and_says_whose_it_is():
    view = fold(started(), text("m", "a", agent="B", within="c"), message("m", "a", "B", "c"))
    assert entries(view, "at", "agent", "within", "run_id") == [(1.0, "B", "c", RUN)]


def test_what_the_person_said_is_an_entry_and_steering_says_so():
    view = fold(
        started(),
        UserMessage(run_id=RUN, item_id="u", text="hi"),
        UserMessage(run_id=RUN, item_id="v", text="shorter", steering=True),
    )
    assert entries(view, "type", "text", "steering") == [
        ("user", "hi", False),
        ("user", "shorter", True),
    ]


def test_console_output_is_one_entry_a_call_and_one_for_raw_bytes():
    view = fold(started(), called("c"), begun("c"), *map(console, ["x", "y"]), console("z", "c"))
    texts = [str(e.text) for e in view.entries if hasattr(e, "text")]
    assert entries(view, "type") == ["tool", "console", "console"]
    assert texts == ["xy", "z"]


def test_console_output_after_its_call_ended_still_joins_its_entry():
    view = fold(started(), called("c"), console("a", "c"), output("c"), console("b", "c"))
    assert [str(e.text) for e in view.entries if hasattr(e, "text")] == ["ab"]


def test_console_output_of_a_nested_call_stands_inside_the_same_agent():
    view = fold(started(), called("o"), called("c", within="o"), console("a", "c"))
    assert entries(view, "type", "within")[-1] == ("console", "o")


def test_a_guardrail_and_an_unknown_item_are_entries():
    view = fold(
        started(),
        GuardrailTripped(run_id=RUN, agent="A", guardrail="no_pii", stage="output", message="x"),
        UnknownItem(run_id=RUN, item_id="w", agent="A", kind="web_search", text="{}"),
        RunCompleted(run_id=RUN),
    )
    assert entries(view, "type", "agent") == [("guardrail", "A"), ("unknown", "A")]


@pytest.mark.parametrize(
    ("pieces", "lines"),
    [(["a\nb\n"], 2), (["a", "b\n", "c"], 2), (["a\n", "\n", "b\n"], 3), (["", "a"], 1)],
)
def test_a_call_counts_the_lines_it_printed_however_they_were_cut(pieces, lines):
    view = fold(started(), called("c"), *(console(piece, "c") for piece in pieces))
    assert entries(view, "type", "printed_lines")[0] == ("tool", lines)


def test_lines_printed_after_the_call_ended_are_counted_too():
    view = fold(started(), called("c"), console("a\n", "c"), output("c"), console("b\n", "c"))
    assert entries(view, "printed_lines")[0] == 2


def test_what_the_host_has_to_say_is_a_notice_each_and_no_print():
    said = [
        ConsoleOutput(run_id=RUN, text=f"{text}\n", stream="notice") for text in ("lost", "not")
    ]
    view = fold(started(), console("raw"), *said)
    assert entries(view, "type") == ["console", "notice", "notice"]
    assert [e.text for e in view.entries if hasattr(e, "text")][1:] == ["lost", "not"]
