"""What is told of a fault of the cockpit itself: a sentence, and a file that holds the rest.

Stays out of catching it. No values of variables anywhere: they may be secrets.
"""

import os
import tempfile
import traceback
from pathlib import Path

from tui.plain import Plain, plain, plain_line


def told_of(error: BaseException) -> Plain:
    """Keep the traceback of `error` in a file of its own, and return the sentence that says so."""
    said = plain_line(str(error)) or type(error).__name__
    stopped = f"Baton had to stop, by a fault of its own: {said}"
    try:
        path = written(error)
    except OSError as trouble:
        return plain(f"{stopped}\nIts traceback could not be kept: {trouble}")
    return plain(f"{stopped}\nIts traceback is in {path}")


def written(error: BaseException) -> Path:
    """Write the traceback of `error`, safe to show, into a new file only its owner can read.

    Raises:
        OSError: If the system's folder for such files takes none.
    """
    descriptor, name = tempfile.mkstemp(prefix="baton-crash-", suffix=".txt")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(plain("".join(traceback.format_exception(error))))
    return Path(name)
