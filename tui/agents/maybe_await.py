"""Lets the user's callbacks be plain functions or coroutines."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable
from types import CoroutineType
from typing import TypeAlias, TypeVar

T = TypeVar("T")

MaybeAwaitable: TypeAlias = Awaitable[T] | T
"""A value, or something that yields it when awaited."""


async def maybe_await(value: Awaitable[T] | T) -> T:
    """Return `value`, awaited if need be."""
    # Nearly always it is one; to ask an abstract class costs more than the rest of this.
    if isinstance(value, CoroutineType) or inspect.isawaitable(value):
        return await value
    return value
