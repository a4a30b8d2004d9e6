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
from tui.agents.maybe_await import maybe_await
from tui.agents.run_context import RunContextWrapper, TContext

if TYPE_CHECKING:
    from tui.agents.agent import Agent

TGuardrail = TypeVar("TGuardrail")


@dataclass
class GuardrailFunctionOutput:
    """What a guardrail found; `output_info` is anything worth knowing about the check."""

    output_info: UserValue
    tripwire_triggered: bool


@dataclass
class GuardrailBase(Generic[TContext]):
    """A function, plain or a coroutine, that checks something; `name` is by default its own."""

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
class InputGuardrail(GuardrailBase[TContext]):
    """Checks what a run is given, by a function of (context, agent, input).

    It runs beside the agent, or if not `run_in_parallel` before it.
    """

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
class OutputGuardrail(GuardrailBase[TContext]):
    """Checks a run's final output, by a function of (context, agent, output)."""

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
    """Makes a guardrail of a function; used with or without arguments, which are its attributes."""

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


input_guardrail = GuardrailDecorator[InputGuardrail](InputGuardrail)
output_guardrail = GuardrailDecorator[OutputGuardrail](OutputGuardrail)
