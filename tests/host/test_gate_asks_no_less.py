"""Bare against gated, both libraries: the same calls are held, the same run, the same outputs.

The approval rules of both libraries look at the tool's invoker. A gate that changed what they see
would let a call run unasked.
"""

from __future__ import annotations

import copy
import functools
import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.fakes.responses_server import FakeResponsesServer
from tui.host.live.gate import Gate
from tui.host.live.invokers import stood_for
from tui.rehearsal.script import Call, reply, say

DONE = reply(say("done"))
LIBRARIES = ("tui.agents", "agents")


@dataclass
class Seen:
    """What a policy was asked and what ran."""

    asked: list[Any]
    ran: list[Any]


def never(seen: Seen) -> Callable[..., Any]:
    async def policy(context, arguments, call_id):
        seen.asked.append(arguments)
        return False

    return policy


def above_ten(seen: Seen) -> Callable[..., Any]:
    async def policy(context, arguments, call_id):
        seen.asked.append(arguments)
        return arguments.get("amount", 0) > 10

    return policy


def always(seen: Seen) -> bool:
    return True


def free(seen: Seen) -> bool:
    return False


def defaulted(library: Any, seen: Seen, policy: Any) -> Any:
    def pay(amount: int, currency: str = "EUR") -> str:
        """Pay."""
        seen.ran.append((amount, currency))
        return f"paid {amount} {currency}"

    return library.function_tool(needs_approval=policy, strict_mode=False)(pay)


def model_typed(library: Any, seen: Seen, policy: Any) -> Any:
    from pydantic import BaseModel

    class Money(BaseModel):
        amount: int
        currency: str = "EUR"

    def pay(money: Money) -> str:
        """Pay."""
        seen.ran.append(money.amount)
        return f"paid {money.amount}"

    # Annotations of this module are strings, and the model is local.
    pay.__annotations__["money"] = Money
    return library.function_tool(needs_approval=policy, strict_mode=False)(pay)


def asynchronous(library: Any, seen: Seen, policy: Any) -> Any:
    async def pay(amount: int) -> str:
        """Pay."""
        seen.ran.append(amount)
        return f"paid {amount}"

    return library.function_tool(needs_approval=policy)(pay)


def failing(library: Any, seen: Seen, policy: Any) -> Any:
    def pay(amount: int) -> str:
        """Pay."""
        seen.ran.append(amount)
        raise ValueError("no money")

    return library.function_tool(needs_approval=policy)(pay)


def by_hand(library: Any, seen: Seen, policy: Any) -> Any:
    async def invoke(ctx, arguments):
        seen.ran.append(arguments)
        return f"paid {arguments}"

    return library.FunctionTool(
        name="pay",
        description="Pay.",
        params_json_schema={"type": "object", "properties": {}},
        on_invoke_tool=invoke,
        strict_json_schema=False,
        needs_approval=policy,
    )


def by_partial(library: Any, seen: Seen, policy: Any) -> Any:
    async def invoke(prefix, ctx, arguments):
        seen.ran.append(arguments)
        return f"{prefix} {arguments}"

    tool = by_hand(library, seen, policy)
    tool.on_invoke_tool = functools.partial(invoke, "paid")
    return tool


def by_method(library: Any, seen: Seen, policy: Any) -> Any:
    class Till:
        async def pay(self, ctx, arguments):
            seen.ran.append(arguments)
            return f"paid {arguments}"

    tool = by_hand(library, seen, policy)
    tool.on_invoke_tool = Till().pay
    return tool


def copied(library: Any, seen: Seen, policy: Any) -> Any:
    return copy.copy(defaulted(library, seen, policy))


TOOLS = (
    defaulted,
    model_typed,
    asynchronous,
    failing,
    by_hand,
    by_partial,
    by_method,
    copied,
)
POLICIES = (never, above_ten, always, free)
ARGUMENTS = {
    "whole": '{"amount": 5, "currency": "EUR"}',
    "default left out": '{"amount": 5}',
    "above the policy's limit": '{"amount": 50, "currency": "EUR"}',
    "another type that converts": '{"amount": "5"}',
    "another type that does not": '{"amount": "five"}',
    "an unknown name": '{"amount": 5, "tip": 1}',
    "model": '{"money": {"amount": 5, "currency": "EUR"}}',
    "model with a default left out": '{"money": {"amount": 5}}',
    "empty": "{}",
    "no text": "",
    "not JSON": '{"amount": ',
    "not an object": "[5]",
    "not a number of JSON": '{"amount": NaN}',
}


async def outcome(name: str, make: Any, policy: Any, *, gated: bool) -> Any:
    """Run all calls in one turn and return all that a program can see of them."""
    library = importlib.import_module(name)
    seen = Seen([], [])
    tool = make(library, seen, policy(seen))
    from openai import AsyncOpenAI, DefaultAsyncHttpxClient

    calls = [Call(tool.name, arguments, name) for name, arguments in ARGUMENTS.items()]
    async with FakeResponsesServer(
        lambda request: DONE if request.number else reply(*calls)
    ) as server:
        # Loading certificates takes longer than all the rest.
        http = DefaultAsyncHttpxClient(verify=False)
        client = AsyncOpenAI(base_url=server.base_url, api_key="key", http_client=http)
        model = library.OpenAIResponsesModel(model="scripted", openai_client=client)
        agent = library.Agent(name="Payer", tools=[tool], model=model)
        gate = Gate()
        if gated:
            gate.reach(agent)
            assert stood_for(tool.on_invoke_tool) is not None
        ending, held, outputs = await _run(library, agent)
        gate.close()
        await client.close()
    ran = sorted(map(str, seen.ran))
    return {"held": held, "asked": seen.asked, "ran": ran, "out": outputs, "end": ending}


async def _run(library: Any, agent: Any) -> tuple[str, list[Any], list[Any]]:
    result = library.Runner.run_streamed(agent, "pay")
    outputs: list[Any] = []
    try:
        async for event in result.stream_events():
            # A list built at once would be lost with the exception.
            outputs += [event.item.output] if getattr(event, "name", "") == "tool_output" else []
    except Exception as error:  # noqa: BLE001 - both ways of failing are compared
        return type(error).__name__, [], outputs
    return "ended", [item.call_id for item in result.interruptions], outputs


@pytest.fixture(autouse=True)
def _no_traces(monkeypatch):
    monkeypatch.setenv("OPENAI_AGENTS_DISABLE_TRACING", "1")


CASES = [(make, policy) for make in TOOLS for policy in (never, above_ten)]
CASES += [(defaulted, always), (defaulted, free)]


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize(("make", "policy"), CASES)
async def test_a_gated_tool_is_held_exactly_as_a_bare_one(library, make, policy):
    bare = await outcome(library, make, policy, gated=False)
    gated = await outcome(library, make, policy, gated=True)

    assert gated == bare


@pytest.mark.parametrize("library", LIBRARIES)
async def test_a_policy_that_never_asks_still_holds_what_it_cannot_inspect(library):
    """The table says something: without a gate these calls are held, and so they are with one."""
    gated = await outcome(library, defaulted, never, gated=True)

    assert set(gated["held"]) >= {"default left out", "not JSON", "another type that converts"}
    assert "whole" not in gated["held"]
