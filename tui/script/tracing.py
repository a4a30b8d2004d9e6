"""Keeps an agents library from tracing while a screen shows its runs.

A library looks at the environment only when it traces for the first time, which a program may have
done long before. Stays out of the environment, and of libraries that trace nothing.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType

# A library's tracing has no closer type.
from typing import Any, Final

from tui.host.live.shapes import field

_TRACING: Final = "OPENAI_AGENTS_DISABLE_TRACING"


class _Untracing:
    """Stands for a program's own trace provider and begins no trace; all else is the program's.

    Args:
        own: The program's.
        idle: One that is switched off.
    """

    def __init__(self, own: Any, idle: Any) -> None:
        self._own = own
        self._maker = idle

    def __getattr__(self, name: str) -> Any:
        return getattr(self._own, name)

    def create_trace(self, *args: Any, **kwargs: Any) -> Any:
        """Make a trace that goes nowhere."""
        return self._maker.create_trace(*args, **kwargs)

    def create_span(self, *args: Any, **kwargs: Any) -> Any:
        """Make a span that goes nowhere."""
        return self._maker.create_span(*args, **kwargs)

    def set_disabled(self, disabled: bool) -> None:
        """Do as the program says: it may ask for traces meanwhile."""
        self._own.set_disabled(disabled)
        if not disabled:
            self._maker = self._own

    def force_flush(self) -> None:
        """Do nothing, where nothing was begun: the program's own looks at the environment then."""
        self._maker.force_flush()


@contextmanager
def untraced(library: ModuleType, environ: Mapping[str, str] = os.environ) -> Iterator[None]:
    """Have `library` trace nothing, unless the environment asks for traces.

    Its own trace provider is not touched, so that it is as before afterwards.
    """
    tracing = field(library, "tracing")
    own_of = field(tracing, "get_trace_provider")
    use = field(tracing, "set_trace_provider")
    make = field(field(tracing, "provider"), "DefaultTraceProvider")
    if not all(map(callable, (own_of, use, make))) or _asks_for_traces(environ):
        yield
        return
    own, idle = own_of(), make()
    idle.set_disabled(True)
    untracing = _Untracing(own, idle)
    use(untracing)
    try:
        yield
    finally:
        if own_of() is untracing:
            use(own)


def _asks_for_traces(environ: Mapping[str, str]) -> bool:
    """Tell whether it is said in the environment that traces are wanted."""
    return environ.get(_TRACING, "1").lower() not in ("1", "true")
