"""A file is there whole, or not at all; what was there stays unless it may be replaced."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tui.journal.whole_file import write_whole

LINES = [b"one\n", b"two\n"]


def failing():
    yield LINES[0]
    raise OSError(28, "No space left on device")


def test_a_file_is_written_for_its_owner_alone(tmp_path):
    write_whole(tmp_path / "a", LINES)
    assert (tmp_path / "a").read_bytes() == b"one\ntwo\n"
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_write_that_fails_changes_nothing(tmp_path):
    (tmp_path / "a").write_text("mine")
    for name, may_replace in (("a", True), ("b", False)):
        with pytest.raises(OSError, match="No space left"):
            write_whole(tmp_path / name, failing(), may_replace=may_replace)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a", "mine")]


def test_what_is_there_stays_unless_it_may_be_replaced(tmp_path):
    (tmp_path / "a").write_text("mine")
    with pytest.raises(FileExistsError):
        write_whole(tmp_path / "a", LINES)
    assert (tmp_path / "a").read_text() == "mine"
    (tmp_path / "link").symlink_to("a")
    write_whole(tmp_path / "link", LINES, may_replace=True)
    assert (tmp_path / "a").read_bytes() == b"one\ntwo\n"
    assert (tmp_path / "link").is_symlink()


@pytest.mark.parametrize("is_there", [False, True])
def test_on_a_disk_without_links_it_is_named_too(tmp_path, monkeypatch, is_there):
    def no_links(path, target):
        if is_there:
            path.write_text("theirs")
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", no_links)
    if is_there:
        with pytest.raises(FileExistsError):
            write_whole(tmp_path / "a", LINES)
    else:
        write_whole(tmp_path / "a", LINES)
    left = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert left == {"a": "theirs" if is_there else "one\ntwo\n"}
