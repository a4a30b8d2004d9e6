"""The `baton` command: reads arguments and wires the house.

Stays out of everything else. What a command needs is imported when it is known to be needed, so
that the first frame waits for nothing it does not show.
"""

import argparse
import functools
import math
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from tui import __version__
from tui.cli_models import (
    add_model_options,
    has_service,
    model_options,
    refuse_model_options,
)
from tui.cockpit.sources.host_options import HostOptions
from tui.errors import BatonError, LoadError, UsageError
from tui.plain import plain_line

if TYPE_CHECKING:
    from tui.cockpit.home_listing import HomeListing
    from tui.cockpit.sources.base import AgentHost

THEMES = ("dark", "light")
USAGE_ERROR = 2
FILES_LOOKED_AT = 500
# Read when Textual is imported. At its own 60 a key waits up to 16 ms for its frame.
FRAMES = {"TEXTUAL_FPS": "240"}

_EXAMPLES = """\
examples:
  baton                                    choose from this folder's agents
  baton demo                               the rehearsal: no key, no network
  baton run desk.py:triage "Refund 4711"   one agent, with a first message
  baton run desk.py --base-url http://localhost:8000/v1 --model qwen3

`baton run --help` says what NAME may be."""
_DEMO = "play the rehearsal: a support desk of demo agents; no key, no network"
_RUN_HELP = "run the agent of a file or a module"
_RUN = (
    "Run an agent written with tui.agents or with openai-agents. NAME is an agent, or a function "
    "(async too) or a context manager (async too) that gives one; with the agent it may give a "
    "dict of keyword arguments for Runner.run_streamed: return agent, {'session': session}."
)


# argparse's own sentence.
_NO_CHOICE = re.compile(r"argument (\S+): invalid choice: '(.*)' \(choose from (.*)\)")


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line that says what to do."""

    def error(self, message: str) -> NoReturn:
        if wrong := _NO_CHOICE.fullmatch(message):
            message = _no_choice(*wrong.groups())
        told = message.removeprefix("argument ")
        raise UsageError(f"{told} (see '{self.prog} --help')")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with `arguments` (default: the process's) and return its exit code.

    0 done, 2 wrong arguments or settings, 128 + n ended by signal n.
    """
    try:
        return _run(sys.argv[1:] if arguments is None else arguments)
    except BatonError as error:
        # What was typed, and names of files, may hold what acts on a terminal.
        print(plain_line(f"baton: {error}"), file=sys.stderr)  # noqa: T201 - its own voice
        return USAGE_ERROR


def _run(arguments: Sequence[str]) -> int:
    given = _parser().parse_args(arguments)
    require_terminal()
    theme = chosen_theme(given.theme)
    if given.command == "demo":
        refuse_model_options(given)
        options = HostOptions(speed=given.speed)
        return _open(theme, options, target="rehearsal", prompt=given.prompt)
    options = model_options(given)
    if given.command is None:
        return _open(theme, options)
    target = _complete(given.target, given.context)
    options = replace(options, context=given.context or "")
    return _open(theme, options, target=target, prompt=given.prompt)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="baton",
        description="A terminal cockpit for runs of several agents. Alone it opens its home.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[_common(default=None)],
    )
    # A command's own default would overwrite what stood before the command.
    common = _common(default=argparse.SUPPRESS)
    add_model_options(parser, default=None)
    parser.add_argument("--version", action="version", version=f"baton {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)

    demo = commands.add_parser("demo", help=_DEMO, description=_DEMO, parents=[common])
    demo.add_argument("prompt", nargs="?", help="the first message, instead of typing it")
    demo.add_argument(
        "--speed",
        type=_speed,
        default=1.0,
        metavar="N",
        help="N times the pace of a person reading (default: 1)",
    )
    _add_run(commands.add_parser("run", help=_RUN_HELP, description=_RUN, parents=[common]))
    return parser


def _add_run(run: argparse.ArgumentParser) -> None:
    run.add_argument(
        "target",
        metavar="FILE.py:NAME",
        help="where the agent is, or MODULE:NAME; without NAME the only agent there",
    )
    run.add_argument("prompt", nargs="?", help="the first message, instead of typing it")
    run.add_argument(
        "--context",
        metavar="FILE.py:NAME",
        help="what gives the context object of every run: an object, a class, a function (async "
        "too) or an async context manager; or MODULE:NAME",
    )
    add_model_options(run, default=argparse.SUPPRESS)


def _no_choice(argument: str, given: str, choices: str) -> str:
    names = choices.replace("'", "")
    if argument != "COMMAND":
        return f"{argument}: '{given}' is none of {names}"
    if given.endswith(".py") or ":" in given:
        return f"'{given}' is no command; did you mean: baton run {given}"
    return f"'{given}' is no command; there are {names}"


def _common(default: str | None) -> _Parser:
    """Return the options that stand before or behind a command."""
    common = _Parser(add_help=False)
    common.add_argument(
        "--theme",
        metavar="NAME",
        default=default,
        help=f"{' or '.join(THEMES)} (default: $BATON_THEME, else dark)",
    )
    return common


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = math.nan
    if not 0 < speed <= 1000:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number above 0 and up to 1000")
    return speed


def chosen_theme(option: str | None) -> str:
    """Return the theme that is asked for, by an option or by the environment.

    Raises:
        UsageError: If there is no such theme.
    """
    origin = "BATON_THEME" if option is None else "--theme"
    name = os.environ.get("BATON_THEME") or THEMES[0] if option is None else option
    if name in THEMES:
        return name
    raise UsageError(f"{origin}: there is no theme '{name}'; choose {' or '.join(THEMES)}")


def require_terminal() -> None:
    """Raise UsageError where no cockpit can be drawn."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if stream is None or not stream.isatty():
            raise UsageError(
                "the cockpit needs a terminal for its input and its output: no pipes, no files"
            )
    if os.environ.get("TERM", "dumb") == "dumb":
        raise UsageError("the cockpit needs a terminal that can place text; TERM is 'dumb'")


def _complete(target: str, context: str | None) -> str:
    """Return the target with its name; a look at the files shows most of what is wrong."""
    from tui.host.finding import check_context, complete_target

    if context is not None:
        check_context(context)
    return complete_target(target)


def _hosts(options: HostOptions) -> "Callable[[str], AgentHost]":
    def open_host(target: str) -> "AgentHost":
        from tui.cockpit.sources.hosted import HostedAgents

        return HostedAgents(target, options)

    return open_host


def _list_home(folder: Path, environment: Mapping[str, str]) -> "HomeListing":
    """Return what home offers: the agents of the files in `folder`, and the rehearsal."""
    from tui.cockpit.home_listing import AgentChoice, HomeListing
    from tui.host.finding import REHEARSAL, look_at

    rehearsal = AgentChoice(REHEARSAL, "The rehearsal", "a support desk; no key, no network")
    choices = []
    for path in _python_files(folder):
        try:
            found = look_at(path)
        except LoadError:
            continue  # A file that cannot be read offers nothing; running it would say why.
        named = [(agent.variable, agent.title or agent.variable) for agent in found.agents]
        named += [(function.name, f"{function.name}()") for function in found.makers]
        choices += [AgentChoice(f"{path.name}:{name}", label, path.name) for name, label in named]
    if has_service(os.environ, environment):
        return HomeListing((*choices, rehearsal), str(folder))
    notice = "Neither OPENAI_API_KEY nor OPENAI_BASE_URL is set: real agents have no model to ask."
    return HomeListing((rehearsal, *choices), str(folder), notice)


def _python_files(folder: Path) -> list[Path]:
    try:
        return sorted(folder.glob("*.py"))[:FILES_LOOKED_AT]
    except OSError:
        return []  # The rehearsal is offered where no folder can be read, too.


def _open(
    theme: str, options: HostOptions, *, target: str | None = None, prompt: str | None = None
) -> int:
    """Open the cockpit on a run of `target`, or on the home screen without one."""
    os.environ.update({**FRAMES, **os.environ})
    from tui.cockpit.app import BatonApp
    from tui.cockpit.terminal import TerminalGuard

    app = BatonApp(
        open_host=_hosts(options),
        target=target,
        prompt=prompt,
        theme=theme,
        list_home=functools.partial(_list_home, Path.cwd(), options.environment),
    )
    with TerminalGuard(app) as guard:
        app.run()
    return 128 + guard.exit_signal if guard.exit_signal else app.return_code or 0


if __name__ == "__main__":
    sys.exit(main())
