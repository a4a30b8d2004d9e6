"""Tools: what the model is told of them, and the decorator that makes one of a function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, overload

from tui.agents.docstrings import DocstringStyle
from tui.agents.exceptions import UserError
from tui.agents.function_schema import FuncSchema, function_schema
from tui.agents.invoker import FunctionBody, ToolBody, ToolInvoker
from tui.agents.json_fit import fault_of
from tui.agents.kinds import JsonObject, UserFunction, UserValue
from tui.agents.maybe_await import MaybeAwaitable
from tui.agents.run_context import RunContextWrapper
from tui.agents.strict_schema import ensure_strict_json_schema
from tui.agents.unsupported import refuse

if TYPE_CHECKING:
    from tui.agents.agent import Agent
    from tui.agents.agent_base import AgentBase
    from tui.agents.items import RunItem, ToolApprovalItem
    from tui.agents.tool_guardrails import ToolInputGuardrail, ToolOutputGuardrail

ToolErrorFunction = Callable[[RunContextWrapper, Exception], MaybeAwaitable[str]]
"""Says what the model is told of a failure."""

ApprovalPolicy = Callable[[RunContextWrapper, JsonObject, str], MaybeAwaitable[bool]]
"""Says of (context, arguments, call id) whether a person must be asked."""

IsEnabled = Callable[[RunContextWrapper, "AgentBase"], MaybeAwaitable[bool]]
"""Says whether a tool or handoff is shown to the model."""

TimeoutBehavior = Literal["error_as_result", "raise_exception"]


def default_tool_error_function(ctx: RunContextWrapper, error: Exception) -> str:  # noqa: ARG001
    """Return a fixed text: an exception may hold what the model must not see."""
    return "An error occurred while running the tool. Please try again."


@dataclass(eq=False)
class FunctionTool:
    """A tool that runs here.

    Attributes:
        name: The name the model calls.
        description: What the model is told of it.
        params_json_schema: What the model is told of its arguments.
        on_invoke_tool: Called with a `ToolContext` and the arguments as a JSON string.
        strict_json_schema: Whether the service holds the model to the schema.
        is_enabled: Whether the model is shown the tool.
        tool_input_guardrails: Check each call before the tool runs.
        tool_output_guardrails: Check what it has returned.
        needs_approval: Whether a person must allow each call.
        timeout_seconds: How long one call may take; None is for ever.
        timeout_behavior: Whether a timeout is told to the model or ends the run.
        timeout_error_function: What the model is told of a timeout.
        failure_error_function: What the model is told of a failure; None lets it end the run.
        safe_to_retry: Whether a call may be repeated when nobody knows if it ran: the tool only
            reads, or knows a repetition by `ToolContext.idempotency_key`.
    """

    name: str
    description: str
    params_json_schema: JsonObject
    on_invoke_tool: ToolBody
    strict_json_schema: bool = True
    is_enabled: bool | IsEnabled = True
    tool_input_guardrails: list[ToolInputGuardrail] | None = None
    tool_output_guardrails: list[ToolOutputGuardrail] | None = None
    needs_approval: bool | ApprovalPolicy = False
    timeout_seconds: float | None = None
    timeout_behavior: TimeoutBehavior = "error_as_result"
    timeout_error_function: ToolErrorFunction | None = None
    failure_error_function: ToolErrorFunction | None = field(default=None, kw_only=True)
    safe_to_retry: bool = field(default=False, kw_only=True)
    _is_agent_tool: bool = field(default=False, kw_only=True, repr=False)
    _agent_instance: Agent | None = field(default=None, kw_only=True, repr=False)

    def __post_init__(self) -> None:
        if self.timeout_seconds is not None and self.timeout_seconds <= 0:
            raise UserError(f"FunctionTool {self.name}: timeout_seconds must be greater than 0.")
        if self.strict_json_schema:
            self.params_json_schema = ensure_strict_json_schema(self.params_json_schema)
        if not isinstance(self.on_invoke_tool, ToolInvoker):
            self.on_invoke_tool = ToolInvoker(self.on_invoke_tool)
        self.on_invoke_tool = self.on_invoke_tool.bound_to(self)

    @property
    def qualified_name(self) -> str:
        """The tool's name."""
        return self.name

    def fault_of(self, arguments: JsonObject) -> str | None:
        """Return why the tool would not take arguments, or None if it would."""
        fault = fault_of(arguments, self.params_json_schema)
        invoker = self.on_invoke_tool
        if fault is None and isinstance(invoker, ToolInvoker):
            return invoker.fault_of(arguments)
        return fault


Tool = FunctionTool
"""Any tool; those that run at the service are not supported."""


@dataclass(eq=False, slots=True)
class FunctionToolResult:
    """What one call of a tool came to, for `Agent.tool_use_behavior`.

    Attributes:
        tool: The called tool.
        output: Its value.
        run_item: The item that answers the call, or None while a nested run waits.
        interruptions: The requests for approval that a nested run waits for.
    """

    tool: FunctionTool
    output: UserValue
    run_item: RunItem | None
    interruptions: list[ToolApprovalItem] = field(default_factory=list)


@overload
def function_tool(func: UserFunction, /) -> FunctionTool: ...


@overload
def function_tool(
    *,
    name_override: str | None = None,
    description_override: str | None = None,
    docstring_style: DocstringStyle | None = None,
    use_docstring_info: bool = True,
    failure_error_function: ToolErrorFunction | None = default_tool_error_function,
    strict_mode: bool = True,
    is_enabled: bool | IsEnabled = True,
    needs_approval: bool | ApprovalPolicy = False,
    timeout: float | None = None,
    timeout_behavior: TimeoutBehavior = "error_as_result",
    timeout_error_function: ToolErrorFunction | None = None,
    tool_input_guardrails: list[ToolInputGuardrail] | None = None,
    tool_output_guardrails: list[ToolOutputGuardrail] | None = None,
    safe_to_retry: bool = False,
    **unsupported: object,
) -> Callable[[UserFunction], FunctionTool]: ...


def function_tool(
    func: UserFunction | None = None,
    /,
    *,
    name_override: str | None = None,
    description_override: str | None = None,
    docstring_style: DocstringStyle | None = None,
    use_docstring_info: bool = True,
    failure_error_function: ToolErrorFunction | None = default_tool_error_function,
    strict_mode: bool = True,
    is_enabled: bool | IsEnabled = True,
    needs_approval: bool | ApprovalPolicy = False,
    timeout: float | None = None,
    timeout_behavior: TimeoutBehavior = "error_as_result",
    timeout_error_function: ToolErrorFunction | None = None,
    tool_input_guardrails: list[ToolInputGuardrail] | None = None,
    tool_output_guardrails: list[ToolOutputGuardrail] | None = None,
    safe_to_retry: bool = False,
    **unsupported: object,
) -> FunctionTool | Callable[[UserFunction], FunctionTool]:
    """Make a tool of a function, with or without arguments to the decorator.

    The schema comes from the signature, the annotations and the docstring. A first parameter
    annotated `RunContextWrapper` or `ToolContext` is given the context. A plain function runs
    in a thread.

    Args:
        func: The function, if the decorator is used without arguments.
        name_override: The tool's name instead of the function's.
        description_override: The tool's description instead of the docstring's.
        docstring_style: The docstring's style instead of a guess.
        use_docstring_info: Whether the docstring is read at all.
        failure_error_function: What the model is told of a failure; None lets it end the run.
        strict_mode: Whether the schema is strict.
        is_enabled: Whether the model is shown the tool.
        needs_approval: Whether a person must allow each call.
        timeout: How many seconds one call may take.
        timeout_behavior: Whether a timeout is told to the model or ends the run.
        timeout_error_function: What the model is told of a timeout.
        tool_input_guardrails: Check each call before the tool runs.
        tool_output_guardrails: Check what it has returned.
        safe_to_retry: Whether a call may be repeated when nobody knows if it ran.
        **unsupported: Arguments of the Agents SDK that are refused here.

    Raises:
        UserError: If the function cannot be made a tool, or an argument is not supported.
    """
    refuse("function_tool", **unsupported)

    naming = (docstring_style, name_override, description_override, use_docstring_info)
    tool_options: dict[str, UserValue] = {
        "is_enabled": is_enabled,
        "needs_approval": needs_approval,
        "timeout_seconds": timeout,
        "timeout_behavior": timeout_behavior,
        "timeout_error_function": timeout_error_function,
        "failure_error_function": failure_error_function,
        "tool_input_guardrails": tool_input_guardrails,
        "tool_output_guardrails": tool_output_guardrails,
        "safe_to_retry": safe_to_retry,
    }

    def make(function: UserFunction) -> FunctionTool:
        return _tool_of(function, function_schema(function, *naming, strict_mode), tool_options)

    return make if func is None else make(func)


def _tool_of(
    function: UserFunction, schema: FuncSchema, options: dict[str, UserValue]
) -> FunctionTool:
    return FunctionTool(
        name=schema.name,
        description=schema.description or "",
        params_json_schema=schema.params_json_schema,
        on_invoke_tool=ToolInvoker(FunctionBody(function, schema)),
        strict_json_schema=schema.strict_json_schema,
        **options,
    )
