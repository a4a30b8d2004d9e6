"""What the tests of published programs share."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.examples.sources import (
    SourcesMissingError,
    installed_version,
    source_distribution,
    unpack_examples,
)


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that holds the installed SDK's `examples`, as they were published."""
    try:
        archive = source_distribution(installed_version())
    except SourcesMissingError as error:
        # The project's own check refuses a run with a skipped test.
        pytest.skip(str(error))
    return unpack_examples(archive, tmp_path_factory.mktemp("published"))


@pytest.fixture
def baton() -> tuple[str, ...]:
    """Return the installed command."""
    return (str(Path(sys.executable).with_name("baton")),)
