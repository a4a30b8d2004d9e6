"""A runtime for agents, in the words of the Agents SDK. Usable without the rest of Baton."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from tui.agents.agent import Agent
from tui.agents.agent_base import AgentBase
from tui.agents.agent_output import AgentOutputSchema, AgentOutputSchemaBase
from tui.agents.agent_tool import AgentToolStreamEvent
from tui.agents.checkpoints import CheckpointWriter, folded
from tui.agents.exceptions import (
    AgentsException,
    InputGuardrailTripwireTriggered,
    MaxTurnsExceeded,
    ModelBehaviorError,
    ModelRefusalError,
    ModelTimeoutError,
    OutputGuardrailTripwireTriggered,
    RunErrorDetails,
    ToolInputGuardrailTripwireTriggered,
    ToolOutputGuardrailTripwireTriggered,
    ToolTimeoutError,
    UserError,
)
from tui.agents.guardrail import (
    GuardrailFunctionOutput,
    InputGuardrail,
    InputGuardrailResult,
    OutputGuardrail,
    OutputGuardrailResult,
    input_guardrail,
    output_guardrail,
)
from tui.agents.handoffs import Handoff, HandoffInputData, HandoffInputFilter, handoff
from tui.agents.items import (
    CompactionItem,
    HandoffCallItem,
    HandoffOutputItem,
    InputItem,
    ItemHelpers,
    MCPApprovalRequestItem,
    MCPListToolsItem,
    MessageOutputItem,
    ModelResponse,
    ReasoningItem,
    RunItem,
    ToolApprovalItem,
    ToolCallItem,
    ToolCallOutputItem,
    ToolFailure,
    TResponseInputItem,
)
from tui.agents.lifecycle import AgentHooks, RunHooks
from tui.agents.memory import Session, SessionABC, SessionInputCallback, SessionSettings
from tui.agents.model_settings import ModelSettings
from tui.agents.models.interface import Model, ModelProvider, ModelTracing
from tui.agents.prompts import DynamicPromptFunction, GenerateDynamicPromptData, Prompt
from tui.agents.result import AgentToolInvocation, RunResult, RunResultStreaming
from tui.agents.run import Runner
from tui.agents.run_config import RunConfig
from tui.agents.run_context import AgentHookContext, RunContextWrapper, TContext
from tui.agents.run_error_handlers import (
    RunErrorData,
    RunErrorHandler,
    RunErrorHandlerInput,
    RunErrorHandlerResult,
    RunErrorHandlers,
)
from tui.agents.run_state import RunState
from tui.agents.stream_events import (
    AgentUpdatedStreamEvent,
    NestedStreamEvent,
    RawResponsesStreamEvent,
    RunItemStreamEvent,
    StreamEvent,
)
from tui.agents.tool import (
    FunctionTool,
    FunctionToolResult,
    StopAtTools,
    Tool,
    ToolsToFinalOutputFunction,
    ToolsToFinalOutputResult,
    default_tool_error_function,
    function_tool,
)
from tui.agents.tool_context import ToolContext
from tui.agents.tool_guardrails import (
    ToolGuardrailFunctionOutput,
    ToolInputGuardrail,
    ToolInputGuardrailData,
    ToolInputGuardrailResult,
    ToolOutputGuardrail,
    ToolOutputGuardrailData,
    ToolOutputGuardrailResult,
    tool_input_guardrail,
    tool_output_guardrail,
)
from tui.agents.tool_output import ToolOutputFileContent, ToolOutputImage, ToolOutputText
from tui.agents.tracing import (
    custom_span,
    flush_traces,
    gen_span_id,
    gen_trace_id,
    get_current_span,
    get_current_trace,
    set_tracing_disabled,
    trace,
)
from tui.agents.unsupported import FUNCTIONS, HOSTED_TOOLS, SESSIONS, SETTINGS, TRACING, refusing
from tui.agents.usage import Usage

if TYPE_CHECKING:
    from tui.providers import (
        MultiProvider,
        OpenAIChatCompletionsModel,
        OpenAIProvider,
        OpenAIResponsesModel,
        OpenAIResponsesWebSocketOptions,
        OpenAIResponsesWSModel,
        ResponsesWebSocketSession,
        responses_websocket_session,
        set_default_openai_api,
        set_default_openai_client,
        set_default_openai_key,
        set_default_openai_responses_transport,
    )
    from tui.sessions import SQLiteSession

_refused = refusing(HOSTED_TOOLS | SESSIONS | SETTINGS | TRACING | FUNCTIONS, __name__)

__all__ = [
    "Agent",
    "AgentBase",
    "AgentHookContext",
    "AgentHooks",
    "AgentOutputSchema",
    "AgentOutputSchemaBase",
    "AgentToolInvocation",
    "AgentToolStreamEvent",
    "AgentUpdatedStreamEvent",
    "AgentsException",
    "CheckpointWriter",
    "CompactionItem",
    "DynamicPromptFunction",
    "FunctionTool",
    "FunctionToolResult",
    "GenerateDynamicPromptData",
    "GuardrailFunctionOutput",
    "Handoff",
    "HandoffCallItem",
    "HandoffInputData",
    "HandoffInputFilter",
    "HandoffOutputItem",
    "InputGuardrail",
    "InputGuardrailResult",
    "InputGuardrailTripwireTriggered",
    "InputItem",
    "ItemHelpers",
    "MCPApprovalRequestItem",
    "MCPListToolsItem",
    "MaxTurnsExceeded",
    "MessageOutputItem",
    "Model",
    "ModelBehaviorError",
    "ModelProvider",
    "ModelRefusalError",
    "ModelResponse",
    "ModelSettings",
    "ModelTimeoutError",
    "ModelTracing",
    "MultiProvider",
    "NestedStreamEvent",
    "OpenAIChatCompletionsModel",
    "OpenAIProvider",
    "OpenAIResponsesModel",
    "OpenAIResponsesWSModel",
    "OpenAIResponsesWebSocketOptions",
    "OutputGuardrail",
    "OutputGuardrailResult",
    "OutputGuardrailTripwireTriggered",
    "Prompt",
    "RawResponsesStreamEvent",
    "ReasoningItem",
    "ResponsesWebSocketSession",
    "RunConfig",
    "RunContextWrapper",
    "RunErrorData",
    "RunErrorDetails",
    "RunErrorHandler",
    "RunErrorHandlerInput",
    "RunErrorHandlerResult",
    "RunErrorHandlers",
    "RunHooks",
    "RunItem",
    "RunItemStreamEvent",
    "RunResult",
    "RunResultStreaming",
    "RunState",
    "Runner",
    "SQLiteSession",
    "Session",
    "SessionABC",
    "SessionInputCallback",
    "SessionSettings",
    "StopAtTools",
    "StreamEvent",
    "TContext",
    "TResponseInputItem",
    "Tool",
    "ToolApprovalItem",
    "ToolCallItem",
    "ToolCallOutputItem",
    "ToolContext",
    "ToolFailure",
    "ToolGuardrailFunctionOutput",
    "ToolInputGuardrail",
    "ToolInputGuardrailData",
    "ToolInputGuardrailResult",
    "ToolInputGuardrailTripwireTriggered",
    "ToolOutputFileContent",
    "ToolOutputGuardrail",
    "ToolOutputGuardrailData",
    "ToolOutputGuardrailResult",
    "ToolOutputGuardrailTripwireTriggered",
    "ToolOutputImage",
    "ToolOutputText",
    "ToolTimeoutError",
    "ToolsToFinalOutputFunction",
    "ToolsToFinalOutputResult",
    "Usage",
    "UserError",
    "custom_span",
    "default_tool_error_function",
    "flush_traces",
    "folded",
    "function_tool",
    "gen_span_id",
    "gen_trace_id",
    "get_current_span",
    "get_current_trace",
    "handoff",
    "input_guardrail",
    "output_guardrail",
    "responses_websocket_session",
    "set_default_openai_api",
    "set_default_openai_client",
    "set_default_openai_key",
    "set_default_openai_responses_transport",
    "set_tracing_disabled",
    "tool_input_guardrail",
    "tool_output_guardrail",
    "trace",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        return _refused(name)
    # Who brings a model of their own, or keeps no conversation, needs none of either.
    room = "tui.sessions" if name == "SQLiteSession" else "tui.providers"
    value: object = getattr(import_module(room), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
