"""Runs, their chain and their ends, as they fold."""

import pytest

from tests.cockpit.projection.folding import (
    RUN,
    begun,
    called,
    entries,
    fold,
    folded,
    message,
    numbered,
    started,
    text,
)
from tui.cockpit.projection.select import message_to_retry
from tui.wire.events import (
    AgentChanged,
    Event,
    RunCancelled,
    RunCompleted,
    RunFailed,
    UsageReported,
    UserMessage,
)

FAILED = RunFailed(run_id=RUN, error_type="E", message="broken", advice="mend it", details="tb")


def test_a_run_starts_with_its_agent_and_nothing_else():
    view = fold(started("Triage", rehearsal=True))
    assert (view.run_id, view.status, view.path) == (RUN, "running", ("Triage",))
    assert (view.target, view.rehearsal, view.started_at) == ("support.py:triage", True, 0.0)


@pytest.mark.parametrize(
    ("ending", "status", "said"),
    [
        (RunCompleted(run_id=RUN), "completed", []),
        (FAILED, "failed", [("failed", "E", "broken", "mend it", "tb")]),
        (
            RunCancelled(run_id=RUN, mode="after_turn"),
            "cancelled",
            [("after_turn", "", "", "", "")],
        ),
    ],
)
def test_an_ending_is_a_status_and_says_what_the_last_message_does_not(ending, status, said):
    view = fold(started(), ending)
    assert (view.status, view.ended_at) == (status, 1.0)
    assert entries(view, "how", "error_type", "message", "advice", "details") == said


@pytest.mark.parametrize("ending", [RunCompleted(run_id=RUN), FAILED, RunCancelled(run_id=RUN)])
def test_nothing_is_open_after_an_end(ending):
    inside = AgentChanged(run_id=RUN, agent="Sub", within="o")
    view = fold(started(), called("o"), begun("o"), inside, text("m", "a", within="o"), ending)
    assert not any((view.open_items, view.open_calls, view.live, view.active_within, view.pending))
    assert view.path == ("A",)


def test_nothing_is_folded_after_an_end():
    view = fold(started(), RunCompleted(run_id=RUN))
    assert folded([text("m", "late")], view) is view


def test_a_follow_up_keeps_what_was_and_starts_anew():
    view = fold(
        started(),
        AgentChanged(run_id=RUN, agent="B"),
        message("m", "one"),
        RunCompleted(run_id=RUN),
        started("B", run_id="run2", continues=RUN),
    )
    assert entries(view, "text") == ["one"]
    assert (view.run_id, view.status, view.path, view.seq) == ("run2", "running", ("B",), 0)
    assert (view.started_at, view.ended_at, view.first_item_of_run) == (4.0, None, 1)


def failed(run_id=RUN, **more):
    return RunFailed(run_id=run_id, error_type="E", message="broken", **more)


def asked(words, run_id=RUN, **more):
    return UserMessage(run_id=run_id, item_id=f"{run_id}-user", text=words, **more)


def tried_again(run_id, retries, *events):
    return (started(run_id=run_id, continues=retries, retries=retries), *events)


def tags(view):
    return [type(entry).__name__.removesuffix("Entry").lower() for entry in view.entries]


def test_a_run_that_is_tried_again_is_one_quiet_line_and_the_message_stands_once():
    view = fold(started(), asked("hello"), failed(), *tried_again("run2", RUN))
    assert tags(view) == ["user", "end", "retry"]
    assert view.entries[2].text == "hello"
    assert (view.status, view.run_id) == ("running", "run2")


def test_a_message_that_nobody_had_heard_is_not_shown_again_either():
    again = tried_again("run2", RUN, asked("hello", "run2"))
    view = fold(started(), asked("hello"), failed(), *again)
    assert tags(view) == ["user", "end", "retry"]


def test_steering_in_the_words_of_the_message_is_shown():
    again = tried_again("run2", RUN, asked("hello", "run2", steering=True))
    view = fold(started(), asked("hello"), failed(), *again)
    assert tags(view) == ["user", "end", "retry", "user"]


def test_what_was_tried_again_can_be_tried_again_as_long_as_it_fails():
    view = fold(started(), asked("hello"), failed(), *tried_again("run2", RUN, failed("run2")))
    assert message_to_retry(view) == "hello"
    view = folded(tried_again("run3", "run2", failed("run3", can_retry=False)), view)
    assert message_to_retry(view) is None


def test_a_run_that_takes_up_one_that_was_never_seen_shows_its_own_message():
    view = fold(*tried_again("run2", RUN, asked("hello", "run2")))
    assert tags(view) == ["user"]


def test_a_follow_up_settles_a_run_that_never_ended():
    view = fold(started(), text("m", "half"), started(run_id="run2"))
    assert entries(view, "text", "cut") == [("half", True)]
    assert not view.live


def test_an_agent_that_is_told_again_does_not_lengthen_the_path():
    view = fold(started(), AgentChanged(run_id=RUN, agent="A"), AgentChanged(run_id=RUN, agent="B"))
    assert view.path == ("A", "B")


def test_usage_adds_up_by_agent_over_the_conversation():
    def used(agent, run_id):
        return UsageReported(run_id=run_id, agent=agent, input_tokens=10, output_tokens=1)

    view = fold(
        started(),
        used("A", RUN),
        used("B", RUN),
        RunCompleted(run_id=RUN),
        started(run_id="run2"),
        used("A", "run2"),
    )
    assert [(t.name, t.requests, t.input_tokens) for t in view.tallies] == [
        ("A", 2, 20),
        ("B", 1, 10),
    ]


def test_an_event_that_was_folded_before_changes_nothing():
    events = numbered([started(), text("m", "a"), text("m", "b")])
    view = folded(events)
    assert folded(events, view) is view


def test_missing_events_are_counted_and_the_rest_is_folded():
    events = numbered([started(), *(text("m", letter) for letter in "abcd")])
    view = folded([events[0], events[1], events[4]])
    assert str(view.live["m"]) == "ad"
    assert (view.missed, view.seq) == (2, 4)


def test_events_of_another_run_are_left_out():
    view = fold(started())
    other = RunCompleted(run_id="another")
    assert folded([other], view) is view


def test_a_run_that_failed_before_it_started_still_shows():
    refused = RunFailed(
        run_id="run9", error_type="LoadError", message="no such file", seq=0, at=3.0
    )
    view = folded([refused])
    assert (view.status, view.run_id, view.ended_at) == ("failed", "run9", 3.0)
    assert entries(view, "message") == ["no such file"]


def test_a_kind_of_a_later_version_changes_nothing_but_the_number():
    class Later(Event, frozen=True, kw_only=True):
        pass

    view = folded([Later(run_id=RUN, seq=1)], fold(started()))
    assert (view.seq, view.missed, len(view.entries)) == (1, 0, 0)


def test_the_root_is_the_first_run_of_the_conversation_as_the_host_counts():
    view = fold(started(), started(run_id="run2", continues=RUN))
    assert (view.run_id, view.root) == ("run2", RUN)
    assert fold(started(), started(run_id="run2", retries=RUN)).root == RUN
    assert fold(started(), started(run_id="run2")).root == "run2"
    assert fold(started(run_id="run2", continues="unknown here")).root == "run2"
