"""Scripts of runs in which several calls wait, for tests of what stands over all conversations."""

import json
from collections.abc import AsyncIterator

from tests.fakes.fake_scripts import opening, ran, tool
from tests.fakes.fake_source import FakeRun, Script, approval
from tui.wire.events import RunCompleted, RunEvent


def asking(
    *calls: tuple[str, object], agent: str = "Refunds", path=("Triage", "Refunds"), at: float = 0.0
) -> Script:
    """A run that asks for these calls at once, each a tool and its arguments, and runs them.

    The call ids end with the tool's name and the call's place; `at` is when they are asked for.
    """

    async def script(run: FakeRun) -> AsyncIterator[RunEvent]:
        for event in opening(run):
            yield event
        named = [
            (f"{name}-{place}", name, json.dumps(given))
            for place, (name, given) in enumerate(calls)
        ]
        for key, _, arguments in named:
            for event in tool(run, agent, key, arguments):
                yield event
        requests = [
            approval(agent, f"{run.run_id}-{key}", name, arguments, path=path, at=at)
            for key, name, arguments in named
        ]
        async for event in run.ask(*requests):
            yield event
        for key, *_ in named:
            happened = ran(run, agent, key, "done")
            approved = run.verdict(f"{run.run_id}-{key}").approve
            for event in happened if approved else happened[-1:]:
                yield event
        yield RunCompleted(run_id="", final_output="Done.")

    return script
