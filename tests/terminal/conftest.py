"""What tests of the shipped command share."""

import sys
from pathlib import Path

import pytest

BATON = (str(Path(sys.executable).with_name("baton")),)
MODULE = (sys.executable, "-m", "tui.cli")


@pytest.fixture
def baton() -> tuple[str, ...]:
    """Return the command: the installed script, or the module where nothing is installed."""
    return BATON if Path(BATON[0]).exists() else MODULE
