"""What every function tool's call passes before it begins and after it ends.

Stays out of what a run does with it. The gate never makes a program ask less: a tool whose invoker
cannot be replaced without changing what the runtime sees of it is left alone, and named.
"""

import weakref
from asyncio import CancelledError
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from time import monotonic

# Tools and contexts are of either library.
from typing import Any, Final

from tui.host.live.ears import Ears
from tui.host.live.invokers import Around, Invoke, gated_invoker, stood_for
from tui.host.live.listings import Listings
from tui.host.live.outputs import said_before
from tui.host.live.reach import behind_handoffs, behind_tools
from tui.host.live.scope import INSIDE, RUN, Call, Outcome, Passage, Passing
from tui.host.live.shapes import field, is_same_json, name_of, shown, text_field

# The runtime's timer begins a moment before the tool does.
_TIMER_SLACK_S = 0.1
# What tools without an invoker are run by in this process; those of the service have none of it.
_RUN_BY: Final = ("executor", "editor", "computer")


class ToolExitError(Exception):
    """A tool tried to end the process, or raised what only ends a process or a generator."""


class Gate:
    """Stands in the tools of every agent it reaches, until it is closed.

    One wrapper a tool, however many runs use it; which run a call belongs to says a context
    variable. The run hears, too, which tools pass and which do not.
    """

    def __init__(self) -> None:
        self._ears = Ears()
        self._listings = Listings(self._listed)
        # By id; what is kept alive keeps its id.
        self._agents: dict[int, Any] = {}
        self._tools: dict[int, tuple[Callable[[], Any], int]] = {}
        self._listed_last: dict[int, tuple[Callable[[], Any], ...]] = {}

    def reach(self, agent: Any) -> None:
        """Stand in the tools `agent` has and will list, and in those of agents that are its tools.

        What these do inside a call is heard of too.
        """
        self._reach(agent, inside=False)
        # Some versions list an agent's tools before they tell that it has the control.
        for target in behind_handoffs(agent):
            self._listen(target)

    def close(self) -> None:
        """Give every tool its own invoker back, unless another took the gate's place."""
        self._listings.close()
        for tool in [each() for each, _ in self._tools.values()]:
            if self.has(tool):
                tool.on_invoke_tool = stood_for(tool.on_invoke_tool)
        self._tools.clear()
        self._agents.clear()
        self._listed_last.clear()
        self._ears.close()

    def tool_named(self, agent: Any, name: str) -> Any:
        """Return the tool that an agent has, or listed last, under this name; None without one."""
        listed = (each() for each in self._listed_last.get(id(agent), ()))
        tools = (*(field(agent, "tools") or ()), *listed)
        return next((tool for tool in tools if name_of(tool) == name), None)

    def _reach(self, agent: Any, *, inside: bool) -> None:
        for each, is_inner in _with_inner_agents(agent, inside=inside):
            if is_inner:
                self._ears.listen(each)
            is_heard = self._listen(each)
            self._tell_run(each, self._stand_in_all(field(each, "tools") or ()))
            if not is_heard:
                self._miss_servers(each)

    def _listen(self, agent: Any) -> bool:
        self._agents[id(agent)] = agent
        return self._listings.listen(agent)

    def _listed(self, agent: Any, tools: Any) -> None:
        """Stand in what an agent lists for a turn: added late, made anew, or of a server."""
        if self._agents.get(id(agent)) is not agent or not isinstance(tools, list | tuple):
            return
        self._listed_last[id(agent)] = tuple(map(_reference, tools))
        is_all = all(callable(field(tool, "on_invoke_tool")) for tool in tools)
        self._tell_run(agent, self._stand_in_all(tools), is_all=is_all)
        for inner in [field(tool, "_agent_instance") for tool in tools]:
            if inner is not None and id(inner) not in self._agents:
                self._reach(inner, inside=True)

    def _stand_in_all(self, tools: Iterable[Any]) -> dict[str, bool]:
        """Return the names of the tools that run here, each with whether its calls pass."""
        passing: dict[str, bool] = {}
        for tool in tools:
            if callable(field(tool, "on_invoke_tool")):
                passing[name_of(tool)] = self._stand_in(tool)
            elif any(field(tool, name) is not None for name in _RUN_BY):
                # The runtime runs it without an invoker; some go by another name in their calls.
                passing[text_field(tool, "trace_name") or name_of(tool)] = False
        return passing

    def _stand_in(self, tool: Any) -> bool:
        if self.has(tool):
            return True
        try:
            gated = gated_invoker(tool.on_invoke_tool, _around(tool))
            tool.on_invoke_tool = gated
        except (TypeError, AttributeError):
            return False
        place = id(tool)
        self._tools[place] = _reference(tool, lambda _: self._tools.pop(place, None)), id(gated)
        return True

    def has(self, tool: Any) -> bool:
        """Whether the calls of a tool pass."""
        known, invoker_id = self._tools.get(id(tool), (None, 0))
        if known is None or known() is not tool:
            return False
        invoker = field(tool, "on_invoke_tool")
        return id(invoker) == invoker_id and stood_for(invoker) is not None

    def _tell_run(self, agent: Any, tools: dict[str, bool], *, is_all: bool = False) -> None:
        run = RUN.get()
        if run is not None:
            run.has_tools(name_of(agent), tools, is_all=is_all)

    def _miss_servers(self, agent: Any) -> None:
        run = RUN.get()
        for server in field(agent, "mcp_servers") or ():
            if run is not None:
                run.out_of_reach(f"tools of the MCP server {name_of(server)}")


def _reference(tool: Any, when_gone: Callable[[Any], object] | None = None) -> Callable[[], Any]:
    """Return what gives the tool; one that lives for a turn is not kept alive by it."""
    try:
        return weakref.ref(tool, when_gone)
    except TypeError:
        return lambda: tool


def _with_inner_agents(start: Any, *, inside: bool) -> Iterator[tuple[Any, bool]]:
    """Yield an agent and those behind its tools; these with their handoffs, as no hook tells.

    Each comes with whether it runs inside a call; the first does if `inside`.
    """
    waiting, seen = [(start, inside)], set()
    while waiting:
        agent, is_inner = waiting.pop()
        if (id(agent), is_inner) in seen:
            continue
        seen.add((id(agent), is_inner))
        yield agent, is_inner
        inner = behind_tools(agent)
        if is_inner:
            inner += behind_handoffs(agent)
        waiting += [(each, True) for each in inner]


def _around(tool: Any) -> Around:
    async def around(invoke: Invoke, context: Any, errors: list[Any]) -> Any:
        run, call = RUN.get(), call_of(context, tool)
        if run is None or not call.call_id:
            return await _without_exit(invoke)
        passing = await run.admit(call, tool)
        if passing.outcome is not None:
            return passing.outcome.result
        if passing.refusal is not None:
            return passing.refusal
        changed = _changed_arguments(call, passing)
        run.entered(call, field(tool, "_agent_instance"))
        began_s, token = monotonic(), INSIDE.set(call)
        try:
            await run.kept(call)
            with _put_in(context, changed):
                result = await _without_exit(invoke, changed)
        except BaseException as error:
            run.left(call, _timed_out(error, tool, monotonic() - began_s) or _raised(error))
            raise
        finally:
            INSIDE.reset(token)
        if changed is not None:
            result = said_before(f"(arguments changed by the operator to {changed})", result)
        _leave(run, call, tool, result, field(context, "failure"), errors)
        return result

    return around


def _changed_arguments(call: Call, passing: Passing) -> str | None:
    """Return what a person put in place of the arguments, if the runtime has not done so itself."""
    changed = passing.arguments
    return None if changed is None or is_same_json(changed, call.arguments) else changed


@contextmanager
def _put_in(context: Any, arguments: str | None) -> Iterator[None]:
    """Let the tool read the arguments that it runs with from its context too."""
    asked = field(context, "tool_arguments")
    if arguments is None or asked is None:
        yield
        return
    context.tool_arguments = arguments
    try:
        yield
    finally:
        context.tool_arguments = asked


async def _without_exit(invoke: Invoke, arguments: str | None = None) -> Any:
    """Call the tool; its `sys.exit()` ends the call and not the host."""
    try:
        return await invoke(arguments)
    except (Exception, CancelledError):
        raise
    except (SystemExit, KeyboardInterrupt) as error:
        raise ToolExitError(f"the tool tried to end the process ({error!r})") from error
    except BaseException as error:
        # A runtime would take it for a wish to stop, or lose the task that it ends.
        raise ToolExitError(f"the tool raised {type(error).__name__}: {shown(error)}") from error


def _leave(
    run: Passage, call: Call, tool: Any, result: Any, failure: Any, errors: list[Any]
) -> None:
    if errors:
        run.left(call, _raised(errors[-1], result))
    elif failure is not None:
        error_type, error = text_field(failure, "error_type"), text_field(failure, "message")
        run.left(call, Outcome(result, error_type or "ToolError", error))
    elif result is None and field(tool, "_agent_instance") is not None:
        # An agent used as a tool gives nothing back while a call inside it waits.
        run.suspended(call)
    else:
        run.left(call, Outcome(result, is_unchecked=bool(field(tool, "tool_output_guardrails"))))


def call_of(context: Any, tool: Any) -> Call:
    """Return the call that a tool's context belongs to; its `call_id` is "" if it is none."""
    inside = INSIDE.get()
    return Call(
        agent=name_of(field(context, "agent")),
        call_id=text_field(context, "tool_call_id"),
        tool=text_field(context, "tool_name"),
        arguments=text_field(context, "tool_arguments"),
        within=inside.call_id if inside is not None else None,
        description=text_field(tool, "description"),
    )


def _timed_out(error: BaseException, tool: Any, ran_s: float) -> Outcome | None:
    """Return what to say of a call that its runtime stopped because of the tool's time limit."""
    limit_s = field(tool, "timeout_seconds")
    if not isinstance(error, CancelledError) or not isinstance(limit_s, int | float):
        return None
    if ran_s < limit_s - min(_TIMER_SLACK_S, limit_s / 2):
        return None
    text = f"Tool '{name_of(tool)}' timed out after {limit_s:g} seconds."
    return Outcome(None, "ToolTimeoutError", text)


def _raised(error: BaseException, result: object = None) -> Outcome:
    text = shown(error) or "it was stopped before it returned"
    return Outcome(result, type(error).__name__, text)
