"""Tells a cancellation that is asked for from one that somebody raised. Cancels nothing."""

from __future__ import annotations

import asyncio


def cancellations() -> int:
    """Return how often the task that runs was asked to stop, and has not been told otherwise."""
    task = asyncio.current_task()
    return 0 if task is None else task.cancelling()
