"""What holds of the fold whatever comes: it never raises, order is stable, splits do not matter."""

from itertools import pairwise

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cockpit.projection.folding import (
    RUN,
    asked,
    begun,
    called,
    decided,
    finished,
    fold,
    folded,
    handed,
    handing,
    message,
    numbered,
    output,
    picture,
    started,
    text,
    thinking,
    writing,
)
from tui.cockpit.projection.pages import CHUNK_CHARACTERS, LongText
from tui.cockpit.projection.view import MessageEntry, RunView
from tui.wire.events import (
    AgentChanged,
    ApprovalRefused,
    ApprovalWithdrawn,
    ConsoleOutput,
    GuardrailTripped,
    ReasoningOutput,
    RunCancelled,
    RunCompleted,
    RunFailed,
    RunPaused,
    RunResumed,
    TextDelta,
    ToolProgress,
    UnknownItem,
    UsageReported,
    UserMessage,
)

CALLS = st.sampled_from(["c", "d", "e"])
ITEMS = st.sampled_from(["m", "n", "i-c", "i-d"])
WITHIN = st.sampled_from([None, None, "c", "d"])
PIECES = st.sampled_from(["", "a", '{"x": ', "世界", "\x1b[2J"])
AGENTS = st.sampled_from(["A", "B", ""])

ANY_EVENT = st.one_of(
    st.builds(started, AGENTS, st.sampled_from([RUN, "run2"])),
    st.builds(text, ITEMS, PIECES, AGENTS, WITHIN),
    st.builds(thinking, ITEMS, PIECES, AGENTS),
    st.builds(message, ITEMS, PIECES, AGENTS, WITHIN),
    st.builds(ReasoningOutput, run_id=st.just(RUN), item_id=ITEMS, agent=AGENTS, text=PIECES),
    st.builds(writing, CALLS, PIECES, within=WITHIN),
    st.builds(called, CALLS, PIECES, within=WITHIN),
    st.builds(begun, CALLS, WITHIN),
    st.builds(finished, CALLS, st.sampled_from(["", "no"]), WITHIN),
    st.builds(output, CALLS, PIECES, WITHIN),
    st.builds(handing, CALLS, PIECES, AGENTS),
    st.builds(handed, CALLS, AGENTS, AGENTS),
    st.builds(asked, CALLS, st.sampled_from([("A",), ("A", "B")]), PIECES),
    st.builds(decided, CALLS, st.booleans(), PIECES),
    st.builds(ApprovalRefused, run_id=st.just(RUN), call_id=CALLS, why=PIECES),
    st.builds(ApprovalWithdrawn, run_id=st.just(RUN), call_id=CALLS, why=PIECES),
    st.builds(ToolProgress, run_id=st.just(RUN), agent=AGENTS, call_id=CALLS, text=PIECES),
    st.builds(ConsoleOutput, run_id=st.just(RUN), text=PIECES, call_id=st.one_of(st.none(), CALLS)),
    st.builds(AgentChanged, run_id=st.just(RUN), agent=AGENTS, within=WITHIN),
    st.builds(UserMessage, run_id=st.just(RUN), item_id=ITEMS, text=PIECES),
    st.builds(UnknownItem, run_id=st.just(RUN), item_id=ITEMS, agent=AGENTS, kind=PIECES),
    st.builds(GuardrailTripped, run_id=st.just(RUN), agent=AGENTS, guardrail=PIECES, stage=PIECES),
    st.builds(UsageReported, run_id=st.just(RUN), agent=AGENTS, input_tokens=st.just(3)),
    st.builds(RunPaused, run_id=st.just(RUN)),
    st.builds(RunResumed, run_id=st.just(RUN)),
)
ENDING = st.sampled_from(
    [
        RunCompleted(run_id=RUN),
        RunCancelled(run_id=RUN),
        RunFailed(run_id="run2", error_type="E", message="m"),
        RunFailed(run_id=RUN, error_type="E", message="m"),
    ]
)
INTERLEAVINGS = st.lists(st.one_of(*[ANY_EVENT] * 8, ENDING), max_size=40)


def views_of(events) -> list[RunView]:
    views = [fold(started())]
    for event in events:
        views.append(folded([event], views[-1]))
    return views


@settings(max_examples=300)
@given(INTERLEAVINGS)
def test_any_interleaving_folds_and_entries_keep_their_order(events):
    for before, after in pairwise(views_of(events)):
        ids = [entry.item_id for entry in before.entries]
        assert [entry.item_id for entry in after.entries][: len(ids)] == ids


@settings(max_examples=300)
@given(INTERLEAVINGS)
def test_what_is_open_live_and_pending_always_stands_in_the_entries(events):
    view = views_of(events)[-1]
    by_place = {item_id: view.entries[at].item_id for item_id, at in view.open_items.items()}
    assert all(item_id == stands for item_id, stands in by_place.items())
    assert set(view.live) <= set(view.open_items)
    assert set(view.open_calls.values()) <= set(view.open_items.values())
    assert all(view.entries[at].call_id == call for call, at in view.open_calls.items())
    assert {p.item_id for p in view.pending} <= set(view.open_items)


@settings(max_examples=300)
@given(INTERLEAVINGS, ENDING)
def test_nothing_is_open_when_the_run_has_ended(events, ending):
    view = views_of([*events, ending])[-1]
    if view.status in ("running", "waiting"):
        return
    left = (view.open_items, view.open_calls, view.live, view.pending, view.active_within)
    assert not any(left)


@settings(max_examples=200)
@given(
    st.lists(st.text(max_size=9), max_size=20),
    st.lists(st.integers(0, 60), max_size=6),
    st.sampled_from([text, thinking, writing]),
)
def test_joined_and_split_deltas_give_one_picture(pieces, cuts, delta):
    whole = "".join(pieces)
    places = [0, *sorted(min(cut, len(whole)) for cut in cuts), len(whole)]
    resplit = [whole[start:end] for start, end in pairwise(places)]
    opening = [started(), delta("m", "")]
    assert picture(folded([*opening, *(delta("m", piece) for piece in pieces)])) == picture(
        folded([*opening, *(delta("m", piece) for piece in resplit)])
    )


@given(st.lists(st.integers(0, 3 * CHUNK_CHARACTERS), max_size=5), st.integers(0, 40_000))
def test_a_long_text_is_what_was_put_in_and_can_be_read_from_anywhere(sizes, start):
    long, whole = LongText(), ""
    for number, size in enumerate(sizes):
        piece = str(number) * size
        long, whole = long.append(piece), whole + piece
    assert str(long) == whole
    assert len(long) == len(whole)
    assert long.since(min(start, len(whole))) == whole[start:]


def test_a_delta_touches_nothing_that_grows_with_the_history():
    view = folded(numbered([started(), text("m", "a")]))
    entry = MessageEntry(item_id="old", run_id=RUN, at=0.0, text="old")
    pages = view.entries
    for number in range(100_000):
        pages = pages.append(msgspec.structs.replace(entry, item_id=f"old-{number}"))
    before = msgspec.structs.replace(view, entries=pages)
    after = folded([TextDelta(run_id=RUN, item_id="m", agent="A", text="b")], before)
    assert str(after.live["m"]) == "ab"
    assert after.entries is before.entries
    assert after.open_items is before.open_items
