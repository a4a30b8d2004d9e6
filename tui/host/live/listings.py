"""Hears which tools an agent lists for a turn: those added late, made anew or by a server, too.

Stands in the listing of the agent's class, so that an agent and its copies stay what they are.
Changes no list.
"""

import functools
import types
from collections.abc import Awaitable, Callable

# Agents and tools are of either library.
from typing import Any, Final, TypeAlias

Hear: TypeAlias = Callable[[Any, Any], None]
"""Takes an agent and what it listed."""

_LISTING: Final = "get_all_tools"
# By the class that defines the listing; the newest stand-in, with who hears it.
_stood_in: dict[type, tuple[Any, list[Hear]]] = {}


class Listings:
    """Hears the listings of every class whose agent it was shown, until it is closed.

    Args:
        hear: Told of each listing, also of other agents of these classes.
    """

    def __init__(self, hear: Hear) -> None:
        self._hear = hear
        self._classes: list[type] = []

    def listen(self, agent: Any) -> bool:
        """Hear what agents of this one's class list from now on; False if that cannot be."""
        owner = next((base for base in type(agent).__mro__ if _LISTING in vars(base)), None)
        if owner is None:
            return False
        if owner in self._classes:
            return True
        if not _stand_in(owner):
            return False
        _stood_in[owner][1].append(self._hear)
        self._classes.append(owner)
        return True

    def close(self) -> None:
        """Hear no more; the last to leave a class gives it its own listing back."""
        for owner in self._classes:
            _, hearers = _stood_in[owner]
            hearers.remove(self._hear)
            if not hearers:
                _step_back(owner)
        self._classes.clear()


def _stand_in(owner: type) -> bool:
    original = vars(owner)[_LISTING]
    if owner in _stood_in and _stood_in[owner][0] is original:
        return True
    if not isinstance(original, types.FunctionType):
        return False
    hearers: list[Hear] = _stood_in[owner][1] if owner in _stood_in else []
    standing = _heard(original, hearers)
    try:
        setattr(owner, _LISTING, standing)
    except (TypeError, AttributeError):
        return False
    _stood_in[owner] = standing, hearers
    return True


def _step_back(owner: type) -> None:
    standing, _ = _stood_in.pop(owner)
    # Unless another took its place.
    if vars(owner).get(_LISTING) is standing:
        setattr(owner, _LISTING, vars(standing)["__wrapped__"])


def _heard(
    original: Callable[..., Awaitable[Any]], hearers: list[Hear]
) -> Callable[..., Awaitable[Any]]:
    @functools.wraps(original)
    async def listing(self: Any, *args: Any, **kwargs: Any) -> Any:
        tools = await original(self, *args, **kwargs)
        for hear in tuple(hearers):
            hear(self, tools)
        return tools

    return listing
