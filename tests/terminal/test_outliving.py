"""Runs that outlive their screen, with the shipped command in real terminals."""

import os
import re
import select
import signal
import sqlite3

import pytest

from tests.fakes.living_hosts import living_hosts
from tests.terminal.pty_session import PtySession

QUIT = "\x11"
ESC = "\x1b"
ENDED = "Answer, or ask for something else"
REFUND = "I want a refund for my order, it arrived broken"


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A journal of this test's own."""
    monkeypatch.setenv("BATON_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data" / "journal.sqlite3"


@pytest.fixture
def open_baton(baton, tmp_path):
    def open_session(*arguments, **size):
        return PtySession([*baton, *arguments], cwd=tmp_path, **size)

    return open_session


def rows(data, columns):
    connection = sqlite3.connect(data)
    try:
        return connection.execute(f"SELECT {columns} FROM run ORDER BY started_at").fetchall()
    finally:
        connection.close()


def ask(session, text=REFUND):
    session.wait_for("Enter Send")
    session.type(f"{text}\r")
    session.wait_for("Ctrl.G decide")


def decide(session):
    session.go_to_request()
    session.type("y")
    session.wait_for(ENDED)
    session.type(QUIT)
    assert session.wait_until_ended() == 0
    assert session.terminal_is_restored()


def wait_for_end(pid):
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    ended, _, _ = select.select([handle], [], [], 30)
    os.close(handle)
    assert ended, "the host does not end"


def quit_and_be_asked(session):
    session.type(QUIT)
    session.wait_for("Esc +Stay")
    return session.settle()


def test_a_request_outlives_the_kill_of_its_screen_and_is_decided_in_the_next(
    open_baton, data, runtime_folder
):
    with open_baton("demo", "--speed", "20") as session:
        ask(session)
        session.process.send_signal(signal.SIGKILL)
        session.process.wait()
    ((run_id, status),) = rows(data, "id, status")
    assert status == "waiting"
    (host,) = living_hosts(runtime_folder)
    with open_baton("resume", run_id[:8]) as session:
        session.wait_for("Ctrl.G decide")
        decide(session)
    assert rows(data, "status") == [("completed",)]
    wait_for_end(host)


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_signal_to_the_screen_ends_no_run(open_baton, data, runtime_folder, number):
    with open_baton("demo", "--speed", "20") as session:
        ask(session)
        session.process.send_signal(number)
        assert session.wait_until_ended() == 128 + number
        assert session.terminal_is_restored()
    assert rows(data, "status") == [("waiting",)]
    assert living_hosts(runtime_folder)


@pytest.mark.parametrize(("columns", "rows_"), [(80, 24), (120, 40)])
def test_who_quits_is_asked_and_no_letter_decides_the_call(open_baton, data, columns, rows_):
    with open_baton("demo", "--speed", "20", columns=columns, rows=rows_) as session:
        ask(session)
        assert "End it and quit" in quit_and_be_asked(session)
        session.type("yyY")
        session.settle()
        session.type(ESC)
        session.wait_for(lambda text: "Leave it running?" not in text)
        assert rows(data, "status") == [("waiting",)]
        session.type(QUIT)
        session.wait_for("Esc +Stay")
        session.type(QUIT)
        assert session.wait_until_ended() == 0
        assert session.terminal_is_restored()
        assert re.search("baton resume [0-9a-f]{8}", session.output.decode(errors="replace"))
    assert rows(data, "status") == [("waiting",)]


def test_who_ends_it_leaves_nothing_behind(open_baton, data, runtime_folder):
    with open_baton("demo", "--speed", "20") as session:
        ask(session)
        (host,) = living_hosts(runtime_folder)
        quit_and_be_asked(session)
        session.type("e")
        assert session.wait_until_ended() == 0
    assert rows(data, "status") == [("cancelled",)]
    wait_for_end(host)
    assert living_hosts(runtime_folder) == []


def test_text_streams_on_without_a_screen_and_nothing_of_it_is_lost(open_baton, data):
    with open_baton("demo", "--speed", "2") as session:
        session.wait_for("Enter Send")
        session.type(f"{REFUND}\r")
        session.wait_for("reasoning")
        quit_and_be_asked(session)
        session.type("l")
        assert session.wait_until_ended() == 0
    ((run_id,),) = rows(data, "id")
    with open_baton("resume", run_id) as session:
        session.wait_for("Ctrl.G decide")
        decide(session)
    connection = sqlite3.connect(data)
    seqs = [seq for (seq,) in connection.execute("SELECT seq FROM event ORDER BY seq")]
    connection.close()
    assert seqs == list(range(len(seqs)))


def test_two_screens_see_one_run_and_either_decides(open_baton, data):
    with open_baton("demo", "--speed", "20") as one:
        ask(one)
        ((run_id,),) = rows(data, "id")
        with open_baton("resume", run_id) as other:
            other.wait_for("Ctrl.G decide")
            other.go_to_request()
            other.type("y")
            other.wait_for(ENDED)
            one.wait_for(ENDED)
            other.type(QUIT)
            assert other.wait_until_ended() == 0
        one.type("Thank you\r")
        one.wait_for("Thank you")
        one.wait_for(ENDED)


def test_a_run_that_is_not_kept_is_told_so_in_a_line(open_baton, data):
    with open_baton("resume", "feed") as session:
        assert session.wait_until_ended() == 2
        assert "nothing is kept yet, so there is no run 'feed' to resume" in session.text
