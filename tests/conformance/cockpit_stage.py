"""Plays a scenario as a person in the cockpit: the same program, through a chain and the fold.

What it writes down is what the person sees each time that nothing moves until they act. Knows no
scenario.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from tests.conformance.pictures import picture
from tests.conformance.recording import Mode, plain
from tests.conformance.talk import Answers, Talk
from tests.fakes import milestone
from tui.host.live.gate import Gate
from tui.host.live.history import Conversation
from tui.host.live.runtime import Runtime


class CockpitStage:
    """Where a scenario plays: one runtime under a chain; has what `Stage` has.

    Attributes:
        sdk: The runtime's module.
        mode: Runs are always streamed here.
        gate: Closed; whoever wants the service or a tool to wait for the test uses it.
        log: What a person saw, and what the program noted.
    """

    mode: Mode = "streamed"

    def __init__(self, sdk: ModuleType) -> None:
        self.sdk = sdk
        self.gate = milestone.Gate()
        self.log: list[object] = []
        self._talks: list[Talk] = []
        self._gate_of_tools = Gate()

    def note(self, **facts: object) -> None:
        """Write down something else that must be the same."""
        self.log.append(plain(facts))

    async def go(self, agent, given, **options):
        """Do what a person does to get this run, and wait until it asks for them or ends."""
        result = self.begin(agent, given, **options)
        await self.read(result)
        return result

    def begin(self, agent, given, **options):
        """Start a conversation, go on with one, or take up one that waits."""
        if isinstance(given, Answers):
            return given.resumed()
        if isinstance(given, str):
            self._talks.append(Talk(Runtime(self.sdk), self._gate_of_tools))
            self._talks[-1].start(given, Conversation((), agent, options))
            return self._talks[-1]
        *said, question = given
        assert said == self._talks[-1].to_input_list(), "a person goes on from what was said"
        self._talks[-1].go_on(question["content"])
        return self._talks[-1]

    async def read(self, result, *, until: Callable[[Any], None] | None = None) -> None:
        """Wait until nothing moves; `until(event)` is asked after each event of the runtime."""
        result.until = until
        await result.at_rest()
        self.log.append(picture(result.view))

    async def end_of(self, result, *, without: object = ()):
        """Wait until nothing moves."""
        await self.read(result)
        return result

    async def close(self) -> None:
        """End what still waits for a person."""
        for talk in self._talks:
            await talk.close()
        self._gate_of_tools.close()
