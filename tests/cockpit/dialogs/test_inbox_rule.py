"""The rule of the inbox: by table, and by property over ten thousand sequences of keys and news."""

from functools import partial
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui.cockpit.dialogs.approval_rule import Request
from tui.cockpit.dialogs.inbox_rule import Notice, Outcome, Row, Ticks, kept, press

A, B, C = (Request("run", name, "hash") for name in "abc")
A_CHANGED = Request("run", "a", "another hash")
DOUBT = Request("run", "b", "hash", 3.0)
ROW_DOUBT = Row(DOUBT, "refund", painted_at=5.0)
ROW_A, ROW_B = Row(A, "refund", painted_at=5.0), Row(B, "refund", painted_at=5.0)
OTHER = Row(C, "email", painted_at=5.0)
ROWS = (ROW_A, ROW_B, OTHER)
NONE = Ticks()
ON_A = Ticks({A: 6.0})


def pressed(key, at=7.0, ticks=NONE, rows=ROWS, cursor=A, listed_at=5.0) -> Outcome:
    return press(ticks, rows, cursor, key, at, listed_at=listed_at)


@pytest.mark.parametrize(
    ("press_it", "ticked", "notice"),
    [
        (partial(pressed, "space"), {A}, Notice.NONE),
        (partial(pressed, "space", ticks=ON_A), set(), Notice.NONE),
        (partial(pressed, "space", at=5.0), set(), Notice.LIST_CHANGED),
        (partial(pressed, "space", listed_at=None), set(), Notice.LIST_CHANGED),
        (partial(pressed, "space", listed_at=7.0), set(), Notice.LIST_CHANGED),
        (partial(pressed, "space", rows=[Row(A, "refund")]), set(), Notice.NOT_PAINTED),
        (
            partial(pressed, "space", rows=[Row(A, "refund", painted_at=7.0)]),
            set(),
            Notice.NOT_PAINTED,
        ),
        (
            partial(pressed, "space", rows=[Row(A, "refund", painted_at=6.0)]),
            set(),
            Notice.NOT_PAINTED,
        ),
        (partial(pressed, "space", rows=[Row(A, "refund", painted_at=5.9)]), {A}, Notice.NONE),
        (
            partial(pressed, "t", rows=[ROW_A, Row(B, "refund", painted_at=6.0)]),
            {A},
            Notice.UNSEEN,
        ),
        (partial(pressed, "space", at=None), set(), Notice.NONE),
        (partial(pressed, "space", cursor=None), set(), Notice.NONE),
        (
            partial(pressed, "space", rows=[ROW_A._replace(is_whole=False)]),
            set(),
            Notice.NOT_PAINTED,
        ),
        (
            partial(pressed, "space", rows=[ROW_A._replace(is_whole=False, opened_at=6.0)]),
            {A},
            Notice.NONE,
        ),
        (
            partial(pressed, "space", rows=[ROW_A._replace(is_whole=False, has_room=False)]),
            set(),
            Notice.NO_ROOM,
        ),
        (
            partial(pressed, "space", rows=[ROW_A._replace(is_whole=True, has_room=False)]),
            {A},
            Notice.NONE,
        ),
        (
            partial(pressed, "space", rows=[Row(A, "refund", has_room=False)]),
            set(),
            Notice.NOT_PAINTED,
        ),
        (partial(pressed, "t", cursor=None), set(), Notice.NONE),
        (partial(pressed, "t"), {A, B}, Notice.NONE),
        (partial(pressed, "t", cursor=C), {C}, Notice.NONE),
        (partial(pressed, "t", ticks=ON_A), {A, B}, Notice.NONE),
        (partial(pressed, "t", at=None), set(), Notice.NONE),
        (partial(pressed, "t", rows=[ROW_A, Row(B, "refund")]), {A}, Notice.UNSEEN),
        (partial(pressed, "t", rows=[ROW_A, ROW_B._replace(is_whole=False)]), {A}, Notice.LEFT_OUT),
        (partial(pressed, "t", listed_at=7.0), set(), Notice.LIST_CHANGED),
        (partial(pressed, "space", rows=[ROW_DOUBT], cursor=DOUBT), set(), Notice.IN_DOUBT),
        (partial(pressed, "t", rows=[ROW_A, ROW_DOUBT]), {A}, Notice.DOUBTS_LEFT_OUT),
        (partial(pressed, "t", rows=[ROW_DOUBT], cursor=DOUBT), set(), Notice.DOUBTS_LEFT_OUT),
        (partial(pressed, "u", ticks=ON_A), set(), Notice.NONE),
        (partial(pressed, "enter", ticks=ON_A), {A}, Notice.NONE),
        (partial(pressed, "y"), set(), Notice.NOTHING_TICKED),
        (partial(pressed, "n"), set(), Notice.NOTHING_TICKED),
        (partial(pressed, "y", at=6.0, ticks=ON_A), {A}, Notice.OUT_OF_SIGHT),
        (partial(pressed, "y", at=None, ticks=ON_A), {A}, Notice.NONE),
        (partial(pressed, "y", ticks=ON_A, rows=[Row(A, "refund")]), {A}, Notice.OUT_OF_SIGHT),
    ],
)
def test_a_key_ticks_this_and_decides_nothing(press_it, ticked, notice):
    outcome = press_it()
    assert (set(outcome.ticks.at), outcome.notice) == (ticked, notice)
    assert outcome.decided == ()


@pytest.mark.parametrize(("key", "approves"), [("y", True), ("n", False)])
def test_a_decision_is_for_the_ticked_alone_in_the_order_of_the_list(key, approves):
    outcome = pressed(key, ticks=Ticks({C: 6.5, A: 6.0}))
    assert outcome == Outcome(Ticks(), (A, C), approves, Notice.NONE)


@pytest.mark.parametrize("key", ["y", "n"])
def test_what_became_of_a_call_is_decided_in_no_batch(key):
    ticked = Ticks({A: 6.0, DOUBT: 6.0})
    assert pressed(key, ticks=ticked, rows=[ROW_A, ROW_DOUBT]).decided == (A,)


def test_a_call_that_comes_again_in_doubt_loses_its_tick():
    left = kept(Ticks({B: 6.0}), [ROW_A, ROW_DOUBT])
    assert (set(left.ticks.at), left.notice) == (set(), Notice.LOST)


@pytest.mark.parametrize(
    "key", ["enter", "space", "t", "u", "Y", "N", "escape", "ctrl+g", "a", "j"]
)
def test_no_other_key_decides(key):
    assert pressed(key, ticks=Ticks({A: 6.0, B: 6.0})).decided == ()


@pytest.mark.parametrize("key", ["space", "t", "u", "y", "n"])
def test_a_screen_that_only_watches_ticks_and_decides_nothing_and_says_so(key):
    outcome = press(ON_A, ROWS, A, key, 7.0, listed_at=5.0, only_watches=True)
    assert outcome == Outcome(Ticks(), notice=Notice.ONLY_WATCHES)


def test_on_a_screen_that_only_watches_other_keys_say_nothing():
    assert press(NONE, ROWS, A, "j", 7.0, listed_at=5.0, only_watches=True) == Outcome(NONE)


def test_what_is_ticked_keeps_the_time_of_its_tick():
    assert pressed("t", ticks=ON_A, rows=[Row(A, "refund"), ROW_B]) == Outcome(
        Ticks({A: 6.0, B: 7.0})
    )


def test_a_call_that_changed_or_is_gone_loses_its_tick_and_it_is_said():
    changed = kept(Ticks({A: 6.0, B: 6.0}), [Row(A_CHANGED, "refund", painted_at=5.0), ROW_B])
    assert (set(changed.ticks.at), changed.notice) == ({B}, Notice.LOST)
    assert kept(ON_A, ROWS) == Outcome(ON_A)


class Step(NamedTuple):
    """One thing that happens: a key, or something behind the person's back."""

    what: str
    key: str = ""
    rows: tuple[tuple[Request, bool], ...] = ()


KEYS = ("space", "space", "t", "u", "y", "n", "j", "k", "enter", "Y", "N", "ctrl+g", "escape")
TOOLS = {A: "refund", A_CHANGED: "refund", B: "refund", DOUBT: "refund", C: "email"}
SOME_ROWS = st.lists(
    st.tuples(st.sampled_from((A, A_CHANGED, B, DOUBT, C)), st.booleans()),
    max_size=4,
    unique_by=lambda row: row[0].call_id,
)
STEPS = st.one_of(
    st.sampled_from(KEYS).map(lambda key: Step("key", key)),
    st.sampled_from(("space", "t", "y", "n")).map(lambda key: Step("early key", key)),
    st.sampled_from(("space", "t", "y", "n")).map(lambda key: Step("command", key)),
    SOME_ROWS.map(lambda rows: Step("listed", rows=tuple(rows))),
    st.just(Step("painted")),
    st.just(Step("painted")),
    st.just(Step("opened")),
    st.just(Step("resized")),
)


class Desk:
    """Plays steps through the rule as the screen does, and keeps what a person saw and ticked.

    `ticked` and the times of `seen` are the oracle: they do not read the rule's ticks.
    """

    def __init__(self) -> None:
        self.ticks = Ticks()
        self.rows: list[Row] = []
        self.listed_at: float | None = None
        self.cursor: Request | None = None
        self.now = 0.0
        self.ticked: dict[Request, float] = {}
        self.decided: list[Request] = []

    def play(self, step: Step) -> None:
        self.now += 1.0
        match step.what:
            case "listed":
                self.list(step.rows)
            case "painted":
                self.rows = [
                    row if row.painted_at else row._replace(painted_at=self.now)
                    for row in self.rows
                ]
                self.listed_at = self.listed_at or self.now
            case "opened":
                self.rows = [
                    row._replace(opened_at=row.opened_at or self.now)
                    if row.request == self.cursor
                    else row
                    for row in self.rows
                ]
            case "resized":
                self.rows = [row._replace(painted_at=None, opened_at=None) for row in self.rows]
                self.listed_at = None
            case "key":
                self.press(step.key, self.now)
            case "early key":
                self.press(step.key, self.now - 2.5)
            case "command":
                self.press(step.key, None)

    def list(self, rows: tuple[tuple[Request, bool], ...]) -> None:
        before = {row.request: row for row in self.rows}
        new = [
            before.get(request) or Row(request, TOOLS[request], whole) for request, whole in rows
        ]
        if [row.request for row in new] != [row.request for row in self.rows]:
            self.listed_at = None
        self.rows = new
        waiting = [row.request for row in new]
        if self.cursor not in waiting:
            self.cursor = waiting[0] if waiting else None
        self.ticks = kept(self.ticks, self.rows).ticks
        self.ticked = {each: at for each, at in self.ticked.items() if each in waiting}

    def press(self, key: str, at: float | None) -> None:
        if key in "jk" and self.rows and at:
            places = [row.request for row in self.rows]
            place = places.index(self.cursor) + (1 if key == "j" else -1)
            self.move(places[min(max(place, 0), len(places) - 1)])
        outcome = press(self.ticks, self.rows, self.cursor, key, at, listed_at=self.listed_at)
        self.check(outcome, key, at)
        self.remember(outcome, key, at)
        self.ticks = outcome.ticks

    def move(self, cursor: Request | None) -> None:
        self.cursor = cursor
        self.rows = [
            row if row.request == cursor else row._replace(opened_at=None) for row in self.rows
        ]

    def check(self, outcome: Outcome, key: str, at: float | None) -> None:
        if not outcome.decided:
            return
        assert at is not None, "only a key decides"
        assert key in ("y", "n")
        assert outcome.approves is (key == "y")
        waiting = {row.request: row for row in self.rows}
        for request in outcome.decided:
            assert request in waiting, "no decision on what changed or is gone"
            assert request.in_doubt_since is None, "what may have run is in no batch"
            assert request in self.ticked, "no decision without a tick"
            assert self.ticked[request] < at, "no decision by a key older than the tick"
            assert waiting[request].painted_at is not None, "no decision on what is not in sight"
            assert waiting[request].painted_at < at
        self.decided += outcome.decided

    def remember(self, outcome: Outcome, key: str, at: float | None) -> None:
        if at is not None and key == "u":
            self.ticked.clear()
        saw_the_list = self.listed_at is not None and at is not None and self.listed_at < at
        if saw_the_list and key in ("space", "t"):
            under = [row for row in self.rows if row.request == self.cursor]
            tools = {row.tool for row in under}
            meant = under if key == "space" else [r for r in self.rows if r.tool in tools]
            for row in meant:
                if key == "space" and row.request in self.ticked:
                    del self.ticked[row.request]
                elif row.request not in self.ticked and self.saw(row, at):
                    self.ticked[row.request] = at
        for request in outcome.decided:
            del self.ticked[request]

    def saw(self, row: Row, at: float) -> bool:
        """Whether the person had the list and the whole call before them when they pressed."""
        if row.request.in_doubt_since is not None:
            return False
        stood = None if row.painted_at is None else row.painted_at + 1.0
        times = [self.listed_at, stood, *(() if row.is_whole else (row.opened_at,))]
        return all(time is not None and time < at for time in times)


@settings(
    max_examples=10_000, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)
@given(SOME_ROWS, st.lists(STEPS, max_size=25))
def test_nothing_is_decided_without_a_tick_on_what_was_painted(rows, steps):
    desk = Desk()
    desk.list(tuple(rows))
    for step in steps:
        desk.play(step)


def test_the_property_is_not_empty_a_person_can_decide():
    desk = Desk()
    desk.list(((A, True), (B, True), (C, True)))
    for step in (Step("painted"), Step("key", "x"), Step("key", "t"), Step("key", "y")):
        desk.play(step)
    assert desk.decided == [A, B]
