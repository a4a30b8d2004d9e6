"""When a key decides a call: a pure function of where the focus is, what was painted, and the key.

Knows no widget, no view and no clock. What it holds: nothing is decided unless a person moved the
focus on purpose, to a request that was on the terminal before the key that moved it was pressed,
and unless all that the decision is about (the request, an edit of it, a rule made of it) stood
there before the key that decides.
"""

from enum import Enum, auto
from typing import Final, Literal, NamedTuple, TypeAlias

GO: Final = "ctrl+g"
GO_OUTSIDE_TEXT: Final = "a"
CLICK: Final = "click"
STOOD_S: Final = 1.0
"""A click, or a letter, may have been meant for what stood there before the request did."""
LEAVE: Final = "escape"
SUBMIT: Final = "enter"
DONE: Final = "ctrl+s"

Place: TypeAlias = Literal[
    "text",  # a text field
    "pane",
    "request",
    "reason",  # the field for the reason of a rejection
    "result",  # the field for what a call in doubt came to
    "editor",  # of the arguments
    "allowing",  # the page where a rule is made that approves
    "denying",  # the page where one is made that rejects
]
EditState: TypeAlias = Literal["none", "fits", "faulty"]


class Request(NamedTuple):
    """One question to a person; other arguments make it another question, and so does a doubt.

    Attributes:
        in_doubt_since: When the call began in a process that was lost, UTC seconds: what is asked
            is whether it took effect. None for one that never began: may it run?
    """

    run_id: str
    call_id: str
    arguments_hash: str
    in_doubt_since: float | None = None

    @property
    def is_in_doubt(self) -> bool:
        """Whether the call may have run already."""
        return self.in_doubt_since is not None


class Shown(NamedTuple):
    """The request in the panel, and since when all that must be read first is on the terminal.

    Attributes:
        painted_at: Monotonic seconds; None while what the panel shows now (the request, its edit,
            a page) was not handed to the terminal as it stands there: a resize takes the painting
            back, and so does another edit and another choice on a page.
        edit: Whether a person changed the arguments, and whether they fit the tool.
        can_edit: Whether they can be changed.
    """

    request: Request
    painted_at: float | None = None
    edit: EditState = "none"
    can_edit: bool = True


class Focus(NamedTuple):
    """Where the keys go.

    Attributes:
        request: What the focus was moved to, None outside the panel.
        moved_at: When the key that moved it was pressed, monotonic seconds.
    """

    place: Place = "text"
    request: Request | None = None
    moved_at: float = 0.0


class Effect(Enum):
    """What a key does."""

    NOTHING = auto()
    TAKE_FOCUS = auto()
    GIVE_FOCUS_BACK = auto()
    NOT_PAINTED_YET = auto()
    ONLY_WATCHES = auto()
    APPROVE = auto()
    APPROVE_EDITED = auto()
    APPROVE_ALWAYS = auto()
    REJECT = auto()
    REJECT_WITH_REASON = auto()
    REJECT_ALWAYS = auto()
    TAKE_AS_DONE = auto()
    OPEN_REASON = auto()
    CLOSE_REASON = auto()
    OPEN_RESULT = auto()
    CLOSE_RESULT = auto()
    OPEN_EDITOR = auto()
    CLOSE_EDITOR = auto()
    CANNOT_EDIT = auto()
    EDIT_DOES_NOT_FIT = auto()
    THROW_EDIT_AWAY = auto()
    OPEN_ALLOWING = auto()
    OPEN_DENYING = auto()
    CLOSE_PAGE = auto()
    NOT_ALWAYS_AS_EDITED = auto()
    NOT_OF_WHAT_BEGAN = auto()


APPROVALS: Final = frozenset(
    {Effect.APPROVE, Effect.APPROVE_EDITED, Effect.APPROVE_ALWAYS, Effect.TAKE_AS_DONE}
)
DECISIONS: Final = APPROVALS | {Effect.REJECT, Effect.REJECT_WITH_REASON, Effect.REJECT_ALWAYS}
REFUSALS: Final = frozenset(
    {
        Effect.NOT_PAINTED_YET,
        Effect.ONLY_WATCHES,
        Effect.CANNOT_EDIT,
        Effect.EDIT_DOES_NOT_FIT,
        Effect.NOT_ALWAYS_AS_EDITED,
        Effect.NOT_OF_WHAT_BEGAN,
    }
)
"""A key was meant for the request and does nothing, which must be said."""

_LONG_AGO, _AT_LAST = float("-inf"), float("inf")
_NEEDS_PAINTING: Final = DECISIONS | {Effect.OPEN_ALLOWING, Effect.OPEN_DENYING}
_FOR_WHO_WATCHES: Final = frozenset(
    {Effect.NOTHING, Effect.TAKE_FOCUS, Effect.GIVE_FOCUS_BACK, Effect.NOT_PAINTED_YET}
)
_CLOSED_BY: Final = {
    "reason": Effect.CLOSE_REASON,
    "result": Effect.CLOSE_RESULT,
    "editor": Effect.CLOSE_EDITOR,
    "allowing": Effect.CLOSE_PAGE,
    "denying": Effect.CLOSE_PAGE,
}
_DECIDED_BY: Final = {
    ("reason", SUBMIT): Effect.REJECT_WITH_REASON,
    ("result", SUBMIT): Effect.TAKE_AS_DONE,
    ("allowing", "Y"): Effect.APPROVE_ALWAYS,
    ("denying", "N"): Effect.REJECT_ALWAYS,
}
_ON_DOUBT: Final = {
    "y": Effect.APPROVE,
    "d": Effect.OPEN_RESULT,
    "n": Effect.REJECT,
    "r": Effect.OPEN_REASON,
    "e": Effect.NOT_OF_WHAT_BEGAN,
    "u": Effect.NOT_OF_WHAT_BEGAN,
    "Y": Effect.NOT_OF_WHAT_BEGAN,
    "N": Effect.NOT_OF_WHAT_BEGAN,
}
"""Where the call may have run: as it was asked for, and this once."""
_OPENED_BY: Final[dict[Effect, Place]] = {
    Effect.OPEN_REASON: "reason",
    Effect.OPEN_RESULT: "result",
    Effect.OPEN_EDITOR: "editor",
    Effect.OPEN_ALLOWING: "allowing",
    Effect.OPEN_DENYING: "denying",
}


def effect_of(
    focus: Focus,
    shown: Shown | None,
    key: str,
    pressed_at: float | None,
    *,
    only_watches: bool = False,
) -> Effect:
    """Return what `key` does.

    Args:
        focus: Where the keys go when it is handled.
        shown: What the panel shows then, None without a request.
        key: The key's name; a click on the panel is "click".
        pressed_at: When it was pressed, monotonic seconds; None when no key asked (a command
            chosen in the palette, a paste): then nothing is moved and nothing decided.
        only_watches: Whether nothing can be decided on this screen.
    """
    if shown is None or pressed_at is None:
        return Effect.NOTHING
    effect = _effect_of(focus, shown, key, pressed_at)
    if only_watches and effect not in _FOR_WHO_WATCHES:
        return Effect.ONLY_WATCHES
    return effect


def does_something(focus: Focus, shown: Shown | None, key: str, *, only_watches: bool) -> bool:
    """Whether `key` does what it is for, once all that is shown has been read."""
    if shown is None:
        return False
    read = shown._replace(painted_at=_LONG_AGO)
    effect = effect_of(focus, read, key, _AT_LAST, only_watches=only_watches)
    return effect is not Effect.NOTHING and effect not in REFUSALS


def focus_after(focus: Focus, effect: Effect, shown: Shown | None, pressed_at: float) -> Focus:
    """Return where the keys go after `effect`.

    The panel itself goes back to exactly where the focus was; for the rule it is outside.
    """
    match effect:
        case Effect.TAKE_FOCUS if shown is not None:
            return Focus("request", shown.request, pressed_at)
        case _ if effect in _CLOSED_BY.values():
            return focus._replace(place="request")
        case Effect.NOTHING | Effect.THROW_EDIT_AWAY:
            return focus
        case _ if effect in REFUSALS:
            return focus
        case _ if effect in _OPENED_BY:
            return focus._replace(place=_OPENED_BY[effect])
        case _:
            return Focus()


def is_lost(focus: Focus, shown: Shown | None) -> bool:
    """Whether the request that has the focus is gone, or has become another."""
    if focus.request is None:
        return False
    return shown is None or shown.request != focus.request


def _effect_of(focus: Focus, shown: Shown, key: str, pressed_at: float) -> Effect:
    if _goes(focus.place, key):
        was_painted = _was_painted(shown, pressed_at - (0.0 if key == GO else STOOD_S))
        return Effect.TAKE_FOCUS if was_painted else Effect.NOT_PAINTED_YET
    match focus.place:
        case "request":
            effect = Effect.GIVE_FOCUS_BACK if key == LEAVE else _on_shown(shown, key)
        case "editor" if key == DONE:
            effect = Effect.CLOSE_EDITOR
        case "reason" | "result" | "editor" | "allowing" | "denying" as place:
            by_leaving = _CLOSED_BY[place] if key == LEAVE else Effect.NOTHING
            effect = _DECIDED_BY.get((place, key), by_leaving)
        case _:
            return Effect.NOTHING
    if key in (LEAVE, DONE):
        return effect
    if is_lost(focus, shown) or pressed_at < focus.moved_at:
        return Effect.NOTHING
    if effect in _NEEDS_PAINTING and not _was_painted(shown, pressed_at):
        return Effect.NOT_PAINTED_YET
    return effect


def _goes(place: Place, key: str) -> bool:
    if place not in ("text", "pane", "request"):
        return False
    return key in (GO, CLICK) or (key == GO_OUTSIDE_TEXT and place == "pane")


def _was_painted(shown: Shown, pressed_at: float) -> bool:
    return shown.painted_at is not None and shown.painted_at < pressed_at


def _on_shown(shown: Shown, key: str) -> Effect:
    if shown.request.is_in_doubt:
        return _ON_DOUBT.get(key, Effect.NOTHING)
    return _on_request(shown, key)


def _on_request(shown: Shown, key: str) -> Effect:
    is_edited = shown.edit != "none"
    match key:
        case "y" if is_edited:
            return Effect.APPROVE_EDITED if shown.edit == "fits" else Effect.EDIT_DOES_NOT_FIT
        case "y":
            return Effect.APPROVE
        case "n":
            return Effect.REJECT
        case "r":
            return Effect.OPEN_REASON
        case "e":
            return Effect.OPEN_EDITOR if shown.can_edit else Effect.CANNOT_EDIT
        case "u":
            return Effect.THROW_EDIT_AWAY if is_edited else Effect.NOTHING
        case "Y":
            return Effect.NOT_ALWAYS_AS_EDITED if is_edited else Effect.OPEN_ALLOWING
        case "N":
            return Effect.OPEN_DENYING
        case _:
            return Effect.NOTHING
