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
from tui.agents.kinds import JsonObject, UserFunction, UserValue
from tui.agents.maybe_await import MaybeAwaitable, maybe_await
from tui.agents.run_context import RunContextWrapper
from tui.agents.strict_schema import ensure_strict_json_schema
from tui.agents.unsupported import refuse

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from tui.agents.agent import Agent
    from tui.agents.tool import IsEnabled


@dataclass(frozen=True)
class HandoffInputData:
    """What the next agent is about to be given.

    `input_history` is the input before the run's own items, `new_items` are those of the turn with
    the handoff, its output included. `input_items`, if set, are what the next agent sees of that
    turn instead.
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

    `on_invoke_handoff` is called with the context and the model's arguments, and returns the next
    agent. `is_enabled` says whether the model is shown the handoff.
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
        about = agent.handoff_description or ""
        return f"Handoff to the {agent.name} agent to handle the request. {about}"


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

    `on_handoff` is called when it happens, with the context, and with the model's arguments if they
    have an `input_type`. `nest_handoff_history` is not supported.

    Raises:
        UserError: If `on_handoff` and `input_type` do not fit together.
    """
    refuse("handoff", nest_handoff_history=nest_handoff_history)
    _check_callback(on_handoff, takes_input=input_type is not None)
    arguments = None
    if input_type is not None:
        from pydantic import TypeAdapter

        arguments = TypeAdapter(input_type)
    return Handoff(
        tool_name=tool_name_override or Handoff.default_tool_name(agent),
        tool_description=tool_description_override or Handoff.default_tool_description(agent),
        input_json_schema=ensure_strict_json_schema(arguments.json_schema() if arguments else {}),
        on_invoke_handoff=_HandoffCall(agent, on_handoff, arguments),
        agent_name=agent.name,
        input_filter=input_filter,
        is_enabled=is_enabled,
        _agent_instance=agent,
    )


@dataclass(frozen=True)
class _HandoffCall:
    """Tells the user's callback of a handoff and returns the agent that takes over."""

    agent: Agent
    callback: UserFunction | None
    arguments: TypeAdapter[UserValue] | None

    async def __call__(self, context: RunContextWrapper, input_json: str) -> Agent:
        given = [] if self.arguments is None else [_validated(self.arguments, input_json)]
        if self.callback is not None:
            await maybe_await(self.callback(context, *given))
        return self.agent


def _check_callback(callback: UserFunction | None, *, takes_input: bool) -> None:
    if callback is None:
        if takes_input:
            raise UserError("You must provide on_handoff when input_type is provided")
        return
    if takes_input and not callable(callback):
        raise UserError("on_handoff must be callable")
    if len(inspect.signature(callback).parameters) != 1 + takes_input:
        wanted = "two arguments: context and input" if takes_input else "one argument: context"
        raise UserError(f"on_handoff must take {wanted}")


def _validated(arguments: TypeAdapter[UserValue], input_json: str) -> UserValue:
    from pydantic import ValidationError

    try:
        return arguments.validate_json(input_json, strict=True)
    except ValidationError as error:
        # The error's text quotes the arguments, which may be private: it stays in the cause.
        raise ModelBehaviorError("Invalid JSON when parsing model output") from error
