"""Carries out the tool calls of a turn, all at once, and asks which must wait for a person."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from tui.agents.active_run import Run
from tui.agents.approvals import Decision
from tui.agents.arguments import parse_for_approval
from tui.agents.cancelling import cancellations
from tui.agents.exceptions import AgentsException, UserError
from tui.agents.guarding import checked_output, rejection_of
from tui.agents.hook_calls import hooks_of
from tui.agents.invoker import ToolInvoker
from tui.agents.items import ToolApprovalItem, ToolCallOutputItem, function_call_output
from tui.agents.kinds import UserValue
from tui.agents.loop_turn import loop_turn
from tui.agents.maybe_await import MaybeAwaitable, is_awaitable
from tui.agents.response import FunctionCall
from tui.agents.tool import FunctionToolResult
from tui.agents.tool_context import ToolContext
from tui.agents.tool_output import preceded_by

E = TypeVar("E", bound=BaseException)


@dataclass(frozen=True)
class CallResults:
    """What a turn's calls came to.

    Attributes:
        results: One a call, in call order; after an error, of those that had ended before it.
        error: What ends the run, if a failure is not to be told to the model.
    """

    results: list[FunctionToolResult]
    error: Exception | None = None


async def run_calls(
    run: Run, calls: Sequence[FunctionCall], *, is_resumed: bool = False
) -> CallResults:
    """Run `calls` side by side. When one fails the run, the others are cancelled.

    A call that must wait for a person comes to a `ToolApprovalItem`; if `is_resumed`, the hooks
    have heard of it before.
    """
    if not calls:
        return CallResults([])
    if len(calls) > 1:
        return await _SideBySide(run, is_resumed).results_of(calls)
    before = cancellations()
    results = await _run_alone(run, calls[0], is_resumed)
    if cancellations() > before:
        # The tool took the run's cancellation for its own and went on; the run must not.
        raise asyncio.CancelledError
    return results


async def _run_alone(run: Run, call: FunctionCall, is_resumed: bool) -> CallResults:
    before = cancellations()
    try:
        return CallResults([await _approve_and_run(run, call, is_resumed)])
    except _HookError as late:
        return CallResults([late.result], _as_told(call, late.error))
    except Exception as error:  # noqa: BLE001 - what a tool may raise to end the run
        return CallResults([], _as_told(call, error))
    except asyncio.CancelledError as error:
        if cancellations() > before:
            raise
        return CallResults([], _cancelled_itself(call, error))


class _HookError(Exception):
    """A hook failed when the tool had run: what it came to must not be lost."""

    def __init__(self, result: FunctionToolResult, error: Exception) -> None:
        super().__init__(str(error))
        self.result = result
        self.error = error


class _SideBySide:
    """Runs calls in tasks that say themselves when they end: `gather` costs a loop turn a call."""

    def __init__(self, run: Run, is_resumed: bool) -> None:
        self._run = run
        self._is_resumed = is_resumed
        self._ended: dict[int, FunctionToolResult] = {}
        self._left = 0
        self._end = asyncio.get_running_loop().create_future()

    async def results_of(self, calls: Sequence[FunctionCall]) -> CallResults:
        """Run `calls`; the first error cancels those that still run."""
        self._left = len(calls)
        loop = asyncio.get_running_loop()
        tasks = [loop.create_task(self._carry_out(*each)) for each in enumerate(calls)]
        try:
            await self._end
        except Exception as error:  # noqa: BLE001 - what a tool may raise to end the run
            in_time = self._in_order()
            await _cancel(tasks)
            return CallResults(in_time, error)
        except asyncio.CancelledError:
            await _cancel(tasks)
            raise
        return CallResults(self._in_order())

    async def _carry_out(self, index: int, call: FunctionCall) -> None:
        try:
            self._ended[index] = await _approve_and_run(self._run, call, self._is_resumed)
        except _HookError as late:
            self._ended[index] = late.result
            self._fail(_as_told(call, late.error))
            return
        except asyncio.CancelledError as error:
            self._fail(error if cancellations() else _cancelled_itself(call, error))
            return
        except BaseException as error:
            self._fail(_as_told(call, error))
            if not isinstance(error, Exception):
                raise
            return
        self._left -= 1
        if not self._left and not self._end.done():
            self._end.set_result(None)

    def _fail(self, error: BaseException) -> None:
        if not self._end.done():
            self._end.set_exception(error)

    def _in_order(self) -> list[FunctionToolResult]:
        return [self._ended[index] for index in sorted(self._ended)]


async def _cancel(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _as_told(call: FunctionCall, error: E) -> E | UserError:
    """Return what ends the run for what a tool raised."""
    if isinstance(error, AgentsException) or not isinstance(error, Exception):
        return error
    told = UserError(f"Error running tool {call.tool.name}: {error}")
    told.__cause__ = error
    return told


def _cancelled_itself(call: FunctionCall, error: asyncio.CancelledError) -> UserError:
    told = UserError(f"Error running tool {call.tool.name}: it cancelled itself")
    told.__cause__ = error
    return told


async def _approve_and_run(run: Run, call: FunctionCall, is_resumed: bool) -> FunctionToolResult:
    context = _context_of(run, call)
    decision = _decision_of(run, call)
    if decision is None and call.call_id not in run.nested.paused:
        invoker = call.tool.on_invoke_tool
        asks = call.is_asked or _needs_approval(run, call, context)
        if is_awaitable(asks):
            asks = await asks
        if call.tool.on_invoke_tool is not invoker:
            raise UserError("Function tool invocation changed during approval evaluation.")
        # Whoever was asked may have decided.
        decision = _decision_of(run, call)
        if decision is None and asks:
            return await _ask_person(run, call, context, is_resumed)
    if decision is not None:
        if not decision.approved:
            return _rejected(run, call, decision)
        if decision.arguments is not None:
            context.edit_arguments(decision.arguments)
    return await _invoke(run, call, context)


def _decision_of(run: Run, call: FunctionCall) -> Decision | None:
    approvals = run.context.approvals
    if not (approvals.by_call or approvals.standing):
        # Nearly always; asked twice a call.
        return None
    return approvals.find(run.agent.name, call.tool.name, call.call_id, call.raw.arguments)


def _needs_approval(run: Run, call: FunctionCall, context: ToolContext) -> MaybeAwaitable[bool]:
    policy = call.tool.needs_approval
    if isinstance(policy, bool):
        return policy
    if not callable(policy):
        raise UserError(
            "Invalid needs_approval value: expected a bool or callable, "
            f"got {type(policy).__name__}."
        )
    arguments = parse_for_approval(call.raw.arguments)
    if arguments is None:
        return True
    invoker = call.tool.on_invoke_tool
    if isinstance(invoker, ToolInvoker) and not invoker.may_ask_policy(context, arguments):
        return True
    return policy(run.context, arguments, call.call_id)


async def _ask_person(
    run: Run, call: FunctionCall, context: ToolContext, is_resumed: bool
) -> FunctionToolResult:
    schema = call.tool.params_json_schema
    item = ToolApprovalItem(
        run.agent, call.raw, tool_name=call.tool.name, params_json_schema=schema
    )
    if not is_resumed:
        for hooks in run.nested.heard_by(run.agent):
            await hooks.on_approval_requested(context, run.agent, call.tool, item)
    # Whoever was told may have decided: that counts once the run goes on after the pause.
    return FunctionToolResult(call.tool, None, item)


def _rejected(run: Run, call: FunctionCall, decision: Decision) -> FunctionToolResult:
    run.nested.paused.pop(call.call_id, None)
    return _answered(run, call, decision.refusal_text)


async def _invoke(run: Run, call: FunctionCall, context: ToolContext) -> FunctionToolResult:
    # What was approved: neither a guardrail nor a hook changes it.
    arguments, listeners = context.tool_arguments, hooks_of(run)
    # A call whose turn was cut off before it settled is told anew; one that had paused is not.
    if run.answer is not None or call.call_id not in run.nested.paused:
        if call.tool.tool_input_guardrails:
            rejection = await rejection_of(run, call, context)
            if rejection is not None:
                return _answered(run, call, rejection, context)
        for hooks in listeners:
            await hooks.on_tool_start(context, run.agent, call.tool)
        if listeners:
            # All starts of a turn are told before the first end.
            await loop_turn()
    call.loop = asyncio.get_running_loop()
    output = await call.tool.on_invoke_tool(context, arguments)
    interruptions = _asked_inside(run, call, context)
    if interruptions:
        return FunctionToolResult(call.tool, output, None, interruptions)
    if call.tool.tool_output_guardrails:
        output = await checked_output(run, call, context, output)
    result = _answered(run, call, output, context)
    try:
        for hooks in listeners:
            await hooks.on_tool_end(context, run.agent, call.tool, output)
    except Exception as error:
        raise _HookError(result, error) from error
    return result


def _asked_inside(run: Run, call: FunctionCall, context: ToolContext) -> list[ToolApprovalItem]:
    """Return what the nested run of a call waits for; one that failed waits for nobody."""
    if context.failure is not None:
        run.nested.paused.pop(call.call_id, None)
    return run.nested.interruptions(call.call_id)


def _answered(
    run: Run, call: FunctionCall, output: UserValue, context: ToolContext | None = None
) -> FunctionToolResult:
    raw = function_call_output(call.call_id, output)
    item = ToolCallOutputItem(run.agent, raw, output)
    if context is not None:
        item.failure, item.edited_arguments = context.failure, context.edited_arguments
        if context.edited_arguments is not None:
            text = json.dumps(context.edited_arguments, ensure_ascii=False)
            line = f"(arguments changed by the operator to {text})"
            raw["output"] = preceded_by(line, raw["output"])
    return FunctionToolResult(call.tool, output, item)


def _context_of(run: Run, call: FunctionCall) -> ToolContext:
    # Field by field: a class takes arguments by name at three times the cost.
    made = ToolContext.__new__(ToolContext)
    of = run.context
    made.context, made.usage, made.turn_input = of.context, of.usage, [*of.turn_input]
    made.approvals, made.tool_input = of.approvals, of.tool_input
    made.tool_name, made.tool_call_id = call.tool.name, call.call_id
    made.tool_arguments, made.tool_call = call.raw.arguments, call.raw
    made.agent, made.run_config, made.run_id = run.agent, run.config, run.run_id
    made.failure, made.edited_arguments = None, None
    made._nested, made._call = run.nested, call
    made._checked, made._checked_text, made._checked_by = None, None, None
    return made
