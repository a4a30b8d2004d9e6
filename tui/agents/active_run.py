"""What a run holds while it goes on. Drives nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal
from uuid import uuid4

from tui.agents.agent_output import AgentOutputSchema
from tui.agents.call_ids import CallIds
from tui.agents.event_queue import EventQueue
from tui.agents.exceptions import RunErrorDetails
from tui.agents.guardrail_results import GuardrailResults
from tui.agents.history import History, ServerHistory
from tui.agents.items import (
    ItemHelpers,
    ModelResponse,
    RunItem,
    ToolApprovalItem,
    TResponseInputItem,
)
from tui.agents.kinds import UserValue
from tui.agents.lifecycle import SILENT, RunHooks
from tui.agents.nested import NestedRuns
from tui.agents.run_config import RunConfig
from tui.agents.run_context import RunContextWrapper
from tui.agents.stream_events import AnyStreamEvent, events_of
from tui.agents.verdict import Verdict

if TYPE_CHECKING:
    from tui.agents.agent import Agent
    from tui.agents.memory.session import Session
    from tui.agents.response import FunctionCall
    from tui.agents.result import AgentToolInvocation
    from tui.agents.run_error_handlers import RunErrorHandlers

RunStatus = Literal[
    "running", "completed", "interrupted", "cancelled", "max_turns", "guardrail", "failed"
]


@dataclass(eq=False)
class Run:
    """One run, from its start or from a pause to its next stop.

    Attributes:
        agent: Who is in control.
        input: What the run was started with, or what a handoff's filter made of it.
        heir: Who goes on, from the record of a handoff until the control has passed; else None.
        context: Shared with tools, hooks and instructions.
        config: The run's settings.
        hooks: Told what happens.
        max_turns: How many model calls are allowed; None is any number.
        history: The conversation in wire shape.
        items: All items, oldest first.
        model_items: The items the model sees; a handoff's filter may change them.
        responses: All responses, oldest first.
        answer: The response of the turn in progress, until its items are recorded.
        told: The items of that response, which the reader knows, until they are recorded.
        turn: How many model calls were begun.
        pending: The response whose calls wait for decisions, or None.
        interruptions: The requests for approval the run waits for.
        nested: The runs of agents used as tools.
        tool_users: Names of the agents that have used a tool.
        pending_input: Messages that go in before the next model call.
        queue: Where events go, or None if nobody can read them.
        stops_after_turn: Whether the run is to end with the current turn.
        greets: Whether the hooks must hear of the agent's start.
        error_handlers: The caller's answers in place of errors, by kind.
        guardrail_results: What guardrails have found.
        verdict: What comes of the input guardrails that run beside it.
        output_schemas: The shapes of final answers, made once an agent.
        server: What the service keeps of the conversation, or None.
        session: What keeps the conversation, or None.
        saved_items: How many of the items it has.
        invocation: The call that this run answers, if its agent is used as a tool.
        is_new: Whether the run begins, so that its input is not in the session.
        run_id: Names the run, over all its pauses.
        calls: Every call among the items, by its id.
        listeners: The hooks, if anybody is there to hear.
    """

    agent: Agent
    input: str | list[TResponseInputItem]
    context: RunContextWrapper
    config: RunConfig
    hooks: RunHooks
    max_turns: int | None
    heir: Agent | None = None
    items: list[RunItem] = field(default_factory=list)
    model_items: list[RunItem] = field(default_factory=list)
    responses: list[ModelResponse] = field(default_factory=list)
    answer: ModelResponse | None = None
    told: list[RunItem] = field(default_factory=list)
    turn: int = 0
    pending: ModelResponse | None = None
    interruptions: list[ToolApprovalItem] = field(default_factory=list)
    nested: NestedRuns = field(default_factory=NestedRuns)
    tool_users: set[str] = field(default_factory=set)
    pending_input: list[TResponseInputItem] = field(default_factory=list)
    queue: EventQueue | None = None
    stops_after_turn: bool = False
    greets: bool = True
    error_handlers: RunErrorHandlers | None = None
    guardrail_results: GuardrailResults = field(default_factory=GuardrailResults)
    verdict: Verdict = field(default_factory=Verdict, init=False)
    output_schemas: dict[Agent, AgentOutputSchema] = field(default_factory=dict)
    server: ServerHistory | None = None
    session: Session | None = None
    saved_items: int = 0
    is_new: bool = True
    invocation: AgentToolInvocation | None = None
    run_id: str = field(default_factory=lambda: uuid4().hex)
    final_output: UserValue = None
    status: RunStatus = "running"
    history: History = field(init=False)
    calls: CallIds = field(default_factory=CallIds, init=False)
    listeners: tuple[RunHooks, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.history = History(self.input, self.model_items)
        self.calls.add_items(self.items)
        self.nested.watchers = (*self.nested.watchers, self.hooks)
        self.listeners = () if self.hooks is SILENT else (self.hooks,)

    @property
    def turns_made(self) -> int:
        """How many model calls count if the run is resumed: the one past the limit never was."""
        return self.turn - 1 if self.status == "max_turns" else self.turn

    async def reach_checkpoint(self) -> None:
        """Tell who wants to know that the run could be taken up again as it stands."""
        if self.nested.checkpoints is not None:
            await self.nested.checkpoints.reached()

    async def emit(self, event: AnyStreamEvent) -> None:
        """Pass an event to the reader, if there can be one; waits while the reader is behind."""
        if self.queue is not None:
            await self.queue.put(event)

    async def emit_items(self, items: Sequence[RunItem]) -> None:
        """Pass the events of items to the reader."""
        if self.queue is not None:
            await self.queue.put(*events_of(items))

    def record(self, items: Sequence[RunItem]) -> None:
        """Add items to the run's record and to the conversation, with the response they are of."""
        self.accept_answer()
        self.items.extend(items)
        self.calls.add_items(items)
        self.model_items.extend(items)
        self.history.extend(items)

    def accept_answer(self) -> None:
        """Count the response among those of the run: its items are."""
        if self.answer is None:
            return
        self.responses.append(self.answer)
        if self.server is not None:
            self.server.take(self.answer)
        self.answer, self.told = None, []

    def show_input(self) -> None:
        """Have hooks and tools of the turn see, in their contexts, what the run was asked."""
        self.context.turn_input = ItemHelpers.input_to_new_input_list(self.input)

    def model_input(self) -> list[TResponseInputItem]:
        """Return the next request's input, a list of its own."""
        if self.server is not None:
            return self.server.unseen(self.history, self.model_items)
        return self.history.model_input()

    def note_guardrails(self, calls: Sequence[FunctionCall]) -> None:
        """Keep what the guardrails of called tools have found."""
        for call in calls:
            if call.guardrail_results:
                self.guardrail_results.add_of_tools(call.guardrail_results)

    def pass_to(self, agent: Agent) -> None:
        """Have `agent` go on, also if the run is stopped before it gets the control."""
        self.pending = None
        self.heir = agent

    def rewrite(self, input: str | list[TResponseInputItem], model_items: list[RunItem]) -> None:
        """Replace what the model sees; the run's record stays."""
        self.input = input
        self.model_items = model_items
        self.history = History(input, model_items)

    def error_details(self) -> RunErrorDetails:
        """Return what the run had done, for an exception that ends it."""
        return RunErrorDetails(
            input=self.input,
            new_items=list(self.items),
            raw_responses=list(self.responses),
            last_agent=self.agent,
            context_wrapper=self.context,
            **self.guardrail_results.as_details(),
        )
