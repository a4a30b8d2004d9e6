"""What the screen asks of a run, wherever it comes from. Stays out of how.

A `RunSource` gives events, a `RunControl` takes wishes, an `AgentHost` opens runs. None of them
tells whether a wish came true: that is the next event's to say.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from tui.wire.events import ConsoleOutput, RunEvent, RunFailed
from tui.wire.rules import Rule

_ANEW: Final = "Send another message: a new process begins anew."


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person decides about one pending call.

    Attributes:
        call_id: The call.
        arguments_hash: Of the arguments that were shown.
        approve: Whether it may run.
        reason: Why not, for the model.
        arguments: JSON text that the tool is run with instead; None for what was shown.
        grant: A rule for calls to come.
        keeps: Whether the rule goes into the policy file.
        result: What a call in doubt came to, with `approve`: its tool does not run again. None
            for one that is to run.
    """

    call_id: str
    arguments_hash: str
    approve: bool
    reason: str = ""
    arguments: str | None = None
    grant: Rule | None = None
    keeps: bool = False
    result: str | None = None


@dataclass(frozen=True, slots=True)
class Loss:
    """Why nothing can be run, or a run cannot go on, as a `RunFailed` says it.

    Attributes:
        printed: What was printed before, where no run could tell it.
        is_interruption: Whether a run that had begun is kept, so that it can be taken up again.
    """

    error_type: str
    message: str
    advice: str = ""
    details: str = ""
    printed: str = ""
    is_interruption: bool = False

    @property
    def of_unbegun(self) -> "Loss":
        """The same for a run that never began: there is nothing to take up."""
        return replace(self, advice=_ANEW, is_interruption=False) if self.is_interruption else self

    def events(self, run_id: str, at: float = 0.0) -> tuple[RunEvent, ...]:
        """Return how a run tells it: what was printed, and the end."""
        failed = RunFailed(
            run_id=run_id,
            at=at,
            error_type=self.error_type,
            message=self.message,
            advice=self.advice,
            details=self.details,
        )
        printed = ConsoleOutput(run_id=run_id, at=at, text=self.printed)
        return (printed, failed) if self.printed else (failed,)


class RunSource(Protocol):
    """One run's events."""

    @property
    def run_id(self) -> str:
        """The run's id."""

    def stream_events(self) -> AsyncIterator[RunEvent]:
        """Yield the run's events in `seq` order, 0 upward, none missing.

        Spans approvals: the stream waits for a decision and goes on. It ends after the one
        terminal event; a failure, the host's death included, is a `RunFailed`.
        """


class RunControl(Protocol):
    """The wishes a person can have of one run. They never block and never raise."""

    def decide(self, answer: Answer) -> None:
        """Approve or reject a pending call."""

    def extend_budget(self) -> None:
        """Give as much again to a budget that is used up."""

    def say(self, text: str) -> None:
        """Give the working run a message for its next model call."""

    def cancel(self, mode: str = "immediate") -> None:
        """End the run, "after_turn" or "immediate"."""


class Run(RunSource, RunControl, Protocol):
    """A run with both ends."""

    @property
    def has_begun(self) -> bool:
        """Whether its agent did anything, so that another run can go on with it."""

    @property
    def is_interrupted(self) -> bool:
        """Whether its end was told from here, and in the journal it has none."""

    @property
    def changes(self) -> tuple[str, ...]:
        """What changed in its program meanwhile, if it was not taken up because of that."""


class AgentHost(Protocol):
    """Where runs of one agent are started."""

    @property
    def target(self) -> str:
        """What the person asked to run: "support.py:triage", or "rehearsal"."""

    @property
    def rehearsal(self) -> bool:
        """Whether nothing of it is real."""

    @property
    def outlives(self) -> bool:
        """Whether its runs go on when this screen is gone, and can be found again."""

    async def start(self) -> Loss | None:
        """Start the agent process unless one lives, and wait until it takes runs.

        Returns:
            Why it takes none, if no run has told it. The next run starts another one.
        """

    def open_run(
        self,
        text: str,
        continues: str | None = None,
        *,
        retries: str | None = None,
        unheard: Sequence[str] = (),
    ) -> Run:
        """Start a run.

        Args:
            text: What the person typed.
            continues: The run it goes on with.
            retries: The failed run that it takes up again, which was asked `text`.
            unheard: What the person said before in runs that never began, oldest first.
        """

    def attach(self, run_id: str, after: int, met_at: str) -> Run:
        """Follow a run that goes on in a living agent process.

        Args:
            run_id: The run.
            after: The `seq` of the last event that is known here.
            met_at: The socket of that process.
        """

    def resume(self, run_id: str, after: int, *, accepts_changes: bool = False) -> Run:
        """Have a kept run taken up whose own agent process is gone.

        Args:
            run_id: The run.
            after: The `seq` of the last event that is known here.
            accepts_changes: Whether the person knows that its program has changed meanwhile.
        """

    def hold_calls(self, by: str = "") -> None:
        """Let no new tool call of any run begin, in a new process too, until `release_calls`.

        Args:
            by: Who holds them, "" for the person at this screen.
        """

    def release_calls(self) -> None:
        """Let calls begin again."""

    def revoke(self, rule_id: str) -> None:
        """Take a grant back."""

    async def close(self, *, leaves: bool = False) -> None:
        """End the agent process, its runs and its children, within 2 s.

        Args:
            leaves: Let what outlives this screen go on instead.
        """
