"""Makes an agent that can be run of what a name stands for: calls it, awaits it, enters it.

What is entered is left by who keeps the exit stack, in the same task. Stays out of importing.
"""

import functools
import inspect
from asyncio import CancelledError, current_task
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager, AsyncExitStack
from dataclasses import dataclass, field

# A run's options are whatever its runner takes.
from typing import Any

from tui.errors import LoadError
from tui.host.finding import REHEARSAL
from tui.host.live import shapes
from tui.host.live.opened import BY_COMMAND, Opened
from tui.host.live.reach import bare_function, namesakes
from tui.host.live.runtime import Runtime, runtime_of
from tui.host.live.shapes import ForeignAgent
from tui.host.load_errors import failed
from tui.host.loading import Imported, Named, Wanted
from tui.host.models import choose_api, with_api, with_model, with_usage

_MANAGERS = (AbstractAsyncContextManager, AbstractContextManager)


@dataclass(frozen=True, slots=True)
class LoadedAgent:
    """An agent that can be run.

    Attributes:
        target: What the person asked for.
        options: What every run is given besides agent and input, as the runner names it.
        opened: How it was opened.
    """

    target: str
    agent: ForeignAgent
    runtime: Runtime
    rehearsal: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)
    opened: Opened = BY_COMMAND


async def open_agent(imported: Imported, kept: AsyncExitStack) -> LoadedAgent:
    """Return the agent that was wanted, with the options of its runs.

    Args:
        imported: What the names stand for: an agent, or what gives one (a function, sync or
            async, or a context manager of either kind). With the agent may come a dict of keyword
            arguments for `Runner.run_streamed`: `return agent, {"session": session}`.
        kept: Holds what was entered.

    Raises:
        LoadError: If there is no agent in it, or their code failed.
    """
    agent, options = _with_options(await _given(imported.agent, kept), imported.agent)
    runtime = _runtime(agent, imported.agent)
    if imported.context is not None:
        options["context"] = await _given(imported.context, kept, as_it_is=True)
    if imported.wanted.api:
        choose_api(imported.wanted.api, runtime.library)
        options = with_api(runtime.library, options)
    if imported.wanted.model:
        options = with_model(imported.wanted.model, runtime.library, options)
    if imported.wanted.api == "chat":
        options = with_usage(runtime.library, options)
    _check(runtime, agent, options, imported.agent)
    is_rehearsal = imported.wanted.target == REHEARSAL
    opened = _opened(imported.wanted)
    return LoadedAgent(imported.agent.target, agent, runtime, is_rehearsal, options, opened)


def agent_of_program(agent: Any, target: str, options: Mapping[str, Any]) -> LoadedAgent:
    """Return an agent that a program gives itself, with the options of its runs.

    Raises:
        LoadError: If it is none, or cannot be run so.
    """
    named = Named(target, agent, "give an agent of tui.agents or of openai-agents")
    runtime = _runtime(agent, named)
    _check(runtime, agent, options, named)
    return LoadedAgent(target, agent, runtime, options=options, opened=Opened(by_program=True))


def _opened(wanted: Wanted) -> Opened:
    return Opened(
        api=wanted.api,
        has_model=bool(wanted.model),
        address_from=wanted.address_from,
        key_from=wanted.key_from,
    )


async def _given(named: Named, kept: AsyncExitStack, *, as_it_is: bool = False) -> Any:
    """Call, await and enter what a name stands for, as far as it can be.

    Args:
        named: The name.
        kept: Holds what was entered.
        as_it_is: Whether an object is what is wanted, whatever it can do: only what a class or a
            function makes is awaited and entered.
    """
    value: Any = named.value
    if as_it_is and not _makes(value):
        return value
    try:
        if as_it_is or _is_called(value):
            _check_call(value, named.target)
            value = value()
        if inspect.isawaitable(value):
            value = await value
        if isinstance(value, AbstractAsyncContextManager):
            return await kept.enter_async_context(value)
        if isinstance(value, AbstractContextManager):
            return kept.enter_context(value)
    except LoadError:
        raise
    except CancelledError as error:
        task = current_task()
        if task is not None and task.cancelling():
            # A wish to end the host, and none of theirs.
            raise
        raise failed(named.target, error) from error
    except BaseException as error:
        # Their code may raise anything.
        raise failed(named.target, error) from error
    return value


def _makes(value: Any) -> bool:
    """Whether it is a class or a function, decorated or not."""
    is_function = inspect.isroutine(value) or inspect.isroutine(shapes.field(value, "__wrapped__"))
    return is_function or isinstance(value, type | functools.partial)


def _is_called(value: object) -> bool:
    if isinstance(value, type):
        return issubclass(value, _MANAGERS)
    return callable(value) and runtime_of(value) is None and not isinstance(value, _MANAGERS)


def _check_call(value: Any, target: str) -> None:
    try:
        inspect.signature(value).bind()
    except TypeError as error:
        raise LoadError(
            f"{target} cannot be called without arguments ({error}): give them defaults"
        ) from error
    except ValueError:
        # Some builtins do not tell their signature.
        return


def _with_options(value: Any, named: Named) -> tuple[Any, dict[str, Any]]:
    """Take an agent and the options of its runs apart."""
    match value:
        case (agent, Mapping() as options):
            return agent, dict(options)
        case tuple():
            raise LoadError(
                f"{named.target} gives a tuple of {len(value)}: give the agent, or a pair of the "
                "agent and a dict of keyword arguments for Runner.run_streamed"
            )
    return value, {}


def _runtime(agent: object, named: Named) -> Runtime:
    runtime = runtime_of(agent)
    if runtime is None:
        raise LoadError(_no_agent(named, agent))
    return runtime


def _no_agent(named: Named, value: object) -> str:
    if inspect.isasyncgen(value) or inspect.isgenerator(value):
        name = "asynccontextmanager" if inspect.isasyncgen(value) else "contextmanager"
        return f"{named.target} yields its agent: decorate it with contextlib.{name}"
    gives = "is not an agent but" if value is named.value else "gives no agent but something"
    return f"{named.target} {gives} of type {type(value).__name__}: {named.others}"


def _check(runtime: Runtime, agent: Any, options: Mapping[str, Any], named: Named) -> None:
    try:
        inspect.signature(runtime.library.Runner.run_streamed).bind_partial(agent, "", **options)
    except TypeError as error:
        raise LoadError(
            f"{named.target} gives its runs an option that Runner.run_streamed does not take: "
            f"{error}"
        ) from error
    if (bare := bare_function(agent)) is not None:
        owner, function = bare
        raise LoadError(
            f"{named.target}: {function.__name__} among the tools of {owner} is a plain function: "
            "decorate it with @function_tool"
        )
    if (pair := namesakes(agent)) is not None:
        raise LoadError(
            f"{named.target} leads to two agents of one name: {pair[0]} and {pair[1]}; what is "
            "decided and resumed goes by the name, so give each its own"
        )
