"""An agent whose tools are a server's, a process of its own: for the command, and as a program."""

import asyncio
import os
import sys
from contextlib import asynccontextmanager

import tui
from tests.fakes import mcp_process
from tui.agents import Agent
from tui.agents.mcp import MCPServerStdio


@asynccontextmanager
async def desk():
    words = os.environ.get("SERVER_WORDS", "").split()
    command = {"command": sys.executable, "args": [mcp_process.__file__, *words]}
    async with MCPServerStdio(command, client_session_timeout_seconds=60) as server:
        yield Agent(name="Desk", mcp_servers=[server])


async def main() -> None:
    async with desk() as agent:
        print("came to", await tui.run_async(agent, "Hello"))


if __name__ == "__main__":
    asyncio.run(main())
