"""Makes the events that tell of one item. Knows the wire, and no foreign shape."""

from collections.abc import Iterator, Sequence

from tui.host.live.normalize.ledger import Item, Lane
from tui.wire.events import (
    ArgumentsDelta,
    HandoffOccurred,
    HandoffRequested,
    MessageOutput,
    ReasoningDelta,
    ReasoningOutput,
    RunEvent,
    TextDelta,
    ToolCalled,
    UnknownItem,
)


def delta(lane: Lane, item: Item, text: str) -> Sequence[RunEvent]:
    """Tell of text in flight; the first of an item may be empty and opens its entry."""
    run_id, within = lane.ledger.run_id, lane.within
    match item.kind:
        case "message":
            return (
                TextDelta(
                    run_id=run_id, item_id=item.item_id, agent=item.agent, text=text, within=within
                ),
            )
        case "reasoning":
            return (
                ReasoningDelta(
                    run_id=run_id, item_id=item.item_id, agent=item.agent, text=text, within=within
                ),
            )
        case "call" | "hosted":
            return (
                ArgumentsDelta(
                    run_id=run_id,
                    item_id=item.item_id,
                    agent=item.agent,
                    call_id=item.call_id,
                    tool=item.tool,
                    text=text,
                    within=within,
                ),
            )
    return ()


def whole(lane: Lane, item: Item, text: str) -> Iterator[RunEvent]:
    """Tell all of an item, unless that was told already."""
    if item.whole == text:
        return
    item.whole = text
    match item.kind:
        case "message":
            yield MessageOutput(
                run_id=lane.ledger.run_id,
                item_id=item.item_id,
                agent=item.agent,
                text=text,
                within=lane.within,
            )
        case "reasoning":
            yield ReasoningOutput(
                run_id=lane.ledger.run_id,
                item_id=item.item_id,
                agent=item.agent,
                text=text,
                within=lane.within,
            )
        case "call" | "hosted" | "handoff":
            yield call(lane, item, text)
        case "other":
            yield UnknownItem(
                run_id=lane.ledger.run_id,
                item_id=item.item_id,
                agent=item.agent,
                kind=item.tool,
                text=text,
                within=lane.within,
            )


def call(lane: Lane, item: Item, arguments: str) -> HandoffRequested | ToolCalled:
    """Tell of a call with its arguments."""
    kind = HandoffRequested if item.kind == "handoff" else ToolCalled
    return kind(
        run_id=lane.ledger.run_id,
        item_id=item.item_id,
        agent=item.agent,
        call_id=item.call_id,
        tool=item.tool,
        arguments=arguments,
        within=lane.within,
    )


def handed_over(lane: Lane, source: str, call_id: str, target: str) -> HandoffOccurred:
    """Tell that the control passes from one agent to another."""
    return HandoffOccurred(
        run_id=lane.ledger.run_id, agent=source, call_id=call_id, target=target, within=lane.within
    )
