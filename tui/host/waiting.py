"""Which runs of a host do nothing but wait for a person, by what they told. Knows no screen."""

from tui.wire.events import BudgetExtended, BudgetReached, RunEvent, RunPaused, RunResumed

_BEGINS = (RunPaused, BudgetReached)
_OF_WAITING = (*_BEGINS, RunResumed, BudgetExtended)


class Waiting:
    """The runs that wait: for a decision, or for more of a budget."""

    def __init__(self) -> None:
        self._runs: set[str] = set()

    def __contains__(self, run_id: str) -> bool:
        return run_id in self._runs

    def note(self, event: RunEvent) -> bool:
        """Take notice of an event; tell whether it changes who waits."""
        # Nearly all events say nothing of it.
        if not isinstance(event, _OF_WAITING):
            return False
        before = event.run_id in self._runs
        if isinstance(event, _BEGINS):
            self._runs.add(event.run_id)
        else:
            self._runs.discard(event.run_id)
        return before is not (event.run_id in self._runs)

    def forget(self, run_id: str) -> None:
        """Take notice of a run's end."""
        self._runs.discard(run_id)
