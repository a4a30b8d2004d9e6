"""When a key decides a call: a pure function of where the focus is, what was painted, and the key.

Knows no widget, no view and no clock. What it holds: nothing is decided unless a person moved the
focus on purpose, to a request that was on the terminal before the key that moved it was pressed,
and that stood there before the key that decides.
"""

from enum import Enum, auto
from typing import Final, Literal, NamedTuple, TypeAlias

GO: Final = "ctrl+g"
GO_OUTSIDE_TEXT: Final = "a"
CLICK: Final = "click"
LEAVE: Final = "escape"
SUBMIT: Final = "enter"

Place: TypeAlias = Literal["text", "pane", "request", "reason"]


class Request(NamedTuple):
    """One question to a person; other arguments make it another question."""

    run_id: str
    call_id: str
    arguments_hash: str


class Shown(NamedTuple):
    """The request in the panel, and since when all that must be read first is on the terminal.

    Attributes:
        painted_at: Monotonic seconds; None while it has not been handed to the terminal as it
            stands there now: a resize takes the painting back.
    """

    request: Request
    painted_at: float | None = None


class Focus(NamedTuple):
    """Where the keys go.

    Attributes:
        place: A text field, a pane, the request, or the field for a reason.
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
    NOT_PAINTED_YET = auto()
    APPROVE = auto()
    REJECT = auto()
    OPEN_REASON = auto()
    REJECT_WITH_REASON = auto()
    CLOSE_REASON = auto()
    GIVE_FOCUS_BACK = auto()


DECISIONS: Final = frozenset({Effect.APPROVE, Effect.REJECT, Effect.REJECT_WITH_REASON})
_ON_REQUEST: Final = {"y": Effect.APPROVE, "n": Effect.REJECT, "r": Effect.OPEN_REASON}


def effect_of(focus: Focus, shown: Shown | None, key: str, pressed_at: float | None) -> Effect:
    """Return what `key` does.

    Args:
        focus: Where the keys go when it is handled.
        shown: What the panel shows then, None without a request.
        key: The key's name; a click on the panel is "click".
        pressed_at: When it was pressed, monotonic seconds; None when no key asked (a command
            chosen in the palette, a paste): then nothing is moved and nothing decided.
    """
    if shown is None or pressed_at is None:
        return Effect.NOTHING
    match focus.place, key:
        case _, key if _goes(focus.place, key):
            return _go(shown, pressed_at)
        case "request", key:
            return _on_request(focus, shown, key, pressed_at)
        case "reason", key:
            return _in_reason(focus, shown, key, pressed_at)
        case _:
            return Effect.NOTHING


def focus_after(focus: Focus, effect: Effect, shown: Shown | None, pressed_at: float) -> Focus:
    """Return where the keys go after `effect`.

    The panel itself goes back to exactly where the focus was; for the rule it is outside.
    """
    match effect:
        case Effect.TAKE_FOCUS if shown is not None:
            return Focus("request", shown.request, pressed_at)
        case Effect.OPEN_REASON:
            return focus._replace(place="reason")
        case Effect.CLOSE_REASON:
            return focus._replace(place="request")
        case Effect.NOTHING | Effect.NOT_PAINTED_YET:
            return focus
        case _:
            return Focus()


def is_lost(focus: Focus, shown: Shown | None) -> bool:
    """Whether the request that has the focus is gone, or has become another."""
    if focus.request is None:
        return False
    return shown is None or shown.request != focus.request


def _goes(place: Place, key: str) -> bool:
    if place == "reason":
        return False
    return key in (GO, CLICK) or (key == GO_OUTSIDE_TEXT and place == "pane")


def _go(shown: Shown, pressed_at: float) -> Effect:
    return Effect.TAKE_FOCUS if _was_painted(shown, pressed_at) else Effect.NOT_PAINTED_YET


def _was_painted(shown: Shown, pressed_at: float) -> bool:
    return shown.painted_at is not None and shown.painted_at < pressed_at


def _on_request(focus: Focus, shown: Shown, key: str, pressed_at: float) -> Effect:
    if key == LEAVE:
        return Effect.GIVE_FOCUS_BACK
    if is_lost(focus, shown) or pressed_at < focus.moved_at:
        return Effect.NOTHING
    return _if_painted(_ON_REQUEST.get(key, Effect.NOTHING), shown, pressed_at)


def _in_reason(focus: Focus, shown: Shown, key: str, pressed_at: float) -> Effect:
    if key == LEAVE:
        return Effect.CLOSE_REASON
    if key == SUBMIT and not is_lost(focus, shown):
        return _if_painted(Effect.REJECT_WITH_REASON, shown, pressed_at)
    return Effect.NOTHING


def _if_painted(effect: Effect, shown: Shown, pressed_at: float) -> Effect:
    if effect in DECISIONS and not _was_painted(shown, pressed_at):
        return Effect.NOT_PAINTED_YET
    return effect
