"""Where the journal lies unless a person names another folder. Looks at no disk."""

from collections.abc import Mapping
from typing import Final

FILE: Final = "journal.sqlite3"


def data_folder(environ: Mapping[str, str], named: str | None = None) -> str:
    """Return the folder for what Baton keeps, "" where the environment names no home.

    Args:
        environ: `BATON_DATA_DIR` comes first, then `XDG_DATA_HOME`, then `HOME`.
        named: What a person named on the command line; it comes before all.
    """
    own = named or environ.get("BATON_DATA_DIR", "")
    if own:
        return own
    base = environ.get("XDG_DATA_HOME", "")
    # The standard says to ignore a path that is not absolute.
    if base.startswith("/"):
        return f"{base.rstrip('/')}/baton"
    home = environ.get("HOME", "")
    return f"{home.rstrip('/')}/.local/share/baton" if home.startswith("/") else ""
