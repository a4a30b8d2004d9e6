"""What a person names on the command line, or that lies where settings do, read as text."""

import sys
from pathlib import Path

from tui.errors import UsageError


def read_message() -> str:
    """Return what stands on standard input, without the line end behind it.

    Raises:
        UsageError: If there is nothing, or no text.
    """
    try:
        text = "" if sys.stdin is None else sys.stdin.buffer.read().decode()
    except UnicodeDecodeError as error:
        raise UsageError("standard input is not text in UTF-8: give the message as that") from error
    except OSError as error:
        raise UsageError(f"standard input cannot be read: {error.strerror}") from error
    text = text.removesuffix("\n").removesuffix("\r")
    if not text.strip():
        raise UsageError("standard input has no message: write one into it, or leave the - out")
    return text


def read_text(path: str, shown: str, option: str) -> str:
    """Return the text of the file at `path`.

    Args:
        path: Where it is.
        shown: What a person calls it.
        option: The option that named it, "" where nobody did.

    Raises:
        UsageError: If it cannot be read.
    """
    told = f"{option}: " if option else ""
    try:
        if Path(path).is_fifo():
            # Whoever reads it second finds nothing, and where nobody writes it never ends.
            raise UsageError(f"{told}{shown} is a pipe, which can be read once: give a file")
        return Path(path).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise UsageError(f"{told}there is no file {shown}: check its path") from error
    except IsADirectoryError as error:
        raise UsageError(f"{told}{shown} is a folder: give a file") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{told}{shown} is not text in UTF-8: save it as that") from error
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"{told}{shown} cannot be read: {why}") from error
