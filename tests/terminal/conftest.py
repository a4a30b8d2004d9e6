"""What tests of the shipped command share."""

import sys
from pathlib import Path

import pytest


@pytest.fixture
def baton() -> tuple[str, ...]:
    """Return the installed command."""
    return (str(Path(sys.executable).with_name("baton")),)
