"""Who sits at this screen, for the record of decisions. Asks nobody."""

import getpass
from functools import cache


@cache
def operator() -> str:
    """Return the person's name on this machine, "" where it has none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""
