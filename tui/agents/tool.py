"""Tools: what the model is told of them, and the decorator that makes one of a function."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Literal, TypedDict, Unpack, overload

from tui.agents.docstrings import DocstringStyle, read_docstring
from tui.agents.exceptions import UserError
from tui.agents.function_schema import function_schema
from tui.agents.invoker import FunctionBody, ToolBody, ToolInvoker
from tui.agents.kinds import JsonObject, UserFunction, UserValue
from tui.agents.maybe_await import MaybeAwaitable
from tui.agents.run_context import RunContextWrapper
from tui.agents.strict_schema import ensure_strict_json_schema
from tui.agents.unsupported import refuse
from tui.json_fit import misfit

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
        name: What the model calls it by; it is told the description and the schema, too.
        on_invoke_tool: Called with a `ToolContext` and the arguments as a JSON string.
        strict_json_schema: Whether the service holds the model to the schema.
        is_enabled: Whether the model is shown the tool.
        needs_approval: Whether a person must allow each call.
        timeout_seconds: How long one call may take; None is for ever.
        timeout_behavior: Whether a timeout is told to the model or ends the run.
        timeout_error_function: What the model is told of it.
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

    def fault_of(self, arguments: JsonObject) -> str | None:
        """Return why the tool would not take arguments, or None if it would."""
        fault = misfit(arguments, self.params_json_schema)
        invoker = self.on_invoke_tool
        return fault or (invoker.fault_of(arguments) if isinstance(invoker, ToolInvoker) else None)


Tool = FunctionTool
"""Any tool; those that run at the service are not supported."""


@dataclass(eq=False, slots=True)
class FunctionToolResult:
    """What one call of a tool came to, for `Agent.tool_use_behavior`.

    While a nested run waits for a person, no `run_item` answers the call, and `interruptions` are
    what it waits for.
    """

    tool: FunctionTool
    output: UserValue
    run_item: RunItem | None
    interruptions: Sequence[ToolApprovalItem] = ()


@dataclass(frozen=True)
class ToolsToFinalOutputResult:
    """Whether tool results end the run, and with which output."""

    is_final_output: bool
    final_output: UserValue = None


class StopAtTools(TypedDict):
    """The first of these tools that is called ends the run with its output."""

    stop_at_tool_names: list[str]


ToolsToFinalOutputFunction = Callable[
    [RunContextWrapper, list[FunctionToolResult]], MaybeAwaitable[ToolsToFinalOutputResult]
]
ToolUseBehavior = (
    Literal["run_llm_again", "stop_on_first_tool"] | StopAtTools | ToolsToFinalOutputFunction
)
"""Whether the model is asked again after an agent's tools have run."""


class FunctionToolOptions(TypedDict, total=False):
    """What `function_tool` can be told: how to read the function, and attributes of the tool.

    `strict_mode` is its `strict_json_schema`, and `timeout` its `timeout_seconds`. Without a
    `docstring_style`, the docstring's marks decide.
    """

    name_override: str | None
    description_override: str | None
    docstring_style: DocstringStyle | None
    use_docstring_info: bool
    strict_mode: bool
    timeout: float | None
    timeout_behavior: TimeoutBehavior
    timeout_error_function: ToolErrorFunction | None
    failure_error_function: ToolErrorFunction | None
    is_enabled: bool | IsEnabled
    needs_approval: bool | ApprovalPolicy
    tool_input_guardrails: list[ToolInputGuardrail] | None
    tool_output_guardrails: list[ToolOutputGuardrail] | None
    safe_to_retry: bool


_OF_SCHEMA = ("name_override", "description_override", "docstring_style", "use_docstring_info")


@overload
def function_tool(
    func: UserFunction, /, **options: Unpack[FunctionToolOptions]
) -> FunctionTool: ...


@overload
def function_tool(
    **options: Unpack[FunctionToolOptions],
) -> Callable[[UserFunction], FunctionTool]: ...


def function_tool(
    func: UserFunction | None = None, /, **options: UserValue
) -> FunctionTool | Callable[[UserFunction], FunctionTool]:
    """Make a tool of a function, with or without arguments to the decorator.

    The schema comes from the signature, the annotations and the docstring. A first parameter
    annotated `RunContextWrapper` or `ToolContext` is given the context. A plain function runs
    in a thread.

    Raises:
        UserError: If the function cannot be made a tool, or an option is not supported.
    """
    known = {key: options.pop(key) for key in FunctionToolOptions.__annotations__ if key in options}
    refuse("function_tool", **options)
    return partial(_tool_of, **known) if func is None else _tool_of(func, **known)


def _tool_of(
    function: UserFunction,
    *,
    strict_mode: bool = True,
    timeout: float | None = None,
    failure_error_function: ToolErrorFunction | None = default_tool_error_function,
    **options: UserValue,
) -> FunctionTool:
    of_schema = {key: options.pop(key) for key in _OF_SCHEMA if key in options}
    if not callable(function):
        raise UserError(f"function_tool takes a function, not a {type(function).__name__}.")
    if not (inspect.isroutine(function) or inspect.isclass(function)):
        is_described = of_schema.pop("use_docstring_info", True)
        given = {name: value for name, value in of_schema.items() if value is not None}
        of_schema = {**_of_object(function, is_described=is_described), **given}
        # The method itself: whether it is async must be seen.
        function = _method_of(function)
    schema = function_schema(function, strict_json_schema=strict_mode, **of_schema)
    return FunctionTool(
        name=schema.name,
        description=schema.description or "",
        params_json_schema=schema.params_json_schema,
        on_invoke_tool=ToolInvoker(FunctionBody(function, schema)),
        strict_json_schema=strict_mode,
        timeout_seconds=timeout,
        failure_error_function=failure_error_function,
        **options,
    )


# Of a bare callable, type checkers do not know that it has one.
_method_of: Callable[[UserFunction], UserFunction] = attrgetter("__call__")


def _of_object(given: UserFunction, *, is_described: bool) -> JsonObject:
    """Return how an object that can be called is shown: as its class is named and described.

    Raises:
        UserError: If it cannot be read what it is called with.
    """
    kind = type(given)
    if isinstance(given, partial) or not inspect.ismethod(_method_of(given)):
        raise UserError(f"function_tool takes a function, not a {kind.__name__}: write one for it.")
    if not is_described:
        return {"name_override": kind.__name__, "use_docstring_info": False}
    # A method without a docstring would be given that of `type.__call__`.
    has_own = _method_of(given).__doc__ is not None
    description = read_docstring(kind).description
    return {
        "name_override": kind.__name__,
        "description_override": description,
        "use_docstring_info": has_own,
    }
