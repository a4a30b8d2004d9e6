"""Calls one tool: its timeout, and what the model is told when it fails. Asks for no approval.

The invoker stands in `FunctionTool.on_invoke_tool`. It is an object so that a host can put one
of a derived class, with the same `__dict__`, in its place.
"""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from tui.agents.arguments import are_taken_unchanged, parse_arguments, validate_arguments
from tui.agents.exceptions import ToolTimeoutError
from tui.agents.function_schema import FuncSchema
from tui.agents.items import ToolFailure
from tui.agents.kinds import JsonObject, UserFunction, UserValue
from tui.agents.maybe_await import maybe_await
from tui.agents.tool_context import ToolContext

if TYPE_CHECKING:
    from tui.agents.tool import FunctionTool

ToolBody = Callable[[ToolContext, str], Awaitable[UserValue]]


class ToolInvoker:
    """Runs a tool's body with the arguments of a call, a JSON string.

    Attributes:
        body: Does the work.
        tool: The tool it belongs to, which says what happens on failure and timeout.
        handles_failure: Whether a failure becomes a text for the model.
    """

    def __init__(self, body: ToolBody, *, handles_failure: bool) -> None:
        self.body = body
        self.handles_failure = handles_failure
        self.tool: FunctionTool | None = None

    def bound_to(self, tool: FunctionTool) -> ToolInvoker:
        """Return this invoker for `tool`: itself, or a copy if it belongs to another."""
        if self.tool is tool:
            return self
        invoker = self if self.tool is None else copy.copy(self)
        invoker.tool = tool
        return invoker

    def may_ask_policy(self, arguments: JsonObject) -> bool:
        """Tell whether the tool would run with exactly the arguments a policy looks at."""
        return not isinstance(self.body, FunctionBody) or self.body.takes_unchanged(arguments)

    def fault_of(self, arguments: JsonObject) -> str | None:
        """Return why the tool's own code would not take arguments, or None."""
        return self.body.fault_of(arguments) if isinstance(self.body, FunctionBody) else None

    async def __call__(self, ctx: ToolContext, input: str) -> UserValue:
        """Run the tool and return its value, or the text that stands for its failure."""
        if ctx._reports is None:
            return await self._run(ctx, input)
        # Whoever stands around an invoker hears all reports before the tool's end.
        async with ctx._reports:
            return await self._run(ctx, input)

    async def _run(self, ctx: ToolContext, input: str) -> UserValue:
        tool = self.tool
        try:
            if tool is None or tool.timeout_seconds is None:
                return await self.body(ctx, input)
            return await self._within(tool.timeout_seconds, tool, ctx, input)
        except ToolTimeoutError:
            raise
        except asyncio.CancelledError as error:
            if _is_being_cancelled() or not self.handles_failure:
                raise
            return await self._failure_text(ctx, RuntimeError(str(error) or "Tool cancelled."))
        # The tool is the user's: whatever it raises, the model is told and the run goes on.
        except Exception as error:
            if not self.handles_failure:
                raise
            return await self._failure_text(ctx, error)

    async def _within(
        self, limit_s: float, tool: FunctionTool, ctx: ToolContext, input: str
    ) -> UserValue:
        try:
            async with asyncio.timeout(limit_s) as timeout:
                return await self.body(ctx, input)
        except TimeoutError:
            if not timeout.expired():
                raise
        error = ToolTimeoutError(tool.name, limit_s)
        if tool.timeout_behavior == "raise_exception":
            raise error
        ctx.failure = ToolFailure(type(error).__name__, str(error))
        explain = tool.timeout_error_function
        return str(error) if explain is None else await maybe_await(explain(ctx, error))

    async def _failure_text(self, ctx: ToolContext, error: Exception) -> UserValue:
        explain = self.tool.failure_error_function if self.tool else None
        if explain is None:
            raise error
        ctx.failure = ToolFailure(type(error).__name__, str(error))
        return await maybe_await(explain(ctx, error))


class FunctionBody:
    """Runs the user's function: a coroutine on the loop, a plain one in a thread."""

    def __init__(self, function: UserFunction, schema: FuncSchema) -> None:
        self.function = function
        self.schema = schema
        self._is_async = asyncio.iscoroutinefunction(function)

    def takes_unchanged(self, arguments: JsonObject) -> bool:
        """Tell whether the function would get these arguments as they are."""
        return are_taken_unchanged(self.schema.params_pydantic_model, arguments)

    def fault_of(self, arguments: JsonObject) -> str | None:
        """Return why the function would not take arguments, or None."""
        from pydantic import ValidationError

        try:
            self.schema.params_pydantic_model(**arguments)
        except ValidationError as error:
            return "; ".join(f"{each['loc']}: {each['msg']}" for each in error.errors())
        return None

    async def __call__(self, ctx: ToolContext, input: str) -> UserValue:
        """Check the arguments and call the function."""
        raw = parse_arguments(ctx.tool_name, input)
        data = validate_arguments(self.schema.params_pydantic_model, ctx.tool_name, raw)
        positional, keyword = self.schema.to_call_args(data)
        if self.schema.takes_context:
            positional.insert(0, ctx)
        if self._is_async:
            return await self.function(*positional, **keyword)
        # A thread keeps the loop free; to_thread keeps the context variables.
        return await asyncio.to_thread(self.function, *positional, **keyword)


def _is_being_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
