"""What `baton runs` does: lists, shows, searches, hands on and forgets what is kept.

Stays out of the arguments and of the cockpit: it writes plain lines, and works with pipes.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Final

from tui.cli_replay import wanted_run
from tui.errors import UsageError
from tui.journal.exchange import lines_of
from tui.journal.sqlite_store import SqliteStore
from tui.journal.store import KeptRun, Store
from tui.journal.transcript import transcript_of
from tui.plain import plain, plain_line

_SHORT_ID: Final = 8


def act(path: Path, given: argparse.Namespace) -> None:
    """Do what the arguments say with the journal at `path`.

    Raises:
        UsageError: If there is no such run.
        JournalError: If the journal cannot be read.
    """
    if not path.exists():
        _say(f"Nothing is kept in {path.parent} yet.")
        return
    with closing(SqliteStore(path)) as store:
        _ACTIONS[given.action or "list"](store, given)


def _list(store: Store, given: argparse.Namespace) -> None:
    runs = store.runs(getattr(given, "limit", 50))
    if not runs:
        _say("Nothing is kept yet.")
    _print(map(_line, runs))


def _show(store: Store, given: argparse.Namespace) -> None:
    run = wanted_run(store, given.id)
    for each in store.conversation(run.root):
        _print([_line(each), ""])
        _print(transcript_of(store.events(each.run_id)))


def _search(store: Store, given: argparse.Namespace) -> None:
    hits = store.search(given.words)
    if not hits:
        _say(f"No kept run has '{given.words}' in it.")
    for hit in hits:
        excerpt = " ".join(hit.excerpt.replace("\x02", "»").replace("\x03", "«").split())
        _print([f"{hit.run.run_id[:_SHORT_ID]}  {hit.kind:18} {excerpt}"])


def _export(store: Store, given: argparse.Namespace) -> None:
    run = wanted_run(store, given.id)
    for line in lines_of(store.events(run.run_id), given.redact):
        # JSON has its own escapes: what acts on a terminal is one of them already.
        sys.stdout.write(f"{line}\n")


def _star(store: Store, given: argparse.Namespace) -> None:
    store.star(wanted_run(store, given.id).root, given.action == "star")


def _rename(store: Store, given: argparse.Namespace) -> None:
    store.rename(wanted_run(store, given.id).root, given.name)


def _delete(store: Store, given: argparse.Namespace) -> None:
    run = wanted_run(store, given.id)
    if not given.yes and not _is_sure(f"Forget '{run.title}', all its runs?"):
        _say("Nothing is forgotten.")
        return
    store.delete(run.root)
    _say(f"'{run.title}' is forgotten.")


def _prune(store: Store, given: argparse.Namespace) -> None:
    count = store.prune(time.time() - given.older_than, keep_starred=given.keep_starred)
    _say(f"{count} conversation{'' if count == 1 else 's'} forgotten.")


_ACTIONS: Final[dict[str, Callable[[Store, argparse.Namespace], None]]] = {
    "list": _list,
    "show": _show,
    "search": _search,
    "export": _export,
    "star": _star,
    "unstar": _star,
    "rename": _rename,
    "delete": _delete,
    "prune": _prune,
}


def _line(run: KeptRun) -> str:
    day = datetime.fromtimestamp(run.started_at).astimezone().strftime("%Y-%m-%d %H:%M")
    star = "★" if run.is_starred else " "
    size = f"{run.size / 1024:.0f} KB"
    title = f"{run.title}{' (rehearsal)' if run.is_rehearsal else ''}"
    return f"{run.run_id[:_SHORT_ID]} {star} {day}  {run.status:9} {size:>8}  {run.target}  {title}"


def _is_sure(question: str) -> bool:
    """Ask the person; without a terminal nobody can answer.

    Raises:
        UsageError: Then.
    """
    if not sys.stdin.isatty():
        raise UsageError("delete asks before it forgets: start it in a terminal, or add --yes")
    sys.stderr.write(f"{plain_line(question)} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stdout.write(f"{plain(line)}\n")


def _say(text: str) -> None:
    sys.stderr.write(f"{plain_line(text)}\n")
