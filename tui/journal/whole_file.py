"""Writes a file whole or not at all. Knows no name but what it is given; says no sentence."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile


@contextmanager
def written(folder: Path, stem: str, lines: Iterable[bytes]) -> Iterator[Path]:
    """Give a file that is whole and on the disk, under a name of its own, until the block ends.

    Its owner alone may read it. Give it a name with a link, or with a rename.

    Args:
        folder: Where it is written; a name in another folder may be on another disk.
        stem: How its name begins, behind a dot.
        lines: Bytes, line ends included.

    Raises:
        OSError: If it cannot be written; then there is no such file.
    """
    with NamedTemporaryFile(dir=folder, prefix=f".{stem}-", delete=False) as file:
        path = Path(file.name)
        try:
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            path.unlink()
            raise
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def write_whole(path: Path, lines: Iterable[bytes], *, may_replace: bool = False) -> None:
    """Write a file, its owner's alone.

    Raises:
        FileExistsError: If there is one and it may not be replaced.
        OSError: If it cannot be written; what was there is as it was.
    """
    path = Path(os.path.realpath(path))
    if path.exists() and not may_replace:
        raise FileExistsError(path)
    with written(path.parent, path.name[:40], lines) as whole:
        if may_replace:
            whole.replace(path)
            return
        _name(whole, path)


def _name(whole: Path, path: Path) -> None:
    """Give a whole file a name that nothing has.

    Raises:
        FileExistsError: If something has it.
    """
    try:
        # Unlike a rename, a link never takes the place of what came there meanwhile.
        path.hardlink_to(whole)
    except FileExistsError:
        raise
    except OSError:
        # A disk without links, as many that are handed on: the name is taken first, then the file.
        path.touch(mode=0o600, exist_ok=False)
        whole.replace(path)
