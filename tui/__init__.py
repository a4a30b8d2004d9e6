"""Baton: a terminal cockpit for runs of several agents. Importing it loads nothing else.

`tui.run(agent, "Hello")` opens the cockpit from a program; inside a running event loop
`await tui.run_async(agent, "Hello")` does. The agents' own words are in `tui.agents`.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.script.run import run, run_async

__version__ = "0.1.0"
__all__ = ["__version__", "run", "run_async"]

_OF_THE_SCRIPT = ("run", "run_async")


def __getattr__(name: str) -> object:
    if name not in _OF_THE_SCRIPT:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from tui.script import run as module

    value: object = getattr(module, name)
    return value
