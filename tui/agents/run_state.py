"""A run that has stopped, as something to decide on, keep and take up again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tui.agents.active_run import Run
from tui.agents.agent_map import AgentMap
from tui.agents.approvals import Approvals
from tui.agents.arguments import canonical
from tui.agents.checkpoints import Serializer, write_state
from tui.agents.exceptions import UserError
from tui.agents.guardrail_results import GuardrailResults
from tui.agents.history import ServerHistory
from tui.agents.items import (
    HandoffCallItem,
    ItemHelpers,
    ModelResponse,
    RunItem,
    ToolApprovalItem,
    ToolCallItem,
    TResponseInputItem,
)
from tui.agents.kinds import Json, JsonObject, UserValue
from tui.agents.lifecycle import RunHooks
from tui.agents.nested import NestedRuns
from tui.agents.raw import read
from tui.agents.run_config import RunConfig
from tui.agents.run_context import RunContextWrapper
from tui.agents.run_state_form import checked
from tui.agents.run_state_json import Deserializer, StateReader, read_context
from tui.agents.unsupported import refuse
from tui.agents.usage import Usage

if TYPE_CHECKING:
    from tui.agents.agent import Agent


@dataclass(eq=False)
class RunState:
    """A stopped run. `Runner.run(agent, state)` takes it up again.

    Running it leaves it as it is: taken up twice, a call that was approved runs twice, under the
    same `ToolContext.idempotency_key`. A decision is of the one call it was made of: a call that
    comes later under its id, with another tool or other arguments, is asked about anew.
    """

    run_id: str  # Names the run, over all its pauses.
    current_agent: Agent  # Who was in control.
    original_input: str | list[TResponseInputItem]  # Or what a handoff's filter made of it.
    generated_items: list[RunItem]  # All items, oldest first.
    model_items: list[RunItem]  # The items the model sees.
    responses: list[ModelResponse]  # The model's responses, oldest first.
    context: RunContextWrapper  # The caller's object, the usage and the decisions.
    current_turn: int  # How many turns were settled.
    max_turns: int | None  # How many model calls the run may make.
    pending_response: ModelResponse | None  # The response whose turn is not settled.
    interruptions: list[ToolApprovalItem]  # The requests of this run, and of the runs inside it.
    nested: dict[str, RunState]  # Stopped runs of agents used as tools, by the call they answer.
    tool_users: set[str]  # Names of the agents that have used a tool.
    pending_input: list[TResponseInputItem] = field(default_factory=list)  # For the next call.
    server: ServerHistory | None = None  # What the service keeps of the conversation.
    saved_items: int = 0  # How many of the items the run's session has.
    is_final: bool = False  # Whether the run had come to its output.
    guardrail_results: GuardrailResults = field(default_factory=GuardrailResults)

    @classmethod
    def of_run(cls, run: Run, *, keeps_up: bool = False) -> RunState:
        """Return the state of a run as it stands.

        What is decided on it leaves the run alone, and the other way round unless it `keeps_up`:
        then it has what is decided by those whom the run has told of a request.
        """
        return cls(
            run_id=run.run_id,
            current_agent=run.heir or run.agent,
            original_input=run.input,
            generated_items=list(run.items),
            model_items=list(run.model_items),
            responses=list(run.responses),
            context=run.context if keeps_up else _copied_context(run.context),
            current_turn=run.turns_made,
            max_turns=run.max_turns,
            pending_response=run.pending,
            interruptions=list(run.interruptions),
            nested=run.nested.paused
            if keeps_up
            else _copied_states(_within(run.nested.paused, run.pending)),
            tool_users=set(run.tool_users),
            pending_input=list(run.pending_input),
            server=run.server and replace(run.server),
            saved_items=run.saved_items,
            is_final=run.status == "completed",
            guardrail_results=run.guardrail_results.copy(),
        )

    @classmethod
    def at_checkpoint(cls, run: Run, inside: Mapping[str, RunState]) -> RunState:
        """Return the state of a run as far as its turn in progress has come.

        `inside` are the newest states of its nested runs in progress, by call.
        """
        state = cls.of_run(run)
        in_turn = {**run.nested.paused, **inside}
        state.nested = _copied_states(_within(in_turn, run.pending or run.answer))
        if run.answer is not None:
            state.generated_items += run.told
            state.model_items += run.told
            state.responses.append(run.answer)
            state.pending_response = run.answer
            if state.server is not None:
                state.server.take(run.answer)
        elif state.is_final and run.responses:
            # Who takes it up comes to the same output, without asking the model again.
            state.pending_response = run.responses[-1]
        return state

    def to_run(self, *, config: RunConfig, hooks: RunHooks, context: UserValue) -> Run:
        """Return a run that goes on from here; a `context` that is not None replaces ours."""
        wrapper = _copied_context(self.context)
        if context is not None:
            is_wrapped = isinstance(context, RunContextWrapper)
            wrapper.context = context.context if is_wrapped else context
        found, told = self.guardrail_results.copy(), self._told_items()
        answer, pending = None, self.pending_response
        if told is not None:
            # Nothing has come of the turn yet: it goes on where it was cut off.
            answer, pending = pending, None
        if self.is_final and self.pending_response is not None:
            # The output is come to anew, and checked anew.
            found.output.clear()
        items, model_items = (
            each[: len(each) - len(told or ())] for each in (self.generated_items, self.model_items)
        )
        return Run(
            agent=self.current_agent,
            input=self.original_input,
            context=wrapper,
            config=config,
            hooks=hooks,
            max_turns=self.max_turns,
            items=items,
            model_items=model_items,
            responses=self.responses[: len(self.responses) - (answer is not None)],
            answer=answer,
            told=told or [],
            turn=self.current_turn,
            pending=pending,
            nested=NestedRuns(paused=_copied_states(self.nested)),
            tool_users=set(self.tool_users),
            pending_input=list(self.pending_input),
            server=self.server and replace(self.server),
            saved_items=self.saved_items,
            is_new=False,
            guardrail_results=found,
            run_id=self.run_id,
        )

    def get_interruptions(self) -> list[ToolApprovalItem]:
        """Return the requests for approval, also those that were decided since the pause."""
        return list(self.interruptions)

    @property
    def has_decisions(self) -> bool:
        """Whether anything the run waits for was decided."""
        return any(self._decided(item) for item in self.interruptions)

    def approve(
        self,
        approval_item: ToolApprovalItem,
        always_approve: bool = False,
        *,
        arguments: JsonObject | None = None,
    ) -> None:
        """Allow a call; if `always_approve`, all calls its agent makes of its tool.

        With `arguments` the tool is run with these. The model's call stays as it was; a line
        before the tool's output tells the model.

        Raises:
            UserError: If the tool does not take `arguments`; the call stays pending.
        """
        context = self._owner(approval_item).context
        context.approve_tool(approval_item, always_approve, arguments=arguments)

    def reject(
        self,
        approval_item: ToolApprovalItem,
        always_reject: bool = False,
        *,
        rejection_message: str | None = None,
    ) -> None:
        """Refuse a call; the model reads `rejection_message`, or a fixed text."""
        context = self._owner(approval_item).context
        context.reject_tool(approval_item, always_reject, rejection_message)

    def add_input(self, input: str | TResponseInputItem | list[TResponseInputItem]) -> None:
        """Add a user message, or input items, before the next model call.

        Raises:
            UserError: If there may be none: the run is final, or has no turns left, or the tool
                that it waits for may end it.
        """
        if self.is_final:
            raise UserError("This run has come to its output: start a new run with the message.")
        if self.max_turns is not None and self.current_turn >= self.max_turns:
            raise UserError("This run has no turns left: start a new run with the message.")
        if self._may_end_with_a_tool():
            raise UserError("The tool that waits may end this run: start a new run after it.")
        items = [input] if isinstance(input, dict) else input
        self.pending_input.extend(ItemHelpers.input_to_new_input_list(items))

    def clear_pending_input(self) -> None:
        """Take back what `add_input` added."""
        self.pending_input.clear()

    def to_json(
        self,
        *,
        context_serializer: Serializer | None = None,
        strict_context: bool = False,
        **unsupported: object,
    ) -> JsonObject:
        """Return the state as JSON values, in the form that `run_state_form` describes.

        A context that is no JSON object, and has no `context_serializer`, is left out and must be
        given again on reading.

        Raises:
            UserError: If the context cannot be written and `strict_context` is set.
        """
        refuse("RunState.to_json", **unsupported)
        return write_state(self, context_serializer, strict_context=strict_context)

    def to_string(self, **options: UserValue) -> str:
        """Return the state as a JSON text; the options are those of `to_json`.

        Raises:
            UserError: If something in it cannot be written as JSON.
        """
        data = self.to_json(**options)
        try:
            # What is no ASCII is written as escapes: half a surrogate pair is no UTF-8.
            return json.dumps(data, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise UserError(f"This run cannot be written as JSON: {error}") from error

    @staticmethod
    async def from_json(
        initial_agent: Agent,
        state_json: Mapping[str, Json],
        *,
        context_override: UserValue = None,
        context_deserializer: Deserializer | None = None,
        strict_context: bool = False,
    ) -> RunState:
        """Read what `to_json` returned. Agents are found by name, from `initial_agent` on.

        The caller's context is `context_override`, or what `context_deserializer` makes of the
        written one.

        Raises:
            UserError: If the form is unknown or damaged, an agent or a called tool is missing or
                changed, or the context was not written and `strict_context` is set.
        """
        form, context = checked(state_json), context_override
        if context is None:
            context = read_context(form["context"], context_deserializer, strict=strict_context)
        return StateReader(RunState, AgentMap(initial_agent), context).state(form)

    @staticmethod
    async def from_string(
        initial_agent: Agent, state_string: str, **options: UserValue
    ) -> RunState:
        """Read a state from a JSON text; the options are those of `from_json`."""
        try:
            data = json.loads(state_string)
        except (ValueError, RecursionError) as error:
            raise UserError(f"This is no run state: {error}") from error
        return await RunState.from_json(initial_agent, data, **options)

    def _told_items(self) -> list[RunItem] | None:
        """Return the items of a response that nothing has come of yet, else None."""
        if self.pending_response is None or self.interruptions:
            return None
        raws = {id(raw) for raw in self.pending_response.output}
        told = [item for item in self.generated_items if id(item.raw_item) in raws]
        if any(isinstance(item, ToolApprovalItem) for item in told):
            return None
        ends = (each[len(each) - len(told) :] for each in (self.generated_items, self.model_items))
        return told if all(end == told for end in ends) else None

    def _may_end_with_a_tool(self) -> bool:
        if self.pending_response is None:
            return False
        behavior = self.current_agent.tool_use_behavior
        if not isinstance(behavior, dict):
            return behavior != "run_llm_again"
        names = {item.tool_name for item in self.interruptions}
        called = {read(raw, "call_id") for raw in self.pending_response.output}
        asked = [item for item in self.generated_items if read(item.raw_item, "call_id") in called]
        if not any(isinstance(item, HandoffCallItem) for item in asked):
            names |= {item.tool_name for item in asked if isinstance(item, ToolCallItem)}
        return not names.isdisjoint(behavior.get("stop_at_tool_names", ()))

    def _decided(self, item: ToolApprovalItem) -> bool:
        return self._owner(item).context.approvals.find_for(item) is not None

    def _owner(self, item: ToolApprovalItem) -> RunState:
        """Return the state whose decisions count for a request: this one, or one inside it.

        Raises:
            UserError: If the item is of an earlier state, or made anew, and no request with its
                id says the same, or those of several runs do.
        """
        requests = list(self._requests())
        found = [state for state, each in requests if each is item]
        named = [] if found else [each for each in requests if each[1].call_id == item.call_id]
        if named:
            found = [state for state, each in named if _asked(each) == _asked(item)]
            if len(found) != 1:
                whose = "Several requests are" if found else "No request is"
                raise UserError(
                    f"{whose} the given one, for the call {item.call_id!r} of {item.tool_name}: "
                    "decide on the items that this state's get_interruptions() returns."
                )
        return found[0] if found else self

    def _requests(self) -> Iterator[tuple[RunState, ToolApprovalItem]]:
        """Yield all requests, each with the state of the run that makes it."""
        inside: set[int] = set()
        for state in self.nested.values():
            inside.update(map(id, state.interruptions))
            yield from state._requests()
        for item in self.interruptions:
            if id(item) not in inside:
                yield self, item


def _asked(item: ToolApprovalItem) -> tuple[object, ...]:
    """Return what a request says, for one of an earlier state to be told from others."""
    # One of a run that was let go of may have lost its agent.
    agent = getattr(item.agent, "name", None)
    return agent, item.tool_name, canonical(read(item.raw_item, "arguments"))


def _within(states: Mapping[str, RunState], response: ModelResponse | None) -> dict[str, RunState]:
    """Return the states that answer calls of a response: those of a dropped turn are over."""
    calls = {read(raw, "call_id") for raw in response.output} if response else ()
    return {call_id: state for call_id, state in states.items() if call_id in calls}


def _copied_states(states: Mapping[str, RunState]) -> dict[str, RunState]:
    return {
        call_id: replace(
            state, context=_copied_context(state.context), nested=_copied_states(state.nested)
        )
        for call_id, state in states.items()
    }


def _copied_context(context: RunContextWrapper) -> RunContextWrapper:
    usage = Usage()
    usage.add(context.usage)
    approvals = Approvals(dict(context.approvals.by_call), dict(context.approvals.standing))
    return replace(context, usage=usage, approvals=approvals)
