"""The entries of a run as items of a document: a head, and blocks of text below it.

One description for every form a document has. All texts are as untrusted as they came.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from tui.cockpit.projection.select import text_of
from tui.cockpit.projection.view import (
    AnyEntry,
    ConsoleEntry,
    Decided,
    EndEntry,
    GuardrailEntry,
    HandoffEntry,
    MessageEntry,
    NoticeEntry,
    ReasoningEntry,
    RetryEntry,
    RunView,
    ToolEntry,
    UnknownEntry,
    UserEntry,
)
from tui.cockpit.widgets.json_text import may_be_json, pretty_json
from tui.cockpit.widgets.words import FINAL_OUTPUT, MARKS, TRIED_AGAIN, is_edited
from tui.report.decisions import facts_of

BlockKind: TypeAlias = Literal["speech", "json", "text", "facts"]

PERSON: Final = "You"
NOBODY: Final = "the program"
CUT: Final = "cut off"
WAITS: Final = "⏸ waits for a person"


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of text below the head of an item.

    Attributes:
        kind: "speech" is Markdown, "json" is laid out, "text" stays as it is, "facts" are lines of
            a name, a tab and a value.
        label: What it is, "" where the head says it.
    """

    kind: BlockKind
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a run.

    Attributes:
        entry: What it is told of.
        who: The agent, `PERSON`, or `NOBODY`.
        kind: One word: "message", "tool", "handoff" ...
        name: Of the tool, the receiver of a handoff, the guardrail; "" for none.
        state: How it went, in words and a mark; "" where nothing is to be said.
        took_s: Seconds from its begin to its end, None where they are not known.
        inside: The tool whose call it ran inside, "" at the top.
        is_open: Whether a reader sees its blocks at once.
    """

    entry: AnyEntry
    who: str
    kind: str
    name: str = ""
    state: str = ""
    took_s: float | None = None
    inside: str = ""
    is_open: bool = True
    blocks: tuple[Block, ...] = ()


def items_of(view: RunView) -> Iterator[Item]:
    """Yield the items of a run, in the order in which its entries first showed."""
    tools = {e.call_id: e.tool for e in view.entries if isinstance(e, ToolEntry)}
    decided = {each.item_id: each for each in view.decisions}
    for entry in view.entries:
        item = _item(view, entry, decided.get(entry.item_id))
        if entry.within is not None:
            item = replace(item, inside=tools.get(entry.within, "another call"))
        if isinstance(entry, ConsoleEntry) and entry.call_id in tools:
            item = replace(item, name=f"by {tools[entry.call_id]}")
        yield item


def _item(view: RunView, entry: AnyEntry, decided: Decided | None) -> Item:
    match entry:
        case ToolEntry():
            return _tool(view, entry, decided)
        case HandoffEntry():
            return _handoff(entry)
        case MessageEntry() | ReasoningEntry():
            return _speech(view, entry)
        case UserEntry():
            state = "steering" if entry.steering else ""
            said = Block("speech", "", entry.text)
            return Item(entry, PERSON, "message", state=state, blocks=(said,))
        case EndEntry():
            return _end(entry)
    return _other(view, entry)


def _tool(view: RunView, entry: ToolEntry, decided: Decided | None) -> Item:
    arguments = str(view.live.get(entry.item_id, entry.arguments))
    blocks = [_data("arguments", arguments)]
    facts = facts_of(entry, decided)
    if facts:
        blocks.append(Block("facts", "decision", facts))
    if is_edited(entry) and entry.approval:
        blocks.append(_data("ran with (edited)", entry.approval.arguments or ""))
    if entry.progress:
        blocks.append(Block("text", "progress", entry.progress))
    if entry.error or entry.error_type:
        said = ": ".join(filter(None, (entry.error_type, entry.error)))
        blocks.append(Block("text", "error", said))
    if entry.output is not None:
        blocks.append(_data("output", entry.output))
    state = WAITS if entry.state == "waiting" else MARKS.get(entry.state, entry.state)
    is_open = bool(facts) or entry.state in ("failed", "running")
    return Item(
        entry,
        _agent(entry),
        "agent as a tool" if entry.is_agent else "tool",
        entry.tool,
        "✓ done" if entry.state == "done" else state,
        _between(entry.started_at, entry.ended_at),
        is_open=is_open,
        blocks=tuple(blocks),
    )


def _handoff(entry: HandoffEntry) -> Item:
    blocks = [_data("payload", entry.arguments)] if entry.arguments.strip(" {}\n") else []
    if entry.output:
        blocks.append(Block("text", "why not", entry.output))
    return Item(
        entry,
        _agent(entry),
        "handoff",
        f"to {entry.target or entry.tool}",
        "" if entry.target else "✗ did not occur",
        blocks=tuple(blocks),
    )


def _speech(view: RunView, entry: MessageEntry | ReasoningEntry) -> Item:
    is_message = isinstance(entry, MessageEntry)
    is_cut = entry.cut or entry.item_id in view.live
    text = str(text_of(view, entry))
    is_made = isinstance(entry, MessageEntry) and entry.is_final_output
    block = _data("", text) if is_made and may_be_json(text) else Block("speech", "", text)
    return Item(
        entry,
        _agent(entry),
        (FINAL_OUTPUT if is_made else "message") if is_message else "reasoning",
        state=CUT if is_cut else "" if text else "kept by the model",
        took_s=_between(entry.at, entry.ended_at),
        is_open=is_message,
        blocks=(block,) if text else (),
    )


def _end(entry: EndEntry) -> Item:
    if entry.how != "failed":
        how = entry.how.replace("_", " ")
        return Item(entry, NOBODY, "end", state=f"■ cancelled ({how})")
    said = " ".join(filter(None, (entry.message, entry.advice)))
    blocks = [Block("text", "", said)]
    if entry.details:
        blocks.append(Block("text", "details", entry.details))
    return Item(entry, NOBODY, "end", entry.error_type, "✗ failed", blocks=tuple(blocks))


def _other(view: RunView, entry: AnyEntry) -> Item:
    text = str(text_of(view, entry))
    who = _agent(entry) if entry.agent else NOBODY
    match entry:
        case ConsoleEntry():
            printed = Block("text", "", text.removesuffix("\n"))
            return Item(entry, who, "printed", is_open=False, blocks=(printed,))
        case NoticeEntry():
            return Item(entry, who, "notice", blocks=(Block("text", "", text),))
        case RetryEntry():
            return Item(entry, PERSON, TRIED_AGAIN, blocks=(Block("speech", "", entry.text),))
        case GuardrailEntry():
            stage = f"✗ tripped at {entry.stage.replace('_', ' ')}"
            said = (Block("text", "", entry.message),) if entry.message else ()
            return Item(entry, who, "guardrail", entry.guardrail, stage, blocks=said)
        case UnknownEntry():
            return Item(entry, who, "unknown item", entry.kind, blocks=(_data("", text),))
    return Item(entry, who, "item")


def _agent(entry: AnyEntry) -> str:
    """Return an agent's name; one that is called as the person is, or not at all, is told apart."""
    name = entry.agent.strip()
    return f'agent "{name}"' if name in (PERSON, NOBODY, "") else entry.agent


def _data(label: str, text: str) -> Block:
    if text.strip() and may_be_json(text):
        return Block("json", label, pretty_json(text))
    return Block("text", label, text)


def _between(begin: float | None, end: float | None) -> float | None:
    return None if begin is None or end is None else max(0.0, end - begin)
