"""The two sides of a request: the call itself, and the page on which a rule is made of it.

Says which words stand where, and which keys are told of. Stays out of drawing and of deciding.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, Protocol

from tui.cockpit.dialogs.approval_text import RequestText, request_text, schema_text, title
from tui.cockpit.dialogs.editing import Edit
from tui.cockpit.projection.view import PendingApproval
from tui.cockpit.widgets.lines import Line, Run, line_width

if TYPE_CHECKING:
    from tui.cockpit.dialogs.always import AlwaysPage

WATCHES: Final = "this screen only watches"


class Sheet(Protocol):
    """What the card shows."""

    def title(self, now: float, width: int) -> Line:
        """Return the rule above it; `now` is UTC seconds."""

    def text(self, width: int) -> RequestText:
        """Lay it out for `width` cells."""

    def keys(self, *, has_focus: bool, leads_here: str) -> Line:
        """Return the keys that mean something, or lead here."""

    @property
    def scroll_keys(self) -> str:
        """The keys that scroll it."""

    def reads_as(self, other: "Sheet") -> bool:
        """Whether who has read the other has read this: only title and foot may differ."""


@dataclass(frozen=True, slots=True)
class RequestSheet:
    """A call that waits.

    Attributes:
        place: Which of `count`, from 1.
        edit: What a person made of its arguments.
        refused: Why an answer to it was not taken, "" if none was refused.
        field: The field that is open below: for a reason, for a result, or none.
        only_watches: Whether nothing can be decided on this screen.
        tells_schema: Whether the tool's schema stands below all the rest.
    """

    pending: PendingApproval
    place: int
    count: int
    edit: Edit | None = None
    refused: str = ""
    field: Literal["", "reason", "result"] = ""
    only_watches: bool = False
    tells_schema: bool = False

    def title(self, now: float, width: int) -> Line:
        """Return which of how many, and its age."""
        edited = self.edit is not None
        return title(self.pending, self.place, self.count, now, width, edited=edited)

    def text(self, width: int) -> RequestText:
        """Return the call, whole."""
        laid_out = request_text(self.pending, width, self.edit, self.refused)
        if not self.tells_schema:
            return laid_out
        schema = schema_text(self.pending, width)
        return laid_out._replace(body=(*laid_out.body, *schema))

    def keys(self, *, has_focus: bool, leads_here: str) -> Line:
        """Return the keys that decide or why there are none, or the key that leads here."""
        if self.only_watches:
            return _keys(("", WATCHES), ("Esc", "back") if has_focus else (leads_here, "read"))
        if self.field:
            asks, does = self._of_field
            return _keys(("", f"{asks} The model reads it."), ("Enter", does), ("Esc", "back"))
        if not has_focus:
            return _keys((leads_here, "decide"))
        if self._is_in_doubt:
            return self._keys_in_doubt()
        return self._keys_edited() if self.edit else self._keys_as_asked()

    @property
    def scroll_keys(self) -> str:
        """The keys that scroll it."""
        return "↑↓"

    def reads_as(self, other: Sheet) -> bool:
        """Whether who has read the other has read this."""
        return isinstance(other, RequestSheet) and self._read == other._read

    @property
    def _read(self) -> tuple[object, ...]:
        asked = self.pending
        return (
            *(asked.run_id, asked.call_id, asked.agent, asked.tool, asked.arguments_hash),
            *(asked.path, asked.description, asked.handoff_payload, asked.rule),
            *(asked.in_doubt_since, self.edit, self.refused),
        )

    @property
    def _is_in_doubt(self) -> bool:
        return self.pending.in_doubt_since is not None

    @property
    def _of_field(self) -> tuple[str, str]:
        """What is asked in the field, and what Enter does there."""
        if self.field == "result":
            return "What did it come to?", "takes it as done"
        return ("What went wrong?", "it failed") if self._is_in_doubt else ("Why not?", "rejects")

    def _keys_in_doubt(self) -> Line:
        return _keys(
            *(("y", "run again"), ("d", "take as done"), ("n", "it failed")),
            *(("r", "with a reason"), ("Esc", "back"), *self._schema_key),
        )

    @property
    def _schema_key(self) -> tuple[tuple[str, str], ...]:
        return (("s", "schema"),) if self.pending.schema else ()

    def _keys_as_asked(self) -> Line:
        edit = (("e", "edit"),) if self.pending.schema else ()
        return _keys(
            *(("y", "approve"), ("n", "reject"), ("r", "with a reason")),
            *(*edit, ("Y N", "always"), ("Esc", "back"), *self._schema_key),
        )

    def _keys_edited(self) -> Line:
        is_faulty = self.edit is not None and self.edit.fault
        approve = () if is_faulty else (("y", "approve as edited"),)
        return _keys(
            *(*approve, ("e", "edit on"), ("u", "undo the edit")),
            *(("n", "reject"), ("Esc", "back")),
        )


@dataclass(frozen=True, slots=True)
class AlwaysSheet:
    """A rule that is being made."""

    page: "AlwaysPage"

    def title(self, now: float, width: int) -> Line:  # noqa: ARG002 - it does not age
        """Return what the rule does."""
        from tui.cockpit.dialogs.always_text import always_title

        return always_title(self.page, width)

    def text(self, width: int) -> RequestText:
        """Return what can be chosen, and what it would cover."""
        from tui.cockpit.dialogs.always_text import always_text

        return always_text(self.page, width)

    def keys(self, *, has_focus: bool, leads_here: str) -> Line:  # noqa: ARG002 - closes unfocused
        """Return the keys that choose, and the one that decides."""
        decide = ("Y", "approve always") if self.page.effect == "allow" else ("N", "reject always")
        return _keys(("↑↓", "how wide"), ("←→", "how long"), decide, ("Esc", "back"))

    @property
    def scroll_keys(self) -> str:
        """The keys that scroll it; the arrows choose."""
        return "PgUp PgDn"

    def reads_as(self, other: Sheet) -> bool:
        """Whether who has read the other has read this."""
        return isinstance(other, AlwaysSheet) and self.page is other.page


def fitted_keys(keys: Line, width: int) -> Line:
    """Return as many keys, each with its word, as `width` cells have room for."""
    while keys and line_width(keys) > width:
        keys = keys[:-2]
    return keys


def _keys(*keys: tuple[str, str]) -> Line:
    runs: list[Run] = []
    for key, does in keys:
        runs += [(f" {key}", "key"), (f" {does} ", "label")] if key else [(f" {does} ", "label")]
    return tuple(runs)
