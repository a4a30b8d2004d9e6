"""Rules that stand written in memory, and change when a test says so."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from msgspec.structs import replace

from tui.errors import PolicyError
from tui.policy.kept import kept_id
from tui.policy.settings import Budget, Prices
from tui.wire.rules import Rule


class FakePolicy:
    """A `PolicySource` without a file.

    Args:
        rules: In their order.
        budgets: What may be spent.
        prices: What tokens cost.
        is_locked: Whether nothing can be written.
    """

    def __init__(
        self,
        *rules: Rule,
        budgets: Sequence[Budget] = (),
        prices: Prices | None = None,
        is_locked: bool = False,
    ) -> None:
        self.rules: tuple[Rule, ...] = rules
        self.budgets = budgets
        self.prices = prices
        self._is_locked = is_locked
        self._news: asyncio.Queue[str] = asyncio.Queue()

    def become(self, *rules: Rule) -> None:
        """Say something else from now on."""
        self.rules = rules
        self._news.put_nowait("")

    def break_with(self, fault: str) -> None:
        """Be at fault from now on: the rules stay."""
        self._news.put_nowait(fault)

    async def changed(self) -> str:
        """Wait for the next `become` or `break_with`."""
        return await self._news.get()

    def keep(self, rule: Rule) -> Rule:
        """Take a grant, unless locked."""
        if self._is_locked:
            raise PolicyError("policy.toml cannot be written: Permission denied")
        kept = replace(rule, rule_id=kept_id(rule), origin="policy.toml:1")
        self.rules = (*self.rules, kept)
        return kept

    def forget(self, rule_id: str) -> bool:
        """Drop a grant, unless locked."""
        left = tuple(rule for rule in self.rules if rule.rule_id != rule_id)
        if len(left) == len(self.rules):
            return False
        if self._is_locked:
            raise PolicyError("policy.toml cannot be written: Permission denied")
        self.rules = left
        return True
