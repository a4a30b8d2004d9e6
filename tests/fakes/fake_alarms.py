"""What a person would have been told, kept for a test."""

from tui.cockpit.attention import Notice


class FakeAlarms:
    """Keeps the words of each notice, and each count it was shown, once a change."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.counts: list[int] = []

    def call(self, notice: Notice, waiting: int) -> None:
        self.told.append(notice.words)

    def show_count(self, waiting: int) -> None:
        if self.counts[-1:] != [waiting]:
            self.counts.append(waiting)
