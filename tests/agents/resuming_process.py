"""A process that knows nothing but a plan and a state, and goes on with the run, line by line.

Of each line, `{"plan": ..., "state": text, "is_decided": ...}`, it tells what the run came to.
"""

from __future__ import annotations

import asyncio
import json
import sys
import traceback
from typing import Any

from tests.agents.planned_runs import World, decide, start_agent, to_the_end, told
from tui.agents import RunState


async def go_on(plan: dict[str, Any], state: str, *, is_decided: bool) -> dict[str, Any]:
    """Load a state, run it to its end, and return what it came to."""
    world = World(plan)
    agent = start_agent(world)
    read = await RunState.from_string(agent, state)
    if not is_decided:
        decide(read, plan)
    return told(await to_the_end(agent, read, plan, through_json=True), world)


def main() -> None:
    with asyncio.Runner() as runner:
        for line in sys.stdin:
            try:
                answer = runner.run(go_on(**json.loads(line)))
            except Exception:  # noqa: BLE001 - the test that asked shows it
                answer = {"error": traceback.format_exc()}
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
