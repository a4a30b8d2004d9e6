"""What a program's environment is lent while a screen shows its runs.

Stays out of what a library makes of it. A `baton run` gives its agent process the same.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from tui.host.services import KEY, NO_KEY, needs_no_key

_TRACING: Final = "OPENAI_AGENTS_DISABLE_TRACING"


@contextmanager
def lent_environment() -> Iterator[None]:
    """Keep traces of the runs here, and ask for no key where a server of one's own is named.

    What the program has said itself about either stays, and so does what it says meanwhile.
    """
    lent = dict(_lacking(os.environ))
    before = {name: os.environ.get(name) for name in lent}
    os.environ.update(lent)
    try:
        yield
    finally:
        for name, value in before.items():
            if os.environ.get(name) == lent[name]:
                _put_back(name, value)


def _lacking(environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if _TRACING not in environ:
        yield _TRACING, "1"
    if needs_no_key(environ):
        yield KEY, NO_KEY


def _put_back(name: str, value: str | None) -> None:
    if value is None:
        del os.environ[name]
    else:
        os.environ[name] = value
