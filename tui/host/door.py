"""A host's own door, and what the journal tells of the host. Stays out of who comes in."""

import os
from pathlib import Path
from typing import Final

from tui.errors import HostError
from tui.host.keeping import Place
from tui.host.loading import Wanted
from tui.host.places import working_folder
from tui.journal.opened import HowOpened, named_in, written
from tui.wire.meeting import Door, meeting_folder

_NOT_FOUND_AGAIN: Final = "What runs here cannot be found again and ends with this screen: {why}.\n"


def open_door(wanted: Wanted) -> tuple[Door | None, str]:
    """Return the door of a host, None where nothing is kept, and what a person must know of it.

    Where there can be no socket there is a lock, beside the journal: nobody else may take up what
    runs here.
    """
    if not wanted.journal:
        return None, ""
    try:
        return Door(meeting_folder()), ""
    except HostError as error:
        notice = _NOT_FOUND_AGAIN.format(why=error)
    try:
        return Door(Path(wanted.journal).parent, listens=False), notice
    except HostError:
        # The journal cannot be there either, and says so.
        return None, notice


def place_of(wanted: Wanted, door: Door | None) -> Place | None:
    """Return where the runs of a host are kept, with what is kept of the host itself."""
    if not wanted.journal:
        return None
    opened = HowOpened(
        # As it stands when the host starts: their code may go elsewhere.
        folder=str(working_folder() or ""),
        context=wanted.context,
        model=wanted.model,
        api=wanted.api,
        address_from=wanted.address_from,
        key_from=wanted.key_from,
        speed=wanted.speed,
        policy=wanted.policy,
        environment=named_in(os.environ),
    )
    return Place(Path(wanted.journal), str(door.path) if door else "", written(opened))
