"""Programs whose runs are cut anywhere and taken up again; their models answer what they are asked.

What a model says depends on the outputs it was given, so that a run that lost a turn comes to the
same end.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from openai import AsyncOpenAI

from tests.fakes.delivery import Answer
from tests.fakes.http1 import ReceivedRequest
from tui.rehearsal.script import Part, Reply, call, reply, say, think

AGAIN = "Call the tool again"


@dataclass
class Effects:
    """What the tools did, with how much was kept when they did it.

    Attributes:
        done: Each effect by its name, in order.
        kept: How many records are kept now.
    """

    kept: Callable[[], int]
    done: list[tuple[str, int]] = field(default_factory=list)

    def do(self, name: str) -> str:
        self.done.append((name, self.kept()))
        return f"{name} done"


@dataclass(frozen=True)
class Program:
    """A program, and what its models answer."""

    name: str
    agent: Callable[[ModuleType, Any, Effects], Any]
    answer: Callable[[str, dict[str, str]], Answer]
    text: str = "Go."

    def script(self, request: ReceivedRequest) -> Answer:
        body = request.body
        items = body["input"] if isinstance(body["input"], list) else []
        outputs = {
            item["call_id"]: json.dumps(item["output"])
            for item in items
            if item.get("type") == "function_call_output"
        }
        return self.answer(str(body.get("instructions")), outputs)


def client_of(base_url: str) -> AsyncOpenAI:
    return AsyncOpenAI(base_url=base_url, api_key="key", max_retries=0)


def missing(outputs: dict[str, str], *calls: tuple[str, str, dict[str, Any]]) -> list[Part]:
    """Return the calls that have no output; one that is to be made again has another id."""
    wanted: list[Part] = []
    for call_id, tool, arguments in calls:
        newest = call_id
        while AGAIN in outputs.get(newest, ""):
            newest += "+"
        if newest not in outputs:
            wanted.append(call(tool, newest, **arguments))
    return wanted


def _desk(library: ModuleType, model: Any, effects: Effects) -> Any:
    @library.function_tool
    def look(of: str) -> str:
        return effects.do(f"look {of}")

    @library.function_tool(needs_approval=True)
    def pay(amount: int) -> str:
        return effects.do(f"pay {amount}")

    refunds = library.Agent(name="Refunds", instructions="refunds", model=model, tools=[pay])
    return library.Agent(
        name="Triage", instructions="triage", model=model, tools=[look], handoffs=[refunds]
    )


def _changed_desk(library: ModuleType, model: Any, effects: Effects) -> Any:
    """The desk, of which no state can be read: the tool has another parameter."""
    agent = _desk(library, model, effects)

    @library.function_tool
    def look(of: str, closely: bool) -> str:
        return effects.do(f"look {of}")

    agent.tools = [look]
    return agent


def _desk_answer(instructions: str, outputs: dict[str, str]) -> Reply:
    if instructions == "triage":
        looks = missing(outputs, ("a", "look", {"of": "A"}), ("b", "look", {"of": "B"}))
        if looks:
            return reply(think("Two to look at."), say("Looking."), *looks)
        return reply(call("transfer_to_refunds", "h"))
    pays = missing(outputs, ("p", "pay", {"amount": 5}))
    return reply(*pays) if pays else reply(say("Paid."))


def _office(library: ModuleType, model: Any, effects: Effects) -> Any:
    @library.function_tool
    def file_it(what: str) -> str:
        return effects.do(f"file {what}")

    clerk = library.Agent(name="Clerk", instructions="clerk", model=model, tools=[file_it])
    ask = clerk.as_tool(tool_name="ask_clerk", tool_description="Files things.")
    return library.Agent(name="Boss", instructions="boss", model=model, tools=[ask])


def _office_answer(instructions: str, outputs: dict[str, str]) -> Reply:
    if instructions == "boss":
        asks = missing(outputs, ("k", "ask_clerk", {"input": "File it."}))
        return reply(*asks) if asks else reply(say("It is filed."))
    files = missing(outputs, ("f", "file_it", {"what": "X"}))
    return reply(*files) if files else reply(say("Filed."))


def _vault(library: ModuleType, model: Any, effects: Effects) -> Any:
    @library.function_tool(needs_approval=True)
    def file_it(what: str) -> str:
        return effects.do(f"file {what}")

    clerk = library.Agent(name="Clerk", instructions="clerk", model=model, tools=[file_it])
    ask = clerk.as_tool(tool_name="ask_clerk", tool_description="Files things.")
    return library.Agent(name="Boss", instructions="boss", model=model, tools=[ask])


def _talk(library: ModuleType, model: Any, effects: Effects) -> Any:
    return library.Agent(name="Talker", instructions="talk", model=model)


CHANGED_DESK = Program("changed desk", _changed_desk, _desk_answer)
PROGRAMS = (
    Program("desk", _desk, _desk_answer),
    Program("office", _office, _office_answer),
    Program("vault", _vault, _office_answer),
    Program("talk", _talk, lambda *_: reply(say("Hello there, how are you today?"))),
)
