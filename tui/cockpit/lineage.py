"""Which run of a conversation the next one goes on from, and what was said that none has heard.

Knows no view and starts nothing.
"""


class Lineage:
    """The runs of one conversation, as far as the next one asks for it.

    Attributes:
        newest: The newest run that began, None before the first.
        unheard: What the person said in runs that never began, oldest first.
    """

    def __init__(self) -> None:
        self.newest: str | None = None
        self.unheard: list[str] = []
        self._failed: str | None = None
        self._text = ""
        self._is_retry = False

    def begin(self, text: str) -> None:
        """Note that a run is opened with a new message."""
        self._text, self._is_retry = text, False

    def retry(self, text: str) -> str | None:
        """Note that the newest run is tried again.

        Returns:
            The run to take up again: the newest one that knows `text`, or what never began.
        """
        self._text, self._is_retry = text, True
        if self.unheard[-1:] == [text]:
            self.unheard.pop()
        return self._failed

    def ended(self, run_id: str, *, has_begun: bool, is_withdrawn: bool = False) -> None:
        """Note the end of a run that was opened, `is_withdrawn` if a person wished it.

        One that never began left nothing to go on with: what came before it still counts.
        """
        if has_begun:
            self.newest = self._failed = run_id
            self.unheard.clear()
            return
        if not self._is_retry:
            self._failed = run_id
        if not is_withdrawn:
            self.unheard.append(self._text)
