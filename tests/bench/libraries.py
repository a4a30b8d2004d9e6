"""Both agents libraries behind one shape: ours and the Agents SDK have the same names.

Scripted models of either one, that cost nearly nothing themselves.
"""

import os
from collections.abc import AsyncIterator, Iterable
from types import ModuleType
from typing import Any

from openai import AsyncOpenAI

from tests.bench.service import frames
from tui.rehearsal.script import Reply, Say, call, reply
from tui.responses.events import decode_event

os.environ.setdefault("OPENAI_AGENTS_DISABLE_TRACING", "1")

# The SDK reads the variable when imported.
import agents as sdk

import tui.agents as ours

LIBRARIES: dict[str, ModuleType] = {"ours": ours, "sdk": sdk}


def client_of(base_url: str) -> AsyncOpenAI:
    """Return a client of the bench's service."""
    return AsyncOpenAI(base_url=base_url, api_key="none", max_retries=0)


def service_model(library: ModuleType, name: str, client: AsyncOpenAI) -> Any:
    """Return the library's own model over HTTP."""
    return library.OpenAIResponsesModel(name, openai_client=client)


def scripted_model(library: ModuleType, replies: Iterable[Reply]) -> Any:
    """Return a model that gives one reply a turn, with the events made beforehand."""
    turns = iter([_events(answer, number) for number, answer in enumerate(replies)])

    class ScriptedModel(library.Model):
        async def get_response(self, *_: Any, **__: Any) -> Any:
            response = next(turns)[-1].response
            return library.ModelResponse(list(response.output), library.Usage(), response.id)

        async def stream_response(self, *_: Any, **__: Any) -> AsyncIterator[Any]:
            for event in next(turns):
                yield event

    return ScriptedModel()


def calls(turns: int, parallel: int = 1) -> list[Reply]:
    """Return replies that call `add`, so many a turn, and at last a message."""
    return [
        *(
            reply(*(call("add", f"call_{turn}_{n}", a=turn, b=n) for n in range(parallel)))
            for turn in range(turns)
        ),
        reply(Say(("done",))),
    ]


def agent_that_adds(library: ModuleType, model: Any) -> Any:
    """Return an agent with tools that cost nothing, and with everything that watches over them.

    Guardrails for its input, its output and a tool, and two tools that a person must allow: one
    always, one by a policy. The model calls `add`, whose policy allows it.
    """

    async def asks(context: Any, arguments: dict[str, Any], call_id: str) -> bool:
        return False

    async def add(a: int, b: int) -> str:
        """Add two numbers."""
        return str(a + b)

    async def delete(name: str) -> str:
        """Delete a file."""
        return name

    @library.input_guardrail(run_in_parallel=False)
    async def input_is_fine(context: Any, agent: Any, given: Any) -> Any:
        return library.GuardrailFunctionOutput(None, tripwire_triggered=False)

    @library.output_guardrail
    async def output_is_fine(context: Any, agent: Any, output: Any) -> Any:
        return library.GuardrailFunctionOutput(None, tripwire_triggered=False)

    return library.Agent(
        name="A",
        model=model,
        tools=[
            library.function_tool(add, needs_approval=asks),
            library.function_tool(delete, needs_approval=True),
        ],
        input_guardrails=[input_is_fine],
        output_guardrails=[output_is_fine],
    )


def hooks_of(library: ModuleType) -> Any:
    """Return hooks that hear of every tool call and of every answer."""

    class CountingHooks(library.RunHooks):
        heard = 0

        async def on_tool_start(self, *_: Any, **__: Any) -> None:
            self.heard += 1

        async def on_tool_end(self, *_: Any, **__: Any) -> None:
            self.heard += 1

        async def on_llm_end(self, *_: Any, **__: Any) -> None:
            self.heard += 1

    return CountingHooks()


async def drain(library: ModuleType, agent: Any, max_turns: int = 10) -> int:
    """Run streamed, with hooks, and read everything; return the number of events."""
    hooks = hooks_of(library)
    result = library.Runner.run_streamed(agent, "Go", max_turns=max_turns, hooks=hooks)
    count = 0
    async for _ in result.stream_events():
        count += 1
    return count


def _events(answer: Reply, number: int) -> list[Any]:
    made = []
    for frame in frames(answer, f"resp_{number}"):
        head, data = frame.strip().split(b"\n")
        made.append(decode_event(head.decode().removeprefix("event: "), data.partition(b" ")[2]))
    return made
