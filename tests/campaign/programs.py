"""The programs of the campaign: what their models answer, and what a person says of their calls.

What a model says depends on the outputs it is given, and each comes to one answer whatever was
lost on the way. The tools append a line to a file: that is their effect.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from tests.fakes.delivery import Before, Delivery, Pause
from tests.host.kept_programs import Program, missing
from tui.rehearsal.script import Reply, call, reply, say, think

LIBRARIES = ("tui.agents", "agents")
TURNS = 12


@dataclass(frozen=True)
class Cast:
    """A program with its person.

    Attributes:
        program: The agents and their models.
        final: What it comes to.
        calls: The ids of the calls with an effect.
        decisions: What the person says of a call: "reject", or other arguments; else it may run.
        within: The call that another is made inside of.
    """

    program: Program
    final: str
    calls: tuple[str, ...] = ()
    decisions: Mapping[str, str] = field(default_factory=dict)
    within: Mapping[str, str] = field(default_factory=dict)


def first_id(call_id: str) -> str:
    """Return the id that a call had before it was made again."""
    return call_id.rstrip("+")


class Tools:
    """The tools of all programs, made by a library; each does its effect under its call's key."""

    def __init__(self, library: ModuleType, effects: Any) -> None:
        # The annotations of a tool are read when it is made, not as text.
        context_kind = importlib.import_module(f"{library.__name__}.tool_context").ToolContext

        def look(context, of: str) -> str:
            return effects.of_call(context, f"look {of}")

        async def fetch(context, of: str) -> str:
            return effects.of_call(context, f"fetch {of}")

        def pay(context, amount: int) -> str:
            return effects.of_call(context, f"pay {amount}")

        for tool in (look, fetch, pay):
            tool.__annotations__["context"] = context_kind[Any]
        self.look = library.function_tool(look)
        self.fetch = library.function_tool(fetch)
        self.pay = library.function_tool(pay, needs_approval=True)


def _talk(library: ModuleType, model: Any, effects: Any) -> Any:
    return library.Agent(name="Talker", instructions="talk", model=model)


def _desk(library: ModuleType, model: Any, effects: Any) -> Any:
    tools = Tools(library, effects)
    return library.Agent(
        name="Desk", instructions="desk", model=model, tools=[tools.look, tools.fetch, tools.pay]
    )


def _handing(library: ModuleType, model: Any, effects: Any) -> Any:
    filters = importlib.import_module(f"{library.__name__}.extensions.handoff_filters")
    tools = Tools(library, effects)
    refunds = library.Agent(
        name="Refunds", instructions="refunds", model=model, tools=[tools.pay, tools.fetch]
    )
    over = library.handoff(refunds, input_filter=filters.remove_all_tools)
    return library.Agent(
        name="Triage", instructions="triage", model=model, tools=[tools.look], handoffs=[over]
    )


def _office(library: ModuleType, model: Any, effects: Any) -> Any:
    tools = Tools(library, effects)
    clerk = library.Agent(
        name="Clerk", instructions="clerk", model=model, tools=[tools.look, tools.pay]
    )
    ask = clerk.as_tool(tool_name="ask_clerk", tool_description="Pays.")
    return library.Agent(name="Boss", instructions="boss", model=model, tools=[ask, tools.fetch])


def _looked(_: str, outputs: dict[str, str]) -> Reply:
    beside = missing(
        outputs,
        ("a", "look", {"of": "A"}),
        ("b", "fetch", {"of": "B"}),
        ("c", "look", {"of": "C"}),
    )
    if beside:
        return reply(think("Three to look at."), say("Looking."), *beside)
    return _to_end(missing(outputs, ("d", "look", {"of": "D"})), "All was looked at.")


def _paid(_: str, outputs: dict[str, str]) -> Reply:
    first = missing(
        outputs,
        ("p", "pay", {"amount": 5}),
        ("r", "pay", {"amount": 6}),
        ("a", "look", {"of": "A"}),
    )
    return _to_end(first or missing(outputs, ("e", "pay", {"amount": 7})), "Paid what may be.")


def _handed(instructions: str, outputs: dict[str, str]) -> Reply:
    if instructions == "triage":
        return _to_end(
            missing(outputs, ("a", "look", {"of": "A"})) or [call("transfer_to_refunds", "h")]
        )
    pays = missing(outputs, ("p", "pay", {"amount": 5}))
    return _to_end(pays or missing(outputs, ("b", "fetch", {"of": "B"})), "It is refunded.")


def _filed(instructions: str, outputs: dict[str, str]) -> Reply:
    if instructions == "boss":
        asks = missing(outputs, ("k", "ask_clerk", {"input": "Pay."}), ("b", "fetch", {"of": "B"}))
        return _to_end(asks, "The clerk has paid.")
    looks = missing(outputs, ("a", "look", {"of": "A"}))
    return _to_end(looks or missing(outputs, ("p", "pay", {"amount": 5})), "Paid.")


def _long(_: str, outputs: dict[str, str]) -> Reply:
    for turn in range(TURNS - 1):
        if calls := missing(outputs, (f"t{turn}", "look", {"of": str(turn)})):
            return reply(say(f"Step {turn}."), *calls)
    return reply(say("Twelve turns."))


def _to_end(calls: list[Any], final: str = "") -> Reply:
    return reply(*calls) if calls else reply(say(final))


_TEXT = "Hello there, this is a longer answer that comes in many small pieces, one by one."
_PIECES = 24
# Longer than a tick: joined, the pieces would be one event.
_PIECE_S = 0.04


def _said_slowly(_: str, __: dict[str, str]) -> Delivery:
    pauses = tuple(Before(event, Pause(_PIECE_S)) for event in range(_PIECES))
    return Delivery(reply(think("How kind."), say(_TEXT)), pauses)


CASTS = {
    cast.program.name: cast
    for cast in (
        Cast(Program("text", _talk, _said_slowly), _TEXT),
        Cast(Program("tools", _desk, _looked), "All was looked at.", ("a", "b", "c", "d")),
        Cast(
            Program("approvals", _desk, _paid),
            "Paid what may be.",
            ("p", "r", "a", "e"),
            {"r": "reject", "e": '{"amount": 8}'},
        ),
        Cast(Program("handoffs", _handing, _handed), "It is refunded.", ("a", "p", "b")),
        Cast(
            Program("nested", _office, _filed),
            "The clerk has paid.",
            ("a", "p", "b"),
            within={"a": "k", "p": "k"},
        ),
        Cast(
            Program("long", _desk, _long),
            "Twelve turns.",
            tuple(f"t{turn}" for turn in range(TURNS - 1)),
        ),
    )
}
