"""What the next run of a conversation goes on from, and what it is told that none has heard."""

from tui.cockpit.lineage import Lineage


def after(*runs):
    """A lineage after runs, each the message or "again", and whether it began."""
    lineage = Lineage()
    for number, (text, has_begun) in enumerate(runs, 1):
        if text == "again":
            lineage.retry(runs[0][0])
        else:
            lineage.begin(text)
        lineage.ended(f"r{number}", has_begun=has_begun)
    return lineage


def test_the_next_run_goes_on_from_the_newest_that_began():
    assert after(("one", True), ("two", False)).newest == "r1"
    assert after(("one", False)).newest is None


def test_what_was_said_in_runs_that_never_began_is_unheard_until_one_begins():
    assert after(("one", False), ("two", False)).unheard == ["one", "two"]
    assert after(("one", False), ("two", True)).unheard == []


def test_what_is_tried_again_is_not_told_twice():
    lineage = after(("one", False), ("two", False))
    lineage.retry("two")
    assert lineage.unheard == ["one"]


def test_what_is_tried_again_in_vain_is_unheard_once():
    assert after(("one", False), ("again", False), ("again", False)).unheard == ["one"]


def test_a_message_that_a_person_withdrew_before_its_run_began_is_forgotten():
    lineage = Lineage()
    lineage.begin("one")
    lineage.ended("r1", has_begun=False, is_withdrawn=True)
    assert lineage.unheard == []


def test_the_run_that_knows_the_message_is_taken_up():
    assert after(("one", True)).retry("one") == "r1"
    assert after(("one", True), ("again", True)).retry("one") == "r2"
    assert after(("one", True), ("again", False)).retry("one") == "r1"


def test_a_message_that_no_run_knows_is_not_looked_for_in_an_older_one():
    assert after(("one", True), ("two", False)).retry("two") == "r2"
