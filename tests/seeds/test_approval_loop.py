"""The guide's loop with a person in it: its two blocks, put together as its text says."""

from __future__ import annotations

import importlib
from textwrap import indent

import pytest

from tests.fakes.socket_server import FakeSocketServer
from tests.seeds.playing import play_text, text_of
from tui.rehearsal.script import Say, Think, call, reply, say

# "break only after `result.interruptions` is empty": what the guide says, and leaves out.
LEAVE = "if not result.interruptions:\n    break\n"
LOOP = "async with responses_websocket_session() as ws:\n" + indent(
    "result = ws.run_streamed(agent, request)\n"
    + text_of("003_4_stream_loop")
    + indent(LEAVE + text_of("003_5_approvals"), "    "),
    "    ",
)
REFUSED = "Tool execution was not approved."


class FakeOperator:
    """Answers each question for approval with the next of its decisions."""

    def __init__(self, *decisions: bool) -> None:
        self._decisions = iter(decisions)

    def __call__(self, question: object) -> bool:
        return next(self._decisions)


class OfTheItem:
    """A name the guide leaves undefined: something of the raw item that is printed."""

    def __init__(self, names: dict[str, object], attribute: str) -> None:
        self._names, self._attribute = names, attribute

    def __str__(self) -> str:
        return getattr(self._names["item"].raw_item, self._attribute)


@pytest.fixture
def play_loop(library):
    """Return a function that plays the loop with answers of the service and decisions."""
    sdk = importlib.import_module(library)

    @sdk.function_tool(needs_approval=True)
    def erase(path: str) -> str:
        return f"{path} erased"

    def played(script, *decisions):
        names = {
            "responses_websocket_session": sdk.responses_websocket_session,
            "agent": sdk.Agent(name="Cleaner", tools=[erase]),
            "request": "Clean up.",
            "ask_approval": FakeOperator(*decisions),
        }
        names["tool_name"] = OfTheItem(names, "name")
        names["tool_args"] = OfTheItem(names, "arguments")
        return play_text(LOOP, script, library, names, over=FakeSocketServer)

    return played


def test_an_approved_call_runs_and_the_run_goes_on(play_loop):
    played = play_loop([reply(call("erase", path="/tmp")), reply(say("Done."))], True)
    assert played.printed.splitlines() == [
        '[tool call] erase({"path":"/tmp"})',
        "[tool result] /tmp erased",
    ]
    assert played.names["result"].final_output == "Done."
    assert len(played.bodies) == 2


def test_a_rejected_call_does_not_run_and_the_model_is_told(play_loop):
    played = play_loop([reply(call("erase", path="/")), reply(say("As you like."))], False)
    assert played.printed.splitlines()[1] == f"[tool result] {REFUSED}"
    assert played.bodies[1]["input"][-1]["output"] == REFUSED


def test_each_interruption_is_decided_on_by_itself(play_loop):
    calls = [call("erase", path=path) for path in ("/tmp", "/", "/old")]
    played = play_loop([reply(*calls), reply(say("Done."))], True, False, True)
    assert played.printed.splitlines()[3:] == [
        "[tool result] /tmp erased",
        f"[tool result] {REFUSED}",
        "[tool result] /old erased",
    ]


def test_the_loop_goes_on_until_nothing_is_interrupted(play_loop):
    script = [
        reply(call("erase", path="/tmp")),
        reply(call("erase", path="/old")),
        reply(say("Both are gone.")),
    ]
    played = play_loop(script, True, True)
    assert played.printed.splitlines() == [
        '[tool call] erase({"path":"/tmp"})',
        "[tool result] /tmp erased",
        '[tool call] erase({"path":"/old"})',
        "[tool result] /old erased",
    ]
    assert played.names["result"].final_output == "Both are gone."


def test_reasoning_and_output_arrive_as_increments(play_loop):
    said = Say(("All ", "is ", "clean."))
    played = play_loop([reply(Think(("Nothing to do.",)), said)])
    reasoning, output = "print incremental reasoning text", "print incremental assistant output"
    assert played.reached == sorted(played.reached, key=[reasoning, output].index)
    assert reasoning in played.reached
    assert played.reached.count(output) == len(said.deltas)
