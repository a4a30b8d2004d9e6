"""What a run produces, one class a kind of item, and the texts in it. Knows no loop.

`raw_item` is the openai object for what the model said, and a plain dict for what was answered
to it (tool and handoff outputs).
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias
from uuid import uuid4

from tui.agents.exceptions import AgentsException
from tui.agents.kinds import JsonObject, RawEvent, RawItem, UserValue
from tui.agents.raw import read, read_text
from tui.agents.tool_output import to_function_output
from tui.agents.usage import Usage

if TYPE_CHECKING:
    from tui.agents.agent import Agent

TResponseInputItem: TypeAlias = JsonObject
"""One item of a model request, as it goes over the wire."""

TResponse: TypeAlias = RawItem
TResponseOutputItem: TypeAlias = RawItem
TResponseStreamEvent: TypeAlias = RawEvent


class _Released:
    """Stands for an agent that its item has let go of: None once nobody else holds it.

    An item that holds its agent itself does not come here. A `__getattr__` would be asked for
    less, but costs every other attribute, too.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, item: RunItemBase | None, owner: type) -> Agent | None:
        if item is None or f"_{self._name}" not in vars(item):
            raise AttributeError(f"{owner.__name__} has no {self._name!r}")
        agent: Agent | None = vars(item)[f"_{self._name}"]()
        return agent


@dataclass(eq=False)
class RunItemBase:
    """An item of a run, and the agent that was in control when it came about."""

    agent: Agent
    raw_item: RawItem

    if not TYPE_CHECKING:
        agent = _Released()

    def to_input_item(self) -> TResponseInputItem:
        """Return the item as the next model request carries it."""
        return to_wire(self.raw_item)

    def release_agent(self) -> None:
        """Let go of the item's agents: they are None once nobody else holds them."""
        for name in ("agent", "source_agent", "target_agent"):
            if name in vars(self):
                vars(self)[f"_{name}"] = weakref.ref(vars(self).pop(name))


@dataclass(eq=False)
class InputItem(RunItemBase):
    """A message that was added while the run was paused."""

    type: Literal["input_item"] = "input_item"
    input_id: str = field(default_factory=lambda: uuid4().hex)


@dataclass(eq=False)
class MessageOutputItem(RunItemBase):
    """A message of the model."""

    type: Literal["message_output_item"] = "message_output_item"


@dataclass(eq=False)
class ReasoningItem(RunItemBase):
    """Reasoning of the model, as far as the service shows it."""

    type: Literal["reasoning_item"] = "reasoning_item"


@dataclass(eq=False)
class _CallShaped(RunItemBase):
    @property
    def call_id(self) -> str | None:
        """The id that joins a call to its output."""
        return read_text(self.raw_item, "call_id") or read_text(self.raw_item, "id")


@dataclass(eq=False)
class HandoffCallItem(_CallShaped):
    """The model asks to hand over to another agent."""

    type: Literal["handoff_call_item"] = "handoff_call_item"


@dataclass(eq=False)
class HandoffOutputItem(_CallShaped):
    """Control has passed from `source_agent` to `target_agent`."""

    source_agent: Agent
    target_agent: Agent
    type: Literal["handoff_output_item"] = "handoff_output_item"

    if not TYPE_CHECKING:
        source_agent, target_agent = _Released(), _Released()


@dataclass(eq=False)
class ToolCallItem(_CallShaped):
    """The model calls a tool; `description` is the tool's, if it is ours."""

    type: Literal["tool_call_item"] = "tool_call_item"
    description: str | None = None
    title: str | None = None

    @property
    def tool_name(self) -> str | None:
        """The called tool's name."""
        return read_text(self.raw_item, "name")


@dataclass(frozen=True)
class ToolFailure:
    """What really went wrong in a tool whose caller was told a fixed text."""

    error_type: str  # The name of the exception's class.
    message: str


@dataclass(eq=False)
class ToolCallOutputItem(_CallShaped):
    """The answer to a tool call: `output` is the Python value, `raw_item` what the model gets."""

    output: UserValue
    type: Literal["tool_call_output_item"] = "tool_call_output_item"
    failure: ToolFailure | None = None  # Set if the tool raised.
    edited_arguments: JsonObject | None = None  # What a person had the tool run with.


@dataclass(eq=False)
class ToolApprovalItem(_CallShaped):
    """A tool call that waits for a person. Never streamed: read it from `interruptions`."""

    tool_name: str | None = None
    type: Literal["tool_approval_item"] = "tool_approval_item"
    # The tool's: changed arguments must fit it.
    params_json_schema: JsonObject | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.tool_name is None:
            self.tool_name = read_text(self.raw_item, "name")

    @property
    def name(self) -> str | None:
        """The called tool's name."""
        return self.tool_name

    @property
    def arguments(self) -> str | None:
        """The arguments as the model wrote them, a JSON string."""
        return read_text(self.raw_item, "arguments")

    def to_input_item(self) -> TResponseInputItem:
        """Refuse: a pending request is not part of the conversation."""
        raise AgentsException("A ToolApprovalItem is not model input: leave it out.")


@dataclass(eq=False)
class MCPListToolsItem(RunItemBase):
    """A hosted MCP server's list of tools."""

    type: Literal["mcp_list_tools_item"] = "mcp_list_tools_item"


@dataclass(eq=False)
class MCPApprovalRequestItem(RunItemBase):
    """A hosted MCP server asks for approval."""

    type: Literal["mcp_approval_request_item"] = "mcp_approval_request_item"


@dataclass(eq=False)
class CompactionItem(RunItemBase):
    """The service replaced earlier history by this item."""

    type: Literal["compaction_item"] = "compaction_item"


RunItem = (
    InputItem
    | MessageOutputItem
    | ReasoningItem
    | HandoffCallItem
    | HandoffOutputItem
    | ToolCallItem
    | ToolCallOutputItem
    | ToolApprovalItem
    | MCPListToolsItem
    | MCPApprovalRequestItem
    | CompactionItem
)
"""Any item of a run."""


@dataclass
class ModelResponse:
    """One answer of a model: its openai items in the model's order, and what it cost."""

    output: list[TResponseOutputItem]
    usage: Usage
    response_id: str | None  # The service's id of the response.
    request_id: str | None = None  # The service's id of the HTTP request.

    def to_input_items(self) -> list[TResponseInputItem]:
        """Return the output as items of a following request."""
        return [to_wire(item) for item in self.output]


def to_wire(raw_item: RawItem) -> TResponseInputItem:
    """Return a raw item as model input: only the fields that were set, no server-only ones."""
    wire: JsonObject = raw_item.copy() if isinstance(raw_item, dict) else _dumped(raw_item)
    wire.pop("created_by", None)
    if wire.get("status", "") is None:
        del wire["status"]
    return wire


def _dumped(raw_item: RawItem) -> TResponseInputItem:
    # Most calls hold nothing but texts: pydantic would say the same, at three times the cost.
    if not raw_item.__pydantic_extra__:
        given, texts = raw_item.__pydantic_fields_set__, {}
        for name, value in vars(raw_item).items():
            if name in given:
                if type(value) is not str:
                    break
                texts[name] = value
        else:
            return texts
    # A service that sends more or less than openai's classes say is no reason to warn.
    dumped: TResponseInputItem = raw_item.model_dump(exclude_unset=True, warnings=False)
    return dumped


def function_call_output(call_id: str | None, output: UserValue) -> TResponseInputItem:
    """Return the wire item that answers the call of an id with `output`."""
    return {
        "call_id": call_id,
        "output": to_function_output(output),
        "type": "function_call_output",
    }


class ItemHelpers:
    """Helpers with the Agents SDK's names."""

    @classmethod
    def extract_last_content(cls, message: RawItem) -> str:
        """Return the text or the refusal of a message's last part, "" if it has none."""
        part = _last_part(message)
        return read(part, "text") or read(part, "refusal") or ""

    @classmethod
    def extract_last_text(cls, message: RawItem) -> str | None:
        """Return the text of a message's last part, or None if that part is no text."""
        part = _last_part(message)
        return read(part, "text") if read(part, "type") == "output_text" else None

    @classmethod
    def extract_text(cls, message: RawItem) -> str | None:
        """Return all text of a message, or None if there is none."""
        return "".join(_parts(message, "output_text", "text")) or None

    @classmethod
    def extract_refusal(cls, message: RawItem) -> str | None:
        """Return all refusals in a message, or None if there is none."""
        return "".join(_parts(message, "refusal", "refusal")) or None

    @classmethod
    def input_to_new_input_list(
        cls, input: str | Iterable[TResponseInputItem]
    ) -> list[TResponseInputItem]:
        """Return input items; a string becomes one user message."""
        if isinstance(input, str):
            return [{"content": input, "role": "user"}]
        return [dict(item) for item in input]

    @classmethod
    def text_message_outputs(cls, items: Iterable[RunItem]) -> str:
        """Return the texts of all messages among `items`, joined."""
        return "".join(
            cls.text_message_output(item) for item in items if item.type == "message_output_item"
        )

    @classmethod
    def text_message_output(cls, message: MessageOutputItem) -> str:
        """Return the text of one message item."""
        return cls.extract_text(message.raw_item) or ""

    @classmethod
    def tool_call_output_item(cls, tool_call: RawItem, output: UserValue) -> TResponseInputItem:
        """Return the wire item that answers `tool_call` with `output`."""
        return function_call_output(read(tool_call, "call_id"), output)


def _last_part(message: RawItem) -> RawItem:
    content = read(message, "content")
    return content[-1] if content and read(message, "type") == "message" else None


def _parts(message: RawItem, kind: str, name: str) -> Iterable[str]:
    if read(message, "type") != "message":
        return
    for part in read(message, "content") or ():
        if read(part, "type") == kind:
            yield read(part, name) or ""
