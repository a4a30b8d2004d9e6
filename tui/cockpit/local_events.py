"""What a conversation tells where no host does: runs that could not begin, or end unheard."""

import secrets
import traceback
from collections.abc import Callable, Iterator

from tui.cockpit.sources.base import AgentHost
from tui.errors import BatonError
from tui.wire.events import RunEvent, RunFailed, RunStarted, UserMessage


class LocalEvents:
    """Makes events of this screen's own.

    Args:
        host: Whose runs they are of.
        wall: UTC seconds.
    """

    def __init__(self, host: AgentHost, wall: Callable[[], float]) -> None:
        self._host = host
        self._wall = wall

    def begun(self, continues: str | None = None, retries: str | None = None) -> RunStarted:
        """Return the begin of a run that has none."""
        return RunStarted(
            run_id=secrets.token_hex(8),
            at=self._wall(),
            target=self._host.target,
            continues=continues,
            retries=retries,
            rehearsal=self._host.rehearsal,
        )

    def unopened(self, text: str, begun: RunStarted, error: Exception) -> Iterator[RunEvent]:
        """Yield what a run tells that could not be opened; `text` is what it was asked."""
        yield begun
        if text:
            yield UserMessage(
                run_id=begun.run_id, at=begun.at, item_id=f"{begun.run_id}/user", text=text
            )
        yield self.failure(begun.run_id, error)

    def failure(self, run_id: str, error: Exception) -> RunFailed:
        """Return how a run ends that a host, or a source, failed."""
        own = error.details if isinstance(error, BatonError) else ""
        return RunFailed(
            run_id=run_id,
            at=self._wall(),
            error_type=type(error).__name__,
            message=str(error) or type(error).__name__,
            details=own or "".join(traceback.format_exception(error)),
        )

    def ended_early(self, run_id: str) -> RunFailed:
        """Return how a run ends whose events ended before."""
        return RunFailed(
            run_id=run_id,
            at=self._wall(),
            error_type="HostError",
            message="The run's events ended before the run did.",
            advice="Send the message again; it starts anew.",
        )
