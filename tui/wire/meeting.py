"""Where a host can be met again: its socket, the folder for it, the lock that tells that it lives.

Stays out of what is said over the socket. Looks at the disk; waits for nothing.
"""

import fcntl
import os
import secrets
import socket
import stat
import struct
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from tui.errors import HostError

# The kernel's limit for the path of a socket, without the byte that ends it; macOS has the least.
LONGEST_PATH: Final = 103
_SOCKET: Final = ".sock"
_LOCK: Final = ".lock"
_NAME_BYTES: Final = 6
_QUEUED: Final = 16


def meeting_folder(environ: Mapping[str, str] = os.environ, *, create: bool = True) -> Path:
    """Return the folder of this user's sockets: nobody else may enter it.

    Raises:
        HostError: If what is there is of somebody else, open to others, or cannot be made.
    """
    runtime = environ.get("XDG_RUNTIME_DIR", "")
    choices = [Path(runtime, "baton")] if runtime.startswith("/") else []
    choices.append(Path(tempfile.gettempdir(), f"baton-{os.getuid()}"))
    fitting = [each for each in choices if len(os.fsencode(_longest_in(each))) <= LONGEST_PATH]
    # A runtime folder that is named but not there is none.
    folder = next((each for each in fitting if each.parent.is_dir()), None)
    if folder is None:
        raise HostError(f"{choices[-1]} is too long a path for a socket: set TMPDIR to a short one")
    if create:
        with suppress(OSError):
            folder.mkdir(mode=0o700)
    _check_own(folder)
    return folder


class Door:
    """A host's own socket, and the lock that it holds as long as it lives.

    Args:
        folder: Where both lie.
        listens: Whether there is a socket; without one it only tells that it lives.

    Attributes:
        path: Of the socket.
        socket: Listens; None where it does not.

    Raises:
        HostError: If they cannot be made.
    """

    def __init__(self, folder: Path, *, listens: bool = True) -> None:
        self.path = folder / f"{secrets.token_hex(_NAME_BYTES)}{_SOCKET}"
        self.socket: socket.socket | None = None
        try:
            self._lock = os.open(_lock_of(self.path), os.O_CREAT | os.O_RDWR, 0o600)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if listens:
                self.socket = _listening(self.path)
        except OSError as error:
            raise HostError(f"{self.path} cannot be listened at: {error.strerror}") from error
        # A forked child that lived on would look as if the host did.
        os.register_at_fork(after_in_child=self._let_go)

    def close(self) -> None:
        """Be met no more."""
        if self._lock >= 0:
            _remove(self.path)
        self._let_go()

    def _let_go(self) -> None:
        if self.socket is not None:
            self.socket.close()
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


def lives(path: str) -> bool:
    """Tell whether the host of a socket lives; of one that does not, what it left is removed.

    Args:
        path: Of the socket, "" for none.
    """
    if not path:
        return False
    try:
        lock = os.open(_lock_of(Path(path)), os.O_RDWR)
    except OSError:
        return False
    try:
        # Shared: two that look at once must not take each other for the host.
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    else:
        _remove(Path(path))
        return False
    finally:
        os.close(lock)


def is_same_user(peer: socket.socket) -> bool:
    """Tell whether the other side is of this user, where the system tells it."""
    if not hasattr(socket, "SO_PEERCRED"):
        # The folder and the socket's mode let nobody else in.
        return True
    size = struct.calcsize("3i")
    _, uid, _ = struct.unpack("3i", peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
    return bool(uid == os.getuid())


def _listening(path: Path) -> socket.socket:
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        made.bind(str(path))
        path.chmod(0o600)
        made.listen(_QUEUED)
    except OSError:
        made.close()
        raise
    made.setblocking(False)
    return made


def _longest_in(folder: Path) -> str:
    return str(folder / f"{'0' * 2 * _NAME_BYTES}{_SOCKET}")


def _check_own(folder: Path) -> None:
    try:
        found = folder.lstat()
    except OSError as error:
        raise HostError(f"{folder} cannot be made: {error.strerror}") from error
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise HostError(
            f"{folder} is not this user's folder: have it removed, or set XDG_RUNTIME_DIR"
        )
    if found.st_mode & 0o077:
        raise HostError(f"{folder} is open to others: `chmod 700` it, or set XDG_RUNTIME_DIR")


def _lock_of(path: Path) -> Path:
    return path.with_suffix(_LOCK)


def _remove(path: Path) -> None:
    for each in (path, _lock_of(path)):
        with suppress(OSError):
            each.unlink()
