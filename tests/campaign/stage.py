"""Where trials are played: a folder, a model service a program, and processes to be killed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from tests.campaign.checks import Verdict, judged
from tests.campaign.programs import CASTS
from tests.campaign.trial import OpenHost, Plan, play
from tests.campaign.windows import Size, Sizes, pairs
from tests.fakes.responses_server import FakeResponsesServer
from tui.journal.sqlite_store import SqliteStore
from tui.wire.events import ApprovalDecided, ToolStarted


class Stage:
    """Plays trials, some at a time.

    Args:
        folder: An empty one.
        services: The address of each program's models.
        open_host: Starts a process.
        at_once: How many trials.
    """

    def __init__(
        self, folder: Path, services: dict[str, str], open_host: OpenHost, at_once: int
    ) -> None:
        self._folder = folder
        self._services = services
        self._open_host = open_host
        self._free = asyncio.Semaphore(at_once)
        self._number = 0

    async def verdicts(self, plans: Iterable[Plan]) -> list[Verdict]:
        """Play trials; return what was wrong with each."""
        return await asyncio.gather(*map(self.verdict, plans))

    async def verdict(self, plan: Plan) -> Verdict:
        """Play one."""
        self._number += 1
        folder = self._folder / str(self._number)
        folder.mkdir()
        async with self._free:
            played = await play(plan, folder, self._services[plan.program], self._open_host)
        return judged(played)

    async def sizes(self) -> Sizes:
        """Play every program to its end; return how much of everything its run has.

        Raises:
            AssertionError: If one does not come to its end as it should.
        """
        wholes = await self.verdicts(Plan("whole", *pair) for pair in pairs())
        for whole in wholes:
            assert not whole.faults, f"{whole.played.plan}: {whole.faults}"
        return {
            (each.played.plan.library, each.played.plan.program): _size(each) for each in wholes
        }


def _size(whole: Verdict) -> Size:
    played = whole.played
    kept = played.kept()
    store = SqliteStore(played.journal)
    checkpoints = len(store.checkpoints(played.run_id))
    store.close()
    return Size(
        events=len(kept),
        started=sum(isinstance(event, ToolStarted) for event in kept),
        effects=len(played.effects.done()),
        decided=sum(isinstance(event, ApprovalDecided) for event in kept),
        checkpoints=checkpoints,
    )


@asynccontextmanager
async def stage(folder: Path, open_host: OpenHost, at_once: int) -> AsyncIterator[Stage]:
    """Open the model services, and yield what plays trials with them."""
    async with AsyncExitStack() as kept:
        services = {}
        for name, cast in CASTS.items():
            server = await kept.enter_async_context(FakeResponsesServer(cast.program.script))
            services[name] = server.base_url
        yield Stage(folder, services, open_host, at_once)
