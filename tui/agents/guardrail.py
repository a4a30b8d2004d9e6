"""Guardrails: checks of what a run is given and of what it answers. Says what they are, runs none.

A guardrail whose tripwire is triggered ends the run with an exception that carries its result.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar, overload

from tui.agents.exceptions import UserError
from tui.agents.items import TResponseInputItem
from tui.agents.kinds import UserFunction, UserValue
from tui.agents.maybe_await import MaybeAwaitable, maybe_await
from tui.agents.run_context import RunContextWrapper, TContext

if TYPE_CHECKING:
    from tui.agents.agent import Agent

TGuardrail = TypeVar("TGuardrail")


@dataclass
class GuardrailFunctionOutput:
    """What a guardrail found.

    Attributes:
        output_info: Anything worth knowing about the check.
        tripwire_triggered: Whether the run must end.
    """

    output_info: UserValue
    tripwire_triggered: bool


@dataclass
class GuardrailBase:
    """A function that checks something, and its name."""

    guardrail_function: UserFunction
    name: str | None = None

    def get_name(self) -> str:
        """Return the name, by default the function's."""
        function = self.guardrail_function
        return self.name or str(getattr(function, "__name__", type(function).__name__))

    async def _found(self, *judged: UserValue) -> UserValue:
        if not callable(self.guardrail_function):
            raise UserError(f"Guardrail function must be callable, got {self.guardrail_function}")
        return await maybe_await(self.guardrail_function(*judged))


@dataclass
class InputGuardrail(GuardrailBase, Generic[TContext]):
    """Checks what a run is given.

    Attributes:
        guardrail_function: Called with (context, agent, input).
        name: Its name; None takes the function's.
        run_in_parallel: Whether it runs beside the agent, or before it.
    """

    guardrail_function: Callable[
        [RunContextWrapper[TContext], Agent, str | list[TResponseInputItem]],
        MaybeAwaitable[GuardrailFunctionOutput],
    ]
    run_in_parallel: bool = True

    async def run(
        self,
        agent: Agent,
        input: str | list[TResponseInputItem],
        context: RunContextWrapper[TContext],
    ) -> InputGuardrailResult:
        """Check an input."""
        return InputGuardrailResult(self, await self._found(context, agent, input))


@dataclass
class OutputGuardrail(GuardrailBase, Generic[TContext]):
    """Checks a run's final output.

    Attributes:
        guardrail_function: Called with (context, agent, output).
        name: Its name; None takes the function's.
    """

    guardrail_function: Callable[
        [RunContextWrapper[TContext], Agent, UserValue], MaybeAwaitable[GuardrailFunctionOutput]
    ]

    async def run(
        self, context: RunContextWrapper[TContext], agent: Agent, agent_output: UserValue
    ) -> OutputGuardrailResult:
        """Check a final output."""
        found = await self._found(context, agent, agent_output)
        return OutputGuardrailResult(self, agent_output, agent, found)


@dataclass
class InputGuardrailResult:
    """What an input guardrail found."""

    guardrail: InputGuardrail
    output: GuardrailFunctionOutput


@dataclass
class OutputGuardrailResult:
    """What an output guardrail found, and of whose output."""

    guardrail: OutputGuardrail
    agent_output: UserValue
    agent: Agent
    output: GuardrailFunctionOutput


class GuardrailDecorator(Generic[TGuardrail]):
    """Makes a guardrail of a function, used with or without arguments.

    The arguments are the guardrail's attributes; its name is by default the function's.
    """

    def __init__(self, kind: Callable[..., TGuardrail]) -> None:
        self._kind = kind

    @overload
    def __call__(self, func: UserFunction, /) -> TGuardrail: ...

    @overload
    def __call__(
        self, func: None = None, /, *, name: str | None = None, **options: bool
    ) -> Callable[[UserFunction], TGuardrail]: ...

    def __call__(
        self, func: UserFunction | None = None, /, *, name: str | None = None, **options: bool
    ) -> TGuardrail | Callable[[UserFunction], TGuardrail]:
        """Return the guardrail, or what makes it."""

        def make(function: UserFunction) -> TGuardrail:
            return self._kind(function, name or function.__name__, **options)

        return make if func is None else make(func)


input_guardrail = GuardrailDecorator(InputGuardrail)
output_guardrail = GuardrailDecorator(OutputGuardrail)
