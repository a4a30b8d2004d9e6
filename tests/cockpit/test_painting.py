"""When what was drawn is with the terminal."""

import io

from tui.cockpit.painting import HandedFile


class FakeTerminal(io.StringIO):
    """A terminal's file that counts what was flushed."""

    flushes = 0

    def flush(self) -> None:
        self.flushes += 1


def test_a_write_is_handed_over_when_it_is_flushed_not_before():
    file, handed = HandedFile(FakeTerminal()), []
    file.count_queued()
    file.when_handed(handed.append)
    assert handed == []
    file.write("frame")
    assert handed == []
    file.flush()
    assert len(handed) == 1


def test_a_flush_of_earlier_writes_is_not_enough():
    file, handed = HandedFile(FakeTerminal()), []
    file.count_queued()
    file.count_queued()
    file.when_handed(handed.append)
    file.write("one")
    file.flush()
    assert handed == []
    file.write("two")
    file.flush()
    assert len(handed) == 1


def test_what_is_already_out_is_told_at_once():
    file, handed = HandedFile(FakeTerminal()), []
    file.count_queued()
    file.write("frame")
    file.flush()
    file.when_handed(handed.append)
    assert len(handed) == 1


def test_it_stays_a_file():
    terminal = FakeTerminal()
    file = HandedFile(terminal)
    assert file.write("abc") == 3
    file.flush()
    assert (terminal.getvalue(), terminal.flushes, file.isatty()) == ("abc", 1, False)
