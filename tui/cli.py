"""The `baton` command: reads arguments and wires the house.

Stays out of everything else. What a command needs is imported when it is known to be needed, so
that the first frame waits for nothing it does not show.
"""

import errno
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tui import cli_runs
from tui.cli_config import read_settings
from tui.cli_models import has_service, model_options, refuse_model_options
from tui.cli_parser import STANDARD_INPUT, THEMES, CommandLine
from tui.cli_policy import policy_options, policy_reader
from tui.cockpit.settings import Settings
from tui.cockpit.sources.host_options import HostOptions
from tui.errors import BatonError, UsageError
from tui.plain import plain, plain_line

if TYPE_CHECKING:
    from tui.cockpit.home_listing import HomeListing
    from tui.cockpit.sources.base import AgentHost
    from tui.cockpit.sources.replay import Recording
    from tui.headless import Form
    from tui.journal.store import KeptRun

USAGE_ERROR = 2
BROKEN_PIPE = 128 + 13
INTERRUPTED = 128 + 2
NO_ROOM = 4
# Read when Textual is imported. At its own 60 a key waits up to 16 ms for its frame.
FRAMES = {"TEXTUAL_FPS": "240"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with `arguments` (default: the process's) and return its exit code.

    0 done, 2 wrong arguments or settings, 128 + n ended by signal n; without a screen also 3 a call
    waits for a person, 4 failed, 5 a limit was reached.
    """
    try:
        code = _run(sys.argv[1:] if arguments is None else arguments)
        if sys.stdout is not None:
            # Here who reads may turn out to be gone; at Python's own end it would be a traceback.
            sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _write_no_more()
        return BROKEN_PIPE
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        _write_no_more()
        print("baton: there is no room for what it writes: free some", file=sys.stderr)  # noqa: T201 - its own voice
        return NO_ROOM
    except BatonError as error:
        # What was typed, and names of files, may hold what acts on a terminal.
        print(plain_line(f"baton: {error}"), file=sys.stderr)  # noqa: T201 - its own voice
        return USAGE_ERROR


def _write_no_more() -> None:
    """Let what Python flushes at its end go nowhere: nobody reads it, or it has no room."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(arguments: Sequence[str]) -> int:
    given = CommandLine().read(arguments)
    if given.command == "runs":
        return cli_runs.run(given)
    if given.command == "audit":
        return cli_runs.audit(given)
    form: Form | None = getattr(given, "form", None)
    if form is None:
        require_terminal()
    settings = read_settings(given.config)
    settings = settings._replace(theme=chosen_theme(given.theme, settings.theme))
    if given.command == "demo":
        refuse_model_options(given)
        options = policy_options(given, HostOptions(speed=given.speed))
        target: str | None = "rehearsal"
    else:
        asked = HostOptions() if given.command == "resume" else model_options(given)
        options = policy_options(given, asked)
        target = None
    if (journal := cli_runs.journal_path(given.data_dir)) is not None:
        options = replace(options, journal=str(journal))
    if given.command == "run":
        target = _complete(given.target, given.context)
        options = replace(options, context=given.context or "")
    prompt = getattr(given, "prompt", None)
    if form is not None:
        return _without_screen(options, target or "", prompt, form)
    if prompt == STANDARD_INPUT:
        raise UsageError("- is standard input, which is the keyboard here: add --text or --json")
    reopens = _kept_run(options, given.id) if given.command == "resume" else None
    replay = None
    if given.command == "replay":
        from tui.cli_replay import recording_of

        replay = recording_of(given.which, journal)
    return _open(
        settings,
        options,
        target=target,
        prompt=prompt,
        read_only=given.read_only,
        names_policy=given.policy is not None,
        replay=replay,
        reopens=reopens,
    )


def chosen_theme(option: str | None, set_theme: str | None = None) -> str:
    """Return the theme that is asked for: by an option, by the environment, or by `set_theme`.

    Raises:
        UsageError: If there is no such theme.
    """
    origin = "BATON_THEME" if option is None else "--theme"
    usual = set_theme or THEMES[0]
    name = os.environ.get("BATON_THEME") or usual if option is None else option
    if name in THEMES:
        return name
    raise UsageError(f"{origin}: there is no theme '{name}': choose {' or '.join(THEMES)}")


def require_terminal() -> None:
    """Raise UsageError where no cockpit can be drawn."""
    streams = {"input": sys.stdin, "output": sys.stdout, "error": sys.stderr}
    for name, stream in streams.items():
        if stream is None or stream.closed or not stream.isatty():
            raise UsageError(
                f"standard {name} is no terminal: start it in one, without pipes and files"
            )
    term = os.environ.get("TERM", "")
    if term in ("", "dumb"):
        told = f"TERM is '{term}'" if term else "TERM is not set"
        raise UsageError(f"{told}: name a terminal that can place text, such as xterm-256color")


def _complete(target: str, context: str | None) -> str:
    """Return the target with its name; a look at the files shows most of what is wrong."""
    from tui.host.finding import check_context, complete_target

    if context is not None:
        check_context(context)
    return complete_target(target)


def _kept_run(options: HostOptions, run_id: str) -> "KeptRun":
    from tui.cli_resume import wanted_run

    return wanted_run(Path(options.journal) if options.journal else None, run_id)


def _hosts(options: HostOptions) -> "Callable[[str], AgentHost]":
    def open_host(target: str) -> "AgentHost":
        from tui.cockpit.sources.hosted import HostedAgents

        return HostedAgents(target, options)

    return open_host


def _list_home(options: HostOptions) -> "HomeListing":
    from tui.cli_home import list_home
    from tui.host.places import working_folder

    return list_home(working_folder(), has_service=has_service(os.environ, options.environment))


def _without_screen(options: HostOptions, target: str, prompt: str | None, form: "Form") -> int:
    """Run an agent on one message, with lines in place of a screen; return the exit code."""
    import asyncio

    from tui.cli_files import read_message
    from tui.headless import run_headless

    if prompt == STANDARD_INPUT:
        prompt = read_message()
    if sys.stdout is None:
        raise UsageError(f"--{form} writes to standard output, which is closed")
    if not prompt:
        raise UsageError(f"--{form} needs a message: put it behind the agent, in quotes")
    # What a model wrote goes into a pipe as it is; a terminal would act on it.
    shown = plain if sys.stdout.isatty() and form == "text" else str

    def write(text: str) -> None:
        sys.stdout.write(shown(text))
        # Who reads a pipe follows the run as it happens.
        sys.stdout.flush()

    return asyncio.run(run_headless(_hosts(options)(target), prompt, form, write=write))


def _open(
    settings: Settings,
    options: HostOptions,
    *,
    target: str | None = None,
    prompt: str | None = None,
    read_only: bool = False,
    names_policy: bool = False,
    replay: "Recording | None" = None,
    reopens: "KeptRun | None" = None,
) -> int:
    """Open the cockpit on a run of `target`, on a kept one, a replay, or on the home screen."""
    os.environ.update({**FRAMES, **os.environ})
    from tui.cli_resume import kept_conversations
    from tui.cockpit.app import BatonApp
    from tui.cockpit.terminal import TerminalGuard

    app = BatonApp(
        open_host=_hosts(options),
        target=target,
        prompt=prompt,
        theme=settings.theme or THEMES[0],
        settings=settings,
        list_home=lambda: _list_home(options),
        read_policy=policy_reader(options),
        read_only=read_only,
        approves_all=options.approve_all,
        journal=Path(options.journal) if options.journal else None,
        replay=replay,
        kept=kept_conversations(options, policy=names_policy),
        reopens=reopens,
    )
    with TerminalGuard(app) as guard:
        app.run()
    return 128 + guard.exit_signal if guard.exit_signal else app.return_code or 0


if __name__ == "__main__":
    sys.exit(main())
