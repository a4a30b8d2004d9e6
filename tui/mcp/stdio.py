"""Servers that are processes of their own and are spoken to through their pipes."""

from __future__ import annotations

import asyncio
import codecs
import os
import shlex
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final, Literal, NotRequired, Self, TypedDict

from tui.agents.kinds import UserValue
from tui.mcp.connected import ConnectedServer

_CHUNK_BYTES: Final = 64 * 1024
_KEPT_CHARACTERS: Final = 4096


class MCPServerStdioParams(TypedDict):
    """What to start: a command and its arguments, with what is added to its environment."""

    command: str
    args: NotRequired[list[str]]
    env: NotRequired[dict[str, str]]
    cwd: NotRequired[str | Path]
    encoding: NotRequired[str]
    encoding_error_handler: NotRequired[Literal["strict", "ignore", "replace"]]


class MCPServerStdio(ConnectedServer):
    """A server that runs as a child of this process, in a session without a terminal.

    What it prints to its standard error comes out of this process's, whatever that is at the time.
    """

    params: MCPServerStdioParams
    _printed: Printed | None = None

    @property
    def made_name(self) -> str:
        """A name made of the command."""
        return f"stdio: {self.params['command']}"

    @asynccontextmanager
    async def create_streams(self) -> AsyncIterator[UserValue]:
        """Start it, and end it."""
        from mcp import StdioServerParameters, stdio_client

        with Printed() as self._printed:
            parameters = StdioServerParameters.model_validate(self.params)
            async with stdio_client(parameters, errlog=self._printed.file) as streams:
                yield streams

    def explain_start(self, error: Exception) -> str:
        """Name the command, the error and what the process said last."""
        command = shlex.join([self.params["command"], *self.params.get("args", [])])
        reason = getattr(error, "strerror", None) or str(error)
        said = self.last_words()
        return f"MCP server '{self.name}' could not be started with `{command}`: {reason}" + (
            f"; it said: {said}" if said else ""
        )

    def last_words(self) -> str:
        """Return the last line of its standard error."""
        return self._printed.last_line if self._printed else ""


class Printed:
    """Passes on what a child prints to its standard error, and remembers the end of it.

    A child that had this process's own descriptor would draw over a screen that is shown later.
    """

    def __enter__(self) -> Self:
        self._tail = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._reading, writing = os.pipe()
        os.set_blocking(self._reading, False)
        self.file = os.fdopen(writing, "w")
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._reading, self._pass_on)
        return self

    def __exit__(self, *_: object) -> None:
        self._pass_on()
        self._loop.remove_reader(self._reading)
        self.file.close()
        os.close(self._reading)

    @property
    def last_line(self) -> str:
        """The last line that is not empty."""
        self._pass_on()
        return self._tail.rstrip().rpartition("\n")[2].strip()

    def _pass_on(self) -> None:
        # A closed descriptor's number may be another's by now.
        if self.file.closed:
            return
        with suppress(BlockingIOError):
            text = self._decoder.decode(os.read(self._reading, _CHUNK_BYTES))
            self._tail = (self._tail + text)[-_KEPT_CHARACTERS:]
            if sys.stderr is not None:
                sys.stderr.write(text)
