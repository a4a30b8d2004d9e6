"""Settings of a whole run. Knows which are set, not what they do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Literal

from tui.agents.coerced import coerced
from tui.agents.items import TResponseInputItem
from tui.agents.kinds import JsonObject, UserValue
from tui.agents.maybe_await import MaybeAwaitable
from tui.agents.memory.session import SessionInputCallback, SessionSettings
from tui.agents.model_settings import ModelSettings
from tui.agents.run_context import TContext
from tui.agents.unsupported import refuse

if TYPE_CHECKING:
    from tui.agents.agent import Agent
    from tui.agents.guardrail import InputGuardrail, OutputGuardrail
    from tui.agents.handoffs import HandoffInputFilter
    from tui.agents.models.interface import Model, ModelProvider


@dataclass
class ModelInputData:
    """What a model is about to be shown."""

    input: list[TResponseInputItem]
    instructions: str | None


@dataclass
class CallModelData(Generic[TContext]):
    """What `RunConfig.call_model_input_filter` is given."""

    model_data: ModelInputData
    agent: Agent
    context: TContext | None


CallModelInputFilter = Callable[[CallModelData], MaybeAwaitable[ModelInputData]]
"""Returns what the model is shown in place of what it would be."""

_NOT_SERVED = (
    "nest_handoff_history",
    "handoff_history_mapper",
    "tool_error_formatter",
    "reasoning_item_id_policy",
    "sandbox",
    "tool_execution",
    "output_guardrail_blocked_message",
)


@dataclass
class RunConfig:
    """Settings of a run, over those of its agents.

    This runtime traces nothing; the names of a trace are kept for who reads them back. What else
    the Agents SDK knows stands in its place, to be refused.

    Attributes:
        model: The model for all agents, by name or itself.
        model_provider: Where models named by agents come from; None is the Responses service.
        handoff_input_filter: Used for handoffs that have none.
        input_guardrails: Checks of the run's input, after those of its starting agent.
        output_guardrails: Checks of the run's output, after those of its last agent.
        session_input_callback: Makes the input of what the session holds and what is new, where
            otherwise one follows the other.
        tool_not_found_behavior: Whether an unknown tool ends the run or is told to the model.
    """

    model: str | Model | None = None
    model_provider: ModelProvider | None = None
    model_settings: ModelSettings | None = None
    handoff_input_filter: HandoffInputFilter | None = None
    nest_handoff_history: bool = False
    handoff_history_mapper: UserValue = None
    input_guardrails: list[InputGuardrail] | None = None
    output_guardrails: list[OutputGuardrail] | None = None
    tracing_disabled: bool = True
    tracing: UserValue = None
    trace_include_sensitive_data: bool = False
    workflow_name: str = "Agent workflow"
    trace_id: str | None = None
    group_id: str | None = None
    trace_metadata: JsonObject | None = None
    session_input_callback: SessionInputCallback | None = None
    call_model_input_filter: CallModelInputFilter | None = None
    tool_error_formatter: UserValue = None
    session_settings: SessionSettings | None = None
    reasoning_item_id_policy: UserValue = None
    sandbox: UserValue = None
    tool_execution: UserValue = None
    tool_not_found_behavior: Literal["raise_error", "return_error_to_model"] = "raise_error"
    tool_name_collision_policy: str = "warn"
    output_guardrail_blocked_message: UserValue = None

    def __post_init__(self) -> None:
        refuse("RunConfig", **{name: getattr(self, name) for name in _NOT_SERVED})
        if self.tool_name_collision_policy != "warn":
            refuse("RunConfig", tool_name_collision_policy=self.tool_name_collision_policy)
        self.model_settings = coerced(self.model_settings, ModelSettings)
        self.session_settings = coerced(self.session_settings, SessionSettings)
