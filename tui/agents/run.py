"""Starts runs: at once or streamed, from the beginning or from a pause."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tui.agents.active_run import Run
from tui.agents.agent_base import AgentBase
from tui.agents.coerced import coerced
from tui.agents.event_queue import EventQueue
from tui.agents.exceptions import UserError
from tui.agents.guarding import check_history
from tui.agents.history import ServerHistory
from tui.agents.items import TResponseInputItem
from tui.agents.kinds import JsonObject, UserValue
from tui.agents.lifecycle import RunHooks
from tui.agents.nested import NestedRuns
from tui.agents.result import AgentToolInvocation, RunResult, RunResultStreaming
from tui.agents.run_config import CallModelData, ModelInputData, RunConfig
from tui.agents.run_context import RunContextWrapper
from tui.agents.run_error_handlers import RunErrorHandlers
from tui.agents.run_loop import drive
from tui.agents.run_state import RunState
from tui.agents.tool_context import ToolContext
from tui.agents.unsupported import refuse

if TYPE_CHECKING:
    from tui.agents.agent import Agent
    from tui.agents.memory.session import Session

DEFAULT_MAX_TURNS = 10

# Published files import the filter's types from here.
__all__ = ["DEFAULT_MAX_TURNS", "CallModelData", "ModelInputData", "RunConfig", "Runner"]

RunInput = str | list[TResponseInputItem] | RunState


class Runner:
    """Runs agents. `input` is a text, a list of input items, or a `RunState` to take up again.

    A state keeps its own `max_turns`; a `context` given with it replaces the state's. A `session`
    keeps the conversation: what it holds comes before the input, what the run comes to is added.
    With one of the ids, or `auto_previous_response_id`, the service keeps it: it is sent no more
    than it has not seen.
    """

    @classmethod
    async def run(
        cls,
        starting_agent: Agent,
        input: RunInput,
        *,
        context: UserValue = None,
        max_turns: int | None = DEFAULT_MAX_TURNS,
        hooks: RunHooks | None = None,
        run_config: RunConfig | None = None,
        previous_response_id: str | None = None,
        auto_previous_response_id: bool = False,
        conversation_id: str | None = None,
        session: Session | None = None,
        error_handlers: RunErrorHandlers | None = None,
        **unsupported: object,
    ) -> RunResult:
        """Run to the final output or a pause, and return what it came to.

        Raises:
            AgentsException: If the run fails; `run_data` says how far it came.
            openai.OpenAIError: If the service fails.
        """
        refuse("Runner.run", **unsupported)
        options = _Options(
            context=context,
            max_turns=max_turns,
            hooks=hooks,
            run_config=run_config,
            previous_response_id=previous_response_id,
            auto_previous_response_id=auto_previous_response_id,
            conversation_id=conversation_id,
            session=session,
            error_handlers=error_handlers,
        )
        return await StartedRun(options.begin(starting_agent, input)).complete()

    @classmethod
    def run_sync(cls, starting_agent: Agent, input: RunInput, **options: UserValue) -> RunResult:
        """Do what `run` does, with its options, where no event loop runs.

        Raises:
            RuntimeError: If an event loop runs in this thread.
        """
        return asyncio.run(cls.run(starting_agent, input, **options))

    @classmethod
    def run_streamed(
        cls,
        starting_agent: Agent,
        input: RunInput,
        context: UserValue = None,
        max_turns: int | None = DEFAULT_MAX_TURNS,
        hooks: RunHooks | None = None,
        run_config: RunConfig | None = None,
        previous_response_id: str | None = None,
        auto_previous_response_id: bool = False,
        conversation_id: str | None = None,
        session: Session | None = None,
        error_handlers: RunErrorHandlers | None = None,
        **unsupported: object,
    ) -> RunResultStreaming:
        """Start a run in the background and return at once.

        The run has begun, with or without `async with`; what goes wrong in it is raised by
        `stream_events()`.

        Raises:
            RuntimeError: If no event loop runs.
        """
        refuse("Runner.run_streamed", **unsupported)
        asyncio.get_running_loop()
        options = _Options(
            context=context,
            max_turns=max_turns,
            hooks=hooks,
            run_config=run_config,
            previous_response_id=previous_response_id,
            auto_previous_response_id=auto_previous_response_id,
            conversation_id=conversation_id,
            session=session,
            error_handlers=error_handlers,
        )
        return StartedRun(options.begin(starting_agent, input)).stream()


@dataclass(frozen=True)
class StartedRun:
    """A run that is ready to go."""

    run: Run

    async def complete(self) -> RunResult:
        """Run in the caller's task, unread."""
        await drive(self.run)
        return RunResult(self.run)

    def stream(self) -> RunResultStreaming:
        """Run in a task of its own, to be read."""
        queue = EventQueue()
        self.run.queue = self.run.nested.queue = queue
        result = RunResultStreaming(self.run, queue)
        result.run_loop_task = asyncio.create_task(_drive_streamed(result))
        return result


def start_nested(
    agent: Agent,
    input: RunInput,
    call: ToolContext,
    tool_input: JsonObject | None,
    *,
    run_config: RunConfig | None,
    max_turns: int | None,
    **options: UserValue,
) -> StartedRun:
    """Make the run of an agent that is used as a tool.

    The outer run's usage counts it, its decisions are its own, and who watches the outer run
    hears of its requests for approval and of what its tools report.
    """
    config = run_config or call.run_config
    limit = DEFAULT_MAX_TURNS if max_turns is None else max_turns
    context = RunContextWrapper(call.context, usage=call.usage, tool_input=tool_input)
    if isinstance(input, RunState):
        # It follows its own responses.
        options |= {"previous_response_id": None, "conversation_id": None}
    run = _Options(context, limit, run_config=config, **options).begin(agent, input)
    run.context.usage = call.usage
    run.invocation = AgentToolInvocation(call.tool_name, call.tool_call_id, call.tool_arguments)
    if call._nested is not None:
        run.nested.watchers = (*call._nested.watchers, *run.nested.watchers)
    return StartedRun(run)


@dataclass(frozen=True)
class _Options:
    context: UserValue
    max_turns: int | None
    hooks: RunHooks | None
    run_config: RunConfig | None
    previous_response_id: str | None = None
    auto_previous_response_id: bool = False
    conversation_id: str | None = None
    session: Session | None = None
    error_handlers: RunErrorHandlers | None = None

    def begin(self, agent: Agent, input: RunInput) -> Run:
        if not isinstance(agent, AgentBase):
            raise UserError(f"The starting agent must be an Agent, not {type(agent).__name__}.")
        run = self._run(agent, input)
        run.session = self.session
        run.error_handlers = self.error_handlers
        run.server = self._server(run.server)
        if run.session is not None and run.server is not None:
            raise UserError(
                "Session persistence cannot be combined with conversation_id, "
                "previous_response_id, or auto_previous_response_id."
            )
        check_history(run)
        return run

    def _run(self, agent: Agent, input: RunInput) -> Run:
        config = coerced(self.run_config or RunConfig(), RunConfig)
        hooks = self.hooks or RunHooks()
        if isinstance(input, RunState):
            return input.to_run(config=config, hooks=hooks, context=self.context)
        return Run(
            agent=agent,
            input=input,
            context=self._context(),
            config=config,
            hooks=hooks,
            max_turns=self.max_turns,
            nested=NestedRuns(),
        )

    def _server(self, kept: ServerHistory | None) -> ServerHistory | None:
        """Return what the service keeps; a run taken up again goes on with its own chain."""
        conversation_id = self.conversation_id
        if kept is not None:
            return replace(kept, conversation_id=conversation_id or kept.conversation_id)
        if not (conversation_id or self.previous_response_id or self.auto_previous_response_id):
            return None
        return ServerHistory(conversation_id, self.previous_response_id)

    def _context(self) -> RunContextWrapper:
        if isinstance(self.context, RunContextWrapper):
            return self.context
        return RunContextWrapper(self.context)


async def _drive_streamed(result: RunResultStreaming) -> None:
    """Drive a streamed run; its failure goes to the reader, not to the task."""
    run, queue = result._run, result._queue
    try:
        await drive(run)
    except asyncio.CancelledError:
        queue.close(discard=True)
    except BaseException as error:  # noqa: BLE001 - the reader raises it
        result.run_loop_exception = error
        queue.close(error)
    else:
        queue.close()
