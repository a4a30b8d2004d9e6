"""What holds for every test, and what makes many of them cheap."""

import gc
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
WITH_A_TERMINAL = ("terminal", "examples")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: Sequence[pytest.Item]) -> None:
    """Give each file to one of the workers, if there are several, and all terminals to the same.

    What a file shares is made once, and only one test at a time has several processes of its own.
    """
    if not config.pluginmanager.hasplugin("xdist"):
        return
    for item in items:
        room, *rest = item.path.relative_to(TESTS).parts
        group = "terminals" if room in WITH_A_TERMINAL else "/".join([room, *rest])
        item.add_marker(pytest.mark.xdist_group(group))


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
def _no_default_client_is_left_behind():
    """A client of an ended test's loop would fail whichever test comes next."""
    yield
    for library in ("agents", "tui.agents"):
        if library in sys.modules:
            sys.modules[library].set_default_openai_client(None, use_for_tracing=False)
