"""Runs of either runtime written down as plain values that can be compared.

Knows no scenario. What may differ between the runtimes stands in `IGNORED`, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from types import ModuleType
from typing import Literal

from pydantic import BaseModel

from tests.fakes.milestone import Gate

IGNORED: Mapping[str, str] = {}
"""Keys that are left out wherever they appear, each with its reason. Ten at most."""

_KNOWING = frozenset(
    {
        "MaxTurnsExceeded",
        "ModelRefusalError",
        "InputGuardrailTripwireTriggered",
        "ToolInputGuardrailTripwireTriggered",
        "ToolOutputGuardrailTripwireTriggered",
    }
)
"""Errors whose `run_data` is compared; the SDK strips others of it where they quote the model."""

Mode = Literal["streamed", "whole"]


class Stage:
    """Where a scenario plays: one runtime, one way to run, and the log of what it did.

    Attributes:
        sdk: The runtime's module: `tui.agents`, or `agents` of openai-agents.
        mode: Whether runs go through `Runner.run_streamed` or `Runner.run`.
        gate: Closed; whoever wants the service or a tool to wait for the test uses it.
        log: What was seen, in order, as plain values.
        runner: What runs the agents: the runtime's `Runner`, or a session of it.
    """

    def __init__(self, sdk: ModuleType, mode: Mode, runner: object = None) -> None:
        self.sdk = sdk
        self.runner = runner or sdk.Runner
        self.mode: Mode = mode
        self.gate = Gate()
        self.log: list[object] = []

    def note(self, **facts: object) -> None:
        """Write down something else that must be the same."""
        self.log.append(plain(facts))

    async def go(self, agent, given, **options):
        """Run to the end, writing down events, outcome and error; None if `Runner.run` raised."""
        if self.mode == "whole":
            return await self._go_whole(agent, given, **options)
        result = self.begin(agent, given, **options)
        await self.read(result)
        return result

    def begin(self, agent, given, **options):
        """Start a streamed run and return at once."""
        return self.runner.run_streamed(agent, given, **options)

    async def read(self, result, *, until=None) -> None:
        """Consume a streamed run; `until(event)` is asked after each event and may act on it."""
        try:
            async for event in result.stream_events():
                self.log.append(event_facts(event))
                if until is not None:
                    until(event)
        except Exception as error:  # noqa: BLE001 - whatever it is, both must raise it
            self.log.append(error_facts(error))
        self.log.append(outcome(result) | {"current_turn": result.current_turn})

    async def end_of(self, result, *, without: Sequence[str] = (), until=None):
        """Consume a streamed run whose events differ on purpose; write down its outcome alone.

        Args:
            result: The run.
            without: Parts of the outcome that differ too; the scenario says why.
            until: Called with each event, and may act on it.
        """
        try:
            async for event in result.stream_events():
                if until is not None:
                    until(event)
        except Exception as error:  # noqa: BLE001 - whatever it is, both must raise it
            self.log.append(error_facts(error))
        facts = outcome(result)
        self.log.append({name: fact for name, fact in facts.items() if name not in without})
        return result

    async def _go_whole(self, agent, given, **options):
        try:
            result = await self.runner.run(agent, given, **options)
        except Exception as error:  # noqa: BLE001 - whatever it is, both must raise it
            self.log.append(error_facts(error))
            return None
        self.log.append(outcome(result))
        return result


def event_facts(event) -> object:
    """Return one stream event as plain values."""
    match event.type:
        case "raw_response_event":
            return plain({"raw": type(event.data).__name__, "data": event.data})
        case "run_item_stream_event":
            return {"name": event.name, **item_facts(event.item)}
        case "agent_updated_stream_event":
            return {"agent_updated": event.new_agent.name}
    raise AssertionError(f"no such event: {event.type}")


def item_facts(item) -> dict[str, object]:
    """Return a run item as plain values: agents by name, the raw item whole."""
    facts: dict[str, object] = {"type": item.type, "agent": item.agent.name}
    for side in ("source_agent", "target_agent"):
        if hasattr(item, side):
            facts[side] = getattr(item, side).name
    if hasattr(item, "output"):
        facts["output"] = plain(item.output)
    return facts | {"raw_item": plain(item.raw_item)}


def error_facts(error: Exception) -> object:
    """Return what a run raised."""
    facts: dict[str, object] = {"error": type(error).__name__, "message": str(error)}
    if type(error).__name__ in _KNOWING:
        facts["run_data"] = run_data_facts(error.run_data)
    return facts


def run_data_facts(run) -> dict[str, object]:
    """Return what an error knows of the run it ended."""
    stages = ("input", "output", "tool_input", "tool_output")
    return {
        "new_items": [item_facts(item) for item in run.new_items],
        "response_ids": [response.response_id for response in run.raw_responses],
        "last_agent": run.last_agent.name,
        "input": plain(run.input),
        "guardrails": [
            [found.guardrail.get_name() for found in getattr(run, f"{stage}_guardrail_results")]
            for stage in stages
        ],
    }


def outcome(result) -> dict[str, object]:
    """Return what is left when a run has ended."""
    usage = result.context_wrapper.usage
    return {
        "final_output": plain(result.final_output),
        "last_agent": result.last_agent.name,
        "interruptions": [approval_facts(item) for item in result.interruptions],
        "new_items": [item_facts(item) for item in result.new_items],
        "response_ids": [response.response_id for response in result.raw_responses],
        "input_list": plain(result.to_input_list()),
        "usage": [usage.requests, usage.input_tokens, usage.output_tokens, usage.total_tokens],
    }


def approval_facts(item) -> dict[str, object]:
    """Return what a person would be asked."""
    names = ("tool_name", "name", "arguments", "call_id", "type")
    return {name: getattr(item, name) for name in names} | {"agent": item.agent.name}


def plain(value: object) -> object:
    """Return a value as JSON would hold it, without the ignored keys."""
    match value:
        case BaseModel():
            return plain(value.model_dump(mode="json", warnings=False))
        case Mapping():
            return {key: plain(inner) for key, inner in value.items() if key not in IGNORED}
        case str() | None | bool() | int() | float():
            return value
        case Sequence():
            return [plain(inner) for inner in value]
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    return repr(value)
