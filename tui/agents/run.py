"""Starts runs: at once or streamed, from the beginning or from a pause."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from tui.agents.active_run import Run
from tui.agents.agent_base import AgentBase
from tui.agents.checkpoint_hook import Checkpoints, checkpoints_of
from tui.agents.coerced import coerced
from tui.agents.event_queue import EventQueue
from tui.agents.exceptions import UserError
from tui.agents.guarding import check_history
from tui.agents.history import ServerHistory
from tui.agents.items import TResponseInputItem
from tui.agents.kinds import JsonObject, UserValue
from tui.agents.lifecycle import SILENT, RunHooks
from tui.agents.result import AgentToolInvocation, RunResult, RunResultStreaming
from tui.agents.run_config import CallModelData, ModelInputData, RunConfig
from tui.agents.run_context import RunContextWrapper
from tui.agents.run_error_handlers import RunErrorHandlers
from tui.agents.run_loop import drive
from tui.agents.run_state import RunState
from tui.agents.tool_context import ToolContext
from tui.agents.unsupported import refuse
from tui.thread_loop import run_in_thread_loop

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
        run = _new_run(starting_agent, input, context, max_turns, hooks, run_config)
        run.error_handlers = error_handlers
        _keep(run, session, conversation_id, previous_response_id, auto_previous_response_id)
        return await complete(run)

    @classmethod
    def run_sync(cls, starting_agent: Agent, input: RunInput, **options: UserValue) -> RunResult:
        """Do what `run` does, with its options, where no event loop runs.

        The event loop of the thread is used and stays open: clients live longer than a call.

        Raises:
            RuntimeError: If an event loop runs in this thread.
        """
        return run_in_thread_loop(cls.run(starting_agent, input, **options))

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
        """Start a run in the background and return at once, with or without `async with`.

        What goes wrong in it is raised by `stream_events()`.

        Raises:
            RuntimeError: If no event loop runs.
        """
        refuse("Runner.run_streamed", **unsupported)
        asyncio.get_running_loop()
        run = _new_run(starting_agent, input, context, max_turns, hooks, run_config)
        run.error_handlers = error_handlers
        _keep(run, session, conversation_id, previous_response_id, auto_previous_response_id)
        return stream(run)


async def complete(run: Run) -> RunResult:
    """Drive a run in the caller's task, unread."""
    await drive(run)
    return RunResult(run)


def stream(run: Run) -> RunResultStreaming:
    """Drive a run in a task of its own, to be read."""
    queue = EventQueue()
    run.queue = run.nested.queue = queue
    result = RunResultStreaming(run, queue)
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
    hooks: RunHooks | None,
    previous_response_id: str | None,
    conversation_id: str | None,
    session: Session | None,
) -> Run:
    """Make the run of an agent that is used as a tool.

    The outer run's usage counts it, its decisions are its own, and who watches the outer run
    hears of its requests for approval and of what its tools report.
    """
    limit = DEFAULT_MAX_TURNS if max_turns is None else max_turns
    context = RunContextWrapper(call.context, tool_input=tool_input)
    run = _new_run(agent, input, context, limit, hooks, run_config or call.run_config)
    if isinstance(input, RunState):
        # It follows its own responses.
        previous_response_id = conversation_id = None
    _keep(run, session, conversation_id, previous_response_id)
    run.context.usage = call.usage
    run.invocation = AgentToolInvocation(call.tool_name, call.tool_call_id, call.tool_arguments)
    if call._nested is not None:
        outer = call._nested.checkpoints
        run.nested.checkpoints = outer and Checkpoints(run, outer)
        run.nested.watchers = (*call._nested.watchers, *run.nested.watchers)
    return run


def _new_run(
    agent: Agent,
    input: RunInput,
    context: UserValue,
    max_turns: int | None,
    hooks: RunHooks | None,
    config: RunConfig | None,
) -> Run:
    if not isinstance(agent, AgentBase):
        raise UserError(f"The starting agent must be an Agent, not {type(agent).__name__}.")
    config, hooks = checked_options(config, hooks)
    if isinstance(input, RunState):
        run = input.to_run(config=config, hooks=hooks, context=context)
    else:
        if not isinstance(context, RunContextWrapper):
            context = RunContextWrapper(context)
        run = Run(agent, _checked_input(input), context, config, hooks, max_turns)
    run.nested.checkpoints = checkpoints_of(run)
    return run


def checked_options(config: RunConfig | None, hooks: RunHooks | None) -> tuple[RunConfig, RunHooks]:
    """Return what a run is started with; a `TypeError` if these are something else."""
    if not isinstance(hooks, RunHooks | None):
        raise TypeError(f"Run hooks must be RunHooks, got {type(hooks).__name__}")
    given = RunConfig() if config is None else coerced(config, RunConfig)
    return given, SILENT if hooks is None else hooks


def _is_item(given: UserValue) -> bool:
    return isinstance(given, Mapping) or hasattr(given, "type")


def _checked_input(given: UserValue) -> str | list[TResponseInputItem]:
    items = [given] if isinstance(given, Mapping) else given
    if isinstance(items, str):
        return items
    if not (isinstance(items, list | tuple) and all(map(_is_item, items))):
        raise UserError("The input must be a text, a list of input items, or a RunState.")
    return list(items)


def _keep(
    run: Run,
    session: Session | None,
    conversation_id: str | None,
    previous_response_id: str | None,
    follows_responses: bool = False,
) -> None:
    """Say who keeps the run's conversation; one taken up again goes on with its own chain.

    Raises:
        UserError: If these cannot all be, or output guardrails could not take anything back.
    """
    run.session = session
    if run.server is not None:
        run.server.conversation_id = conversation_id or run.server.conversation_id
    elif conversation_id or previous_response_id or follows_responses:
        run.server = ServerHistory(conversation_id, previous_response_id)
    if run.session is not None and run.server is not None:
        raise UserError(
            "Session persistence cannot be combined with conversation_id, "
            "previous_response_id, or auto_previous_response_id."
        )
    check_history(run)


async def _drive_streamed(result: RunResultStreaming) -> None:
    """Drive a streamed run; its failure goes to the reader, not to the task."""
    run, queue = result._run, result._queue
    try:
        await drive(run)
    except BaseException as error:  # noqa: BLE001 - the reader raises it
        if isinstance(error, asyncio.CancelledError) and run.status == "cancelled":
            queue.close(discard=True)
            return
        result.run_loop_exception = error
        queue.close(error)
    else:
        queue.close()
