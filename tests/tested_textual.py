"""Two habits of Textual that tests cannot afford, replaced. Knows nothing of our screens."""

import asyncio
import time
from typing import Any

import textual.app
import textual.pilot
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

_LOOK_S = 1 / 50
_IDLE_S = _LOOK_S / 20


def prepare() -> None:
    """Replace them, for all apps from now on."""
    parse_style_sheets_once()
    for module in (textual.app, textual.pilot):
        module.wait_for_idle = wait_for_idle


def parse_style_sheets_once() -> None:
    """Have every app share what a sheet was parsed to.

    An app keeps 64 sheets and has more, so that each of its parses begins from nothing. Rules are
    read and never changed: who has other variables, or other words, has others.
    """
    parse = Stylesheet._parse_rules
    kept: dict[tuple[Any, ...], list[RuleSet]] = {}

    def parse_once(sheet: Stylesheet, css: str, *place: Any, **more: Any) -> list[RuleSet]:
        variables = frozenset(sheet._variables.items())
        key = (css, place, tuple(sorted(more.items())), variables)
        if key not in kept:
            kept[key] = parse(sheet, css, *place, **more)
        return kept[key]

    Stylesheet._parse_rules = parse_once  # type: ignore[method-assign]


async def wait_for_idle(min_sleep: float = _LOOK_S, max_sleep: float = 1) -> None:
    """Wait until the app has nothing to do, or has worked for `max_sleep` CPU seconds.

    Textual takes a process that gets no CPU for one that needs none, and gives up after `max_sleep`
    seconds of the clock: where others work on the same cores, tests then look too early.

    Args:
        min_sleep: Kept for the signature: it looks once at least, as Textual does.
        max_sleep: After so much work it is taken for an app that never rests.
    """
    loop, began_s = asyncio.get_running_loop(), time.process_time()
    while True:
        cpu_s = time.process_time()
        await asyncio.sleep(_LOOK_S)
        now_s = time.process_time()
        is_idle = now_s - cpu_s < _IDLE_S and not loop._ready  # type: ignore[attr-defined]
        if is_idle or now_s - began_s >= max_sleep:
            return
