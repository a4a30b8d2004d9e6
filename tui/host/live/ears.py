"""Hears, by an agent's own hooks, what happens in runs that no stream of the runtime shows.

An agent used as a tool runs inside the call; the SDK's stream and the run's hooks say nothing of
it, the agent's own hooks do. Stays out of what is told of it, and of the agents' tools.
"""

import types
from collections.abc import Awaitable, Callable

# Agents, hooks and what they are given are of either library.
from typing import Any

from tui.host.live.runtime import runtime_of
from tui.host.live.scope import INSIDE, RUN, Call, Passage
from tui.host.live.shapes import field, name_of


class Ears:
    """Listens at every agent it was shown, until it is closed. The agents' own hooks hear first."""

    def __init__(self) -> None:
        self._agents: dict[int, tuple[Any, Any, Any]] = {}

    def listen(self, agent: Any) -> None:
        """Hear of `agent` from now on, where its runtime's stream does not tell of such runs."""
        own, known = field(agent, "hooks"), self._agents.get(id(agent))
        if known is not None and known[2] is own:
            return
        runtime = runtime_of(agent)
        base = runtime.hooks_of_hidden_runs if runtime is not None else None
        if base is None:
            return
        listening = _listening(base, own)
        try:
            agent.hooks = listening
        except (TypeError, AttributeError):
            return
        # Keeps the agent alive, so that its id stays its own.
        self._agents[id(agent)] = agent, own, listening

    def close(self) -> None:
        """Give every agent its own hooks back, unless others took their place."""
        for agent, own, listening in self._agents.values():
            if field(agent, "hooks") is listening:
                agent.hooks = own
        self._agents.clear()


def _listening(base: type, own: Any) -> Any:
    """Return hooks that tell the agent's own, if it has some, and then the run."""

    def telling(name: str) -> Callable[..., Any]:
        # Arguments come by keyword in places: none is given another name on its way.
        async def told(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: ARG001
            if own is not None:
                await getattr(own, name)(*args, **kwargs)
            run, call = RUN.get(), INSIDE.get()
            if run is None or call is None or name not in _HEARD:
                return
            waits = _HEARD[name](run, call, *args, **kwargs)
            if waits is not None:
                await waits

        return told

    members: dict[str, Any] = {name: telling(name) for name in dir(base) if name.startswith("on_")}
    # A program may read its own fields from the hooks it gave.
    members["__getattr__"] = lambda self, name: getattr(own, name)  # noqa: ARG005
    return types.new_class("ListeningHooks", (base,), {}, lambda body: body.update(members))()


# A later version of the library may tell more: what has another name is let pass.
def _started(run: Passage, call: Call, context: Any, agent: Any, **_: Any) -> None:  # noqa: ARG001
    run.inside.began(call, agent)


def _asks(
    run: Passage,
    call: Call,
    context: Any,  # noqa: ARG001
    agent: Any,
    system_prompt: Any,  # noqa: ARG001
    input_items: Any,
    **_: Any,
) -> Awaitable[None]:
    run.inside.asks(call, agent, input_items)
    return run.before_model(name_of(agent))


def _answered(
    run: Passage,
    call: Call,
    context: Any,  # noqa: ARG001
    agent: Any,  # noqa: ARG001
    response: Any,
    **_: Any,
) -> None:
    run.inside.answered(call, response)


def _handed_over(
    run: Passage,
    call: Call,
    context: Any,  # noqa: ARG001
    agent: Any,
    source: Any,
    **_: Any,
) -> None:
    run.inside.handed_over(call, source, agent)


_HEARD: dict[str, Callable[..., Awaitable[None] | None]] = {
    "on_start": _started,
    "on_llm_start": _asks,
    "on_llm_end": _answered,
    "on_handoff": _handed_over,
}
