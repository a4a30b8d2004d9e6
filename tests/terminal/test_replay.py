"""`baton replay` and the history in a real terminal, over what the shipped command kept."""

from __future__ import annotations

import subprocess

import pytest

from tests.terminal.pty_session import PtySession

QUIT, HOME = "\x11", "\x0f"
F10 = "\x1b[21~"
WAITS = 3


@pytest.fixture
def kept(baton, tmp_path, monkeypatch):
    """The environment of a command that has kept one run, which waits for a person."""
    monkeypatch.setenv("BATON_DATA_DIR", str(tmp_path / "data"))
    asked = ("demo", "I'd like a refund for order A-1042", "--speed", "100", "--text")
    assert told(*baton, *asked, cwd=tmp_path).returncode == WAITS
    return told(*baton, "runs", cwd=tmp_path).stdout.decode().split()[0]


def told(*argv, cwd):
    """Run a command to its end."""
    return subprocess.run(argv, cwd=cwd, capture_output=True, timeout=60, check=False)


def test_a_kept_run_is_played_left_and_found_in_the_history(baton, kept, tmp_path):
    argv = [*baton, "replay", kept]
    with PtySession(argv, cwd=tmp_path, columns=110, rows=32) as session:
        session.wait_for("Replay +▶ playing 1×")
        session.type(" ")
        session.wait_for("⏸ paused")
        session.type("a")
        session.wait_for("a replay: what was decided comes with its event")
        session.wait_for("issue_refund")
        session.type("y\x07yn")
        session.type("$")
        session.wait_for("■ at the end")
        assert "1 waiting for" in session.text
        session.type("\x1b")
        session.wait_for("Kept from before")
        session.type(F10)
        session.wait_for("Kept conversations · 1")
        session.type("/refund\r")
        session.wait_for("Found in")
        session.wait_for("»refund«")
        session.type("p")
        session.wait_for("Replay +⏸ paused")
        session.type("f")
        session.wait_for("Forked after that turn of")
        session.type(QUIT)
        assert session.wait_until_ended() == 0
        assert session.terminal_is_restored()


def test_a_cut_file_is_one_line_and_no_screen(baton, kept, tmp_path):
    exported = told(*baton, "runs", "export", kept, cwd=tmp_path)
    (tmp_path / "run.jsonl").write_bytes(exported.stdout[:-30])
    with PtySession([*baton, "replay", "run.jsonl"], cwd=tmp_path) as session:
        assert session.wait_until_ended() == 2
        assert "baton: run.jsonl:" in session.text
        assert b"\x1b[?1049h" not in bytes(session.output)
        assert "Traceback" not in session.text
