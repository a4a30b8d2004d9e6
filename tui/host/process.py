"""The host process: one agent, its runs, and one end of a line to a screen.

It ends when the screen closes the line, at SIGTERM, or when its agent could not be loaded; its
runs are cancelled then, and what its tools started goes with it.
"""

import asyncio
import atexit
import faulthandler
import os
import select
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import suppress

from tui.errors import LoadError, WireError
from tui.host.capture import Capture
from tui.host.console import Console
from tui.host.loading import LoadedAgent, load
from tui.host.runs import Runs
from tui.wire.endpoint import StreamEndpoint, UpwardEnd
from tui.wire.frames import Hello, Ready, Unready, check_version, downward_reader

# After these the process group is killed, whatever hangs.
_END_S = 1.5
_LAST_WORDS_S = 0.6
# What the children have to put things in order.
_CHILDREN_S = 0.1

Agent = LoadedAgent | Unready


def run_host(line: int, target: str, speed: float = 1.0) -> int:
    """Be the host process on the socket `line`, and return its exit code."""
    os.set_inheritable(line, False)
    # A forked child that lived on would keep the screen from seeing this process's end.
    os.register_at_fork(after_in_child=lambda: os.close(line))
    threading.Thread(target=_end_with, args=(line,), name="line watch", daemon=True).start()
    # The SDK sends traces of every run to a service unless it is told not to.
    os.environ.setdefault("OPENAI_AGENTS_DISABLE_TRACING", "1")
    console = Console()
    capture = Capture(console)
    faulthandler.enable(capture.own_stderr)
    agent = load_agent(target, speed)
    atexit.register(_end_children)
    loop = asyncio.new_event_loop()
    loop.run_until_complete(_serve_socket(line, agent, console, capture.drain))
    return 0


def load_agent(target: str, speed: float = 1.0) -> Agent:
    """Return the loaded agent, or what to tell the screen instead."""
    try:
        return load(target, speed)
    except LoadError as error:
        cause = error.__cause__ or error
        return Unready(
            error_type=type(cause).__name__,
            message=str(error),
            advice="Correct it, then send the message again: the file is loaded anew.",
            details=error.details,
        )


async def serve(
    line: UpwardEnd,
    agent: Agent,
    console: Console,
    drain_console: Callable[[], None] = lambda: None,
) -> None:
    """Speak with the screen until it closes the line, then cancel the runs.

    Raises:
        WireError: If the other side is no screen of this version.
    """
    line.write(Hello())
    check_version(await line.read() or Hello(version=-1))
    if isinstance(agent, Unready):
        line.write(agent)
        await line.drain()
        return
    line.write(Ready(agent=agent.agent.name))
    runs = Runs(line, agent, console, drain_console)
    try:
        while (command := await line.read()) is not None:
            if not isinstance(command, Hello):
                runs.obey(command)
    finally:
        await runs.close(_LAST_WORDS_S)


async def _serve_socket(
    line: int, agent: Agent, console: Console, drain_console: Callable[[], None]
) -> None:
    endpoint = await StreamEndpoint.over(socket.socket(fileno=line), downward_reader())
    serving = asyncio.ensure_future(serve(endpoint, agent, console, drain_console))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, _end_soon, serving)
    try:
        await serving
    except (asyncio.CancelledError, WireError):
        # Told to end, or spoken to by something else: both are the end.
        return
    finally:
        endpoint.close()
        with suppress(TimeoutError):
            await asyncio.wait_for(endpoint.wait_closed(), _LAST_WORDS_S)


def _end_soon(serving: "asyncio.Future[None]") -> None:
    serving.cancel()
    threading.Thread(target=_end_at_last, name="deadline", daemon=True).start()


def _end_with(line: int) -> None:
    """Wait in a thread for the screen's end: the loop may be held by a tool."""
    hangup = select.poll()
    hangup.register(line, 0)
    hangup.poll()
    _end_at_last()


def _end_at_last() -> None:
    threading.Event().wait(_END_S)
    _end_children()


def _end_children() -> None:
    """End the process group, this process included, if it leads one of its own."""
    if os.getpgrp() != os.getpid():
        return
    os.killpg(0, signal.SIGTERM)
    threading.Event().wait(_CHILDREN_S)
    os.killpg(0, signal.SIGKILL)
