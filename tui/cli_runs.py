"""The arguments of `baton runs`, and where the journal is. Stays out of what is done with it.

Light: the cockpit's start reads it too.
"""

import argparse
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tui.cli_config import add_config_option
from tui.errors import UsageError
from tui.journal.places import FILE, data_folder

FORMS: Final = ("jsonl", "markdown", "html")
_UNITS_S: Final = {"h": 3_600, "d": 86_400, "w": 604_800}
_AGE: Final = re.compile(r"(\d+)([hdw])")
_ARGUMENTS: Final = {
    "ID": "a run's id, or as much of its beginning as no other has",
    "WORDS": "in any order; the last may be the beginning of one",
    "NAME": "one word, or several in quotes",
}
_EXAMPLES: Final = """\
examples:
  baton runs                               the newest conversations
  baton runs show 7f3a                     what was said and done
  baton runs search "refund A-1042"        where these words stand
  baton runs export 7f3a > run.jsonl       one event a line, for import
  baton runs export 7f3a --output run.html a page to read, for any browser
  baton runs prune --older-than 30d --keep-starred

ID is a run's id, or as much of its beginning as no other has. A conversation is
one line: its newest run. "unfinished" is a run from a file without its end."""


def journal_path(named: str | None, environ: Mapping[str, str] = os.environ) -> Path | None:
    """Return the journal's file, None where the environment names no home.

    Raises:
        UsageError: If `named`, what stands behind --data-dir, is empty.
    """
    if named == "":
        raise UsageError("--data-dir: an empty name is no folder: give its path")
    folder = os.path.expanduser(data_folder(environ, named))  # noqa: PTH111 - no home is no error
    return Path(os.path.abspath(folder), FILE) if folder else None  # noqa: PTH100 - `..` stays


def run(given: argparse.Namespace) -> int:
    """Do what `baton runs ...` says; return the exit code.

    Raises:
        UsageError: If there is no such run, or the arguments cannot be meant.
        JournalError: If the journal cannot be read.
    """
    path = named_journal(given.data_dir)
    from tui.cli_runs_actions import act

    act(path, given)
    return 0


def audit(given: argparse.Namespace) -> int:
    """Do what `baton audit ...` says; return the exit code.

    Raises:
        UsageError: If there is no such run.
        JournalError: If the journal cannot be read.
    """
    path = named_journal(given.data_dir)
    from tui import cli_audit

    cli_audit.audit(path, given)
    return 0


def named_journal(named: str | None) -> Path:
    """Return the journal's file, for who cannot do without one.

    Raises:
        UsageError: If the environment names no home.
    """
    path = journal_path(named)
    if path is None:
        raise UsageError("there is no home folder: name one with --data-dir")
    return path


def add_runs_options(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """Add what `baton runs` takes; its actions take the options of `common` too."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EXAMPLES
    actions = parser.add_subparsers(dest="action", metavar="ACTION", parser_class=type(parser))

    def action(name: str, about: str, *arguments: str) -> argparse.ArgumentParser:
        made = actions.add_parser(
            name,
            help=about,
            description=f"{about[0].upper()}{about[1:]}.",
            parents=[common],
            add_help=False,
            allow_abbrev=False,
        )
        for argument in arguments:
            made.add_argument(argument.lower(), metavar=argument, help=_ARGUMENTS[argument])
        return made

    listing = action("list", "list the newest conversations (the default)")
    _add_listing(listing, "a conversation")
    action("show", "print what was said and done in a conversation", "ID")
    search = action("search", "print where all these words stand, the newest first", "WORDS")
    _add_listing(search, "a place")
    _add_export(action("export", "write a run to hand on: events, Markdown or a page", "ID"))
    incoming = action("import", "keep the runs of an exported file, all or none")
    incoming.add_argument("file", metavar="FILE", help="events, one a line; - is standard input")
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


def add_audit_options(parser: argparse.ArgumentParser) -> None:
    """Add what `baton audit` takes."""
    parser.add_argument(
        "id",
        metavar="ID",
        nargs="?",
        help="a run, or as much of its id as no other has: all of each decision of its "
        "conversation; without it a line for each that is kept",
    )
    parser.add_argument("--json", action="store_true", help="print a decision a line, as JSON")


def _add_listing(parser: argparse.ArgumentParser, of: str) -> None:
    parser.add_argument("--limit", type=_count, default=50, metavar="N", help="default: 50")
    parser.add_argument("--json", action="store_true", help=f"print {of} a line, as JSON")


def _add_export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format",
        type=_form,
        metavar="FORM",
        help=f"{', '.join(FORMS)} (default: as the file's name ends, else jsonl)",
    )
    parser.add_argument("--output", metavar="FILE", help="default: standard output")
    parser.add_argument("--force", action="store_true", help="replace the file if it is there")
    parser.add_argument(
        "--conversation", action="store_true", help="all runs of the conversation, not one"
    )
    parser.add_argument(
        "--redact",
        action="append",
        default=[],
        metavar="TEXT",
        help="leave this out too, besides what looks like a secret; may be repeated, and listed as "
        "[export] redact in the settings file",
    )
    # Or it would overwrite what stood before the command.
    add_config_option(parser, default=argparse.SUPPRESS)


def _form(text: str) -> str:
    if text in FORMS:
        return text
    raise argparse.ArgumentTypeError(f"there is no form '{text}': choose {' or '.join(FORMS)}")


def _count(text: str) -> int:
    if text.isdecimal() and int(text) > 0:
        return int(text)
    raise argparse.ArgumentTypeError(f"'{text}' is no number: give a whole one above 0")


def _age_s(text: str) -> int:
    if (age := _AGE.fullmatch(text)) is None:
        raise argparse.ArgumentTypeError(f"'{text}' is no age: give 12h, 30d or 4w")
    return int(age[1]) * _UNITS_S[age[2]]
