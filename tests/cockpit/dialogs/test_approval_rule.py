"""The rule of approvals: by table, and by property over ten thousand key sequences."""

from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui.cockpit.dialogs.approval_rule import (
    DECISIONS,
    Effect,
    Focus,
    Request,
    Shown,
    effect_of,
    focus_after,
    is_lost,
)

CALL = Request("run", "call", "hash")
OTHER = Request("run", "other", "hash")
CHANGED = Request("run", "call", "another hash")
ON_CALL = Focus("request", CALL, 10.0)
IN_REASON = Focus("reason", CALL, 10.0)
PAINTED = Shown(CALL, 5.0)


@pytest.mark.parametrize(
    ("focus", "shown", "key", "at", "effect"),
    [
        (Focus("text"), PAINTED, "ctrl+g", 6.0, Effect.TAKE_FOCUS),
        (Focus("pane"), PAINTED, "a", 6.0, Effect.TAKE_FOCUS),
        (Focus("text"), PAINTED, "click", 6.0, Effect.TAKE_FOCUS),
        (Focus("text"), PAINTED, "a", 6.0, Effect.NOTHING),
        (Focus("text"), None, "ctrl+g", 6.0, Effect.NOTHING),
        (Focus("text"), PAINTED, "ctrl+g", None, Effect.NOTHING),
        (Focus("text"), PAINTED, "ctrl+g", 5.0, Effect.NOT_PAINTED_YET),
        (Focus("text"), PAINTED, "ctrl+g", 4.0, Effect.NOT_PAINTED_YET),
        (Focus("text"), Shown(CALL), "ctrl+g", 6.0, Effect.NOT_PAINTED_YET),
        (Focus("text"), PAINTED, "y", 6.0, Effect.NOTHING),
        (Focus("pane"), PAINTED, "y", 6.0, Effect.NOTHING),
        (Focus("pane"), PAINTED, "n", 6.0, Effect.NOTHING),
        (Focus("pane"), PAINTED, "r", 6.0, Effect.NOTHING),
        (ON_CALL, PAINTED, "y", 11.0, Effect.APPROVE),
        (ON_CALL, PAINTED, "n", 11.0, Effect.REJECT),
        (ON_CALL, PAINTED, "r", 11.0, Effect.OPEN_REASON),
        (ON_CALL, PAINTED, "escape", 11.0, Effect.GIVE_FOCUS_BACK),
        (ON_CALL, PAINTED, "enter", 11.0, Effect.NOTHING),
        (ON_CALL, PAINTED, "space", 11.0, Effect.NOTHING),
        (ON_CALL, PAINTED, "Y", 11.0, Effect.NOTHING),
        (ON_CALL, PAINTED, "y", 9.0, Effect.NOTHING),
        (ON_CALL, PAINTED, "y", None, Effect.NOTHING),
        (ON_CALL, Shown(OTHER, 5.0), "y", 11.0, Effect.NOTHING),
        (ON_CALL, Shown(CHANGED, 5.0), "y", 11.0, Effect.NOTHING),
        (ON_CALL, Shown(OTHER, 5.0), "ctrl+g", 11.0, Effect.TAKE_FOCUS),
        (IN_REASON, PAINTED, "enter", 12.0, Effect.REJECT_WITH_REASON),
        (ON_CALL, Shown(CALL), "y", 11.0, Effect.NOT_PAINTED_YET),
        (ON_CALL, Shown(CALL), "n", 11.0, Effect.NOT_PAINTED_YET),
        (ON_CALL, Shown(CALL, 11.0), "y", 11.0, Effect.NOT_PAINTED_YET),
        (ON_CALL, Shown(CALL, 10.5), "y", 11.0, Effect.APPROVE),
        (ON_CALL, Shown(CALL), "escape", 11.0, Effect.GIVE_FOCUS_BACK),
        (IN_REASON, Shown(CALL), "enter", 12.0, Effect.NOT_PAINTED_YET),
        (IN_REASON, Shown(CALL, 12.0), "enter", 12.0, Effect.NOT_PAINTED_YET),
        (IN_REASON, PAINTED, "escape", 12.0, Effect.CLOSE_REASON),
        (IN_REASON, PAINTED, "y", 12.0, Effect.NOTHING),
        (IN_REASON, PAINTED, "n", 12.0, Effect.NOTHING),
        (IN_REASON, PAINTED, "ctrl+g", 12.0, Effect.NOTHING),
        (IN_REASON, Shown(CHANGED, 5.0), "enter", 12.0, Effect.NOTHING),
    ],
)
def test_a_key_does_this(focus, shown, key, at, effect):
    assert effect_of(focus, shown, key, at) is effect


def test_the_focus_leaves_with_a_decision():
    assert focus_after(ON_CALL, Effect.APPROVE, PAINTED, 11.0) == Focus()
    assert focus_after(IN_REASON, Effect.REJECT_WITH_REASON, PAINTED, 11.0) == Focus()


def test_a_changed_request_is_lost_though_its_call_is_the_same():
    assert is_lost(ON_CALL, Shown(CHANGED, 20.0))
    assert not is_lost(ON_CALL, PAINTED)


class Step(NamedTuple):
    """One thing that happens: a key, or something behind the person's back."""

    what: str
    key: str = ""
    request: Request | None = None


KEYS = (
    *("ctrl+g", "a", "click", "y", "n", "r", "enter", "escape"),
    *("space", "Y", "tab", "x", "ctrl+j"),
)
STEPS = st.one_of(
    st.sampled_from(KEYS).map(lambda key: Step("key", key)),
    st.sampled_from(("y", "n", "enter", "ctrl+g")).map(lambda key: Step("early key", key)),
    st.sampled_from(("y", "ctrl+g", "enter", "r")).map(lambda key: Step("command", key)),
    st.sampled_from((CALL, OTHER, CHANGED, None)).map(lambda shown: Step("shown", request=shown)),
    st.just(Step("painted")),
    st.just(Step("resized")),
    st.sampled_from(("text", "pane")).map(lambda place: Step("elsewhere", place)),
)


class Desk:
    """Plays steps through the rule as the panel does, and keeps what a person did to each request.

    `reached` is the oracle: it does not read the rule's focus, only the history.
    """

    def __init__(self) -> None:
        self.focus = Focus("text")
        self.shown: Shown | None = None
        self.now = 0.0
        self.reached: Request | None = None
        self.reason_open = False

    def play(self, step: Step) -> None:
        self.now += 1.0
        match step.what:
            case "shown":
                self.show(step.request)
            case "painted" if self.shown is not None and self.shown.painted_at is None:
                self.shown = self.shown._replace(painted_at=self.now)
            case "resized" if self.shown is not None:
                self.shown = self.shown._replace(painted_at=None)
            case "elsewhere" if self.focus.request is None:
                self.focus = Focus(step.key)
            case "key":
                self.press(step.key, self.now)
            case "early key":
                self.press(step.key, self.now - 2.5)
            case "command":
                self.press(step.key, None)

    def show(self, request: Request | None) -> None:
        if request is None:
            self.shown = None
        elif self.shown is None or self.shown.request != request:
            self.shown = Shown(request)
        if is_lost(self.focus, self.shown):
            self.focus = Focus()
        if self.shown is None or self.reached != self.shown.request:
            self.reached, self.reason_open = None, False

    def press(self, key: str, pressed_at: float | None) -> None:
        effect = effect_of(self.focus, self.shown, key, pressed_at)
        self.check(effect, key, pressed_at)
        self.remember(effect, key, pressed_at)
        self.focus = focus_after(self.focus, effect, self.shown, pressed_at or 0.0)

    def check(self, effect: Effect, key: str, pressed_at: float | None) -> None:
        if effect not in DECISIONS:
            return
        assert pressed_at is not None, "only a key decides"
        assert self.shown is not None
        assert self.reached == self.shown.request, "no decision without focus moved on purpose"
        assert self.shown.painted_at is not None, "no decision on what a resize took from sight"
        assert self.shown.painted_at < pressed_at, "no decision by a key older than the painting"
        if effect is Effect.REJECT_WITH_REASON:
            assert (key, self.reason_open) == ("enter", True)
        else:
            assert key == {Effect.APPROVE: "y", Effect.REJECT: "n"}[effect]
            assert not self.reason_open, "in the reason field letters are text"

    def remember(self, effect: Effect, key: str, pressed_at: float | None) -> None:
        purpose = key in ("ctrl+g", "click") or (key == "a" and self.focus.place == "pane")
        painted_at = self.shown.painted_at if self.shown else None
        painted = pressed_at and painted_at and painted_at < pressed_at
        if purpose and painted and not self.reason_open:
            assert self.shown is not None
            self.reached = self.shown.request
        elif key == "escape" and pressed_at:
            self.reached = self.reached if self.reason_open else None
            self.reason_open = False
        elif effect is Effect.OPEN_REASON:
            self.reason_open = True
        elif effect in DECISIONS:
            self.reached, self.reason_open = None, False


@settings(
    max_examples=10_000, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)
@given(st.lists(STEPS, max_size=25))
def test_nothing_is_decided_without_focus_moved_on_purpose_to_a_painted_request(steps):
    desk = Desk()
    for step in steps:
        desk.play(step)


def test_the_property_is_not_empty_a_person_can_decide():
    desk = Desk()
    for step in (Step("shown", request=CALL), Step("painted"), Step("key", "ctrl+g")):
        desk.play(step)
    assert effect_of(desk.focus, desk.shown, "y", desk.now + 1) is Effect.APPROVE
