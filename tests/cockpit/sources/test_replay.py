"""A recording: the view at any event, what silences take, and where something happened."""

from __future__ import annotations

import msgspec
import pytest

from tests.cockpit.projection.folding import folded
from tests.cockpit.projection.test_reduce_stories import events_of
from tests.fakes.fake_scripts import (
    failing,
    long_run,
    nested_agent,
    plain_answer,
    policy_desk,
    refund_desk,
    spending_desk,
    two_approvals,
)
from tui.cockpit.projection.view import as_plain
from tui.cockpit.sources.replay import (
    SHORTENED_S,
    SNAPSHOT_EVERY,
    Recording,
    file_recording,
    kept_recording,
    silence_at,
)
from tui.errors import JournalError
from tui.journal.exchange import lines_of
from tui.journal.sqlite_store import SqliteStore
from tui.wire.events import RunCompleted, RunStarted, TextDelta, ToolFinished

SCRIPTS = [refund_desk, plain_answer, failing, nested_agent, two_approvals, policy_desk]


def deltas(count, gap_s=0.1):
    return [
        RunStarted(run_id="r", seq=0, at=100.0, target="desk.py:a", agent="A"),
        *(
            TextDelta(run_id="r", seq=n, at=100 + n * gap_s, item_id="m", agent="A", text="x ")
            for n in range(1, count)
        ),
    ]


@pytest.fixture
def store(tmp_path):
    store = SqliteStore(tmp_path / "journal.sqlite3")
    yield store
    store.close()


@pytest.mark.parametrize("script", [*SCRIPTS, spending_desk, long_run(20, 400)])
async def test_a_kept_run_and_an_exported_one_replay_to_the_views_of_the_live_one(script, store):
    live = await events_of(script)
    store.append(live)
    kept = kept_recording(store, store.run(live[0].run_id))
    exported = file_recording(lines_of(live), "run.jsonl")
    for count in range(len(live) + 1):
        expected = as_plain(folded(live[:count]))
        assert as_plain(kept.view_at(count)) == expected
        assert as_plain(exported.view_at(count)) == expected


@pytest.mark.parametrize("position", [0, 1, 499, 500, 501, 1000, 1234, 1600])
@pytest.mark.parametrize("before", [0, 499, 777, 1600])
def test_a_view_is_the_same_wherever_one_comes_from(position, before):
    events = deltas(1600)
    recording = Recording(events, "long")
    recording.view_at(before)
    assert as_plain(recording.view_at(position)) == as_plain(folded(events[:position]))


def test_the_next_view_is_the_last_one_folded_on():
    recording = Recording(deltas(SNAPSHOT_EVERY + 100), "long")
    recording.view_at(SNAPSHOT_EVERY + 50)
    folds = recording._newest
    recording.view_at(SNAPSHOT_EVERY + 51)
    assert recording._newest[0] == folds[0] + 1


def test_follow_ups_come_behind_the_run_they_continue(store):
    for run_id, continues, at in (("r1", None, 100.0), ("r2", "r1", 500.0)):
        begun = RunStarted(run_id=run_id, seq=0, at=at, target="t", agent="A", continues=continues)
        store.append([begun, RunCompleted(run_id=run_id, seq=1, at=at + 1, final_output="ok")])
    recording = kept_recording(store, store.run("r1"))
    assert [event.run_id for event in recording.events] == ["r1", "r1", "r2", "r2"]
    assert recording.kept.run_id == "r2"
    assert recording.position_of("r2", 0) == 3
    assert recording.position_of("r2", 9) is None


def test_a_long_silence_is_played_in_seconds_and_a_clock_set_back_in_none():
    times = [100.0, 109.0, 829.0, 820.0, 821.0]
    events = [
        TextDelta(run_id="r", seq=n, at=at, item_id="m", agent="A", text="x")
        for n, at in enumerate(times)
    ]
    recording = Recording(events, "slow")
    assert list(recording.played_s) == [0.0, 9.0, 9 + SHORTENED_S, 9 + SHORTENED_S, 13.0]
    assert recording.length_s == 13.0
    assert [each.lasted_s for each in recording.silences] == [720.0]
    told = [silence_at(recording, at_s, 2.0) is not None for at_s in (9.0, 9.1, 12.0, 13.9, 14.0)]
    assert told == [False, True, True, True, False]


async def test_landmarks_are_where_something_just_happened():
    recording = Recording(await events_of(refund_desk), "refund")
    for kind, tag in (
        ("message", "user_message"),
        ("handoff", "handoff_occurred"),
        ("approval", "approval_requested"),
    ):
        places = recording.landmarks[kind]
        tags = [type(recording.events[at - 1]).__struct_config__.tag for at in places]
        assert tags == [tag]
    assert recording.landmarks["error"] == ()


def test_errors_are_failed_runs_and_tools_that_raised():
    fields = {"run_id": "r", "agent": "A", "call_id": "c", "tool": "t"}
    events = [ToolFinished(**fields), ToolFinished(error_type="OSError", error="gone", **fields)]
    assert Recording(events, "x").landmarks["error"] == (2,)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([], "run.jsonl has no event: give a file that `baton runs export` wrote"),
        (["hello"], "run.jsonl:1: no event: "),
        ([msgspec.json.encode(deltas(1)[0]), b'{"type":"text_del'], "run.jsonl:2: no event: "),
    ],
)
def test_a_cut_or_foreign_file_is_said_with_its_line(lines, told):
    with pytest.raises(JournalError) as caught:
        file_recording(lines, "run.jsonl")
    assert str(caught.value).startswith(told)
