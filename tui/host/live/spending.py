"""What one run has used up of its budgets. Stays out of what waits because of it."""

import time
from collections.abc import Callable, Iterable

from tui.host.live.rulebook import Rulebook
from tui.policy.budgets import Reached, Spent, extend, reached
from tui.wire.events import (
    AgentChanged,
    BudgetExtended,
    BudgetReached,
    RunEvent,
    RunPaused,
    RunResumed,
    UsageReported,
)


class Spending:
    """Counts tokens, cost, model calls and minutes, of the run and of each of its agents.

    Minutes count while the run works, not while it waits for a person.

    Args:
        run_id: The run's id.
        rulebook: Has the budgets.
        tell: Takes the events.
        clock: Monotonic seconds.
    """

    def __init__(
        self,
        run_id: str,
        rulebook: Rulebook,
        tell: Callable[[RunEvent], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._run_id = run_id
        self._rulebook = rulebook
        self._tell = tell
        self._clock = clock
        self._agent = ""
        self._run = Spent()
        self._agents: dict[str, Spent] = {}
        self._extended: dict[tuple[str, str], int] = {}
        self._told: set[tuple[str, str, float]] = set()
        self._counted_until = clock()
        self._is_paused = False

    def note(self, event: RunEvent) -> None:
        """Count what an event says was used."""
        match event:
            case UsageReported():
                tokens = event.input_tokens + event.output_tokens
                self._add(event.agent, Spent(tokens=tokens, cost=self._cost(event), turns=1))
            case AgentChanged(within=None):
                self._count_time()
                self._agent = event.agent
            case RunPaused():
                self._count_time()
                self._is_paused = True
            case RunResumed():
                self._count_time()
                self._is_paused = False

    def recall(self, events: Iterable[RunEvent]) -> None:
        """Count what the run used in a process that was lost."""
        worked_since: float | None = None
        for event in events:
            if worked_since is not None:
                self._add(self._agent, Spent(minutes=max(event.at - worked_since, 0) / 60))
            self.note(event)
            worked_since = None if self._is_paused else event.at
        self._is_paused = False

    def is_used_up(self, agent: str) -> bool:
        """Whether the run, or this agent in it, has spent what it may; told once."""
        found = self._reached(agent)
        if found is None:
            return False
        if (mark := (found.of, found.what, found.limit)) not in self._told:
            self._told.add(mark)
            self._tell(
                BudgetReached(
                    run_id=self._run_id,
                    what=found.what,
                    limit=found.limit,
                    used=found.used,
                    of=found.of,
                )
            )
        return True

    def extend(self, by: str) -> None:
        """Give as much again to each budget that is used up."""
        while (found := self._any_reached()) is not None:
            self._extended = extend(self._extended, found)
            self._tell(
                BudgetExtended(
                    run_id=self._run_id,
                    what=found.what,
                    limit=found.limit + found.step,
                    of=found.of,
                    by=by,
                )
            )
        self._rulebook.changed.change()

    def _any_reached(self) -> Reached | None:
        found = (self._reached(agent) for agent in ("", *self._agents))
        return next((each for each in found if each is not None), None)

    def _reached(self, agent: str) -> Reached | None:
        budgets = self._rulebook.policy.budgets
        if not budgets:
            return None
        self._count_time()
        return reached(
            budgets, self._run, {agent: self._agents.get(agent, Spent())}, self._extended
        )

    def _cost(self, usage: UsageReported) -> float:
        prices = self._rulebook.policy.prices
        if prices is None:
            return 0.0
        return prices.cost_of(usage.input_tokens, usage.cached_tokens, usage.output_tokens)

    def _count_time(self) -> None:
        now = self._clock()
        passed, self._counted_until = now - self._counted_until, now
        if not self._is_paused:
            self._add(self._agent, Spent(minutes=passed / 60))

    def _add(self, agent: str, spent: Spent) -> None:
        self._run = self._run.plus(spent)
        self._agents[agent] = self._agents.get(agent, Spent()).plus(spent)
