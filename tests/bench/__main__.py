"""Prints the table of what is measured: `python -m tests.bench [NAME ...]`.

A name is a row's, or a module's without `bench_`, whose rows are all meant. The fold and the panes
print tables of their own: `python -m tests.bench.bench_fold`, `bench_timeline`, `bench_transcript`.
Nothing here is ever asserted in a test run.
"""

import argparse
import importlib
from collections.abc import Iterator, Sequence

from tests.bench.table import HEAD, Row, line

MODULES = ("stream", "turns", "limits", "fleet", "journal", "idle", "keys", "screen")


def rows() -> Iterator[tuple[str, Row]]:
    """Yield each row with the name of its module."""
    for name in MODULES:
        module = importlib.import_module(f"tests.bench.bench_{name}")
        yield from ((name, row) for row in module.ROWS)


def chosen(names: Sequence[str]) -> list[Row]:
    """Return the rows that are meant, all if no name is given.

    Raises:
        SystemExit: If a name is nobody's.
    """
    known = list(rows())
    for name in names:
        if not any(name in (module, row.name) for module, row in known):
            words = ", ".join(row.name for _, row in known)
            raise SystemExit(f"there is no row '{name}'; there are {words}")
    return [row for module, row in known if not names or {module, row.name} & set(names)]


def main() -> None:
    """Measure and print, a row at a time."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="default: all, which takes minutes"
    )
    wanted = chosen(parser.parse_args().names)
    print(HEAD, flush=True)
    for row in wanted:
        print(line(row), flush=True)


if __name__ == "__main__":
    main()
