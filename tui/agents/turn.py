"""One turn: the model is asked, what it asks for is carried out, and the next step follows."""

from __future__ import annotations

from collections.abc import Sequence

from tui.agents.active_run import Run
from tui.agents.call_ids import CallIds
from tui.agents.exceptions import ModelBehaviorError
from tui.agents.final_output import finish_by_message, finish_by_tools
from tui.agents.handoff_step import hand_over
from tui.agents.handoffs import Handoff
from tui.agents.hook_calls import agent_ends, agent_starts, hooks_of
from tui.agents.items import (
    ItemHelpers,
    ModelResponse,
    RunItem,
    ToolApprovalItem,
    ToolCallOutputItem,
)
from tui.agents.model_call import call_model, filtered_input, prepare_request
from tui.agents.raw import read
from tui.agents.response import ResponseReader, TurnPlan, answered_calls
from tui.agents.run_config import ModelInputData
from tui.agents.run_steps import Finish, NextStep, Pause, RunAgain
from tui.agents.tool import FunctionToolResult, Tool
from tui.agents.tool_calls import CallResults, run_calls


async def run_turn(run: Run) -> NextStep:
    """Ask the model once and carry out what it asks for.

    Raises:
        AgentsException: If the response makes no sense, or a tool fails the run.
    """
    run.show_input()
    if run.greets:
        run.greets = False
        await agent_starts(run)
    tools = await run.agent.get_all_tools(run.context)
    instructions = await run.agent.get_system_prompt(run.context)
    handoffs = await run.agent.get_handoffs(run.context)
    prompt = await run.agent.get_prompt(run.context)
    shown = await filtered_input(run, ModelInputData(run.model_input(), instructions))
    for hooks in hooks_of(run):
        await hooks.on_llm_start(run.context, run.agent, shown.instructions, shown.input)
    request = prepare_request(run, shown, tools, handoffs, prompt)
    response = await run.verdict.beside(lambda: call_model(run, request))
    run.answer = response
    run.context.usage.add(response.usage)
    plan = await _told_plan(run, response, tools, handoffs)
    run.told = plan.items
    await run.reach_checkpoint()
    # From here on the turn has effects.
    run.verdict.known()
    return await _settle(run, response, plan, await run_calls(run, plan.calls))


async def go_on(run: Run, response: ModelResponse) -> NextStep:
    """Carry out what a response asks for that was read before the run was taken up.

    Raises:
        AgentsException: If a tool is gone, or fails the run.
    """
    run.show_input()
    tools = await run.agent.get_all_tools(run.context)
    handoffs = await run.agent.get_handoffs(run.context)
    plan = _plan(run, response, tools, handoffs, earlier_calls=run.calls)
    plan.items = run.told
    return await _settle(run, response, plan, await run_calls(run, plan.calls))


async def resume_turn(run: Run, response: ModelResponse) -> NextStep:
    """Carry out what a paused turn still waits for; the model is not asked.

    Raises:
        AgentsException: If a tool is gone, or fails the run.
    """
    run.show_input()
    tools = await run.agent.get_all_tools(run.context)
    handoffs = await run.agent.get_handoffs(run.context)
    # Its calls are known: they are what the turn paused for.
    plan = _plan(run, response, tools, handoffs, earlier_calls=CallIds())
    plan.is_resumed = True
    outputs = {item.call_id: item for item in run.items if isinstance(item, ToolCallOutputItem)}
    answered = outputs.keys()
    plan.results = [
        FunctionToolResult(call.tool, outputs[call.call_id].output, outputs[call.call_id])
        for call in plan.calls
        if call.call_id in outputs
    ]
    plan.calls = [call for call in plan.calls if call.call_id not in answered]
    asked = {item.call_id for item in run.items if isinstance(item, ToolApprovalItem)}
    for call in plan.calls:
        call.is_asked = call.call_id in asked
    plan.unknown = [raw for raw in plan.unknown if raw.call_id not in answered]
    results = await run_calls(run, plan.calls, is_resumed=True)
    return await _settle(run, response, plan, results)


async def _told_plan(
    run: Run, response: ModelResponse, tools: Sequence[Tool], handoffs: Sequence[Handoff]
) -> TurnPlan:
    try:
        plan = _plan(run, response, tools, handoffs, earlier_calls=run.calls)
    except ModelBehaviorError:
        await _tell_model_ended(run, response)
        raise
    await run.emit_items(plan.items)
    await _tell_model_ended(run, response)
    if plan.uses_tools:
        run.tool_users.add(run.agent.name)
    return plan


async def _tell_model_ended(run: Run, response: ModelResponse) -> None:
    for hooks in hooks_of(run):
        await hooks.on_llm_end(run.context, run.agent, response)


def _plan(
    run: Run,
    response: ModelResponse,
    tools: Sequence[Tool],
    handoffs: Sequence[Handoff],
    *,
    earlier_calls: CallIds,
) -> TurnPlan:
    reader = ResponseReader(
        run.agent,
        tools,
        handoffs,
        tolerates_unknown=run.config.tool_not_found_behavior == "return_error_to_model",
        earlier_calls=earlier_calls,
    )
    return reader.plan_for(response)


async def _settle(
    run: Run, response: ModelResponse, plan: TurnPlan, results: CallResults
) -> NextStep:
    """Bring the run up to date with what a turn came to.

    Args:
        run: The run.
        response: What the model said.
        plan: What it asked for.
        results: What its tool calls came to.
    """
    answers = _answers(run, plan, results.results)
    if results.error is not None:
        outputs = [item for item in answers if isinstance(item, ToolCallOutputItem)]
        if outputs:
            # What has run must not run again if the run is resumed, so it is not forgotten.
            run.record([*answered_calls(run.told, outputs), *outputs])
            run.note_guardrails(plan.calls)
        await run.emit_items(outputs)
        raise results.error
    run.note_guardrails(plan.calls)
    interruptions = _interruptions(results.results)
    if interruptions:
        return await _pause(run, response, interruptions, answers)
    try:
        if plan.handoffs:
            passing, untold = await hand_over(run, plan.handoffs, answers)
            await run.emit_items(untold)
            return passing
        step = await _conclude(run, response, plan, results.results, answers)
    except Exception:
        # Its calls have run: they do not wait any more.
        run.pending = None
        raise
    await run.emit_items(answers)
    return step


async def _conclude(
    run: Run,
    response: ModelResponse,
    plan: TurnPlan,
    results: Sequence[FunctionToolResult],
    answers: Sequence[RunItem],
) -> NextStep:
    step: NextStep | None = await finish_by_tools(run, _in_call_order(plan, results))
    if step is None:
        again = plan.is_resumed or plan.has_work
        step = RunAgain() if again else await finish_by_message(run, response, plan)
    if isinstance(step, Finish) and not step.is_from_tools:
        # An answer that the hooks do not let end the run is none.
        await agent_ends(run, step.output)
    # Not before: a turn that fails leaves no items behind, least of all calls without an output.
    run.pending = None
    run.record([*run.told, *answers])
    if isinstance(step, Finish) and step.is_from_tools:
        # What has run must not be forgotten, whatever comes of it now.
        await agent_ends(run, step.output)
    return step


def _in_call_order(
    plan: TurnPlan, results: Sequence[FunctionToolResult]
) -> list[FunctionToolResult]:
    """Return what all calls of a turn came to, also those from before its pauses."""
    if not plan.results:
        return list(results)
    return sorted(
        [*plan.results, *results],
        key=lambda result: plan.positions.get(read(result.run_item, "call_id"), 0),
    )


async def _pause(
    run: Run,
    response: ModelResponse,
    interruptions: list[ToolApprovalItem],
    answers: Sequence[RunItem],
) -> Pause:
    asked = {item.call_id: item for item in run.items if isinstance(item, ToolApprovalItem)}
    fresh = [
        item
        for item in answers
        if not (isinstance(item, ToolApprovalItem) and item.call_id in asked)
    ]
    run.pending = response
    run.greets = True
    run.record([*run.told, *fresh])
    await run.emit_items(fresh)
    # Ids of calls inside nested runs may be those of calls of this run.
    own = set(map(id, answers))
    return Pause([asked.get(i.call_id, i) if id(i) in own else i for i in interruptions])


def _answers(run: Run, plan: TurnPlan, results: Sequence[FunctionToolResult]) -> list[RunItem]:
    """Return the turn's outputs and requests for approval, in the order of the calls."""
    items: list[RunItem] = [r.run_item for r in results if r.run_item is not None]
    items.extend(_not_found(run, raw) for raw in plan.unknown)
    if plan.is_resumed:
        items.sort(key=lambda item: plan.positions.get(read(item.raw_item, "call_id"), 0))
    return items


def _not_found(run: Run, raw: object) -> ToolCallOutputItem:
    text = f"Tool '{read(raw, 'name')}' not found."
    return ToolCallOutputItem(run.agent, ItemHelpers.tool_call_output_item(raw, text), text)


def _interruptions(results: Sequence[FunctionToolResult]) -> list[ToolApprovalItem]:
    found: list[ToolApprovalItem] = []
    for result in results:
        if isinstance(result.run_item, ToolApprovalItem):
            found.append(result.run_item)
        elif result.interruptions:
            found.extend(result.interruptions)
    return found
