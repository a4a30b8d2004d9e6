"""Where a conversation can go another way, at or before a position."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tui.cockpit.sources.fork_place import fork_place
from tui.wire.events import (
    AgentChanged,
    HandoffOccurred,
    HandoffRequested,
    RunCompleted,
    RunStarted,
    TextDelta,
    ToolCalled,
    ToolOutput,
    UsageReported,
    UserMessage,
)


def said(text):
    return UserMessage(run_id="", item_id=text, text=text)


def called(call, within=None):
    return ToolCalled(
        run_id="",
        item_id=call,
        agent="A",
        call_id=call,
        tool="t",
        arguments="{}",
        within=within,
    )


def put_out(call, within=None):
    return ToolOutput(run_id="", agent="A", call_id=call, output="ok", within=within)


def run_of(run_id, *events):
    begun = RunStarted(run_id="", target="t", agent="A")
    return [replace(e, run_id=run_id, seq=seq) for seq, e in enumerate((begun, *events))]


FIRST = run_of(
    "r1",
    said("refund"),  # position 2
    called("a"),
    called("b"),
    called("inner", within="a"),
    put_out("inner", within="a"),
    put_out("a"),
    put_out("b"),  # position 8: both calls of the turn are answered
    UsageReported(run_id="", agent="A"),
    TextDelta(run_id="", item_id="m", agent="A", text="so"),
    HandoffRequested(run_id="", item_id="h", agent="A", call_id="h", tool="to_b", arguments="{}"),
    HandoffOccurred(run_id="", agent="A", call_id="h", target="B"),  # 12
    AgentChanged(run_id="", agent="B"),
    RunCompleted(run_id="", final_output="done"),  # 14
)
SECOND = run_of("r2", said("and now?"), TextDelta(run_id="", item_id="n", agent="B", text="well"))
EVENTS = FIRST + SECOND


@pytest.mark.parametrize(
    ("position", "place"),
    [
        (1, None),
        (2, ("r1", 1, "refund")),
        (7, ("r1", 1, "refund")),
        (8, ("r1", 8, "")),
        (9, ("r1", 9, "")),
        (11, ("r1", 9, "")),
        (12, ("r1", 12, "")),
        (13, ("r1", 13, "")),
        (14, ("r1", 14, "")),
        (15, ("r1", 14, "")),
        (16, ("r2", 1, "and now?")),
        (17, ("r2", 1, "and now?")),
    ],
)
def test_a_place_is_the_last_message_or_end_of_a_turn_before_a_position(position, place):
    found = fork_place(EVENTS, position)
    assert (found and (found.run_id, found.before_seq, found.text)) == place


def test_where_it_is_is_said():
    words = [fork_place(EVENTS, position).words for position in (2, 8, 14)]
    assert words == ["before your message", "after that turn of A", "after the end of the run"]
