"""Handoffs: how one agent passes control to another. Knows no loop."""

from __future__ import annotations

import inspect
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tui.agents.coerced import function_name
from tui.agents.exceptions import ModelBehaviorError, UserError
from tui.agents.items import RunItem, TResponseInputItem
from tui.agents.kinds import JsonObject, UserValue
from tui.agents.maybe_await import MaybeAwaitable, maybe_await
from tui.agents.run_context import RunContextWrapper
from tui.agents.strict_schema import ensure_strict_json_schema
from tui.agents.unsupported import refuse

if TYPE_CHECKING:
    from tui.agents.agent import Agent
    from tui.agents.tool import IsEnabled


@dataclass(frozen=True)
class HandoffInputData:
    """What the next agent is about to be given.

    Attributes:
        input_history: The input before the run's own items.
        pre_handoff_items: The items of the turns before the handoff's.
        new_items: The items of the turn with the handoff, its output included.
        run_context: The run's context.
        input_items: If set, what the next agent sees instead of `new_items`.
    """

    input_history: str | tuple[TResponseInputItem, ...]
    pre_handoff_items: tuple[RunItem, ...]
    new_items: tuple[RunItem, ...]
    run_context: RunContextWrapper | None = None
    input_items: tuple[RunItem, ...] | None = None

    def clone(self, **changes: UserValue) -> HandoffInputData:
        """Return a copy with some attributes changed."""
        return replace(self, **changes)


HandoffInputFilter = Callable[[HandoffInputData], MaybeAwaitable[HandoffInputData]]
"""Changes what the next agent is given."""


@dataclass(eq=False)
class Handoff:
    """A handoff, which the model sees as a tool.

    Attributes:
        tool_name: The name the model calls.
        tool_description: What the model is told of it.
        input_json_schema: The schema of its arguments.
        on_invoke_handoff: Called with the context and the arguments; returns the next agent.
        agent_name: The next agent's name.
        input_filter: Changes what the next agent is given.
        strict_json_schema: Whether the service holds the model to the schema.
        is_enabled: Whether the model is shown the handoff.
    """

    tool_name: str
    tool_description: str
    input_json_schema: JsonObject
    on_invoke_handoff: Callable[[RunContextWrapper, str], Awaitable[Agent]]
    agent_name: str
    input_filter: HandoffInputFilter | None = None
    strict_json_schema: bool = True
    is_enabled: bool | IsEnabled = True
    _agent_instance: Agent | None = field(default=None, kw_only=True, repr=False)

    def get_transfer_message(self, agent: Agent) -> str:
        """Return what the handoff's output says to the model."""
        return json.dumps({"assistant": agent.name})

    @classmethod
    def default_tool_name(cls, agent: Agent) -> str:
        """Return `transfer_to_` and the agent's name as an identifier."""
        return function_name(f"transfer_to_{agent.name}")

    @classmethod
    def default_tool_description(cls, agent: Agent) -> str:
        """Return what the model is told of a handoff to `agent`."""
        return (
            f"Handoff to the {agent.name} agent to handle the request. "
            f"{agent.handoff_description or ''}"
        )


def handoff(
    agent: Agent,
    tool_name_override: str | None = None,
    tool_description_override: str | None = None,
    on_handoff: Callable[..., MaybeAwaitable[None]] | None = None,
    input_type: type[UserValue] | None = None,
    input_filter: HandoffInputFilter | None = None,
    nest_handoff_history: bool | None = None,
    is_enabled: bool | IsEnabled = True,
) -> Handoff:
    """Make a handoff to `agent`.

    Args:
        agent: The agent that takes over.
        tool_name_override: The name the model calls.
        tool_description_override: What the model is told.
        on_handoff: Called when it happens, with the context, and the input if `input_type` is set.
        input_type: The type of the arguments the model gives.
        input_filter: Changes what the next agent is given.
        nest_handoff_history: Not supported.
        is_enabled: Whether the model is shown the handoff.

    Raises:
        UserError: If `on_handoff` and `input_type` do not fit together.
    """
    refuse("handoff", nest_handoff_history=nest_handoff_history)
    _check_callback(on_handoff, input_type)
    return Handoff(
        tool_name=tool_name_override or Handoff.default_tool_name(agent),
        tool_description=tool_description_override or Handoff.default_tool_description(agent),
        input_json_schema=ensure_strict_json_schema(_schema_of(input_type)),
        on_invoke_handoff=_HandoffCall(agent, on_handoff, input_type),
        agent_name=agent.name,
        input_filter=input_filter,
        is_enabled=is_enabled,
        _agent_instance=agent,
    )


class _HandoffCall:
    """Tells the user's callback of a handoff and returns the agent that takes over."""

    def __init__(
        self,
        agent: Agent,
        callback: Callable[..., MaybeAwaitable[None]] | None,
        input_type: type[UserValue] | None,
    ) -> None:
        self._agent = agent
        self._callback = callback
        self._input_type = input_type

    async def __call__(self, context: RunContextWrapper, input_json: str) -> Agent:
        if self._input_type is None:
            if self._callback is not None:
                await maybe_await(self._callback(context))
            return self._agent
        assert self._callback is not None
        await maybe_await(self._callback(context, _validated(self._input_type, input_json)))
        return self._agent


def _check_callback(
    callback: Callable[..., object] | None, input_type: type[UserValue] | None
) -> None:
    if callback is None:
        if input_type is not None:
            raise UserError("You must provide on_handoff when input_type is provided")
        return
    if input_type is not None and not callable(callback):
        raise UserError("on_handoff must be callable")
    count = len(inspect.signature(callback).parameters)
    if input_type is not None and count != 2:
        raise UserError("on_handoff must take two arguments: context and input")
    if input_type is None and count != 1:
        raise UserError("on_handoff must take one argument: context")


def _schema_of(input_type: type[UserValue] | None) -> JsonObject:
    if input_type is None:
        return {}
    from pydantic import TypeAdapter

    return TypeAdapter(input_type).json_schema()


def _validated(input_type: type[UserValue], input_json: str) -> UserValue:
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(input_type).validate_json(input_json, strict=True)
    except ValidationError as error:
        # The error's text quotes the arguments, which may be private: it stays in the cause.
        raise ModelBehaviorError("Invalid JSON when parsing model output") from error
