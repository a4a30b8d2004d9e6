"""The arguments of `baton runs`, and where the journal is. Stays out of what is done with it.

Light: the cockpit's start reads it too.
"""

import argparse
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tui.errors import UsageError
from tui.journal.places import FILE, data_folder

_UNITS_S: Final = {"h": 3_600, "d": 86_400, "w": 604_800}
_AGE: Final = re.compile(r"(\d+)([hdw])")
_EXAMPLES: Final = """\
examples:
  baton runs                               the newest conversations
  baton runs show 7f3a                     what was said and done
  baton runs search "refund A-1042"        where these words stand
  baton runs export 7f3a > run.jsonl       one event a line
  baton runs prune --older-than 30d --keep-starred

ID is a run's id or its beginning."""


def journal_path(named: str | None, environ: Mapping[str, str] = os.environ) -> Path | None:
    """Return the journal's file, None where the environment names no home.

    Raises:
        UsageError: If `named`, what stands behind --data-dir, is empty.
    """
    if named == "":
        raise UsageError("--data-dir: an empty name is no folder: give its path")
    folder = data_folder(environ, named)
    return Path(os.path.abspath(folder), FILE) if folder else None  # noqa: PTH100 - `..` stays


def run(given: argparse.Namespace) -> int:
    """Do what `baton runs ...` says; return the exit code.

    Raises:
        UsageError: If there is no such run, or the arguments cannot be meant.
        JournalError: If the journal cannot be read.
    """
    path = journal_path(given.data_dir)
    if path is None:
        raise UsageError("there is no home folder: name one with --data-dir")
    from tui.cli_runs_actions import act

    act(path, given)
    return 0


def add_runs_options(parser: argparse.ArgumentParser) -> None:
    """Add what `baton runs` takes."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EXAMPLES
    actions = parser.add_subparsers(dest="action", metavar="ACTION", parser_class=type(parser))

    def action(name: str, about: str, *arguments: str) -> argparse.ArgumentParser:
        made = actions.add_parser(name, help=about, description=about, allow_abbrev=False)
        for argument in arguments:
            made.add_argument(argument.lower(), metavar=argument)
        return made

    listing = action("list", "list the newest conversations (the default)")
    listing.add_argument("--limit", type=_count, default=50, metavar="N", help="default: 50")
    action("show", "print what was said and done", "ID")
    action("search", "print where these words stand", "WORDS")
    export = action("export", "print the events, one a line", "ID")
    export.add_argument(
        "--redact", action="append", default=[], metavar="TEXT", help="leave this out too"
    )
    action("star", "mark a conversation", "ID")
    action("unstar", "take the mark back", "ID")
    action(
        "rename", "name a conversation; an empty name gives its first message back", "ID", "NAME"
    )
    delete = action("delete", "forget a conversation", "ID")
    delete.add_argument("--yes", action="store_true", help="do not ask")
    prune = action("prune", "forget old conversations")
    prune.add_argument(
        "--older-than", type=_age_s, required=True, metavar="AGE", help="30d, 12h, 4w"
    )
    prune.add_argument("--keep-starred", action="store_true", help="but not the marked ones")


def _count(text: str) -> int:
    if text.isdecimal() and int(text) > 0:
        return int(text)
    raise argparse.ArgumentTypeError(f"'{text}' is no number: give a whole one above 0")


def _age_s(text: str) -> int:
    if (age := _AGE.fullmatch(text)) is None:
        raise argparse.ArgumentTypeError(f"'{text}' is no age: give 12h, 30d or 4w")
    return int(age[1]) * _UNITS_S[age[2]]
