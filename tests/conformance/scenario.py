"""What a scenario is: a script for the service, and a program written once for both runtimes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import ModuleType
from typing import TypeAlias

from tests.conformance.recording import Mode, Stage
from tests.fakes.delivery import Answer
from tests.fakes.http1 import ReceivedRequest
from tests.fakes.milestone import Gate
from tests.fakes.responses_server import Script

Play: TypeAlias = Callable[[ModuleType, Stage], Awaitable[None]]

BOTH: tuple[Mode, ...] = ("streamed", "whole")
STREAMED: tuple[Mode, ...] = ("streamed",)
WHOLE: tuple[Mode, ...] = ("whole",)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One program and what its models say.

    Attributes:
        name: What happens in it.
        script: Makes the service's answers, in order; they may stand at the stage's gate.
        play: The program; builds its agents from the runtime's module it is given.
        modes: The ways to run it that make sense.
        is_ordered: Whether the order of its requests is part of what must be the same.
    """

    name: str
    script: Callable[[Gate], Script]
    play: Play
    modes: tuple[Mode, ...] = BOTH
    is_ordered: bool = True


class Scenarios(list[Scenario]):
    """The scenarios of one module, collected by decorating their programs."""

    def answers(self, *script: Answer, modes: tuple[Mode, ...] = BOTH) -> Callable[[Play], Play]:
        """Register the decorated program, to be played against these answers."""
        return self._register(lambda gate: script, modes)

    def gated(self, first: Callable[[Gate], Answer], *rest: Answer) -> Callable[[Play], Play]:
        """Register a streamed program against a first answer that stops at the stage's gate."""
        return self._register(lambda gate: (first(gate), *rest), STREAMED)

    def answered_by(self, answer: Callable[[ReceivedRequest], Answer]) -> Callable[[Play], Play]:
        """Register a program whose requests may come at the same time."""

        def register(play: Play) -> Play:
            self.append(Scenario(play.__name__, lambda gate: answer, play, is_ordered=False))
            return play

        return register

    def _register(
        self, script: Callable[[Gate], Script], modes: tuple[Mode, ...]
    ) -> Callable[[Play], Play]:
        def register(play: Play) -> Play:
            self.append(Scenario(play.__name__, script, play, modes))
            return play

        return register
