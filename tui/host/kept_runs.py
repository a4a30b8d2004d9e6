"""What a host goes on with that is kept: a run in its middle, or the conversation behind one.

Starts nothing, and stays out of what such a run begins with: see `taking_up`.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tui.errors import BatonError, ElsewhereError
from tui.host.keeping import Keeping
from tui.host.live.beginning import Beginning
from tui.host.live.history import Conversation
from tui.host.live.recalled import recalled
from tui.host.live.rulebook import Rulebook
from tui.host.opening import LoadedAgent
from tui.host.outbox import Outbox
from tui.host.taking_up import KeptRemains, changed_since, kept_conversation, taken_up
from tui.wire.commands import Resume, StartRun
from tui.wire.events import RunCancelled, RunEvent, RunFailed, RunStarted, UserMessage
from tui.wire.frames import NotResumed

_CHANGED: Final = "the program has changed since the run began"
_ANOTHER: Final = "another process goes on with it: open it again to see it"
_ELSEWHERE: Final = "The conversation goes on in another process"
_OPEN_AGAIN: Final = "Open it again, from home or by `baton resume`, and say it there."


@dataclass(frozen=True, slots=True, eq=False)
class TakenUp:
    """A kept run that goes on.

    Attributes:
        beginning: What it begins with here.
        last: The `seq` of its last event so far.
        root: The run that its conversation began with.
    """

    beginning: Beginning
    last: int
    root: str


@dataclass(frozen=True, slots=True, eq=False)
class KeptRuns:
    """Makes kept runs those of this host.

    Attributes:
        agent: What goes on with them.
        keeping: Where they are kept.
        outbox: Where their events get their places.
        rulebook: Where what was granted in them comes back.
    """

    agent: LoadedAgent
    keeping: Keeping
    outbox: Outbox
    rulebook: Rulebook

    async def take_up(self, command: Resume) -> TakenUp | NotResumed:
        """Return the run that is to go on, or why it does not."""
        run_id = command.run_id
        try:
            kept = await asyncio.to_thread(self.keeping.remains, run_id)
            changes = changed_since(kept, self.agent)
            if changes and not command.accepts_changes:
                return NotResumed(run_id=run_id, why=_CHANGED, changes=changes)
            beginning = await taken_up(kept, self.agent)
            if not await asyncio.to_thread(self.keeping.claim, run_id):
                return NotResumed(run_id=run_id, why=_ANOTHER)
        except BatonError as error:
            return NotResumed(run_id=run_id, why=str(error))
        return TakenUp(beginning, kept.events[-1].seq, kept.run.root)

    def go_on(self, run: TakenUp) -> None:
        """Number its next event behind its last, and let count what was granted in it."""
        self.outbox.go_on(run.beginning.run_id, run.last)
        if (before := run.beginning.before) is not None:
            self.rulebook.restore(before.grants.values())

    def conversation(self, run_id: str) -> tuple[Conversation | None, str]:
        """Return what a message behind a kept run goes on from, None if that is not kept; its root.

        A run that was cut off ends with it.

        Raises:
            ElsewhereError: If another host lives that has it.
            BatonError: If too little of it is kept, or nothing can be read.
        """
        kept = self.keeping.remains(run_id)
        if kept.run.ended_at is None and not kept.run.is_imported:
            self._close_off(kept)
        self.rulebook.restore(recalled(run_id, kept.events).grants.values())
        return kept_conversation(kept, self.agent), kept.run.root

    def _close_off(self, kept: KeptRemains) -> None:
        run_id = kept.run.run_id
        if not self.keeping.claim(run_id):
            raise ElsewhereError(_ELSEWHERE)
        self.outbox.go_on(run_id, kept.events[-1].seq)
        self.outbox.put(RunCancelled(run_id=run_id))


def refusal(command: StartRun, agent: LoadedAgent, error: ElsewhereError) -> Iterator[RunEvent]:
    """Yield what is told of a run that does not begin; what was said is in it."""
    run_id = command.run_id
    yield RunStarted(run_id=run_id, target=agent.target, rehearsal=agent.rehearsal)
    yield UserMessage(run_id=run_id, item_id=f"{run_id}.user0", text=command.text)
    yield RunFailed(
        run_id=run_id,
        error_type=type(error).__name__,
        message=f"{error}.",
        advice=_OPEN_AGAIN,
        can_retry=False,
    )
