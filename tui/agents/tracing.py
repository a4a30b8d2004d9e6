"""Keeps files that trace importable and running. This runtime traces and uploads nothing."""

from __future__ import annotations

from typing import Self
from uuid import uuid4

from tui.agents.exceptions import UserError
from tui.agents.kinds import JsonObject, UserValue


def set_tracing_disabled(disabled: bool) -> None:
    """Confirm that nothing is traced.

    Raises:
        UserError: If tracing is asked for.
    """
    if not disabled:
        raise UserError("tui.agents traces nothing: tracing cannot be switched on.")


def gen_trace_id() -> str:
    """Return a new id in the form of a trace's."""
    return f"trace_{uuid4().hex}"


def gen_span_id() -> str:
    """Return a new id in the form of a span's."""
    return f"span_{uuid4().hex[:24]}"


class Unrecorded:
    """Stands where the Agents SDK has a trace or a span; nobody hears of it."""

    def __init__(self, name: str, trace_id: str | None = None, span_id: str | None = None) -> None:
        self.name = name
        self.trace_id = trace_id or gen_trace_id()
        self.span_id = span_id

    def start(self, mark_as_current: bool = False) -> None:
        """Begin it."""

    def finish(self, reset_current: bool = False) -> None:
        """End it."""

    def set_error(self, error: UserValue) -> None:
        """Say what went wrong in it."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return


def trace(
    workflow_name: str,
    trace_id: str | None = None,
    group_id: str | None = None,  # noqa: ARG001 - the SDK's words
    metadata: JsonObject | None = None,  # noqa: ARG001
    tracing: UserValue = None,  # noqa: ARG001
    disabled: bool = False,  # noqa: ARG001
) -> Unrecorded:
    """Return what can be entered or started like a trace."""
    return Unrecorded(workflow_name, trace_id)


def custom_span(
    name: str,
    data: JsonObject | None = None,  # noqa: ARG001 - the SDK's words
    span_id: str | None = None,
    parent: UserValue = None,  # noqa: ARG001
    disabled: bool = False,  # noqa: ARG001
) -> Unrecorded:
    """Return what can be entered or started like a span."""
    return Unrecorded(name, span_id=span_id or gen_span_id())


def get_current_trace() -> None:
    """Return the current trace, which there never is."""
    return


def get_current_span() -> None:
    """Return the current span, which there never is."""
    return


def flush_traces() -> None:
    """Upload what was traced, which is nothing."""
