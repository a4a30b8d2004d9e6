"""What holds for every test, and what makes many of them cheap."""

import gc
import sys

import pytest

from tests.fakes.living_hosts import end_living_hosts


def pytest_collection_finish(session: pytest.Session) -> None:
    """Spare the tests what was a third of their CPU: walking all that was imported, as garbage.

    What lives now lives to the end. An app makes and drops objects by the hundred thousand; by
    default that is thousands of collections a test, of everything that the tests before it left.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)
    if "textual" in sys.modules:
        from tests import tested_textual

        tested_textual.prepare()


@pytest.fixture(autouse=True)
def _no_settings_of_the_person_who_tests(monkeypatch, tmp_path_factory):
    """Policy and settings of whoever runs the tests would change what they see.

    And what they run would lie among that person's own runs.
    """
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.getbasetemp() / "no-settings"))
    monkeypatch.setenv("BATON_DATA_DIR", str(tmp_path_factory.getbasetemp() / "data"))


@pytest.fixture(autouse=True)
def runtime_folder(monkeypatch, tmp_path_factory):
    """Where the hosts of a test can be met; those that outlive it are ended."""
    folder = tmp_path_factory.getbasetemp() / "run"
    folder.mkdir(exist_ok=True)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    yield folder
    end_living_hosts(folder)


@pytest.fixture(autouse=True)
def _no_default_client_is_left_behind():
    """A client of an ended test's loop would fail whichever test comes next."""
    yield
    for library in ("agents", "tui.agents"):
        if library in sys.modules:
            sys.modules[library].set_default_openai_client(None, use_for_tracing=False)
