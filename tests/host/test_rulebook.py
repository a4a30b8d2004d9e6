"""What the rules of a host tell its runs: grants, what is taken back, holds."""

import asyncio
import re

import pytest
from msgspec import to_builtins

from tests.fakes.fake_policy import FakePolicy
from tui.errors import PolicyError
from tui.host.live.rulebook import NoPolicy, Rulebook
from tui.policy.facts import Call
from tui.wire.events import ConsoleOutput, GateHeld, GateReleased, RuleGranted, RuleRevoked
from tui.wire.rules import Rule

NOW = 1_798_675_200.0
ALLOW = Rule(effect="allow", tool="refund")
CALL = Call("Refunds", "refund", "{}", "r1")


class Reader:
    """A run that is told, and notes it as plain values."""

    def __init__(self, book):
        self.told = []
        self.book = book
        book.add_reader(self.take)

    def take(self, news):
        self.told.append(to_builtins(news("run")))


def told(kind, **fields):
    return to_builtins(kind(run_id="run", **fields))


def a_book(*rules, **policy):
    return Rulebook(FakePolicy(*rules, **policy), wall=lambda: NOW)


def test_a_grant_holds_at_once_with_a_name_and_who_gave_it_when():
    book = a_book(Rule(effect="ask"))
    reader = Reader(book)
    granted = book.grant(ALLOW, by="ada", call_id="c1")
    assert re.fullmatch("grant-[0-9a-f]{12}", granted.rule_id)
    assert granted.origin == "granted by ada on 2026-12-31 00:00 UTC"
    assert granted.granted
    assert book.grants == (granted,)
    assert book.judge(CALL).rule == granted
    assert reader.told == [told(RuleGranted, rule=granted, call_id="c1", by="ada")]


def test_a_grant_at_no_call_names_none():
    book = a_book()
    reader = Reader(book)
    granted = book.grant(ALLOW, by="ada")
    assert reader.told == [told(RuleGranted, rule=granted, by="ada")]


async def test_without_a_file_nothing_changes_in_it():
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await NoPolicy().changed()


def test_a_grant_of_nobody_is_of_a_person():
    assert a_book().grant(ALLOW, by="").origin.startswith("granted by a person on ")


def test_grants_stand_in_their_order_and_have_names_of_their_own():
    book = a_book()
    first, second = book.grant(ALLOW, by="ada"), book.grant(ALLOW, by="ada")
    assert book.grants == (first, second)
    assert first.rule_id != second.rule_id


def test_a_kept_grant_stands_in_the_file_alone():
    book = a_book()
    reader = Reader(book)
    kept = book.grant(ALLOW, by="ada", call_id="c1", is_kept=True)
    assert (book.grants, book.policy.rules) == ((), (kept,))
    assert kept.rule_id.startswith("kept-")
    assert reader.told == [told(RuleGranted, rule=kept, call_id="c1", by="ada")]


def test_a_grant_that_cannot_be_written_is_not_taken():
    book = a_book(is_locked=True)
    reader = Reader(book)
    with pytest.raises(PolicyError):
        book.grant(ALLOW, by="ada", is_kept=True)
    assert (book.grants, reader.told) == ((), [])


def test_without_a_file_nothing_is_kept_and_what_to_do_is_said():
    book = Rulebook()
    with pytest.raises(PolicyError, match=r"^there is no policy file; start with --policy FILE"):
        book.grant(ALLOW, by="ada", is_kept=True)
    assert isinstance(book.policy, NoPolicy)
    assert not book.policy.forget("kept-1")


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_grant_that_is_taken_back_is_gone_and_no_other(is_kept):
    book = a_book()
    other = book.grant(Rule(effect="allow", tool="other"), by="ada")
    granted = book.grant(ALLOW, by="ada", is_kept=is_kept)
    reader = Reader(book)
    reader.told.clear()
    book.revoke(granted.rule_id, "bob")
    assert book.judge(CALL).effect is None
    assert book.grants == (other,)
    assert reader.told == [told(RuleRevoked, rule_id=granted.rule_id, by="bob")]


def test_what_nobody_granted_is_not_told_as_taken_back():
    book = a_book()
    granted = book.grant(ALLOW, by="ada")
    reader = Reader(book)
    reader.told.clear()
    book.revoke("grant-0", "ada")
    assert (book.grants, reader.told) == ((granted,), [])


def test_a_grant_that_cannot_be_taken_out_of_the_file_holds_and_that_is_said():
    locked = a_book(is_locked=True)
    kept = Rule(effect="allow", granted=True, rule_id="kept-1")
    locked.policy.rules = (kept,)
    reader = Reader(locked)
    locked.revoke("kept-1", "ada")
    assert locked.judge(CALL).rule == kept
    (notice,) = reader.told
    assert (notice["stream"], notice["text"]) == (
        "notice",
        "The grant still holds: policy.toml cannot be written: Permission denied\n",
    )


def test_what_holds_is_told_to_a_run_that_begins():
    book = Rulebook(granted=[ALLOW])
    book.hold("ada")
    assert Reader(book).told == [
        told(RuleGranted, rule=ALLOW),
        told(GateHeld, by="ada"),
    ]
    assert Reader(Rulebook()).told == []


def test_a_hold_is_told_once_and_so_is_its_end():
    book = a_book()
    reader = Reader(book)
    assert (book.is_held, book.held_by) == (False, "")
    book.release("ada")
    book.hold("ada")
    book.hold("bob")
    assert (book.is_held, book.held_by) == (True, "ada")
    book.release("bob")
    book.release("ada")
    assert (book.is_held, book.held_by) == (False, "")
    assert reader.told == [told(GateHeld, by="ada"), told(GateReleased, by="bob")]


def test_a_run_that_ended_is_told_no_more():
    book = a_book()
    reader, other = Reader(book), Reader(book)
    book.remove_reader(reader.take)
    book.remove_reader(reader.take)
    book.hold("ada")
    assert (len(reader.told), len(other.told)) == (0, 1)


def test_a_reader_may_leave_while_it_is_told():
    book = a_book()
    left = []

    def leave(news):
        left.append(news)
        book.remove_reader(leave)

    book.add_reader(leave)
    other = Reader(book)
    book.hold("ada")
    assert (len(left), len(other.told)) == (1, 1)


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        ("", "The rules in the policy file changed.\n"),
        ("p.toml:3: no", "The rules stay as they were: p.toml:3: no\n"),
    ],
)
async def test_news_of_the_file_are_told(fault, text):
    book = a_book()
    reader = Reader(book)
    book.policy.break_with(fault)
    following = book.follow_policy()
    following.send(None)
    following.close()
    assert reader.told == [told(ConsoleOutput, text=text, stream="notice")]


@pytest.mark.parametrize(
    "change",
    [
        lambda book: book.grant(ALLOW, by="ada"),
        lambda book: book.hold("ada"),
        lambda book: book.notice("hello"),
    ],
)
async def test_who_waits_looks_again_after_every_change(change):
    book = a_book()
    looks = iter([False, True])
    waiting = book.changed.until(lambda: next(looks))
    waiting.send(None)
    change(book)
    with pytest.raises(StopIteration):
        waiting.send(None)


def test_rules_are_judged_at_the_time_that_it_is():
    assert a_book(Rule(effect="deny", until=NOW + 1)).judge(CALL).effect == "deny"
    assert a_book(Rule(effect="deny", until=NOW)).judge(CALL).effect is None
