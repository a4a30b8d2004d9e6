"""What is said of a call in doubt, in every pane and list, by words and not by colour alone."""

import time

import pytest

from tests.cockpit.widgets.views import call, view_of
from tui.cockpit.attention import causes_of
from tui.cockpit.projection.view import Approval, EndEntry, PendingApproval, RunView
from tui.cockpit.widgets.agent_line import agent_line
from tui.cockpit.widgets.cast import Cast
from tui.cockpit.widgets.doubt_words import answer_words, may_have_run, moment_words
from tui.cockpit.widgets.home_rows import run_row
from tui.cockpit.widgets.inspector_call import body_of_call, facts_of_call
from tui.cockpit.widgets.inspector_text import facts_of, title_of
from tui.cockpit.widgets.status_line import status_line
from tui.cockpit.widgets.timeline_rows import row_of
from tui.cockpit.widgets.transcript_heads import head_of
from tui.cockpit.widgets.words import mark_of, stop_words, why

NOON = 1_700_049_600.0  # 2023-11-15 12:00 UTC
ASKED = {"requested_at": NOON + 60.0, "in_doubt_since": NOON}


@pytest.fixture(autouse=True)
def _at_a_place_of_its_own(monkeypatch):
    monkeypatch.setenv("TZ", "XYZ-2")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def asked(**answer):
    return Approval(**ASKED, **answer)


def decided(**answer):
    return asked(decided_at=NOON + 90.0, by="ada", **answer)


WAITING = call("w", state="waiting", approval=asked())
AGAIN = call("a", state="done", started_at=1.0, ended_at=2.0, approval=decided(approved=True))
DONE = call("d", state="answered", output="R-7", approval=decided(approved=True, result="R-7"))
FAILED = call("f", state="rejected", approval=decided(approved=False, reason="no money left"))
WITHDRAWN = call("x", state="withdrawn", approval=asked(withdrawn="its run ended"))


def test_a_moment_is_local_and_has_its_day_where_that_is_another():
    assert moment_words(NOON, NOON + 60.0) == "14:00"
    assert moment_words(NOON, NOON + 86_400.0) == "2023-11-15 14:00"
    assert moment_words(NOON, NOON + 36_000.0) == "2023-11-15 14:00"


def test_the_question_fits_a_narrow_terminal():
    said = may_have_run(NOON, NOON + 60.0)
    assert said == ("may have run at 14:00 local time, its process was lost: did it take effect?")
    assert len(f" ⚠ {said}") <= 80


@pytest.mark.parametrize(
    ("entry", "mark", "words"),
    [
        (WAITING, "⚠ in doubt", ""),
        (AGAIN, "✓", "run again by ada"),
        (DONE, "✓ taken as done", "by ada: R-7"),
        (FAILED, "✗ failed", "by ada: no money left"),
        (WITHDRAWN, "⊘ still in doubt", "its run ended"),
        (call("p", state="waiting", approval=Approval(requested_at=1.0)), "⏸ you", ""),
        (
            call("n", state="rejected", approval=Approval(requested_at=1.0, reason="no")),
            "✗ rejected",
            "no",
        ),
    ],
)
def test_a_call_in_doubt_has_marks_and_words_of_its_own(entry, mark, words):
    assert (mark_of(entry), why(entry)) == (mark, words)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (asked(), ""),
        (decided(approved=True, result=""), "taken as done by ada"),
        (decided(approved=False), "failed by ada"),
        (Approval(requested_at=1.0, approved=True, by="ada"), ""),
        (None, ""),
    ],
)
def test_an_answer_is_told_as_far_as_there_is_one(answer, words):
    assert answer_words(answer) == words


def shown_head(entry):
    lines = head_of(entry, None, Cast(), "", folded=False, width=100)
    return "\n".join("".join(text for text, _ in line) for line in lines)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (WAITING, ("⚠ in doubt: did it take effect?",)),
        (AGAIN, ("run again by ada",)),
        (DONE, ("✓ taken as done", "taken as done by ada: R-7")),
        (FAILED, ("✗ failed", "failed by ada: no money left")),
        (WITHDRAWN, ("⊘ still in doubt",)),
    ],
)
def test_the_transcript_tells_it(entry, words):
    assert [word for word in words if word not in shown_head(entry)] == []


def test_a_call_that_failed_when_it_ran_again_tells_both():
    entry = call(
        "e", state="failed", error_type="ValueError", error="no", approval=decided(approved=True)
    )
    assert "run again by ada" in shown_head(entry)
    assert "ValueError: no" in shown_head(entry)
    assert why(entry) == "run again by ada · ValueError: no"


@pytest.mark.parametrize(
    ("entry", "mark", "detail"),
    [
        (WAITING, "⚠ in doubt", ""),
        (DONE, "✓ taken as done", "by ada: R-7"),
        (FAILED, "✗ failed", "by ada: no money left"),
    ],
)
def test_the_timeline_tells_it(entry, mark, detail):
    row = row_of(entry, view_of(entry), NOON)
    assert (row.mark, row.detail) == (mark, detail)


def test_the_inspector_tells_it():
    facts = dict(facts_of_call(WAITING, RunView(), NOON + 70.0))
    assert facts["state"] == "⚠ in doubt: did it take effect?"
    assert facts["in doubt"] == "may have run at 14:00 local time, its process was lost"
    assert dict(facts_of_call(DONE, RunView(), NOON))["decided"] == "taken as done, by ada"
    assert dict(facts_of_call(AGAIN, RunView(), NOON))["decided"] == "run again, by ada"
    assert dict(facts_of_call(FAILED, RunView(), NOON))["decided"] == "failed, by ada"
    assert [part.text for part in body_of_call(DONE, RunView())[:2]] == ["Result given", "R-7"]
    empty = call("d", state="answered", approval=decided(approved=True, result=""))
    assert "the result is empty" in str(body_of_call(empty, RunView())[1].text)


def pending(call_id="c", since=NOON):
    return PendingApproval(
        run_id="r",
        item_id=call_id,
        call_id=call_id,
        agent="Refunds",
        tool="pay",
        arguments="{}",
        arguments_hash="h",
        requested_at=NOON + 60.0,
        in_doubt_since=since,
    )


@pytest.mark.parametrize(
    ("waiting", "state"),
    [
        ((pending(),), "⚠ in doubt"),
        ((pending("a"), pending("b")), "⚠ 2 in doubt"),
        ((pending("a"), pending("b", None)), "⚠ in doubt, 1 waits"),
        ((pending("a"), pending("b", None), pending("c", None)), "⚠ in doubt, 2 wait"),
    ],
)
def test_home_tells_it(waiting, state):
    view = RunView(run_id="r", status="waiting", pending=waiting, started_at=NOON)
    assert run_row("k", view, starting="", now=NOON + 70.0).state == state


def test_a_call_that_comes_again_in_doubt_is_another_cause_to_call_a_person():
    before = RunView(run_id="r", status="waiting", pending=(pending(since=None),))
    after = RunView(run_id="r", status="waiting", pending=(pending(),))
    (first,), (second,) = causes_of("x", before, ()), causes_of("x", after, ())
    assert first.key != second.key
    assert first.words == "Refunds asks to call pay"
    assert second.words == "pay of Refunds is in doubt: its process was lost"


def test_a_run_that_was_forked_says_so():
    entry = EndEntry(item_id="e", run_id="r", at=1.0, how="forked")
    assert stop_words("forked") == "↳ forked here"
    assert shown_head(entry) == "↳ forked here"
    assert row_of(entry, RunView(), 1.0)[:2] == ("↳", "forked here")
    assert title_of(entry) == "↳ forked here"
    assert facts_of(view_of(entry), 0, 1.0) == []
    view = view_of(entry, status="cancelled", started_at=0.0, ended_at=1.0, path=("Triage",))
    assert run_row("k", view, starting="", now=2.0).state == "↳ forked here"
    for line in (status_line(view, 2.0, 80), agent_line(view, Cast(), 80)):
        words = "".join(text for text, _ in line)
        assert "forked here" in words
        assert "cancelled" not in words
