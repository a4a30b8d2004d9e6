"""Calls one tool: its timeout, and what the model is told when it fails. Asks for no approval.

The invoker stands in `FunctionTool.on_invoke_tool`. It is an object so that a host can put one
of a derived class, with the same `__dict__`, in its place.
"""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import TYPE_CHECKING

from tui.agents.arguments import fault_for, plain_fields, read_arguments, taken_unchanged
from tui.agents.cancelling import cancellations
from tui.agents.exceptions import ToolTimeoutError
from tui.agents.function_schema import FuncSchema
from tui.agents.items import ToolFailure
from tui.agents.kinds import JsonObject, UserFunction, UserValue
from tui.agents.maybe_await import maybe_await
from tui.agents.tool_context import ToolContext

if TYPE_CHECKING:
    from tui.agents.tool import FunctionTool, ToolErrorFunction

ToolBody = Callable[[ToolContext, str], Awaitable[UserValue]]

_MUTABLE = {dict, list}


class ToolInvoker:
    """Runs a tool's body, which does the work, with the arguments of a call, a JSON string."""

    def __init__(self, body: ToolBody) -> None:
        self.body = body
        self.tool: FunctionTool | None = None

    def bound_to(self, tool: FunctionTool) -> ToolInvoker:
        """Return this invoker for `tool`: itself, or a copy if it belongs to another."""
        invoker = self if self.tool in (None, tool) else copy.copy(self)
        invoker.tool = tool
        return invoker

    def may_ask_policy(self, ctx: ToolContext, arguments: JsonObject) -> bool:
        """Tell whether the tool would run with exactly the arguments a policy looks at."""
        body = self.body
        if not isinstance(body, FunctionBody):
            return True
        values = taken_unchanged(body.model, body.plain_fields, arguments)
        # What holds lists or objects is read anew: a policy may change those it is shown.
        if values is not None and _MUTABLE.isdisjoint(map(type, arguments.values())):
            ctx._checked, ctx._checked_text, ctx._checked_by = values, ctx.tool_arguments, body
        return values is not None

    def fault_of(self, arguments: JsonObject) -> str | None:
        """Return why the tool's own code would not take arguments, or None."""
        body = self.body
        return fault_for(body.model, arguments) if isinstance(body, FunctionBody) else None

    async def __call__(self, ctx: ToolContext, input: str) -> UserValue:
        """Run the tool and return its value, or the text that stands for its failure."""
        explain = self.tool.failure_error_function if self.tool else None
        kind: type[BaseException] | None = None
        try:
            try:
                if self.tool is None or self.tool.timeout_seconds is None:
                    return await self.body(ctx, input)
                return await self._in_time(self.tool, self.tool.timeout_seconds, ctx, input)
            except _TimeIsUpError as own:
                # That of a tool inside a nested run is a failure like any other.
                raise own.error from None
            except asyncio.CancelledError as error:
                if explain is None or cancellations():
                    raise
                cancelled = RuntimeError(str(error) or "Tool cancelled.")
                return await _told(ctx, cancelled, explain)
            # The tool is the user's: whatever it raises, the model is told and the run goes on.
            except Exception as error:
                if explain is None:
                    raise
                return await _told(ctx, error, explain)
        except BaseException as error:
            kind = type(error)
            raise
        finally:
            # Whoever stands around an invoker hears all reports before the tool's end.
            if (reports := ctx._last_reports()) is not None:
                await reports.__aexit__(kind)

    async def _in_time(
        self, tool: FunctionTool, limit_s: float, ctx: ToolContext, input: str
    ) -> UserValue:
        try:
            async with asyncio.timeout(limit_s) as timeout:
                return await self.body(ctx, input)
        except TimeoutError:
            if not timeout.expired():
                raise
        error = ToolTimeoutError(tool.name, limit_s)
        if tool.timeout_behavior == "raise_exception":
            raise _TimeIsUpError(error)
        return await _told(ctx, error, tool.timeout_error_function)


class _TimeIsUpError(Exception):
    """The tool's own time limit ends the run."""

    def __init__(self, error: ToolTimeoutError) -> None:
        super().__init__(str(error))
        self.error = error


class FunctionBody:
    """Runs the user's function: a coroutine on the loop, a plain one in a thread."""

    def __init__(self, function: UserFunction, schema: FuncSchema) -> None:
        self.function = function
        self.schema = schema
        self.model = schema.params_pydantic_model
        # What `model_validate` calls, without its options.
        self._validate = self.model.__pydantic_validator__.validate_python
        self._is_async = asyncio.iscoroutinefunction(function)

    @cached_property
    def plain_fields(self) -> dict[str, str] | None:
        """The fields of the arguments, if no code of the user's checks them; see `plain_fields`."""
        return plain_fields(self.model)

    async def __call__(self, ctx: ToolContext, input: str) -> UserValue:
        """Check the arguments and call the function."""
        values, ctx._checked = ctx._checked, None
        if values is None or ctx._checked_text is not input or ctx._checked_by is not self:
            values = vars(read_arguments(ctx.tool_name, input, self._validate))
        positional, keyword = self.schema.args_of(values)
        if self.schema.takes_context:
            positional.insert(0, ctx)
        if self._is_async:
            return await self.function(*positional, **keyword)
        # A thread keeps the loop free; to_thread keeps the context variables.
        return await asyncio.to_thread(_called, self.function, *positional, **keyword)


def _called(function: UserFunction, *positional: UserValue, **keyword: UserValue) -> UserValue:
    try:
        return function(*positional, **keyword)
    except StopIteration as error:
        # No future can carry one: who waits for the thread would wait for ever.
        raise RuntimeError(f"{function.__name__} raised StopIteration") from error


async def _told(ctx: ToolContext, error: Exception, explain: ToolErrorFunction | None) -> str:
    ctx.failure = ToolFailure(type(error).__name__, str(error))
    return str(error) if explain is None else await maybe_await(explain(ctx, error))
