"""What a run begins with. Runs nothing."""

from dataclasses import dataclass

from tui.host.live.history import Conversation
from tui.host.live.opened import BY_COMMAND, Opened
from tui.host.live.recalled import Recalled
from tui.host.live.recovery import Recovery
from tui.host.live.remains import Unfinished


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a run begins with.

    Attributes:
        target: What the person asked to run.
        text: What the person said; where a failed run is taken up, its model has it already.
        start: What was said before: the start agent and nothing, the conversation that goes on,
            or the failed run that is taken up again.
        continues: The run whose conversation goes on, None for a new one.
        retries: The failed run that is tried again, None for a message that is new.
        notice: What the person must know before it begins, "" for nothing.
        opened: How its agents were opened.
        root: The first run of the conversation, "" for this one.
        recovery: What is known of it from a process that was lost; None for a run that begins.
    """

    run_id: str
    target: str
    text: str
    start: Conversation | Unfinished
    continues: str | None = None
    retries: str | None = None
    rehearsal: bool = False
    notice: str = ""
    opened: Opened = BY_COMMAND
    root: str = ""
    recovery: Recovery | None = None

    @property
    def before(self) -> Recalled | None:
        """What was told of it in a process that was lost; None for a run that begins."""
        return self.recovery.before if self.recovery is not None else None
