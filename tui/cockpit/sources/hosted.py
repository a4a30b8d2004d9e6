"""Runs in an agent process of their own: starts it, speaks with it, and outlives it.

Stays out of what a run looks like. When the process dies its runs say so, and the next run starts
another process.
"""

from collections.abc import Sequence
from functools import partial
from uuid import uuid4

from tui.cockpit.sources.base import Loss
from tui.cockpit.sources.connection import Connection, Spawn
from tui.cockpit.sources.host_options import HostOptions
from tui.cockpit.sources.host_process import spawn_host
from tui.cockpit.sources.hosted_run import HostedRun
from tui.cockpit.sources.met_host import meet_host
from tui.cockpit.sources.operator import operator
from tui.wire.commands import (
    AnyCommand,
    Attach,
    Hold,
    Release,
    Resume,
    Revoke,
    StartRun,
)

REHEARSAL = "rehearsal"


class HostedAgents:
    """Runs of one agent, in one process at a time.

    Args:
        target: What the person asked to run: "support.py:triage", or "rehearsal".
        options: What else its process is told.
        spawn: Starts an agent process; by default one of the operating system.
        folder: Where it is to work, "" for here.
    """

    def __init__(
        self,
        target: str,
        options: HostOptions | None = None,
        *,
        spawn: Spawn | None = None,
        folder: str = "",
    ) -> None:
        self._target = target
        self._spawn = spawn or partial(spawn_host, target, options or HostOptions(), folder)
        self._met_at = ""
        self._connection: Connection | None = None
        self._is_held = False
        self._held_by = ""

    @property
    def target(self) -> str:
        """What the person asked to run."""
        return self._target

    @property
    def rehearsal(self) -> bool:
        """Whether nothing of it is real."""
        return self._target == REHEARSAL

    async def start(self) -> Loss | None:
        """Start the agent process unless one lives, and wait until it takes runs.

        Returns:
            Why it takes none, if no run has told it. The next run starts another one.
        """
        connection = self._living()
        await connection.settled.wait()
        return connection.untold

    def open_run(
        self,
        text: str,
        continues: str | None = None,
        *,
        retries: str | None = None,
        unheard: Sequence[str] = (),
    ) -> HostedRun:
        """Start a run.

        Args:
            text: What the person typed.
            continues: The run it goes on with.
            retries: The failed run that it takes up again, which was asked `text`.
            unheard: What the person said before in runs that never began, oldest first.
        """
        connection = self._living()
        command = StartRun(
            run_id=uuid4().hex,
            text=text,
            continues=continues,
            retries=retries,
            unheard=tuple(unheard),
        )
        run = HostedRun(command, self._target, rehearsal=self.rehearsal, send=connection.send)
        connection.open(run, command)
        return run

    def attach(self, run_id: str, after: int, met_at: str) -> HostedRun:
        """Follow a run that goes on in a living agent process.

        Args:
            run_id: The run.
            after: The `seq` of the last event that is known here.
            met_at: The socket of that process.
        """
        if self._met_at != met_at or self._connection is None or self._connection.is_gone:
            self._met_at = met_at
            self._connect(partial(meet_host, met_at))
        return self._find(Attach(run_id=run_id, after=after), after)

    def resume(self, run_id: str, after: int, *, accepts_changes: bool = False) -> HostedRun:
        """Have a kept run taken up whose own agent process is gone.

        Args:
            run_id: The run.
            after: The `seq` of the last event that is known here.
            accepts_changes: Whether the person knows that its program has changed meanwhile.
        """
        return self._find(Resume(run_id=run_id, accepts_changes=accepts_changes), after)

    def hold_calls(self, by: str = "") -> None:
        """Let no new tool call of any run begin, in a new process too, until `release_calls`.

        Args:
            by: Who holds them, "" for the person at this screen.
        """
        self._is_held = True
        self._held_by = by or operator()
        self._tell(Hold(run_id="", by=self._held_by))

    def release_calls(self) -> None:
        """Let calls begin again."""
        self._is_held = False
        self._tell(Release(run_id="", by=operator()))

    def revoke(self, rule_id: str) -> None:
        """Take a grant back."""
        self._tell(Revoke(run_id="", rule_id=rule_id, by=operator()))

    @property
    def outlives(self) -> bool:
        """Whether its runs go on when this screen is gone, and can be found again."""
        return self._connection is not None and self._connection.outlives

    async def close(self, *, leaves: bool = False) -> None:
        """End the agent process, its runs and its children, within 2 s.

        Args:
            leaves: Let what outlives this screen go on instead.
        """
        if self._connection is None:
            return
        if leaves and self._connection.outlives:
            self._connection.leave()
        else:
            await self._connection.close()

    def _find(self, command: Attach | Resume, after: int) -> HostedRun:
        connection = self._living()
        run = HostedRun(
            command, self._target, rehearsal=self.rehearsal, send=connection.send, after=after
        )
        connection.open(run, command)
        return run

    def _living(self) -> "Connection":
        if self._connection is None or self._connection.is_gone:
            self._met_at = ""
            return self._connect(self._spawn)
        return self._connection

    def _connect(self, spawn: Spawn) -> "Connection":
        self._connection = Connection(spawn, self._target)
        if self._is_held:
            self._tell(Hold(run_id="", by=self._held_by))
        return self._connection

    def _tell(self, command: AnyCommand) -> None:
        if self._connection is not None:
            self._connection.send(command)
