"""A file of decisions is written whole, into a new file that its owner alone may read."""

import pytest

from tui.cockpit.audit_file import write_new
from tui.errors import ExportError

LINES = [b'{"a":1}\n', b'{"a":2}\n']


@pytest.fixture(autouse=True)
def in_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_the_lines_are_written_for_their_owner_alone(tmp_path):
    path = write_new("audit", LINES)
    assert path == tmp_path / "audit.jsonl"
    assert path.read_bytes() == b"".join(LINES)
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_there_is_never_overwritten(tmp_path):
    (tmp_path / "audit.jsonl").write_text("mine")
    (tmp_path / "audit-2.jsonl").symlink_to(tmp_path / "nowhere")
    assert write_new("audit", LINES) == tmp_path / "audit-3.jsonl"
    assert (tmp_path / "audit.jsonl").read_text() == "mine"
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_that_is_gone_is_said_in_a_sentence(tmp_path, monkeypatch):
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    with pytest.raises(ExportError, match="The working folder is gone"):
        write_new("audit", LINES)


def test_a_write_that_fails_leaves_no_file_behind(tmp_path):
    def lines():
        yield LINES[0]
        raise OSError(28, "No space left on device")

    with pytest.raises(ExportError, match="No space left on device"):
        write_new("audit", lines())
    assert list(tmp_path.iterdir()) == []
