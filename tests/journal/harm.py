"""What befalls a journal from outside: a full disk, a lock of another process, flipped bytes."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

_PAGE = 4096
_HOLDS = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def limited() -> Iterator[Callable[[Path], None]]:
    """Yield what lets no file of this process become larger than a journal's own are now.

    The portable form of a full disk.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill(path: Path) -> None:
        sizes = [each.stat().st_size for each in path.parent.glob(f"{path.name}*")]
        resource.setrlimit(resource.RLIMIT_FSIZE, (max(sizes, default=0), hard))

    try:
        yield fill
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def small_disk(folder: Path) -> Iterator[Callable[[Path], None]]:
    """Have `folder` be a disk of its own, and yield what fills it; where that may be mounted.

    Elsewhere, what yields the same as `limited`.
    """
    if not _mount(folder, "size=2m"):
        with limited() as fill:
            yield fill
        return

    def fill(path: Path) -> None:
        with (folder / "ballast").open("wb", buffering=0) as ballast:
            _until_full(ballast)

    try:
        yield fill
    finally:
        _unmount(folder)


@contextmanager
def read_only(folder: Path) -> Iterator[Path]:
    """Yield a folder in which nothing can be written, with what is in `folder` if possible."""
    if os.geteuid():
        folder.chmod(0o500)
        for each in folder.iterdir():
            each.chmod(0o400)
        yield folder
        folder.chmod(0o700)
        return
    # No mode keeps root from writing.
    kept = folder.with_name("kept")
    shutil.copytree(folder, kept)
    if not _mount(folder, "size=8m"):
        yield Path(os.devnull)
        return
    try:
        shutil.copytree(kept, folder, dirs_exist_ok=True)
        subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
        yield folder
    finally:
        _unmount(folder)


@contextmanager
def locked(path: Path) -> Iterator[Callable[[], None]]:
    """Have another process hold the journal's lock; yield what has it let go."""
    child = subprocess.Popen(
        [sys.executable, "-c", _HOLDS, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with child:
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stdout.readline() == b"held\n"
        yield child.stdin.close


def flip_bytes(path: Path) -> None:
    """Flip the bytes in the middle of the file: the half of its pages."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        # Who has the file open would go on with the pages it knows.
        connection.execute("UPDATE conversation SET starred = 1 - starred")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = path.stat().st_size
    begin = size // _PAGE // 4 * _PAGE
    with path.open("r+b") as file:
        file.seek(begin)
        middle = file.read(max(_PAGE, size // 2))
        file.seek(begin)
        file.write(bytes(byte ^ 0xFF for byte in middle))


def _until_full(ballast) -> None:
    for size in (64 * 1024, 512):
        try:
            while True:
                ballast.write(b"x" * size)
        except OSError:
            continue


def _mount(folder: Path, options: str) -> bool:
    if shutil.which("mount") is None or os.geteuid():
        return False
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], check=False, capture_output=True
    )
    return done.returncode == 0


def _unmount(folder: Path) -> None:
    subprocess.run(["umount", "-l", folder], check=True)
