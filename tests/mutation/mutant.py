"""A named fault, and whether the test that it names finds it. Changes only a copy."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
LONGEST_S = 120.0
LINKED = ("tests", "styles", "README.md", "pyproject.toml")


class Mutant(NamedTuple):
    """A fault: in `module`, under `tui`, `old` becomes `new`; `test`, under `tests`, must fail.

    Attributes:
        rule: Which of the ten rules of approvals it breaks.
    """

    rule: int
    fault: str
    module: str
    old: str
    new: str
    test: str


def fails(tests: Iterable[str], mutant: Mutant | None = None) -> bool:
    """Tell whether one of the tests fails on a copy of the package, changed by the mutant.

    Raises:
        RuntimeError: If they did not run.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # With what is compiled: only the changed module is to be compiled anew.
        shutil.copytree(ROOT / "tui", folder / "tui")
        for each in LINKED:
            (folder / each).symlink_to(ROOT / each)
        if mutant is not None:
            module = folder / "tui" / mutant.module
            module.write_text(module.read_text().replace(mutant.old, mutant.new))
        return _run(tests, folder)


def _run(tests: Iterable[str], folder: Path) -> bool:
    """Run tests in a folder; return whether one failed, or did not come to an end."""
    try:
        ended = _pytest(tests, folder)
    except subprocess.TimeoutExpired:
        return True
    if ended.returncode not in (0, 1):
        raise RuntimeError(f"the tests did not run: {ended.stdout}{ended.stderr}")
    return ended.returncode == 1


def _pytest(tests: Iterable[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            *(sys.executable, "-P", "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"),
            *(f"tests/{test}" for test in tests),
        ],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST_S,
    )
