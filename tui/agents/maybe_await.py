"""Lets the user's callbacks be plain functions or coroutines."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable
from types import CoroutineType
from typing import TypeAlias, TypeVar

from typing_extensions import TypeIs

T = TypeVar("T")

MaybeAwaitable: TypeAlias = Awaitable[T] | T
"""A value, or something that yields it when awaited."""


def is_awaitable(value: Awaitable[T] | T) -> TypeIs[Awaitable[T]]:
    """Tell whether `value` must be awaited."""
    # Nearly always it is a coroutine; to ask an abstract class costs more than all else.
    return isinstance(value, CoroutineType) or inspect.isawaitable(value)


async def maybe_await(value: Awaitable[T] | T) -> T:
    """Return `value`, awaited if need be."""
    return await value if is_awaitable(value) else value
