"""A program that fails, in a process of its own, and the cockpit that shows it.

The process outlives the screens it is shown on: to start one takes longer than all the rest.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.captures import text_of
from tests.cockpit.desk import Desk
from tests.fakes.delivery import Answer
from tests.fakes.responses_server import FakeResponsesServer
from tui.cockpit.app import BatonApp
from tui.cockpit.sources.host_options import HostOptions
from tui.cockpit.sources.hosted import HostedAgents

DEADLINE_S = 60.0
SIZE = (80, 24)
PROMPT = "Where is my parcel?"
PROGRAM = """
from openai import AsyncOpenAI, Timeout
from tui.agents import Agent, OpenAIResponsesModel, function_tool

service = AsyncOpenAI(max_retries=0, timeout=Timeout(60, read={read_s}))
model = OpenAIResponsesModel("scripted", openai_client=service)


@function_tool
def look() -> str:
    return "on its way"


@function_tool(failure_error_function=None)
def ask() -> str:
    raise ValueError("no such order")


def instructions(context, agent) -> str:
    import parcel_words

    return parcel_words.WORDS


agent = Agent(name="Triage", model=model, {fields}), {{"max_turns": 2}}
"""


class KeptAgents(HostedAgents):
    """An agent process that outlives the screens it is shown on."""

    async def close(self, *, leaves: bool = False) -> None:
        """Do nothing: others use it."""

    async def end(self) -> None:
        """End it."""
        await super().close()


class Program:
    """A program in a process of its own, and the service it asks, whose answers each row gives."""

    def __init__(self, folder: Path, *, fields: str = "", read_s: float = 60.0) -> None:
        self.folder = folder
        self.target = f"{folder / 'desk.py'}:agent"
        self.answers: Iterator[Answer] = iter(())
        self.server = FakeResponsesServer(lambda _: next(self.answers))
        (folder / "desk.py").write_text(PROGRAM.format(read_s=read_s, fields=fields))

    async def start(self, address: str = "") -> None:
        """Start the service, and have the program ask it, or what is at `address`."""
        await self.server.start()
        url = address or self.server.base_url
        service = {"OPENAI_BASE_URL": url, "OPENAI_API_KEY": "key"}
        self.host = KeptAgents(self.target, HostOptions(environment=service))

    async def end(self) -> None:
        await self.host.end()
        await self.server.close()


@dataclass
class Stage:
    """The cockpit on a program whose first run has failed."""

    desk: Desk
    program: Program

    @property
    def drawn(self) -> str:
        return text_of(self.desk.app.screen)

    async def shows(self, words: str) -> bool:
        """Whether the screen comes to show these words."""
        return await self.desk.comes_to_show(lambda text: words in text)

    async def tells(self, what: str, to_do: str) -> bool:
        """Whether what happened, what to do and what was asked come to be all on the screen."""
        told = ("✗ failed: ", what, to_do, f"› You {PROMPT}")
        return await self.desk.comes_to_show(lambda text: all(words in text for words in told))

    @property
    def offers_retry(self) -> bool:
        """Whether the last line promises that it can be tried again."""
        return "Try again" in self.drawn.splitlines()[-1]

    async def is_ready_to_write(self) -> bool:
        """Whether what is typed now shows up; takes it away again."""
        await self.desk.type("and now")
        is_shown = "and now" in self.drawn.splitlines()[-2]
        await self.desk.press("ctrl+u")
        return is_shown and self.desk.app.focused is self.desk.composer

    async def until(self, status: str) -> None:
        async with asyncio.timeout(DEADLINE_S):
            await self.desk.until(lambda view: view.status == status)


@asynccontextmanager
async def shown(program: Program, size: tuple[int, int] = SIZE) -> AsyncIterator[Stage]:
    """Open the cockpit, say the first words, and wait until the run has failed."""
    app = BatonApp(open_host=lambda _: program.host, target=program.target, prompt=PROMPT)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        stage = Stage(Desk(app, pilot, None), program)
        await stage.until("failed")
        yield stage
