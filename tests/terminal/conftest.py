"""What tests of the shipped command share."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fakes.server_thread import ResponsesServerThread
from tests.terminal.operations_script import answer
from tests.terminal.pty_session import PtySession

OPERATIONS = Path(__file__).with_name("agents") / "operations.py"
REPOSITORY = str(Path(__file__).parents[2])

OpenOperations = Callable[..., PtySession]


@pytest.fixture
def baton() -> tuple[str, ...]:
    """Return the installed command."""
    return (str(Path(sys.executable).with_name("baton")),)


@pytest.fixture
def service():
    """A loopback service whose model looks at hosts and asks to restart one."""
    with ResponsesServerThread(answer) as server:
        yield server


@pytest.fixture
def restarts(tmp_path):
    """The file in which each restart leaves a line."""
    file = tmp_path / "restarts"
    file.touch()
    return file


@pytest.fixture
def open_operations(baton, service, restarts, tmp_path) -> OpenOperations:
    """Opens `agents/operations.py` in a terminal; what is given is added to its environment."""

    def open_session(**environment: str) -> PtySession:
        env = {
            "OPENAI_BASE_URL": service.base_url,
            "OPENAI_API_KEY": "sk-test",
            "RESTARTS": str(restarts),
            "PYTHONPATH": REPOSITORY,
            **environment,
        }
        return PtySession([*baton, "run", f"{OPERATIONS}:watch"], env=env, cwd=tmp_path)

    return open_session


@pytest.fixture
def session(open_operations):
    """A terminal in which `agents/operations.py` is open."""
    with open_operations() as pty:
        pty.wait_for("Enter Send")
        yield pty
