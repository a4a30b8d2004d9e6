"""Opens the cockpit from a program: `tui.run(agent, "Hello")`.

The program's process runs the agents; the screen is a child of it. Stays out of what is shown.
"""

import asyncio
import socket
import sys
from contextlib import suppress
from pathlib import Path

# An agent, a run's options and its final output are of either library, or of the person's own.
from typing import Any

from tui.errors import HostError, ScreenError, UsageError, WireError
from tui.host.hosting import LAST_WORDS_S, serve
from tui.host.keeping import Place
from tui.host.live.rulebook import Rulebook
from tui.host.opening import LoadedAgent, agent_of_program
from tui.host.policy_file import WrittenRules
from tui.script.environment import lent_environment
from tui.script.handover import Handover, check_free
from tui.script.last_run import LastRun
from tui.script.screen_process import ScreenProcess, closed_in_forks
from tui.script.tracing import untraced
from tui.thread_loop import run_in_thread_loop
from tui.wire.endpoint import StreamEndpoint
from tui.wire.frames import downward_reader
from tui.wire.meeting import Door, meeting_folder


def run(
    agent: Any,
    input: str | None = None,
    *,
    theme: str | None = None,
    policy: str | None = None,
    **options: Any,
) -> Any:
    """Open the cockpit on `agent` and return when the person leaves it.

    The agent runs in this process, with everything it holds. Meanwhile standard input is at its
    end, and what is printed goes to the run's console entry; both are as before when this returns.
    Unless this process leads its session, it has no controlling terminal (`/dev/tty`) from now on.
    The event loop of this thread is used and stays open, as with the SDK's `Runner.run_sync`.

    Args:
        agent: An agent of `tui.agents` or of openai-agents.
        input: The first message; None to let the person type it.
        theme: "dark" or "light"; None for what BATON_THEME says, else dark.
        policy: Path of the policy file; None for the usual one, if it is there.
        **options: What else `Runner.run_streamed` takes, for every run: `context`, `session`,
            `run_config`, `max_turns`, `hooks` ...

    Returns:
        The final output of the run that completed last, as the agent gave it; None if none did.
        If the last run failed or was cancelled, a line on standard error says so.

    Raises:
        LoadError: If `agent` is none, or its runner does not take `options`.
        UsageError: Where no screen can be opened (no terminal, a running event loop), or the
            policy file cannot be taken as it is.
        ScreenError: If the screen did not end by itself.
    """
    if _is_in_a_loop():
        raise UsageError(
            "tui.run cannot wait inside a running event loop: await tui.run_async instead"
        )
    return run_in_thread_loop(run_async(agent, input, theme=theme, policy=policy, **options))


async def run_async(
    agent: Any,
    input: str | None = None,
    *,
    theme: str | None = None,
    policy: str | None = None,
    **options: Any,
) -> Any:
    """Do what `run` does inside a running event loop: there, say, MCP servers are entered."""
    from tui.cli import chosen_theme, require_terminal
    from tui.cli_config import read_settings
    from tui.cli_policy import checked_policy
    from tui.cli_runs import journal_path

    check_free()
    require_terminal()
    theme = chosen_theme(theme, read_settings(None).theme)
    loaded = agent_of_program(agent, _program(), options)
    rules = checked_policy(policy)
    rulebook = Rulebook(WrittenRules(Path(rules)) if rules else None)
    said = [f"--theme={theme}", f"--target={loaded.target}", f"--policy={rules}"]
    if input is not None:
        said.append(f"--prompt={input}")
    ours, theirs = socket.socketpair()
    try:
        with theirs:
            screen = ScreenProcess.start(theirs, *said)
    except OSError as error:
        ours.close()
        raise ScreenError(f"the screen could not be started: {error.strerror}") from error
    with (
        Handover() as handover,
        closed_in_forks(ours),
        lent_environment(),
        untraced(loaded.runtime.library),
    ):
        try:
            output, mishap = await _serve(ours, loaded, handover, rulebook, journal_path(None))
        finally:
            await screen.ended(handover.give_terminal_back)
    screen.check()
    if mishap:
        # The screen that told of it is gone.
        print(f"baton: {mishap}", file=sys.stderr)  # noqa: T201 - its own voice
    return output


async def _serve(
    line: socket.socket,
    loaded: LoadedAgent,
    handover: Handover,
    rulebook: Rulebook,
    journal: Path | None,
) -> tuple[object, str]:
    """Serve the screen; return the final output, and how the last run ended if not with one."""
    endpoint = await StreamEndpoint.over(line, downward_reader())
    last_run = LastRun(endpoint)
    door = _lock(journal)
    try:
        output = await serve(
            last_run,
            loaded,
            handover.console,
            handover.drain,
            rulebook=rulebook,
            journal=Place(journal, str(door.path) if door else "") if journal else None,
            door=door,
        )
        return output, last_run.mishap
    except WireError:
        # It ended before it said a word; its exit code tells more.
        return None, ""
    finally:
        if door is not None:
            door.close()
        endpoint.close()
        with suppress(TimeoutError):
            await asyncio.wait_for(endpoint.wait_closed(), LAST_WORDS_S)


def _lock(journal: Path | None) -> Door | None:
    """Return what tells others that this program has its runs: they end with its screen."""
    if journal is None:
        return None
    try:
        return Door(meeting_folder(), listens=False)
    except HostError:
        return None


def _program() -> str:
    """Return what the screen calls this program."""
    name = Path(sys.argv[0]).name if sys.argv else ""
    return name if name not in ("", "-c", "-m") else "a program"


def _is_in_a_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
