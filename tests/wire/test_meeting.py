"""Where hosts are met: whose folder it is, what tells that one lives, what a dead one leaves."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys

import pytest

from tui.errors import HostError
from tui.wire import meeting
from tui.wire.meeting import Door, is_same_user, lives, meeting_folder


@pytest.fixture
def runtime(tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    return folder


@pytest.fixture
def folder(runtime):
    return meeting_folder({"XDG_RUNTIME_DIR": str(runtime)})


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(meeting.tempfile, "gettempdir", lambda: str(folder))
    return folder


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_the_runtime_folder_comes_first_and_nobody_else_may_enter(folder, runtime):
    assert folder == runtime / "baton"
    assert mode(folder) == 0o700


@pytest.mark.parametrize("named", ["", "relative", "/nowhere/at/all"])
def test_without_one_it_is_a_folder_of_this_user_among_the_temporary_ones(temporary, named):
    folder = meeting_folder({"XDG_RUNTIME_DIR": named})
    assert folder == temporary / f"baton-{os.getuid()}"
    assert mode(folder) == 0o700


def test_a_path_that_is_too_long_for_a_socket_is_not_taken(temporary, tmp_path):
    long = tmp_path / ("x" * 100)
    long.mkdir()
    assert meeting_folder({"XDG_RUNTIME_DIR": str(long)}).parent == temporary


def test_where_every_path_is_too_long_a_sentence_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(meeting.tempfile, "gettempdir", lambda: f"{tmp_path}/{'x' * 100}")
    with pytest.raises(HostError, match="too long a path for a socket: set TMPDIR"):
        meeting_folder({})


def test_a_folder_that_is_open_to_others_is_refused(folder, runtime):
    folder.chmod(0o750)
    with pytest.raises(HostError, match="is open to others: `chmod 700` it"):
        meeting_folder({"XDG_RUNTIME_DIR": str(runtime)})


def test_a_folder_of_somebody_else_is_refused(folder, runtime, monkeypatch):
    monkeypatch.setattr(meeting.os, "getuid", lambda: 4711)
    with pytest.raises(HostError, match="is not this user's folder"):
        meeting_folder({"XDG_RUNTIME_DIR": str(runtime)})


def test_a_link_in_its_place_is_refused(runtime, tmp_path):
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (runtime / "baton").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(HostError, match="is not this user's folder"):
        meeting_folder({"XDG_RUNTIME_DIR": str(runtime)})


def test_a_host_lives_as_long_as_its_door_is_open(folder):
    door = Door(folder)
    assert lives(str(door.path))
    assert mode(door.path) == 0o600
    door.close()
    assert not lives(str(door.path))
    assert list(folder.iterdir()) == []


def test_a_host_without_a_socket_lives_too(folder):
    door = Door(folder, listens=False)
    assert lives(str(door.path))
    assert not door.path.exists()
    door.close()
    assert not lives(str(door.path))


def test_what_a_dead_host_left_is_removed_by_who_finds_it(folder):
    code = (
        "import os, sys, pathlib; from tui.wire.meeting import Door;"
        "print(Door(pathlib.Path(sys.argv[1])).path, flush=True); os._exit(9)"
    )
    command = [sys.executable, "-c", code, str(folder)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    path = told.stdout.strip()
    assert len(list(folder.iterdir())) == 2
    assert not lives(path)
    assert list(folder.iterdir()) == []


def test_a_forked_child_does_not_make_a_dead_host_look_alive(folder):
    code = (
        "import os, sys, pathlib; from tui.wire.meeting import Door;"
        "door = Door(pathlib.Path(sys.argv[1]));"
        "is_parent = os.fork();"
        "print(door.path, flush=True);"
        "is_parent or sys.stdin.read();"
        "os._exit(9)"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", code, str(folder)], text=True, **pipes) as host:
        # A line of each: the child is beyond its begin.
        path, _ = (host.stdout.readline().strip() for _ in range(2))
        host.wait()
        assert not lives(path)
        host.stdin.close()


@pytest.mark.parametrize("path", ["", "/nowhere/at/all.sock"])
def test_no_path_is_no_host(path):
    assert not lives(path)


def test_this_user_is_known():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert is_same_user(ours)
