"""What `baton runs` does with what is kept: lists, shows, searches, names and forgets it.

Stays out of the arguments, of files to hand on, and of the cockpit: it writes plain lines.
"""

import argparse
import os
import re
import shutil
import sys
import time
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any, Final

import msgspec

from tui.cli_exchange import bring_in, export
from tui.cli_kept import minute, opened, put, put_json, say, short_id, wanted
from tui.errors import UsageError
from tui.journal.living import living
from tui.journal.store import Hit, KeptRun, Store
from tui.journal.transcript import transcript_of
from tui.journal.words import size_in_words, state_in_words
from tui.plain import plain_line

_NOTHING_IS_FINE: Final = ("list", "search", "prune")
_BEGIN, _END = "\x02", "\x03"
_MARKED: Final = re.compile(f"{_BEGIN}(.*?){_END}", re.DOTALL)
_BOLD: Final = "\x1b[1;4m{}\x1b[22;24m"
_QUOTED: Final = "»{}«"
_BARE: Final = "{}"


def act(path: Path, given: argparse.Namespace) -> None:
    """Do what the arguments say with the journal at `path`.

    Raises:
        UsageError: If there is no such run, or a file cannot be read or written.
        JournalError: If the journal cannot be read, or a file is none.
    """
    name = given.action or "list"
    with opened(path, may_begin=name == "import") as store:
        if store is not None:
            _ACTIONS[name](store, given)
            return
    nothing = f"nothing is kept in {path.parent} yet"
    if name not in _NOTHING_IS_FINE:
        raise UsageError(f"{nothing}: `baton runs --help` says what is kept")
    say(f"N{nothing[1:]}.")


def _list(store: Store, given: argparse.Namespace) -> None:
    runs, alive = store.runs(getattr(given, "limit", 50)), living(store)
    if getattr(given, "json", False):
        _put_json(_as_json(run, alive) for run in runs)
        return
    if not runs:
        say("Nothing is kept yet.")
    put(_fitted(_line(run, alive)) for run in runs)


def _show(store: Store, given: argparse.Namespace) -> None:
    run, alive = wanted(store, given.id), living(store)
    for number, each in enumerate(store.conversation(run.root)):
        put([*([""] if number else []), _line(each, alive), ""])
        put(transcript_of(store.events(each.run_id)))


def _search(store: Store, given: argparse.Namespace) -> None:
    if not given.words.strip():
        raise UsageError("WORDS is empty: give what to look for")
    hits = store.search(given.words, given.limit)
    if given.json:
        _put_json(map(_hit_as_json, hits))
        return
    if not hits:
        say(f"No kept run has '{given.words}' in it.")
    mark = _mark()
    for hit in hits:
        what = hit.kind.replace("_", " ")
        head = f"{short_id(hit.run)}  {minute(hit.run.started_at)}  {what:18} "
        sys.stdout.write(f"{plain_line(head)}{_excerpt(hit, mark)}\n")


def _star(store: Store, given: argparse.Namespace) -> None:
    store.star(wanted(store, given.id).root, given.action == "star")


def _rename(store: Store, given: argparse.Namespace) -> None:
    store.rename(wanted(store, given.id).root, given.name)


def _delete(store: Store, given: argparse.Namespace) -> None:
    run = wanted(store, given.id)
    if not given.yes and not _is_sure(f"Forget '{run.title}', all its runs?"):
        say("Nothing is forgotten.")
        return
    store.delete(run.root)
    say(f"'{run.title}' is forgotten.")


def _prune(store: Store, given: argparse.Namespace) -> None:
    count = store.prune(time.time() - given.older_than, keep_starred=given.keep_starred)
    say(f"{count} conversation{'' if count == 1 else 's'} forgotten.")


_ACTIONS: Final[dict[str, Callable[[Store, argparse.Namespace], None]]] = {
    "list": _list,
    "show": _show,
    "search": _search,
    "export": export,
    "import": bring_in,
    "star": _star,
    "unstar": _star,
    "rename": _rename,
    "delete": _delete,
    "prune": _prune,
}


def _line(run: KeptRun, alive: AbstractSet[str]) -> str:
    star = "★" if run.is_starred else " "
    marks = {"rehearsal": run.is_rehearsal, "imported": run.is_imported}
    remarks = "".join(f" ({name})" for name, is_so in marks.items() if is_so)
    state, size = state_in_words(run, alive), size_in_words(run.size)
    head = f"{short_id(run)} {star} {minute(run.started_at)}  {state:11} {size:>8}"
    return plain_line(f"{head}  {run.target}  {run.title}{remarks}")


def _fitted(line: str) -> str:
    """Return a row as wide as the terminal; in a pipe it stays whole."""
    if not sys.stdout.isatty():
        return line
    width = shutil.get_terminal_size().columns
    return line if len(line) <= width else f"{line[: width - 1]}…"


def _as_json(run: KeptRun, alive: AbstractSet[str]) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.to_builtins(run)
    for inner in ("status", "host", "opened"):
        del fields[inner]
    return {**fields, "state": state_in_words(run, alive)}


def _hit_as_json(hit: Hit) -> dict[str, Any]:
    found, places, pieces = 0, [], _MARKED.split(hit.excerpt)
    for number, piece in enumerate(pieces):
        if number % 2:
            places.append((found, found + len(piece)))
        found += len(piece)
    where = {"run_id": hit.run.run_id, "seq": hit.seq, "kind": hit.kind}
    return {**where, "excerpt": "".join(pieces), "found": places}


def _excerpt(hit: Hit, mark: str) -> str:
    """Return an excerpt on one line, safe to show, with what was found marked."""
    pieces = _MARKED.split(hit.excerpt)
    shown = (plain_line(re.sub(r"\s+", " ", piece)) for piece in pieces)
    return "".join(mark.format(each) if at % 2 else each for at, each in enumerate(shown))


def _mark() -> str:
    """Return how what was found is marked: not in a pipe, where the words alone count."""
    if not sys.stdout.isatty():
        return _BARE
    return _QUOTED if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" else _BOLD


def _put_json(values: Any) -> None:
    for value in values:
        put_json(msgspec.json.encode(value).decode())


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
