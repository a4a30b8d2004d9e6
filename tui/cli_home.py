"""What home offers of a folder: the agents of its files, and the rehearsal. Runs none of them."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tui.cockpit.home_listing import AgentChoice, HomeListing
from tui.errors import LoadError
from tui.host.finding import REHEARSAL, Findings, look_at, suggestion
from tui.host.places import FOLDER_IS_GONE

FILES_LOOKED_AT = 500
NO_SERVICE = (
    "Neither OPENAI_API_KEY nor OPENAI_BASE_URL is set, so agents of your own have no model to "
    "ask. The rehearsal needs none."
)
NO_AGENTS = "No file here has an agent at its top. Save this in one, such as desk.py, and press r:"
EXAMPLE = """\
from tui.agents import Agent

desk = Agent(name="Desk", instructions="Answer in one sentence.")"""

_REHEARSAL = AgentChoice(REHEARSAL, "The rehearsal", "a support desk; no key, no network")


class _Look(NamedTuple):
    """What a look at a file gave: None for one that could not be read."""

    name: str
    found: Findings | None


def list_home(folder: Path | None, *, has_service: bool) -> HomeListing:
    """Return what can be started, and what explains it.

    Args:
        folder: Where to look for agents, None if it was deleted.
        has_service: Whether agents of one's own have a model to ask; without, the rehearsal is
            first.
    """
    if folder is None:
        return HomeListing((_REHEARSAL,), notice=f"{FOLDER_IS_GONE.capitalize()}.")
    place = _told(folder)
    try:
        names = _python_files(folder)
    except OSError as error:
        notice = f"This folder cannot be read: {error.strerror}."
        return HomeListing((_REHEARSAL,), place, notice)
    looks = [_Look(name, _found(folder / name)) for name in names[:FILES_LOOKED_AT]]
    choices = tuple({choice.target: choice for look in looks for choice in _choices(look)}.values())
    notices = list(_notices(names, looks))
    if not has_service:
        listed = (_REHEARSAL, *choices)
        return HomeListing(listed, place, "\n".join([NO_SERVICE, *notices]))
    if choices:
        return HomeListing((*choices, _REHEARSAL), place, "\n".join(notices))
    notices += [*_kept_in_functions(looks), NO_AGENTS]
    return HomeListing((_REHEARSAL,), place, "\n".join(notices), EXAMPLE)


def _told(folder: Path) -> str:
    home = os.path.expanduser("~")  # noqa: PTH111 - Path.home raises where nobody has one
    inside = str(folder).removeprefix(f"{home}{os.sep}")
    return str(folder) if inside == str(folder) else f"~{os.sep}{inside}"


def _python_files(folder: Path) -> list[str]:
    """Return the names of what may be Python files, in order.

    Raises:
        OSError: If the folder cannot be read.
    """
    with os.scandir(folder) as entries:
        return sorted(
            each.name for each in entries if each.name.endswith(".py") and _is_no_folder(each)
        )


def _is_no_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return not entry.is_dir()
    except OSError:
        return True  # A link that leads to itself is told of as what cannot be read.


def _found(path: Path) -> Findings | None:
    try:
        return look_at(path)
    except LoadError:
        return None


def _choices(look: _Look) -> Iterator[AgentChoice]:
    if look.found is None:
        return
    for agent in look.found.agents:
        target = f"{look.name}:{agent.variable}"
        yield AgentChoice(target, agent.title.strip() or agent.variable, target)
    for function in look.found.makers:
        target = f"{look.name}:{function.name}"
        yield AgentChoice(target, f"{function.name}()", target)


def _notices(names: list[str], looks: list[_Look]) -> Iterator[str]:
    if len(names) > FILES_LOOKED_AT:
        yield (
            f"Of {len(names)} files here the first {FILES_LOOKED_AT} were looked at: "
            "`baton run FILE.py` takes any."
        )
    unread = [look.name for look in looks if look.found is None]
    if unread:
        others = f" and {len(unread) - 1} more" if len(unread) > 1 else ""
        yield f"{unread[0]}{others} cannot be read: `baton run {unread[0]}` says why."


def _kept_in_functions(looks: list[_Look]) -> Iterator[str]:
    """Yield what to change in the first file whose functions make agents that nobody gets."""
    for name, found in looks:
        if found is not None and any(function.builds for function in found.functions):
            yield f"{name}: {suggestion(name, found)}."
            return
