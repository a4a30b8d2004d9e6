"""Since when what the card shows is with the terminal. Stays out of which key counts then."""

from collections.abc import Callable
from typing import TypeAlias

from tui.cockpit.dialogs.request_card import RequestCard, Standing

WhenHanded: TypeAlias = Callable[[Callable[[float], None]], None]
"""Calls back with the time when all that was drawn so far is with the terminal."""


class Painted:
    """Follows one card through its drawings.

    A painting counts only for what the card showed then, and only where it stood then.
    """

    def __init__(self, card: RequestCard) -> None:
        self._card = card
        self._painting = 0
        self._awaiting = 0
        self._painted = (0, 0.0)
        self._standing: Standing | None = None

    @property
    def at(self) -> float | None:
        """When it was handed to the terminal, monotonic seconds; None if it does not count."""
        painting, at = self._painted
        counts = painting == self._painting and self._card.standing == self._standing
        return at if counts else None

    def begin_anew(self) -> None:
        """Count nothing so far: the card shows something else."""
        self._painting += 1

    def uncovered(self) -> None:
        """Take notice that another screen covered this one."""
        if self.at is None:
            self._awaiting = 0
            self._card.forget_drawing()

    def has_moved(self) -> bool:
        """Tell whether the terminal or the layout has changed; then nothing so far counts."""
        before, self._standing = self._standing, self._card.standing
        if before == self._standing:
            return False
        self._painting += 1
        if before is None or before.terminal != self._standing.terminal:
            self._card.start_over()
        if self._card.is_large_enough and not self._card.is_drawn:
            self._card.forget_drawing()
        return True

    def drawn(self, when_handed: WhenHanded) -> None:
        """Take notice that the screen was drawn: it counts once it is with the terminal."""
        if self._awaiting == self._painting or not self._card.is_drawn:
            return
        self._awaiting = painting = self._painting

        def handed(at: float) -> None:
            # May come from the writer's thread, and late: whether it counts is asked by number.
            self._painted = (painting, at)

        when_handed(handed)
