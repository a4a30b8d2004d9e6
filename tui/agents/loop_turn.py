"""Lets the loop come to everything else that is ready."""

from __future__ import annotations

from collections.abc import Generator
from types import coroutine


@coroutine
def loop_turn() -> Generator[None, None, None]:
    """Go on in the loop's next turn. What `asyncio.sleep(0)` does, at half the cost."""
    yield
