"""Gets the source distribution of openai-agents, whose examples are not part of its wheel.

By pip, once a version, into a cache outside the repository. As a program it only fills the cache:
`python -m tests.examples.sources`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tempfile
from importlib.metadata import version
from pathlib import Path

PACKAGE = "openai-agents"


class SourcesMissingError(Exception):
    """The distribution is not in the cache and could not be fetched."""


def installed_version() -> str:
    """Return which version of the SDK the tests run with."""
    return version(PACKAGE)


def source_distribution(wanted: str) -> Path:
    """Return the archive of a version, fetched now if it was not before.

    Raises:
        SourcesMissingError: If it cannot be had.
    """
    archive = _cache() / f"openai_agents-{wanted}.tar.gz"
    if not archive.exists():
        _fetch(wanted, archive)
    return archive


def unpack_examples(archive: Path, folder: Path) -> Path:
    """Unpack an archive's `examples` into `folder`; return the folder they lie in."""
    with tarfile.open(archive) as opened:
        root = opened.next().name.partition("/")[0]
        wanted = [each for each in opened if each.name.startswith(f"{root}/examples/")]
        opened.extractall(folder, wanted, filter="data")
    return folder / root


def _cache() -> Path:
    own = os.environ.get("XDG_CACHE_HOME")
    return (Path(own) if own else Path.home() / ".cache") / "baton-tests"


def _fetch(wanted: str, archive: Path) -> None:
    archive.parent.mkdir(parents=True, exist_ok=True)
    options = ["--quiet", "--no-deps", "--no-binary", PACKAGE]
    # Made complete beside its place, then moved: a fetch that is cut off leaves nothing.
    with tempfile.TemporaryDirectory(dir=archive.parent) as folder:
        command = [sys.executable, "-m", "pip", "download", *options, "--dest", folder]
        fetched = subprocess.run(
            [*command, f"{PACKAGE}=={wanted}"], capture_output=True, text=True, check=False
        )
        if fetched.returncode:
            raise SourcesMissingError(
                f"{PACKAGE} {wanted} could not be fetched: {fetched.stderr.strip()[-400:]}"
            )
        Path(folder, archive.name).replace(archive)


if __name__ == "__main__":
    print(source_distribution(installed_version()))
