"""What became of a run's calls, those above all whose results no model has read.

A run that fails or is cancelled in the middle of a turn leaves such calls: what they did is done,
and a follow-up must not do it again unknowingly. Makes no events.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from tui.host.live.normalize import output_text
from tui.host.live.scope import Call, Outcome

STOPPED: Final = "This call was begun and then stopped: whether it took effect is not known."
WITHHELD: Final = "This call was carried out; its result was withheld."


@dataclass(frozen=True, slots=True)
class Fate:
    """A call that was begun, and what a model should read of it."""

    call: Call
    text: str


@dataclass(slots=True, eq=False)
class Fates:
    """The calls of one run that were begun or answered; none that was made inside another."""

    _begun: dict[str, tuple[Call, Outcome | None]] = field(default_factory=dict)
    # None for a call that never passed the gate: it could not be reached, or was not carried out.
    _read: dict[str, Call | None] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._begun) + len(self._read)

    def began(self, call: Call) -> None:
        """Note that a call runs."""
        if call.within is None:
            self._begun[call.call_id] = call, None

    def ended(self, call: Call, outcome: Outcome) -> None:
        """Note what a call came to."""
        if call.call_id in self._begun and call.within is None:
            self._begun[call.call_id] = call, outcome

    def was_read(self, call_id: str) -> None:
        """Note that a model reads the call's result."""
        begun = self._begun.pop(call_id, None)
        self._read[call_id] = begun[0] if begun else None

    def results(self) -> Iterator[Fate]:
        """Yield the calls that returned, with what a model would have read of them."""
        for call, outcome in self._begun.values():
            if outcome is not None and outcome.can_be_told:
                yield Fate(call, output_text(outcome.result))

    def all(self) -> tuple[Fate, ...]:
        """Return every begun call with what a model should read of it."""
        return tuple(Fate(call, _told(outcome)) for call, outcome in self._begun.values())

    def withheld(self) -> tuple[Fate, ...]:
        """Return every other call that passed the gate, as one whose result is withheld."""
        return tuple(Fate(call, WITHHELD) for call in self._read.values() if call is not None)


def _told(outcome: Outcome | None) -> str:
    if outcome is None:
        return STOPPED
    if outcome.error_type:
        return f"This call failed: {outcome.error_type}: {outcome.error}"
    return WITHHELD if outcome.is_unchecked else output_text(outcome.result)
