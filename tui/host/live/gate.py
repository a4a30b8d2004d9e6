"""What every function tool's call passes before it begins and after it ends.

Stays out of what a run does with it. The gate never makes a program ask less: a tool whose invoker
cannot be replaced without changing what the runtime sees of it is left alone, and named.
"""

from collections.abc import Awaitable, Callable, Iterator

# Tools and contexts are of either library.
from typing import Any

from tui.host.live.invokers import Around, gated_invoker
from tui.host.live.scope import INSIDE, RUN, Call, Outcome, Passage
from tui.host.live.shapes import field, name_of, safe, text_field


class ToolExitError(Exception):
    """A tool tried to end the process."""


class Gate:
    """Stands in the tools of every agent it reaches, until it is closed.

    One wrapper a tool, however many runs use it; which run a call belongs to says a context
    variable.

    Attributes:
        unreached: Tools that run without passing, as "tool of agent".
    """

    def __init__(self) -> None:
        self.unreached: dict[str, None] = {}
        self._tools: dict[int, tuple[Any, Any, Any]] = {}

    def reach(self, agent: Any) -> None:
        """Stand in the tools `agent` has now, and in those of agents that are its tools."""
        for each in _with_inner_agents(agent):
            for tool in field(each, "tools") or ():
                self._stand_in(tool, each)
            for server in field(each, "mcp_servers") or ():
                self.unreached[f"tools of the MCP server {name_of(server)}"] = None

    def close(self) -> None:
        """Give every tool its own invoker back, unless another took the gate's place."""
        for tool, original, gated in self._tools.values():
            if field(tool, "on_invoke_tool") is gated:
                tool.on_invoke_tool = original
        self._tools.clear()

    def _stand_in(self, tool: Any, agent: Any) -> None:
        original = field(tool, "on_invoke_tool")
        known = self._tools.get(id(tool))
        if not callable(original) or (known is not None and known[2] is original):
            return
        try:
            gated = gated_invoker(original, _around(tool))
            tool.on_invoke_tool = gated
        except (TypeError, AttributeError):
            self.unreached[f"{name_of(tool)} of {name_of(agent)}"] = None
            return
        # Keeps the tool alive, so that its id stays its own.
        self._tools[id(tool)] = tool, original, gated


def _with_inner_agents(start: Any) -> Iterator[Any]:
    """Yield an agent and those behind its tools; these with their handoffs, as no hook tells."""
    waiting, seen = [(start, False)], set()
    while waiting:
        agent, is_inner = waiting.pop()
        if (id(agent), is_inner) in seen:
            continue
        seen.add((id(agent), is_inner))
        yield agent
        inner = [field(tool, "_agent_instance") for tool in field(agent, "tools") or ()]
        if is_inner:
            inner += [_target(each) for each in field(agent, "handoffs") or ()]
        waiting += [(each, True) for each in inner if each is not None]


def _target(handoff: Any) -> Any:
    """Return the agent that a handoff, or an agent in its place, hands over to."""
    if field(handoff, "tools") is not None:
        return handoff
    reference = field(handoff, "_agent_ref")
    return field(handoff, "_agent_instance") or (reference() if callable(reference) else None)


def _around(tool: Any) -> Around:
    async def around(invoke: Callable[[], Awaitable[Any]], context: Any, errors: list[Any]) -> Any:
        run, call = RUN.get(), _call_of(context)
        if run is None or not call.call_id:
            return await _without_exit(invoke)
        run.entered(call, field(tool, "_agent_instance"))
        token = INSIDE.set(call)
        try:
            result = await _without_exit(invoke)
        except BaseException as error:
            run.left(call, _raised(error))
            raise
        finally:
            INSIDE.reset(token)
        _leave(run, call, tool, result, field(context, "failure"), errors)
        return result

    return around


async def _without_exit(invoke: Callable[[], Awaitable[Any]]) -> Any:
    """Call the tool; its `sys.exit()` ends the call and not the host."""
    try:
        return await invoke()
    except (SystemExit, KeyboardInterrupt) as error:
        raise ToolExitError(f"the tool tried to end the process ({error!r})") from error


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
        run.left(call, Outcome(result))


def _call_of(context: Any) -> Call:
    inside = INSIDE.get()
    return Call(
        agent=name_of(field(context, "agent")),
        call_id=text_field(context, "tool_call_id"),
        tool=text_field(context, "tool_name"),
        arguments=text_field(context, "tool_arguments"),
        within=inside.call_id if inside is not None else None,
    )


def _raised(error: BaseException, result: object = None) -> Outcome:
    text = safe(str(error)) or "it was stopped before it returned"
    return Outcome(result, type(error).__name__, text)
