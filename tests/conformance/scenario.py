"""What a scenario is: a script for the service, and a program written once for both runtimes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import ModuleType
from typing import TypeAlias

from tests.conformance.recording import Mode, Stage
from tests.fakes.delivery import Answer
from tests.fakes.milestone import Gate

Play: TypeAlias = Callable[[ModuleType, Stage], Awaitable[None]]

BOTH: tuple[Mode, ...] = ("streamed", "whole")
STREAMED: tuple[Mode, ...] = ("streamed",)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One program and what its models say.

    Attributes:
        name: What happens in it.
        script: Makes the service's answers, in order; they may stand at the stage's gate.
        play: The program; builds its agents from the runtime's module it is given.
        modes: The ways to run it that make sense.
    """

    name: str
    script: Callable[[Gate], tuple[Answer, ...]]
    play: Play
    modes: tuple[Mode, ...]


class Scenarios(list[Scenario]):
    """The scenarios of one module, collected by decorating their programs."""

    def answers(self, *script: Answer, modes: tuple[Mode, ...] = BOTH) -> Callable[[Play], Play]:
        """Register the decorated program, to be played against these answers."""
        return self._register(lambda gate: script, modes)

    def gated(self, first: Callable[[Gate], Answer], *rest: Answer) -> Callable[[Play], Play]:
        """Register a streamed program against a first answer that stops at the stage's gate."""
        return self._register(lambda gate: (first(gate), *rest), STREAMED)

    def _register(
        self, script: Callable[[Gate], tuple[Answer, ...]], modes: tuple[Mode, ...]
    ) -> Callable[[Play], Play]:
        def register(play: Play) -> Play:
            self.append(Scenario(play.__name__, script, play, modes))
            return play

        return register
