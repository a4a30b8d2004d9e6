"""One trial: a run whose process is killed, taken up in another, played to its end and checked."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.campaign.effects import Effects
from tests.campaign.person import Person
from tests.campaign.programs import CASTS, Cast
from tests.campaign.switches import VARIABLE, Switch
from tui.cockpit.sources.host_process import HostProcess
from tui.errors import WireError
from tui.journal.sqlite_store import SqliteStore
from tui.wire.commands import Resume, StartRun
from tui.wire.events import ENDINGS, ApprovalRequested, RunEvent, RunPaused
from tui.wire.frames import Hello, NotResumed, Ready, Unready, Upward

DEADLINE_S = 120.0

OpenHost = Callable[[Path, Mapping[str, str]], Awaitable[HostProcess]]


@dataclass(frozen=True)
class Plan:
    """What is killed where.

    Attributes:
        window: The row of the table that it counts in.
        library: The runtime.
        program: The program's name.
        switches: Where its processes are killed, one after the other.
        turn: How the person answers the first doubt.
    """

    window: str
    library: str
    program: str
    switches: tuple[Switch, ...] = ()
    turn: int = 0

    def __str__(self) -> str:
        switches = ",".join(map(str, self.switches))
        return f"{self.library}/{self.program}/{switches}/{self.turn}"


@dataclass
class Played:
    """What came of a trial, as its driver saw it.

    Attributes:
        runs: The ids under which the message was sent; more than one where nothing was kept.
        seen: Every event that was read from any process.
        kills: How many processes were killed.
        resumed: How often another took the run up.
        damage: What SQLite found wrong behind a kill.
        refused: Why a process did not take the run up.
    """

    plan: Plan
    journal: Path
    effects: Effects
    person: Person
    runs: list[str] = field(default_factory=lambda: ["r0"])
    seen: list[RunEvent] = field(default_factory=list)
    kills: int = 0
    resumed: int = 0
    damage: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    @property
    def run_id(self) -> str:
        return self.runs[-1]

    @property
    def cast(self) -> Cast:
        return self.person.cast

    def kept(self) -> list[RunEvent]:
        """Return the events of the newest run in the journal."""
        with closing(SqliteStore(self.journal)) as store:
            return list(store.events(self.run_id))

    def has_ended(self) -> bool:
        """Tell whether the newest run's end is kept."""
        return isinstance(next(reversed(self.kept()), None), ENDINGS)


async def play(plan: Plan, folder: Path, service: str, open_host: OpenHost) -> Played:
    """Play a plan in a folder of its own.

    Raises:
        TimeoutError: If it does not come to an end.
    """
    played = Played(
        plan,
        folder / "journal.sqlite3",
        Effects(folder / "effects"),
        Person(CASTS[plan.program], plan.turn),
    )
    environment = environment_of(plan.library, played.cast, played.effects.path, service)
    async with asyncio.timeout(DEADLINE_S):
        for switch in (*plan.switches, None):
            told = {**environment, VARIABLE: "" if switch is None else str(switch)}
            host = await open_host(played.journal, told)
            try:
                has_ended = await _Life(played, host, switch).live()
            finally:
                await host.ended()
                host.line.close()
            if has_ended:
                break
            played.kills += 1
            played.damage += damage(played.journal)
    played.damage += damage(played.journal)
    return played


def environment_of(library: str, cast: Cast, effects: Path, service: str) -> dict[str, str]:
    """Return what the agent file is told."""
    return {
        "CAMPAIGN_EFFECTS": str(effects),
        "CAMPAIGN_LIBRARY": library,
        "CAMPAIGN_PROGRAM": cast.program.name,
        "CAMPAIGN_SERVICE": service,
    }


def damage(journal: Path) -> list[str]:
    """Return what SQLite finds wrong with a journal, nothing where there is none yet."""
    if not journal.exists():
        return []
    with closing(sqlite3.connect(journal)) as connection:
        found = [row[0] for row in connection.execute("PRAGMA integrity_check")]
    return [line for line in found if line != "ok"]


class _Life:
    """One process of a trial, from its hello to the run's end or its own."""

    def __init__(self, played: Played, host: HostProcess, switch: Switch | None) -> None:
        self._played = played
        self._host = host
        self._kills_at = _number(switch, "event_read")
        self._leaves = _number(switch, "asked_read")
        self._read = self._asked = 0

    async def live(self) -> bool:
        """Tell whether the run came to its end; else the process was killed."""
        self._host.line.write(Hello())
        while (told := await self._next()) is not None:
            match told:
                case Ready():
                    self._begin()
                case Unready():
                    raise AssertionError(f"{told.message}\n{told.details}")
                case NotResumed() if self._played.has_ended():
                    return await self._left()
                case NotResumed():
                    self._begin_anew(told)
                case Hello():
                    pass
                case _ if self._take(told):
                    return await self._left()
        return False

    async def _next(self) -> Upward | None:
        try:
            return await self._host.line.read()
        except WireError:
            # Killed while it wrote.
            return None

    def _begin(self) -> None:
        run_id = self._played.run_id
        if self._played.kills:
            self._host.line.write(Resume(run_id=run_id))
        else:
            self._host.line.write(StartRun(run_id=run_id, text="Go."))

    def _begin_anew(self, told: NotResumed) -> None:
        played = self._played
        played.refused.append(told.why)
        played.runs.append(f"r{len(played.runs)}")
        self._host.line.write(StartRun(run_id=played.run_id, text="Go."))

    def _take(self, event: Any) -> bool:
        """Take an event, answer a request; tell whether it is the run's end.

        One that this process is killed at is not: what was kept of it shows in the next.
        """
        self._played.seen.append(event)
        has_left = 0 <= self._leaves < self._asked
        is_killed = self._read == self._kills_at or (has_left and isinstance(event, RunPaused))
        if is_killed:
            self._host.kill()
        self._read += 1
        if self._read == 1 and self._played.kills and event.seq:
            self._played.resumed += 1
        if isinstance(event, ApprovalRequested):
            self._asked += 1
            if self._asked != self._leaves + 1:
                self._host.line.write(self._played.person.answer(event))
        return isinstance(event, ENDINGS) and not is_killed

    async def _left(self) -> bool:
        """Let the process keep what it has, and end: the run has."""
        self._host.ask_to_end()
        while await self._next() is not None:
            pass
        return True


def _number(switch: Switch | None, where: str) -> int:
    """Return the number of a switch of this place, -1 for any other."""
    return switch.number if switch is not None and switch.where == where else -1
