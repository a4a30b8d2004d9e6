"""When a budget is used up. Counts nothing itself: what was spent is given."""

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Final, NamedTuple, TypeAlias

from tui.policy.settings import Budget

LIMITS: Final = ("tokens", "cost", "turns", "minutes")


class Spent(NamedTuple):
    """What a run, or one agent in it, has used so far; units as in `Budget`."""

    tokens: int = 0
    cost: float = 0.0
    turns: int = 0
    minutes: float = 0.0

    def plus(self, more: "Spent") -> "Spent":
        """Return both together."""
        return Spent(
            self.tokens + more.tokens,
            self.cost + more.cost,
            self.turns + more.turns,
            self.minutes + more.minutes,
        )


class Reached(NamedTuple):
    """A budget that is used up.

    Attributes:
        what: "tokens", "cost", "turns" or "minutes".
        limit: With what a person has added.
        of: The agent whose share it is, "" for the run's.
        step: What one extension adds: the limit that the file gives.
    """

    what: str
    limit: float
    used: float
    of: str
    step: float


# How often a person has extended a budget, by whose it is and what of.
Extended: TypeAlias = Mapping[tuple[str, str], int]


def reached(
    budgets: Sequence[Budget],
    of_run: Spent,
    by_agent: Mapping[str, Spent],
    extended: Extended,
) -> Reached | None:
    """Return the first budget that is used up, None if all have something left.

    The run's come before those of agents; within, the order of the file, then of `LIMITS`.
    """
    everything = [*_of_run(budgets, of_run, extended), *_of_agents(budgets, by_agent, extended)]
    return next((each for each in everything if each.used >= each.limit), None)


def extend(extended: Extended, budget: Reached) -> dict[tuple[str, str], int]:
    """Return `extended` with one extension more: the limit grows by what it was at first."""
    key = (budget.of, budget.what)
    return {**extended, key: extended.get(key, 0) + 1}


def _of_run(budgets: Sequence[Budget], spent: Spent, extended: Extended) -> Iterator[Reached]:
    for budget in budgets:
        if not budget.agent:
            yield from _standing(budget, "", spent, extended)


def _of_agents(
    budgets: Sequence[Budget], by_agent: Mapping[str, Spent], extended: Extended
) -> Iterator[Reached]:
    for budget in budgets:
        for agent, spent in by_agent.items():
            if budget.agent and fnmatchcase(agent, budget.agent):
                yield from _standing(budget, agent, spent, extended)


def _standing(budget: Budget, of: str, spent: Spent, extended: Extended) -> Iterator[Reached]:
    """Yield how each limit of one budget stands, used up or not."""
    for what in LIMITS:
        step: float | None = getattr(budget, what)
        if step is not None:
            limit = step * (1 + extended.get((of, what), 0))
            yield Reached(what, limit, getattr(spent, what), of, step)
