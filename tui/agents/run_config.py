"""Settings of a whole run. Knows which are set, not what they do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tui.agents.kinds import JsonObject, UserValue
from tui.agents.unsupported import refuse

if TYPE_CHECKING:
    from tui.agents.handoffs import HandoffInputFilter
    from tui.agents.memory.session import SessionInputCallback, SessionSettings
    from tui.agents.model_settings import ModelSettings
    from tui.agents.models.interface import Model, ModelProvider


@dataclass
class RunConfig:
    """Settings of a run, over those of its agents.

    This runtime traces nothing. The names of a trace are kept for who reads them back.

    Attributes:
        model: The model for all agents, by name or itself.
        model_provider: Where models named by agents come from; None is the Responses service.
        model_settings: Laid over each agent's own.
        handoff_input_filter: Used for handoffs that have none.
        session_input_callback: Makes the input of what the session holds and what is new, where
            otherwise one follows the other.
        session_settings: Laid over the session's own.
        tool_not_found_behavior: Whether an unknown tool ends the run or is told to the model.
    """

    model: str | Model | None = None
    model_provider: ModelProvider | None = None
    model_settings: ModelSettings | None = None
    handoff_input_filter: HandoffInputFilter | None = None
    nest_handoff_history: bool = False
    input_guardrails: list[UserValue] | None = None
    output_guardrails: list[UserValue] | None = None
    tracing_disabled: bool = True
    trace_include_sensitive_data: bool = False
    workflow_name: str = "Agent workflow"
    trace_id: str | None = None
    group_id: str | None = None
    trace_metadata: JsonObject | None = None
    session_input_callback: SessionInputCallback | None = None
    session_settings: SessionSettings | None = None
    call_model_input_filter: UserValue = None
    tool_not_found_behavior: Literal["raise_error", "return_error_to_model"] = "raise_error"

    def __post_init__(self) -> None:
        refuse(
            "RunConfig",
            nest_handoff_history=self.nest_handoff_history,
            input_guardrails=self.input_guardrails,
            output_guardrails=self.output_guardrails,
            call_model_input_filter=self.call_model_input_filter,
        )
