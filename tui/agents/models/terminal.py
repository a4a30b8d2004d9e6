"""Says what is wrong with a response that did not complete. Raises nothing itself."""

from __future__ import annotations

from tui.agents.exceptions import ModelBehaviorError
from tui.agents.kinds import RawEvent
from tui.agents.raw import read


def failure_of(event: RawEvent) -> ModelBehaviorError:
    """Return the error for an event that ends a stream without a complete response."""
    kind = str(event.type)
    if kind in ("error", "response.error"):
        return _failure(kind, event, ("code", "message", "param"))
    return response_failure(kind, read(event, "response"))


def response_failure(kind: str, response: RawEvent) -> ModelBehaviorError:
    """Return the error for a response that failed or is incomplete."""
    return _failure(kind, response, ("status", "error", "incomplete_details"))


def _failure(kind: str, source: RawEvent, names: tuple[str, ...]) -> ModelBehaviorError:
    message = f"Responses stream ended with terminal event `{kind}`."
    details = [f"{name}={value}" for name in names if (value := read(source, name))]
    return ModelBehaviorError(f"{message} {'; '.join(details)}." if details else message)
