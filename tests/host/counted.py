"""What a run spends, with a clock that a test moves."""

from __future__ import annotations

from typing import Any

from msgspec import to_builtins

from tests.fakes.fake_policy import FakePolicy
from tui.host.live.rulebook import Rulebook
from tui.host.live.spending import Spending
from tui.policy.settings import Budget, Prices
from tui.wire.events import RunEvent, UsageReported


class Counted:
    """A spending with a clock that a test moves.

    Attributes:
        told: The events it told, as plain values.
        now: Monotonic seconds.
    """

    def __init__(self, *budgets: Budget, prices: Prices | None = None) -> None:
        self.told: list[dict[str, Any]] = []
        self.now = 1000.0
        self.policy = FakePolicy(budgets=budgets, prices=prices)
        self.book = Rulebook(self.policy)
        self.spending = Spending("run", self.book, self._take, lambda: self.now)

    def _take(self, event: RunEvent) -> None:
        self.told.append(to_builtins(event))

    def uses(self, agent: str = "Refunds", **tokens: int) -> None:
        """Have the model of an agent answer once."""
        self.spending.note(UsageReported(run_id="run", agent=agent, **tokens))

    def passes(self, minutes: float) -> None:
        """Let time go by."""
        self.now += minutes * 60
