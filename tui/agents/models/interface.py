"""What the runtime asks of a model, with the Agents SDK's signatures. Knows no service."""

from __future__ import annotations

import abc
import enum
from collections.abc import AsyncIterator
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from tui.agents.items import ModelResponse, TResponseInputItem, TResponseStreamEvent
from tui.agents.kinds import UserValue
from tui.agents.model_settings import ModelSettings

if TYPE_CHECKING:
    from tui.agents.agent_output import AgentOutputSchemaBase
    from tui.agents.handoffs import Handoff
    from tui.agents.tool import Tool


class ModelTracing(enum.Enum):
    """How much a model may tell a tracing service; the runtime always says DISABLED."""

    DISABLED = 0
    ENABLED = 1
    ENABLED_WITHOUT_DATA = 2

    def is_disabled(self) -> bool:
        """Tell whether nothing may be traced."""
        return self is ModelTracing.DISABLED

    def include_data(self) -> bool:
        """Tell whether inputs and outputs may be traced."""
        return self is ModelTracing.ENABLED


@dataclass(frozen=True)
class ModelRequest:
    """One call of a model: the arguments of `Model`'s methods, under their names.

    A model of ours makes one of what it is called with: `ModelRequest(*given, **options)`.
    """

    system_instructions: str | None
    input: str | list[TResponseInputItem]
    model_settings: ModelSettings
    tools: list[Tool]
    output_schema: AgentOutputSchemaBase | None
    handoffs: list[Handoff]
    tracing: ModelTracing = ModelTracing.DISABLED
    previous_response_id: str | None = None
    conversation_id: str | None = None
    prompt: object | None = None

    @property
    def arguments(self) -> tuple[list[UserValue], dict[str, UserValue]]:
        """The positional and the keyword arguments to call a model with."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        names = ("previous_response_id", "conversation_id", "prompt")
        keywords = {name: values.pop(name) for name in names}
        return list(values.values()), keywords


class Model(abc.ABC):
    """Something that answers a conversation, at once or as a stream.

    Both methods take the system prompt, the conversation in wire shape (oldest item first, not
    to be changed), the settings, the tools, the shape of the final answer (None for text) and
    the handoffs. The keyword arguments are None unless the caller set them.
    """

    @abc.abstractmethod
    async def get_response(
        self,
        system_instructions: str | None,
        input: str | list[TResponseInputItem],
        model_settings: ModelSettings,
        tools: list[Tool],
        output_schema: AgentOutputSchemaBase | None,
        handoffs: list[Handoff],
        tracing: ModelTracing,
        *,
        previous_response_id: str | None,
        conversation_id: str | None,
        prompt: object | None,
    ) -> ModelResponse:
        """Return the whole answer."""

    @abc.abstractmethod
    def stream_response(
        self,
        system_instructions: str | None,
        input: str | list[TResponseInputItem],
        model_settings: ModelSettings,
        tools: list[Tool],
        output_schema: AgentOutputSchemaBase | None,
        handoffs: list[Handoff],
        tracing: ModelTracing,
        *,
        previous_response_id: str | None,
        conversation_id: str | None,
        prompt: object | None,
    ) -> AsyncIterator[TResponseStreamEvent]:
        """Yield the answer's events; a complete answer ends with `response.completed`."""

    async def close(self) -> None:
        """Release what the model holds open; by default nothing."""
        return


class ModelProvider(abc.ABC):
    """Finds models by name."""

    @abc.abstractmethod
    def get_model(self, model_name: str | None) -> Model:
        """Return the model of this name; None asks for the default model."""

    async def aclose(self) -> None:
        """Release what the provider holds open; by default nothing."""
        return
