"""The rule of approvals: by table, and by property over ten thousand key sequences."""

from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui.cockpit.dialogs.approval_rule import (
    APPROVALS,
    DECISIONS,
    REFUSALS,
    Effect,
    Focus,
    Request,
    Shown,
    does_something,
    effect_of,
    focus_after,
    is_lost,
)

CALL = Request("run", "call", "hash")
OTHER = Request("run", "other", "hash")
CHANGED = Request("run", "call", "another hash")
DOUBT = Request("run", "call", "hash", 3.0)
DOUBT_AGAIN = Request("run", "call", "hash", 4.0)
ON_CALL = Focus("request", CALL, 10.0)
IN_REASON = Focus("reason", CALL, 10.0)
IN_EDITOR = Focus("editor", CALL, 10.0)
ALLOWING = Focus("allowing", CALL, 10.0)
DENYING = Focus("denying", CALL, 10.0)
PAINTED = Shown(CALL, 5.0)
ON_DOUBT = Focus("request", DOUBT, 10.0)
IN_RESULT = Focus("result", DOUBT, 10.0)
IN_DOUBT = Shown(DOUBT, 5.0)
FITS = Shown(CALL, 10.5, edit="fits")
FAULTY = Shown(CALL, 10.5, edit="faulty")


@pytest.mark.parametrize(
    ("focus", "shown", "key", "at", "effect"),
    [
        (Focus("text"), PAINTED, "ctrl+g", 6.0, Effect.TAKE_FOCUS),
        (Focus("pane"), PAINTED, "a", 6.5, Effect.TAKE_FOCUS),
        (Focus("pane"), PAINTED, "a", 5.9, Effect.NOT_PAINTED_YET),
        (Focus("pane"), PAINTED, "ctrl+g", 5.1, Effect.TAKE_FOCUS),
        (Focus("text"), PAINTED, "click", 6.5, Effect.TAKE_FOCUS),
        (Focus("text"), PAINTED, "click", 5.9, Effect.NOT_PAINTED_YET),
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
        (ON_CALL, PAINTED, "Y", 11.0, Effect.OPEN_ALLOWING),
        (ON_CALL, PAINTED, "N", 11.0, Effect.OPEN_DENYING),
        (ON_CALL, Shown(CALL), "Y", 11.0, Effect.NOT_PAINTED_YET),
        (ON_CALL, Shown(CALL), "N", 11.0, Effect.NOT_PAINTED_YET),
        (ON_CALL, FITS, "Y", 11.0, Effect.NOT_ALWAYS_AS_EDITED),
        (ON_CALL, FITS, "N", 11.0, Effect.OPEN_DENYING),
        (ON_CALL, PAINTED, "e", 11.0, Effect.OPEN_EDITOR),
        (ON_CALL, PAINTED._replace(can_edit=False), "e", 11.0, Effect.CANNOT_EDIT),
        (ON_CALL, FITS, "e", 11.0, Effect.OPEN_EDITOR),
        (ON_CALL, FITS, "y", 11.0, Effect.APPROVE_EDITED),
        (ON_CALL, FITS._replace(painted_at=None), "y", 11.0, Effect.NOT_PAINTED_YET),
        (ON_CALL, FITS._replace(painted_at=11.0), "y", 11.0, Effect.NOT_PAINTED_YET),
        (ON_CALL, FAULTY, "y", 11.0, Effect.EDIT_DOES_NOT_FIT),
        (ON_CALL, FAULTY, "n", 11.0, Effect.REJECT),
        (ON_CALL, FAULTY, "r", 11.0, Effect.OPEN_REASON),
        (ON_CALL, FAULTY, "u", 11.0, Effect.THROW_EDIT_AWAY),
        (ON_CALL, PAINTED, "u", 11.0, Effect.NOTHING),
        (ON_CALL, PAINTED, "e", 9.0, Effect.NOTHING),
        (ON_CALL, Shown(CHANGED, 5.0), "e", 11.0, Effect.NOTHING),
        (ON_CALL, Shown(CHANGED, 5.0), "Y", 11.0, Effect.NOTHING),
        (IN_EDITOR, PAINTED, "y", 12.0, Effect.NOTHING),
        (IN_EDITOR, PAINTED, "Y", 12.0, Effect.NOTHING),
        (IN_EDITOR, PAINTED, "enter", 12.0, Effect.NOTHING),
        (IN_EDITOR, PAINTED, "ctrl+g", 12.0, Effect.NOTHING),
        (IN_EDITOR, PAINTED, "ctrl+s", 12.0, Effect.CLOSE_EDITOR),
        (IN_EDITOR, PAINTED, "escape", 12.0, Effect.CLOSE_EDITOR),
        (ALLOWING, PAINTED, "Y", 12.0, Effect.APPROVE_ALWAYS),
        (ALLOWING, Shown(CALL), "Y", 12.0, Effect.NOT_PAINTED_YET),
        (ALLOWING, Shown(CALL, 12.0), "Y", 12.0, Effect.NOT_PAINTED_YET),
        (ALLOWING, Shown(CHANGED, 5.0), "Y", 12.0, Effect.NOTHING),
        (ALLOWING, PAINTED, "Y", None, Effect.NOTHING),
        (ALLOWING, PAINTED, "Y", 9.0, Effect.NOTHING),
        (ALLOWING, PAINTED, "escape", 12.0, Effect.CLOSE_PAGE),
        (DENYING, PAINTED, "N", 12.0, Effect.REJECT_ALWAYS),
        (DENYING, Shown(CALL), "N", 12.0, Effect.NOT_PAINTED_YET),
        (DENYING, PAINTED, "Y", 12.0, Effect.NOTHING),
        (DENYING, PAINTED, "escape", 12.0, Effect.CLOSE_PAGE),
        *(
            (page, PAINTED, key, 12.0, Effect.NOTHING)
            for page in (ALLOWING, DENYING)
            for key in ("y", "n", "r", "e", "u", "enter", "space", "ctrl+g", "click", "a", "ctrl+s")
        ),
        (ALLOWING, PAINTED, "N", 12.0, Effect.NOTHING),
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
        (ON_CALL, Shown(CHANGED, 5.0), "escape", 11.0, Effect.GIVE_FOCUS_BACK),
        (IN_EDITOR, Shown(CHANGED, 5.0), "ctrl+s", 12.0, Effect.CLOSE_EDITOR),
        (ON_CALL, Shown(CALL), "r", 11.0, Effect.OPEN_REASON),
        (ON_CALL, PAINTED, "y", 10.0, Effect.APPROVE),
        (IN_REASON, Shown(CALL), "enter", 12.0, Effect.NOT_PAINTED_YET),
        (IN_REASON, Shown(CALL, 12.0), "enter", 12.0, Effect.NOT_PAINTED_YET),
        (IN_REASON, PAINTED, "escape", 12.0, Effect.CLOSE_REASON),
        (IN_REASON, PAINTED, "y", 12.0, Effect.NOTHING),
        (IN_REASON, PAINTED, "n", 12.0, Effect.NOTHING),
        (IN_REASON, PAINTED, "ctrl+g", 12.0, Effect.NOTHING),
        (IN_REASON, Shown(CHANGED, 5.0), "enter", 12.0, Effect.NOTHING),
        (ON_CALL, PAINTED, "d", 11.0, Effect.NOTHING),
        (ON_CALL, IN_DOUBT, "y", 11.0, Effect.NOTHING),
        (ON_CALL, IN_DOUBT, "n", 11.0, Effect.NOTHING),
        (IN_REASON, IN_DOUBT, "enter", 12.0, Effect.NOTHING),
        (Focus("text"), IN_DOUBT, "d", 6.5, Effect.NOTHING),
        (Focus("pane"), IN_DOUBT, "d", 6.5, Effect.NOTHING),
        (Focus("pane"), IN_DOUBT, "y", 6.5, Effect.NOTHING),
        (Focus("text"), IN_DOUBT, "ctrl+g", 6.0, Effect.TAKE_FOCUS),
        (ON_DOUBT, IN_DOUBT, "y", 11.0, Effect.APPROVE),
        (ON_DOUBT, IN_DOUBT, "n", 11.0, Effect.REJECT),
        (ON_DOUBT, IN_DOUBT, "d", 11.0, Effect.OPEN_RESULT),
        (ON_DOUBT, IN_DOUBT, "r", 11.0, Effect.OPEN_REASON),
        *(
            (ON_DOUBT, IN_DOUBT, key, 11.0, Effect.NOT_OF_WHAT_BEGAN)
            for key in ("e", "u", "Y", "N")
        ),
        *((ON_DOUBT, IN_DOUBT, key, 11.0, Effect.NOTHING) for key in ("enter", "space", "ctrl+s")),
        (ON_DOUBT, IN_DOUBT, "escape", 11.0, Effect.GIVE_FOCUS_BACK),
        (ON_DOUBT, IN_DOUBT._replace(edit="fits"), "y", 11.0, Effect.APPROVE),
        (ON_DOUBT, Shown(DOUBT), "y", 11.0, Effect.NOT_PAINTED_YET),
        (ON_DOUBT, Shown(DOUBT, 11.0), "n", 11.0, Effect.NOT_PAINTED_YET),
        (ON_DOUBT, IN_DOUBT, "y", 9.0, Effect.NOTHING),
        (ON_DOUBT, IN_DOUBT, "y", None, Effect.NOTHING),
        (ON_DOUBT, IN_DOUBT, "d", 9.0, Effect.NOTHING),
        (ON_DOUBT, Shown(DOUBT_AGAIN, 5.0), "y", 11.0, Effect.NOTHING),
        (ON_DOUBT, PAINTED, "y", 11.0, Effect.NOTHING),
        (IN_RESULT, IN_DOUBT, "enter", 12.0, Effect.TAKE_AS_DONE),
        (IN_RESULT, IN_DOUBT, "enter", None, Effect.NOTHING),
        (IN_RESULT, IN_DOUBT, "enter", 9.0, Effect.NOTHING),
        (IN_RESULT, IN_DOUBT, "escape", 12.0, Effect.CLOSE_RESULT),
        (IN_RESULT, Shown(DOUBT), "enter", 12.0, Effect.NOT_PAINTED_YET),
        (IN_RESULT, Shown(DOUBT, 12.0), "enter", 12.0, Effect.NOT_PAINTED_YET),
        (IN_RESULT, Shown(DOUBT_AGAIN, 5.0), "enter", 12.0, Effect.NOTHING),
        (IN_RESULT, PAINTED, "enter", 12.0, Effect.NOTHING),
        *(
            (IN_RESULT, IN_DOUBT, key, 12.0, Effect.NOTHING)
            for key in ("y", "n", "d", "r", "ctrl+g", "click", "space", "ctrl+s")
        ),
    ],
)
def test_a_key_does_this(focus, shown, key, at, effect):
    assert effect_of(focus, shown, key, at) is effect


@pytest.mark.parametrize("effect", sorted(DECISIONS, key=str))
def test_the_focus_leaves_with_a_decision(effect):
    assert focus_after(ON_CALL, effect, PAINTED, 11.0) == Focus()


@pytest.mark.parametrize(
    "effect", sorted(REFUSALS | {Effect.NOTHING, Effect.THROW_EDIT_AWAY}, key=str)
)
def test_what_does_nothing_leaves_the_focus_where_it_is(effect):
    assert focus_after(ON_CALL, effect, PAINTED, 11.0) == ON_CALL


@pytest.mark.parametrize(
    ("opens", "closes", "opened"),
    [
        (Effect.OPEN_REASON, Effect.CLOSE_REASON, IN_REASON),
        (Effect.OPEN_RESULT, Effect.CLOSE_RESULT, IN_RESULT._replace(request=CALL)),
        (Effect.OPEN_EDITOR, Effect.CLOSE_EDITOR, IN_EDITOR),
        (Effect.OPEN_ALLOWING, Effect.CLOSE_PAGE, ALLOWING),
        (Effect.OPEN_DENYING, Effect.CLOSE_PAGE, DENYING),
    ],
)
def test_what_a_key_opens_goes_back_to_the_request(opens, closes, opened):
    assert focus_after(ON_CALL, opens, PAINTED, 12.0) == opened
    assert focus_after(opened, closes, PAINTED, 13.0) == ON_CALL


@pytest.mark.parametrize(
    "focus", [ON_CALL, IN_REASON, IN_EDITOR, ALLOWING, DENYING, ON_DOUBT, IN_RESULT]
)
@pytest.mark.parametrize("key", ["y", "Y", "n", "N", "r", "e", "d", "enter"])
@pytest.mark.parametrize("shown", [PAINTED, FITS, FAULTY, IN_DOUBT])
def test_who_only_watches_decides_nothing_and_opens_nothing(focus, key, shown):
    effect = effect_of(focus, shown, key, 12.0, only_watches=True)
    assert effect in (Effect.ONLY_WATCHES, Effect.NOTHING)


def test_who_only_watches_can_go_to_the_request_read_it_and_leave():
    assert effect_of(Focus(), PAINTED, "ctrl+g", 6.0, only_watches=True) is Effect.TAKE_FOCUS
    left = effect_of(ON_CALL, PAINTED, "escape", 12.0, only_watches=True)
    assert left is Effect.GIVE_FOCUS_BACK


@pytest.mark.parametrize(
    ("focus", "shown", "only_watches", "keys"),
    [
        (ON_CALL, Shown(CALL), False, "y n r e Y N escape ctrl+g"),
        (ON_CALL, PAINTED._replace(can_edit=False), False, "y n r Y N escape ctrl+g"),
        (ON_CALL, FITS, False, "y n r e u N escape ctrl+g"),
        (ON_CALL, FAULTY, False, "n r e u N escape ctrl+g"),
        (ON_CALL, PAINTED, True, "escape ctrl+g"),
        (ALLOWING, PAINTED, False, "Y escape"),
        (DENYING, PAINTED, False, "N escape"),
        (ON_DOUBT, Shown(DOUBT), False, "y d n r escape ctrl+g"),
        (IN_RESULT, IN_DOUBT, False, "enter escape"),
        (ON_DOUBT, IN_DOUBT, True, "escape ctrl+g"),
        (ON_CALL, None, False, ""),
    ],
)
def test_these_keys_do_something_once_the_request_is_read(focus, shown, only_watches, keys):
    able = [key for key in KEYS if does_something(focus, shown, key, only_watches=only_watches)]
    assert set(able) - {"click"} == set(keys.split())


def test_a_changed_request_is_lost_though_its_call_is_the_same():
    assert is_lost(ON_CALL, Shown(CHANGED, 20.0))
    assert is_lost(ON_CALL, IN_DOUBT)
    assert is_lost(ON_DOUBT, Shown(DOUBT_AGAIN, 20.0))
    assert not is_lost(ON_CALL, PAINTED)


def test_a_request_that_is_gone_is_lost_but_to_who_is_elsewhere():
    assert is_lost(ON_CALL, None)
    assert is_lost(Focus(), None) is False
    assert is_lost(Focus(), PAINTED) is False


def test_the_focus_remembers_what_it_was_moved_to_and_when():
    assert focus_after(Focus(), Effect.TAKE_FOCUS, PAINTED, 12.0) == Focus("request", CALL, 12.0)
    assert focus_after(Focus(), Effect.TAKE_FOCUS, None, 12.0) == Focus()


class Step(NamedTuple):
    """One thing that happens: a key, or something behind the person's back."""

    what: str
    key: str = ""
    request: Request | None = None


KEYS = (
    *("ctrl+g", "a", "click", "y", "n", "r", "d", "enter", "escape"),
    *("space", "Y", "N", "e", "u", "ctrl+s", "tab", "x", "ctrl+j"),
)
STEPS = st.one_of(
    st.sampled_from(KEYS).map(lambda key: Step("key", key)),
    st.sampled_from(("y", "Y", "N", "enter", "ctrl+g")).map(lambda key: Step("early key", key)),
    st.sampled_from(("y", "Y", "N", "ctrl+g", "enter", "r", "e", "d")).map(
        lambda key: Step("command", key)
    ),
    st.sampled_from((CALL, OTHER, CHANGED, DOUBT, DOUBT_AGAIN, None)).map(
        lambda shown: Step("shown", request=shown)
    ),
    st.just(Step("painted")),
    st.just(Step("painted")),
    st.just(Step("resized")),
    st.sampled_from(("fits", "faulty", "none")).map(lambda edit: Step("typed", edit)),
    st.just(Step("chosen")),
    st.sampled_from(("text", "pane")).map(lambda place: Step("elsewhere", place)),
)
OPENS = {"r": "reason", "d": "result", "e": "editor", "Y": "allowing", "N": "denying"}
FIELDS = ("reason", "result")
DECIDES = {
    Effect.APPROVE: ("", "y"),
    Effect.APPROVE_EDITED: ("", "y"),
    Effect.REJECT: ("", "n"),
    Effect.REJECT_WITH_REASON: ("reason", "enter"),
    Effect.APPROVE_ALWAYS: ("allowing", "Y"),
    Effect.REJECT_ALWAYS: ("denying", "N"),
    Effect.TAKE_AS_DONE: ("result", "enter"),
}
OF_WHAT_BEGAN = (
    *(Effect.APPROVE, Effect.TAKE_AS_DONE),
    *(Effect.REJECT, Effect.REJECT_WITH_REASON),
)


class Desk:
    """Plays steps through the rule as the panel does, and keeps what a person did to each request.

    `reached`, `page` and `edit` are the oracle: they do not read the rule's focus, only the keys
    and what came of them on the screen.
    """

    def __init__(self) -> None:
        self.focus = Focus("text")
        self.shown: Shown | None = None
        self.now = 0.0
        self.reached: Request | None = None
        self.page = ""
        self.edit = "none"
        self.painted_as: tuple[str, str, int] | None = None
        self.choice = 0
        self.decided: list[Effect] = []

    def play(self, step: Step) -> None:
        self.now += 1.0
        match step.what:
            case "shown":
                self.show(step.request)
            case "painted" if self.shown is not None and self.shown.painted_at is None:
                self.shown = self.shown._replace(painted_at=self.now)
                self.painted_as = self.seen
            case "resized":
                self.repaint()
            case "typed" if self.focus.place == "editor":
                self.edit = step.key
            case "chosen" if self.focus.place in ("allowing", "denying"):
                self.choice += 1
                self.repaint()
            case "elsewhere" if self.focus.request is None:
                self.focus = Focus(step.key)
            case "key":
                self.press(step.key, self.now)
            case "early key":
                self.press(step.key, self.now - 2.5)
            case "command":
                self.press(step.key, None)

    @property
    def seen(self) -> tuple[str, str, int]:
        """What a decision would be about."""
        return (self.page if self.page not in FIELDS else "", self.edit, self.choice)

    def repaint(self) -> None:
        if self.shown is not None:
            self.shown = self.shown._replace(painted_at=None)

    def show(self, request: Request | None) -> None:
        if request is None:
            self.shown = None
        elif self.shown is None or self.shown.request != request:
            self.shown = Shown(request)
            self.edit = "none"
        if is_lost(self.focus, self.shown):
            self.focus = Focus()
        if self.shown is None or self.reached != self.shown.request:
            self.reached, self.page = None, ""

    def press(self, key: str, pressed_at: float | None) -> None:
        effect = effect_of(self.focus, self.shown, key, pressed_at)
        watched = effect_of(self.focus, self.shown, key, pressed_at, only_watches=True)
        assert watched not in DECISIONS, "who only watches decides nothing"
        self.check(effect, key, pressed_at)
        self.remember(effect, key, pressed_at)
        self.focus = focus_after(self.focus, effect, self.shown, pressed_at or 0.0)
        if self.shown is not None and effect in (
            *(Effect.OPEN_EDITOR, Effect.CLOSE_EDITOR, Effect.THROW_EDIT_AWAY),
            *(Effect.OPEN_ALLOWING, Effect.OPEN_DENYING, Effect.CLOSE_PAGE),
        ):
            # What the panel shows is another thing now.
            self.shown = self.shown._replace(painted_at=None, edit=self.edit)

    def check(self, effect: Effect, key: str, pressed_at: float | None) -> None:
        if effect not in DECISIONS:
            return
        assert pressed_at is not None, "only a key decides"
        assert self.shown is not None
        assert self.reached == self.shown.request, "no decision without focus moved on purpose"
        assert self.shown.painted_at is not None, "no decision on what a resize took from sight"
        assert self.shown.painted_at < pressed_at, "no decision by a key older than the painting"
        assert self.painted_as == self.seen, "no decision on an edit or a rule that was not painted"
        assert (self.page, key) == DECIDES[effect], "each page has its own key that decides"
        if self.shown.request.in_doubt_since is not None:
            assert effect in OF_WHAT_BEGAN, "what may have run is neither edited nor made a rule of"
        elif effect is Effect.TAKE_AS_DONE:
            raise AssertionError("what never began is not taken as done")
        if effect in APPROVALS - {Effect.TAKE_AS_DONE}:
            assert key in ("y", "Y"), "nothing but y and Y approves"
            assert (effect is Effect.APPROVE_EDITED) == (self.edit == "fits")
            assert self.edit != "faulty", "what does not fit the tool is not approved"
        self.decided.append(effect)

    def remember(self, effect: Effect, key: str, pressed_at: float | None) -> None:
        purpose = key in ("ctrl+g", "click") or (key == "a" and self.focus.place == "pane")
        painted_at = self.shown.painted_at if self.shown else None
        stood_s = 0.0 if key == "ctrl+g" else 1.0
        painted = pressed_at and painted_at and painted_at + stood_s < pressed_at
        if purpose and painted and not self.page:
            assert self.shown is not None
            self.reached = self.shown.request
        elif (key == "escape" and pressed_at) or effect is Effect.CLOSE_EDITOR:
            self.reached = self.reached if self.page else None
            self.page = ""
        elif effect in DECISIONS:
            self.reached, self.page = None, ""
        elif effect is Effect.THROW_EDIT_AWAY:
            assert not self.page
            self.edit = "none"
        elif key in OPENS and not self.page and effect.name.startswith("OPEN_"):
            self.page = OPENS[key]


@settings(
    max_examples=10_000, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)
@given(st.lists(STEPS, max_size=25))
def test_nothing_is_decided_without_focus_moved_on_purpose_to_a_painted_request(steps):
    desk = Desk()
    for step in steps:
        desk.play(step)


@pytest.mark.parametrize(
    ("keys", "effect"),
    [
        ("y", Effect.APPROVE),
        ("n", Effect.REJECT),
        ("r enter", Effect.REJECT_WITH_REASON),
        ("e =fits escape painted y", Effect.APPROVE_EDITED),
        ("e =fits ctrl+s painted u painted y", Effect.APPROVE),
        ("e =faulty escape painted n", Effect.REJECT),
        ("Y painted chosen painted Y", Effect.APPROVE_ALWAYS),
        ("N painted N", Effect.REJECT_ALWAYS),
    ],
)
def test_the_property_is_not_empty_a_person_can_decide(keys, effect):
    assert decided_by(keys) == [effect]


@pytest.mark.parametrize(
    ("keys", "effect"),
    [
        ("y", Effect.APPROVE),
        ("d enter", Effect.TAKE_AS_DONE),
        ("d escape d enter", Effect.TAKE_AS_DONE),
        ("n", Effect.REJECT),
        ("r enter", Effect.REJECT_WITH_REASON),
        ("e u Y N y", Effect.APPROVE),
    ],
)
def test_what_is_in_doubt_is_decided_by_keys_of_its_own(keys, effect):
    assert decided_by(keys, DOUBT) == [effect]


@pytest.mark.parametrize("keys", ["Y Y", "N N", "Y painted chosen Y", "e =fits escape y"])
def test_what_was_not_painted_since_it_changed_is_not_decided(keys):
    assert decided_by(keys) == []


def decided_by(keys: str, request: Request = CALL) -> list[Effect]:
    """What is decided by keys pressed on a request that the focus was moved to."""
    desk = Desk()
    for step in (Step("shown", request=request), Step("painted"), Step("key", "ctrl+g")):
        desk.play(step)
    for word in keys.split():
        if word.startswith("="):
            desk.play(Step("typed", word[1:]))
        else:
            desk.play(Step(word) if word in ("painted", "chosen") else Step("key", word))
    return desk.decided
