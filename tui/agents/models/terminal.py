"""What ends a stream: a complete response, or what is wrong with it. Raises nothing itself."""

from __future__ import annotations

from collections.abc import Sequence

from tui.agents.exceptions import ModelBehaviorError
from tui.agents.items import ModelResponse
from tui.agents.kinds import RawEvent, RawItem
from tui.agents.raw import read
from tui.agents.usage import usage_of

ITEM_DONE = "response.output_item.done"
COMPLETED = "response.completed"
FAILURES = frozenset({"response.incomplete", "response.failed", "error", "response.error"})


def response_of(raw: RawItem, done_items: Sequence[RawItem]) -> ModelResponse:
    """Return the response that a stream ended with, and whose items it told before."""
    # Some servers send the items one by one and leave them out of the end.
    output = list(raw.output or done_items)
    return ModelResponse(
        output=output,
        usage=usage_of(read(raw, "usage")),
        response_id=read(raw, "id"),
        request_id=read(raw, "_request_id"),
    )


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
