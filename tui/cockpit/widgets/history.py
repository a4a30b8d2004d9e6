"""What was sent before, to be sent again. Knows no widget."""


class History:
    """The messages of this session, oldest first, and the place a person has leafed back to."""

    def __init__(self) -> None:
        self._kept: list[str] = []
        self._place = 0
        self._draft = ""

    @property
    def is_browsing(self) -> bool:
        """Whether an older message is shown instead of the draft."""
        return self._place < len(self._kept)

    def keep(self, text: str) -> None:
        """Remember `text`, once where it was sent twice in a row, and go back to the end."""
        if not self._kept or self._kept[-1] != text:
            self._kept.append(text)
        self._place = len(self._kept)
        self._draft = ""

    def older(self, draft: str) -> str | None:
        """Return the message before the shown one, None at the oldest; keep what was written."""
        if self._place == 0:
            return None
        if not self.is_browsing:
            self._draft = draft
        self._place -= 1
        return self._kept[self._place]

    def newer(self) -> str | None:
        """Return the message after the shown one, at the end the draft, None there."""
        if not self.is_browsing:
            return None
        self._place += 1
        return self._kept[self._place] if self._place < len(self._kept) else self._draft
