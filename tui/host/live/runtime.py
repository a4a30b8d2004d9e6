"""Finds Runner, RunState and hooks in the library that an agent was written with.

Imports no library by name: an agent's classes say where they come from, and what they came from
is loaded already.
"""

import inspect
import re
import sys
import types
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass

# The members of a foreign library have no closer type.
from typing import Any, Protocol, TypeAlias

from tui.host.live.shapes import ForeignAgent, ForeignResult, field, name_of, text_field

_NEEDED = ("Agent", "Runner", "RunState", "RunHooks")
# A resumed run has these from its state; what the state says of a stored conversation is newer.
_IN_THE_STATE = (
    "context",
    "max_turns",
    "conversation_id",
    "previous_response_id",
    "auto_previous_response_id",
)


Teller: TypeAlias = Callable[..., Awaitable[None] | None]


class RunObserver(Protocol):
    """Who is told, in the runtime's own time, what its stream tells late or not at all."""

    def agent_started(self, agent: Any) -> None:
        """An agent is about to be asked for its next turn."""

    def approval_known(self, agent: Any, tool: Any, item: Any) -> None:
        """A call needs a person, while free tools of its turn may still run."""

    async def model_asked(self, agent: Any) -> None:
        """The model of an agent is about to be asked; it is not before this returns."""

    def state_known(self, state: Any) -> None:
        """The run could be taken up again from a state, and everything it knows was told."""

    async def tool_starts(self, context: Any, tool: Any) -> None:
        """A tool is about to run, and its time limit has not begun; `context` is its call's."""

    def tool_reported(self, context: Any, progress: Any) -> None:
        """A running tool says how far it is; `context` is its call's."""


@dataclass(frozen=True, slots=True)
class Runtime:
    """An agents library, as far as a run needs it."""

    library: types.ModuleType

    @property
    def can_steer(self) -> bool:
        """Whether a message can be added to a run that goes on."""
        return callable(getattr(self.library.RunState, "add_input", None))

    def is_agent(self, value: object) -> bool:
        """Whether `value` is an agent of this library."""
        return isinstance(value, self.library.Agent)

    def is_state(self, value: object) -> bool:
        """Whether `value` is a run of this library that was stopped and can be resumed."""
        return isinstance(value, self.library.RunState)

    def run_streamed(
        self,
        agent: ForeignAgent,
        run_input: object,
        observer: RunObserver,
        options: Mapping[str, Any],
    ) -> ForeignResult:
        """Start a run, or resume one where `run_input` is a state.

        Args:
            agent: Who begins.
            run_input: A text, a list of items, or a state.
            observer: Who is told.
            options: What else the runner is given; the program's own hooks hear first.
        """
        given = {name: value for name, value in options.items() if value is not None}
        if self.is_state(run_input):
            given = {name: value for name, value in given.items() if name not in _IN_THE_STATE}
        given["hooks"] = self._hooks(observer, given.get("hooks"))
        result: ForeignResult = self.library.Runner.run_streamed(agent, run_input, **given)
        return result

    def shows_nested(self, result: ForeignResult) -> bool:
        """Whether the events of agents used as tools come in the same stream."""
        return _has_nested_events(result)

    @property
    def hooks_of_hidden_runs(self) -> type | None:
        """The class of an agent's own hooks, if no stream shows what it does as a tool."""
        hooks: type | None = getattr(self.library, "AgentHooks", None)
        streamed = getattr(self.library, "RunResultStreaming", None)
        return None if streamed is None or _has_nested_events(streamed) else hooks

    def new_deltas(self) -> Any:
        """Return what writes the states of one run, each as what it adds; None without it."""
        writer = getattr(self.library, "CheckpointWriter", None)
        return None if writer is None else writer()

    def handoff_tools(self, agent: Any) -> frozenset[str]:
        """Return the names of the tools by which `agent` hands over."""
        handoffs = field(agent, "handoffs") or ()
        return frozenset(text_field(each, "tool_name") or _default_tool(each) for each in handoffs)

    @property
    def can_edit(self) -> bool:
        """Whether its states take changed arguments with an approval."""
        return "arguments" in inspect.signature(self.library.RunState.approve).parameters

    def _hooks(self, observer: RunObserver, own: Any) -> Any:
        """Return hooks that tell the program's own, if there are any, and then the observer."""
        base = self.library.RunHooks

        def telling(name: str, tell: Teller | None) -> Callable[..., Any]:
            # Arguments come by keyword in places: none is given another name on its way.
            async def told(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: ARG001
                if own is not None and hasattr(own, name):
                    await getattr(own, name)(*args, **kwargs)
                waits = tell(*args, **kwargs) if tell is not None else None
                if waits is not None:
                    await waits

            return told

        tellers: dict[str, Teller | None] = {
            name: None for name in dir(base) if own is not None and name.startswith("on_")
        }
        tellers |= {
            # A later version may tell more: what has another name is let pass.
            "on_agent_start": lambda context, agent, **_: observer.agent_started(agent),  # noqa: ARG005
            "on_llm_start": lambda context, agent, *_, **__: observer.model_asked(agent),  # noqa: ARG005
            "on_tool_start": lambda context, agent, tool, **_: (  # noqa: ARG005
                observer.tool_starts(context, tool)
            ),
            "on_checkpoint": lambda context, state, **_: observer.state_known(state),  # noqa: ARG005
            "on_approval_requested": lambda context, agent, tool, item, **_: (  # noqa: ARG005
                observer.approval_known(agent, tool, item)
            ),
            "on_tool_progress": lambda context, agent, tool, progress, **_: (  # noqa: ARG005
                observer.tool_reported(context, progress)
            ),
        }
        methods = {name: telling(name, tell) for name, tell in tellers.items()}
        return types.new_class("ObservingHooks", (base,), {}, lambda body: body.update(methods))()


def runtime_of(value: object) -> Runtime | None:
    """Return the library whose agent `value` is, or None if it is no agent."""
    for module in _modules_of(type(value)):
        if all(hasattr(module, name) for name in _NEEDED):
            runtime = Runtime(module)
            return runtime if runtime.is_agent(value) else None
    return None


def _has_nested_events(result: Any) -> bool:
    return "nested" in inspect.signature(result.stream_events).parameters


def _modules_of(kind: type) -> Iterator[types.ModuleType]:
    for base in kind.__mro__:
        package = base.__module__
        while package:
            module = sys.modules.get(package)
            if module is not None and package != "builtins":
                yield module
            package = package.rpartition(".")[0]


def _default_tool(agent: Any) -> str:
    return re.sub(r"[^a-zA-Z0-9_]", "_", f"transfer_to_{name_of(agent)}").lower()
