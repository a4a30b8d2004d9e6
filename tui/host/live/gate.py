"""What every function tool's call passes before it begins and after it ends.

Stays out of what a run does with it. The gate never makes a program ask less: a tool whose invoker
cannot be replaced without changing what the runtime sees of it is left alone, and named.
"""

from collections.abc import Awaitable, Callable

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
        self._agents: dict[int, Any] = {}

    def reach(self, agent: Any) -> None:
        """Stand in the tools `agent` has now, and in those of agents that are its tools."""
        self._reach(agent, set())

    def close(self) -> None:
        """Give every tool its own invoker back, unless another took the gate's place."""
        for tool, original, gated in self._tools.values():
            if field(tool, "on_invoke_tool") is gated:
                tool.on_invoke_tool = original
        self._tools.clear()

    def _reach(self, agent: Any, seen: set[int]) -> None:
        if id(agent) in seen:
            return
        seen.add(id(agent))
        for tool in field(agent, "tools") or ():
            self._stand_in(tool, agent)
            inner = field(tool, "_agent_instance")
            if inner is not None:
                self._reach_all(inner, seen)
        for server in field(agent, "mcp_servers") or ():
            self.unreached[f"tools of the MCP server {name_of(server)}"] = None

    def _reach_all(self, agent: Any, seen: set[int]) -> None:
        """Reach an agent behind a tool with its handoffs: no hook tells of those."""
        if id(agent) in seen:
            return
        self._reach(agent, seen)
        for each in field(agent, "handoffs") or ():
            target = each if field(each, "tools") is not None else field(each, "_agent_instance")
            if target is not None:
                self._reach_all(target, seen)

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
