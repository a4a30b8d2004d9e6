"""Which arguments the command takes, and one sentence for each way to get them wrong.

Stays out of what the arguments do. Each sentence says what is wrong, and after a colon what to do.
"""

import argparse
import math
import re
from collections.abc import Sequence
from typing import NoReturn

from tui import __version__
from tui.cli_config import add_config_option
from tui.cli_models import add_model_options, rehearsal_asks_none
from tui.cli_policy import add_policy_options
from tui.cli_runs import add_audit_options, add_runs_options
from tui.errors import UsageError
from tui.nearest import nearest

THEMES = ("dark", "light")
STANDARD_INPUT = "-"
COMMANDS = ("demo", "replay", "run", "resume", "runs", "audit")
FASTEST = 1000

_EXAMPLES = """\
examples:
  baton                                    choose from this folder's agents
  baton demo                               the rehearsal: no key, no network
  baton run desk.py:triage "Refund 4711"   one agent, with a first message
  baton resume 7f3a                        go on with what is kept
  baton replay 7f3a                        a kept run, as it was
  baton run desk.py --base-url http://localhost:8000/v1 --model qwen3

`baton run --help` says what NAME may be."""
_ABOUT = "A terminal cockpit for runs of several agents. Alone it opens its home."
_DEMO_HELP = "play the rehearsal: a support desk of demo agents; no key, no network"
_DEMO = "Play the rehearsal: a support desk of demo agents. It needs no key and no network."
_RUN_HELP = "run the agent of a file or a module"
_RUN = (
    "Run an agent written with tui.agents or with openai-agents. NAME is an agent, or a function "
    "(async too) or a context manager (async too) that gives one; with the agent it may give a "
    "dict of keyword arguments for Runner.run_streamed: return agent, {'session': session}."
)
_REPLAY_HELP = "play a kept run, or a file of one, again"
_REPLAY = (
    "Play a conversation again, as it was: one that is kept, by a run's id or the beginning of it "
    "(`baton runs` lists them), or a file that `baton runs export` wrote. Nothing is run, and "
    "nothing can be decided."
)
_RESUME_HELP = "go on with a kept conversation"
_RESUME = (
    "Open a kept conversation. A run that goes on in the background is shown from its start; one "
    "that was interrupted is taken up again; after one that has ended, the next message goes on."
)
_RUNS_HELP = "list, show, search, hand on and forget what is kept"
_RUNS = "What Baton kept of earlier runs. Alone it lists the newest conversations."
_AUDIT_HELP = "print every decision that is kept"
_AUDIT = (
    "Every decision about a call that is kept: who, when, by which rule, what was shown and what "
    "came of it. Times are UTC."
)
_PROMPT_HELP = (
    "the first message, instead of typing it; without a screen - takes it from standard input"
)

_TARGET = "FILE.py:NAME"

# argparse's own sentences.
_NO_VALUE = re.compile(r"argument (\S+): expected one argument")
_NEEDLESS_VALUE = re.compile(r"argument (\S+): ignored explicit argument .*", re.DOTALL)
_LACKS = re.compile(r"the following arguments are required: ([^,]+).*")
_NO_CHOICE = re.compile(r"argument ACTION: invalid choice: '(.*)' \(choose from .*")
_MISSING = f"the following arguments are required: {_TARGET}"


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one line that says what to do."""

    def error(self, message: str) -> NoReturn:
        """Raise UsageError with a sentence of ours instead of argparse's."""
        raise UsageError(self._sentence(message))

    def knows(self, option: str) -> bool:
        """Whether there is the option."""
        return option in self._option_string_actions

    def takes_value(self, option: str) -> bool:
        """Whether a known option is followed by a value."""
        return self._option_string_actions[option].nargs != 0

    def no_option(self, option: str) -> str:
        """Return what is said of an option that there is not."""
        if near := nearest(option, self._option_string_actions):
            return f"there is no option {option}: did you mean {near}?"
        return f"there is no option {option}: `{self.prog} --help` lists them"

    def _sentence(self, message: str) -> str:
        if message == _MISSING:
            return "run needs an agent: give FILE.py:NAME or MODULE:NAME"
        if missing := _LACKS.fullmatch(message):
            return f"{missing[1]} is missing: `{self.prog} --help` says what to give"
        if wrong := _NO_CHOICE.fullmatch(message):
            return f"'{wrong[1]}' is no action: `{self.prog} --help` lists them"
        if lacking := _NO_VALUE.fullmatch(message):
            return f"{lacking[1]} needs a value: `{self.prog} --help` says which"
        if needless := _NEEDLESS_VALUE.fullmatch(message):
            return f"{needless[1]} takes no value: leave it out"
        return message.removeprefix("argument ")


class CommandLine:
    """The whole command line."""

    def __init__(self) -> None:
        self._top = Parser(
            prog="baton",
            description=_ABOUT,
            epilog=_EXAMPLES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            parents=[_common(default=None)],
            add_help=False,
            allow_abbrev=False,
        )
        add_model_options(self._top, default=None)
        self._top.add_argument(
            "--version", action="version", version=f"baton {__version__}", help="say the version"
        )
        commands = self._top.add_subparsers(dest="command", metavar="COMMAND", parser_class=Parser)
        # A command's own default would overwrite what stood before the command.
        common = _common(default=argparse.SUPPRESS)
        kept = _kept(default=argparse.SUPPRESS)
        self._commands: dict[str, Parser] = {
            name: commands.add_parser(
                name,
                help=in_short,
                description=description,
                parents=[kept if name in ("runs", "audit") else common],
                add_help=False,
                allow_abbrev=False,
            )
            for name, in_short, description in (
                ("demo", _DEMO_HELP, _DEMO),
                ("replay", _REPLAY_HELP, _REPLAY),
                ("run", _RUN_HELP, _RUN),
                ("resume", _RESUME_HELP, _RESUME),
                ("runs", _RUNS_HELP, _RUNS),
                ("audit", _AUDIT_HELP, _AUDIT),
            )
        }
        _add_demo(self._commands["demo"])
        self._commands["replay"].add_argument(
            "which", metavar="ID|FILE", help="a kept run's id or its beginning, or a file of events"
        )
        _add_run(self._commands["run"])
        _add_resume(self._commands["resume"])
        add_runs_options(self._commands["runs"], kept)
        add_audit_options(self._commands["audit"])

    def read(self, arguments: Sequence[str]) -> argparse.Namespace:
        """Return what the arguments say.

        Raises:
            UsageError: If they cannot be meant.
        """
        self._check_command(arguments)
        given, more = self._top.parse_known_args(arguments)
        if more:
            self._take_prompt(given, more)
        return given

    def _check_command(self, arguments: Sequence[str]) -> None:
        """Look at all up to the command: argparse would call a lost value a wrong command."""
        words = iter(arguments)
        for word in words:
            if not word.startswith("-"):
                if word not in self._commands:
                    raise UsageError(_no_command(word))
                return
            option, is_set, _ = word.partition("=")
            if not self._top.knows(option):
                raise UsageError(self._no_option(option, None))
            if not is_set and self._top.takes_value(option):
                next(words, None)

    def _take_prompt(self, given: argparse.Namespace, more: Sequence[str]) -> None:
        """Take the prompt from what is left over: argparse misses it behind an option."""
        for word in more:
            if word.startswith("-") and word != STANDARD_INPUT:
                raise UsageError(self._no_option(word.partition("=")[0], given.command))
        takes_prompt = given.command in ("demo", "run", "resume") and given.prompt is None
        needless = more[1:] if takes_prompt else more
        if needless:
            raise UsageError(
                f"'{needless[0]}' is one argument too many: put a message of several words in "
                "quotes"
            )
        given.prompt = more[0]

    def _no_option(self, option: str, command: str | None) -> str:
        """Return what is said of an option that a command, or none, does not take."""
        if command == "demo" and self._top.knows(option):
            return rehearsal_asks_none(option)
        for other, parser in self._commands.items():
            if other != command and parser.knows(option):
                told = "leave it out here" if command else "put it behind that"
                return f"{option} belongs to `baton {other}`: {told}"
        return (self._commands[command] if command else self._top).no_option(option)


def _no_command(given: str) -> str:
    if given.endswith(".py") or ":" in given:
        return f"'{given}' is no command: did you mean `baton run {given}`?"
    if near := nearest(given, (*COMMANDS, "--help", "--version")):
        return f"'{given}' is no command: did you mean `baton {near}`?"
    *others, last = COMMANDS
    return f"'{given}' is no command: the commands are {', '.join(others)} and {last}"


def _common(default: str | None) -> Parser:
    """Return the options that stand before or behind a command."""
    common = _kept(default)
    common.add_argument(
        "--theme",
        metavar="NAME",
        default=default,
        help=f"{' or '.join(THEMES)} (default: $BATON_THEME, else the settings file's, else dark)",
    )
    add_config_option(common, default=default)
    add_policy_options(common, default=default)
    return common


def _kept(default: str | None) -> Parser:
    """Return the options that every command takes."""
    kept = Parser(add_help=False)
    kept.add_argument("-h", "--help", action="help", help="show this text")
    kept.add_argument(
        "--data-dir",
        metavar="DIR",
        default=default,
        help="where runs are kept (default: $BATON_DATA_DIR, else $XDG_DATA_HOME/baton)",
    )
    return kept


def _add_demo(demo: Parser) -> None:
    demo.add_argument("prompt", metavar="PROMPT", nargs="?", help=_PROMPT_HELP)
    demo.add_argument(
        "--speed",
        type=_speed,
        default=1.0,
        metavar="N",
        help="N times the pace of a person reading (default: 1)",
    )
    _add_forms(demo)


def _add_run(run: Parser) -> None:
    run.add_argument(
        "target",
        metavar=_TARGET,
        help="where the agent is, or MODULE:NAME; without NAME the only agent there",
    )
    run.add_argument("prompt", metavar="PROMPT", nargs="?", help=_PROMPT_HELP)
    run.add_argument(
        "--context",
        metavar=_TARGET,
        help="what gives the context object of every run: an object, a class, a function (async "
        "too) or an async context manager; or MODULE:NAME",
    )
    add_model_options(run, default=argparse.SUPPRESS)
    _add_forms(run)


def _add_resume(resume: Parser) -> None:
    resume.add_argument("id", metavar="ID", help="a run's id or its beginning: see `baton runs`")
    resume.add_argument("prompt", metavar="MESSAGE", nargs="?", help="say this when it is open")


def _add_forms(command: Parser) -> None:
    group = command.add_argument_group(
        "without a screen",
        "Exit codes: 0 done, 2 usage, 3 a call waits for a person, 4 failed, 5 a limit was "
        "reached, 130 interrupted.",
    )
    forms = group.add_mutually_exclusive_group()
    forms.add_argument(
        "--json",
        dest="form",
        action="store_const",
        const="json",
        help="write the events, one a line",
    )
    forms.add_argument(
        "--text", dest="form", action="store_const", const="text", help="write the answer alone"
    )


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = math.nan
    if not 0 < speed <= FASTEST:
        raise argparse.ArgumentTypeError(
            f"'{text}' is no pace: give a number above 0, up to {FASTEST}"
        )
    return speed
