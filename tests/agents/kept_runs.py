"""The runs whose states are kept as golden files, one a kind of stop.

After a change of the form: `python -m tests.agents.kept_runs` writes `golden/` anew for the newest
version. Files of older versions stay as they were.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.agents.planned_runs import World, start_agent
from tui.agents import (
    Agent,
    GuardrailFunctionOutput,
    OutputGuardrail,
    Runner,
    RunState,
    ToolGuardrailFunctionOutput,
    ToolInputGuardrail,
    ToolOutputGuardrail,
    handoff,
)
from tui.agents.extensions.handoff_filters import remove_all_tools
from tui.agents.run_state_form import VERSION

GOLDEN = Path(__file__).parent / "golden"

# What a person finds in a real one: a handoff, reasoning, text, parallel calls, a failure, a run
# inside a call, and decisions of every kind.
PLAN: dict[str, Any] = {
    "turns": {
        "A": [[["reason", "so"], ["free", 1], ["transfer_to_b", 0]]],
        "B": [
            [["say", "hm"], ["danger", 1], ["explode", 2], ["danger", 3], ["danger", 4]],
            [["ask", 1], ["danger", 2], ["threaded", 5]],
        ],
        "Sub": [[["danger", 5], ["free", 6]]],
    },
    "guards": "before",
}


def an_agent(plan: dict[str, Any] | None = None) -> Agent:
    """Return the start agent of every kept run."""
    agent = start_agent(World(plan or PLAN))
    b = agent.handoffs[0]
    b.output_guardrails = [OutputGuardrail(allows_answers, name="allows answers")]
    agent.tools[0] = replace(
        agent.tools[0],
        tool_input_guardrails=[ToolInputGuardrail(allows_calls, name="allows calls")],
        tool_output_guardrails=[ToolOutputGuardrail(allows_calls, name="allows outputs")],
    )
    return agent


def allows_answers(*_: object) -> GuardrailFunctionOutput:
    return GuardrailFunctionOutput({"checked": True}, tripwire_triggered=False)


def allows_calls(_: object) -> ToolGuardrailFunctionOutput:
    return ToolGuardrailFunctionOutput.allow("fine")


def decide_first(state: RunState) -> None:
    """Decide a first pause: one call changed, one refused, one allowed for ever."""
    changed, refused, always = state.get_interruptions()
    state.approve(changed, arguments={"x": 7})
    state.reject(refused, rejection_message="not now")
    state.approve(always, always_approve=True)


async def paused() -> RunState:
    agent = an_agent()
    state = (await Runner.run(agent, "go", context={"user": 7})).to_state()
    decide_first(state)
    state.add_input("hurry")
    state = (await Runner.run(agent, state)).to_state()
    state.add_input([{"role": "user", "content": "now"}])
    return state


async def filtered() -> RunState:
    first, *rest = PLAN["turns"]["A"][0]
    agent = an_agent(PLAN | {"turns": PLAN["turns"] | {"A": [[first, rest[0]], [rest[1]]]}})
    agent.handoffs = [handoff(agent.handoffs[0], input_filter=remove_all_tools)]
    return (await Runner.run(agent, "go")).to_state()


async def cancelled() -> RunState:
    agent, question = an_agent(), [{"role": "user", "content": "go"}]
    result = Runner.run_streamed(agent, question, max_turns=None, auto_previous_response_id=True)
    async for event in result:
        if event.type == "run_item_stream_event":
            result.cancel("after_turn")
    return result.to_state()


async def completed() -> RunState:
    agent = an_agent(PLAN | {"turns": {"A": PLAN["turns"]["A"]}})
    return (await Runner.run(agent, "go", context={"user": "é"})).to_state()


KEPT = {each.__name__: each for each in (paused, filtered, cancelled, completed)}


def name_of(kind: str) -> str:
    """Return the name of the golden file of a kind of stop, in today's version."""
    return f"version_{VERSION}_{kind}.json"


async def main() -> None:
    for kind, make in KEPT.items():
        text = json.dumps((await make()).to_json(), indent=1, ensure_ascii=False)
        (GOLDEN / name_of(kind)).write_text(f"{text}\n")


if __name__ == "__main__":
    asyncio.run(main())
