"""However the cockpit ends, the terminal is as it was."""

import signal
import sys

import pytest

from tests.processes import children, is_gone
from tests.terminal.pty_session import PtySession

# Without a home there is no journal, and a run ends with its screen.
UNKEPT = {"HOME": "", "XDG_DATA_HOME": "", "BATON_DATA_DIR": ""}


@pytest.fixture
def unkept_demo(baton, tmp_path):
    with PtySession([*baton, "demo", "--speed", "20"], cwd=tmp_path, env=UNKEPT) as session:
        session.wait_for("Enter Send")
        yield session


@pytest.fixture
def demo(baton, tmp_path):
    with PtySession([*baton, "demo", "--speed", "20"], cwd=tmp_path) as session:
        session.wait_for("Enter Send")
        yield session


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_restores_the_terminal_and_ends_agents_that_nothing_keeps(unkept_demo, number):
    demo = unkept_demo
    demo.type("I want a refund for my order\r")
    demo.wait_for("waiting for you")
    hosts = list(children(demo.process.pid))
    assert hosts
    demo.process.send_signal(number)
    assert demo.wait_until_ended() == 128 + number
    assert demo.terminal_is_restored()
    assert all(is_gone(host) for host in hosts)


def test_a_second_signal_does_not_wait(demo):
    demo.process.send_signal(signal.SIGTERM)
    demo.process.send_signal(signal.SIGTERM)
    assert demo.wait_until_ended() == 128 + signal.SIGTERM
    assert demo.terminal_is_restored()


def test_an_ordinary_quit_restores_the_terminal(demo):
    demo.type("\x11")
    assert demo.wait_until_ended() == 0
    assert demo.terminal_is_restored()


def test_a_fault_of_the_cockpit_restores_the_terminal(baton, tmp_path):
    fault = (
        "import sys, tui.cli as cli, tui.cockpit.app as app\n"
        "def fail(self): raise RuntimeError('a fault for the test')\n"
        "app.BatonApp._begin = fail\n"
        "sys.exit(cli.main(['demo']))\n"
    )
    with PtySession([sys.executable, "-c", fault], cwd=tmp_path) as session:
        assert session.wait_until_ended() == 1
        assert session.terminal_is_restored()
        assert "a fault for the test" in session.text
