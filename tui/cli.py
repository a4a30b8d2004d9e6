"""The `baton` command: reads arguments and wires the house.

Stays out of everything else. What a command needs is imported when it is known to be needed, so
that the first frame waits for nothing it does not show.
"""

import argparse
import functools
import math
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from tui import __version__
from tui.errors import BatonError, LoadError, UsageError

if TYPE_CHECKING:
    from tui.cockpit.home_listing import HomeListing
    from tui.cockpit.sources.base import AgentHost

THEMES = ("dark", "light")
USAGE_ERROR = 2
FILES_LOOKED_AT = 500


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line that says what to do."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message} (see '{self.prog} --help')")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with `arguments` (default: the process's) and return its exit code.

    0 done, 2 wrong arguments or settings, 128 + n ended by signal n.
    """
    try:
        return _run(sys.argv[1:] if arguments is None else arguments)
    except BatonError as error:
        print(f"baton: {error}", file=sys.stderr)  # noqa: T201 - this is the command's own voice
        return USAGE_ERROR


def _run(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    _require_terminal()
    theme = _theme(options.theme)
    match options.command:
        case "demo":
            return _open(theme, target="rehearsal", prompt=options.prompt, speed=options.speed)
        case "run":
            _check_target(options.target)
            return _open(theme, target=options.target, prompt=options.prompt)
        case _:
            return _open(theme)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="baton",
        description="A terminal cockpit for runs of several agents. Alone it opens its home.",
        parents=[_common(default=None)],
    )
    # A command's own default would overwrite what stood before the command.
    common = _common(default=argparse.SUPPRESS)
    parser.add_argument("--version", action="version", version=f"baton {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)

    demo = commands.add_parser(
        "demo", parents=[common], help="play the rehearsal: no key, no network"
    )
    demo.add_argument("prompt", nargs="?", help="the first message, instead of typing it")
    demo.add_argument(
        "--speed",
        type=_speed,
        default=1.0,
        metavar="N",
        help="N times the pace of a person reading (default: 1)",
    )
    run = commands.add_parser("run", parents=[common], help="run the agent of a file or a module")
    run.add_argument("target", metavar="FILE.py:NAME", help="where the agent is, or MODULE:NAME")
    run.add_argument("prompt", nargs="?", help="the first message, instead of typing it")
    return parser


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


def _theme(option: str | None) -> str:
    name = option or os.environ.get("BATON_THEME") or THEMES[0]
    if name in THEMES:
        return name
    origin = "--theme" if option else "BATON_THEME"
    raise UsageError(f"{origin}: there is no theme '{name}'; choose {' or '.join(THEMES)}")


def _require_terminal() -> None:
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if stream is None or not stream.isatty():
            raise UsageError("the cockpit needs a terminal for its input and its output")
    if os.environ.get("TERM", "dumb") == "dumb":
        raise UsageError("the cockpit needs a terminal that can place text; TERM is 'dumb'")


def _check_target(target: str) -> None:
    """Raise UsageError for a target that a look at its file already shows to be wrong."""
    from tui.host.finding import check_target

    check_target(target)


def _hosts(speed: float) -> "Callable[[str], AgentHost]":
    def open_host(target: str) -> "AgentHost":
        from tui.cockpit.sources.hosted import HostedAgents

        return HostedAgents(target, speed=speed)

    return open_host


def _list_home(folder: Path) -> "HomeListing":
    """Return what home offers: the agents of the files in `folder`, and the rehearsal."""
    from tui.cockpit.home_listing import AgentChoice, HomeListing
    from tui.host.finding import REHEARSAL, agents_in

    rehearsal = AgentChoice(REHEARSAL, "The rehearsal", "a support desk; no key, no network")
    choices = []
    for path in sorted(folder.glob("*.py"))[:FILES_LOOKED_AT]:
        try:
            found = agents_in(path)
        except LoadError:
            continue  # A file that does not parse offers nothing; running it would say why.
        choices += [
            AgentChoice(f"{path.name}:{agent.variable}", agent.title or agent.variable, path.name)
            for agent in found
        ]
    if os.environ.get("OPENAI_API_KEY") or os.environ.get("OPENAI_BASE_URL"):
        return HomeListing((*choices, rehearsal), str(folder))
    notice = "Neither OPENAI_API_KEY nor OPENAI_BASE_URL is set: real agents have no model to ask."
    return HomeListing((rehearsal, *choices), str(folder), notice)


def _open(
    theme: str, *, target: str | None = None, prompt: str | None = None, speed: float = 1.0
) -> int:
    """Open the cockpit on a run of `target`, or on the home screen without one."""
    from tui.cockpit.app import BatonApp
    from tui.cockpit.terminal import TerminalGuard

    app = BatonApp(
        open_host=_hosts(speed),
        target=target,
        prompt=prompt,
        theme=theme,
        list_home=functools.partial(_list_home, Path.cwd()),
    )
    with TerminalGuard(app) as guard:
        app.run()
    return 128 + guard.exit_signal if guard.exit_signal else app.return_code or 0


if __name__ == "__main__":
    sys.exit(main())
