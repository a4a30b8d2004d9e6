"""What a run asks of a session, with the Agents SDK's signatures. Knows no storage."""

from __future__ import annotations

import abc
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Protocol, TypeAlias, runtime_checkable

from tui.agents.items import TResponseInputItem
from tui.agents.kinds import JsonObject
from tui.agents.maybe_await import MaybeAwaitable

SessionInputCallback: TypeAlias = Callable[
    [list[TResponseInputItem], list[TResponseInputItem]], MaybeAwaitable[list[TResponseInputItem]]
]
"""Makes a run's input of what the session holds and what is new."""


@dataclass
class SessionSettings:
    """Settings of a session, or of the sessions of a run."""

    limit: int | None = None  # How many items a run reads, the newest; None is all of them.

    def resolve(self, override: SessionSettings | None) -> SessionSettings:
        """Return these settings with everything that `override` sets laid over them."""
        return self if override is None or override.limit is None else override

    def to_dict(self) -> JsonObject:
        """Return the settings by name."""
        return asdict(self)


@runtime_checkable
class Session(Protocol):
    """A conversation that is kept: input items in wire shape, oldest first.

    A session whose methods all take the keyword `wrapper` is given the run's context by it.
    """

    session_id: str  # Names the conversation in its storage.
    session_settings: SessionSettings | None = None  # How a run reads it.

    @abc.abstractmethod
    async def get_items(self, limit: int | None = None) -> list[TResponseInputItem]:
        """Return the newest `limit` items, or all, oldest first."""

    @abc.abstractmethod
    async def add_items(self, items: list[TResponseInputItem]) -> None:
        """Add items behind those there are."""

    @abc.abstractmethod
    async def pop_item(self) -> TResponseInputItem | None:
        """Take the newest item away and return it; None if there is none."""

    @abc.abstractmethod
    async def clear_session(self) -> None:
        """Take all items away."""


class SessionABC(Session):
    """A base for sessions of one's own: it must have all that `Session` has."""
