"""What the tests of the documents share."""

import importlib
from types import ModuleType

import pytest

from tests.seeds.documents import SEEDS
from tests.seeds.serving import OURS, THEIRS

# The documents are not part of the project: without them there is nothing to compare with.
collect_ignore = [] if SEEDS.is_dir() else ["test_sources.py"]


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tracing off and the default model unnamed, whatever the developer's shell says."""
    monkeypatch.setenv("OPENAI_AGENTS_DISABLE_TRACING", "1")
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    monkeypatch.delenv("OPENAI_DEFAULT_MODEL", raising=False)


@pytest.fixture(params=[OURS, THEIRS])
def library(request: pytest.FixtureRequest) -> str:
    """Return the name of our runtime, and then that of the SDK the documents were written for."""
    return request.param


@pytest.fixture
def sdk(library: str) -> ModuleType:
    """Return our runtime, and then the SDK."""
    return importlib.import_module(library)
