"""A policy file under a host: read as it stands, kept grants in it, faults that lose nothing."""

from __future__ import annotations

import asyncio
import os
import stat
from pathlib import Path

import pytest
from msgspec.structs import replace

from tui.errors import PolicyError
from tui.host.hosting import rules_or_tell
from tui.host.live.rulebook import APPROVE_ALL, Rulebook
from tui.host.loading import Wanted
from tui.host.policy_file import WrittenRules
from tui.policy.facts import Call
from tui.wire.frames import Unready
from tui.wire.rules import Rule

DENY = '[[rule]]\neffect = "deny"\ntool = "rm"\n'
ASK = '[[rule]]\neffect = "ask"\ntool = "refund"\n'
GRANT = Rule(effect="allow", tool="refund", granted=True, origin="granted by ada on 2026-11-29")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "baton" / "policy.toml"


def written(path, text):
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return WrittenRules(path)


def tools(rules):
    return [rule.tool for rule in rules.rules]


def test_a_file_that_is_not_there_says_nothing(path):
    rules = WrittenRules(path)
    assert (rules.rules, rules.budgets, rules.prices, rules.fault) == ((), (), None, "")


def test_what_is_asked_is_what_the_file_says_now(path):
    rules = written(path, DENY)
    assert tools(rules) == ["rm"]
    path.write_text(
        DENY + "\n" + ASK + "\n[[budget]]\nturns = 3\n\n[prices]\ninput = 1\noutput = 2\n"
    )
    assert tools(rules) == ["rm", "refund"]
    assert rules.budgets[0].turns == 3
    assert rules.prices.output == 2


def test_a_file_at_fault_from_the_start_is_refused_with_its_line(path):
    with pytest.raises(PolicyError, match=r"^policy\.toml:2: effect \"dney\""):
        written(path, '[[rule]]\neffect = "dney"\n')


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda path: path.write_text("[[rule\n"), "policy.toml:1: not TOML"),
        (lambda path: path.write_bytes(b"\xff"), "policy.toml is not text in UTF-8"),
        (lambda path: path.unlink(), "policy.toml is gone"),
        (lambda path: (path.unlink(), path.mkdir()), "policy.toml cannot be read"),
        (lambda path: (path.unlink(), os.mkfifo(path)), "policy.toml is a pipe, not a file"),
    ],
    ids=["no TOML", "no text", "gone", "a folder", "a pipe"],
)
async def test_rules_that_were_good_hold_while_the_file_is_not(path, spoil, fault):
    rules = written(path, DENY)
    spoil(path)
    assert tools(rules) == ["rm"]
    assert (await rules.changed()).startswith(fault)


def test_nothing_is_written_in_the_place_of_a_file_that_is_gone(path):
    rules = written(path, DENY + "\n" + ASK)
    kept = rules.keep(GRANT)
    path.unlink()
    with pytest.raises(PolicyError, match=r"^policy\.toml is gone; put it back$"):
        rules.keep(replace(GRANT, tool="pay"))
    with pytest.raises(PolicyError, match="is gone"):
        rules.forget(kept.rule_id)

    assert not path.exists()
    assert tools(rules) == ["rm", "refund", "refund"]


async def test_a_change_that_nobody_asked_about_is_noticed_at_the_next_look(path):
    looks = asyncio.Queue()

    async def pause(seconds):
        await looks.get()

    written(path, DENY)
    rules = WrittenRules(path, pause)
    changed = asyncio.ensure_future(rules.changed())
    looks.put_nowait(None)
    await asyncio.sleep(0)
    assert not changed.done()
    path.write_text(DENY + "\n" + ASK)
    looks.put_nowait(None)
    assert await changed == ""


async def test_a_file_that_comes_to_be_is_taken(path):
    rules = WrittenRules(path)
    written(path, DENY)
    assert await rules.changed() == ""
    assert tools(rules) == ["rm"]


def test_a_grant_is_kept_behind_the_rest_for_the_next_host_too(path):
    rules = written(path, ASK)
    kept = rules.keep(GRANT)

    assert kept.origin == "policy.toml:6"
    assert path.read_text().startswith(ASK)
    assert "# granted by ada on 2026-11-29\n" in path.read_text()
    after = Rulebook(WrittenRules(path)).judge(Call("Refunds", "refund", "{}"))
    assert (after.effect, after.rule) == ("allow", kept)


def test_a_file_for_the_first_grant_is_made_for_its_owner_alone(path):
    WrittenRules(path).keep(GRANT)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_grant_that_stands_there_is_not_written_twice(path):
    rules = WrittenRules(path)
    assert rules.keep(GRANT) == rules.keep(GRANT)
    assert len(rules.rules) == 1


def test_a_link_stays_a_link_and_a_mode_stays(path, tmp_path):
    written(path, DENY)
    target = path.rename(tmp_path / "elsewhere.toml")
    target.chmod(0o640)
    path.symlink_to(target)
    WrittenRules(path).keep(GRANT)

    assert path.is_symlink()
    assert "refund" in target.read_text()
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_grant_is_taken_out_again_line_ends_and_all_else_as_it_was(path):
    path.parent.mkdir()
    path.write_bytes(DENY.replace("\n", "\r\n").encode())
    rules = WrittenRules(path)
    kept = rules.keep(GRANT)

    assert rules.forget(kept.rule_id)
    assert path.read_bytes() == DENY.replace("\n", "\r\n").encode()
    assert not rules.forget(kept.rule_id)


async def test_what_was_written_by_ourselves_is_no_news(path):
    rules = WrittenRules(path, lambda _: asyncio.Future())
    kept = rules.keep(GRANT)
    rules.forget(kept.rule_id)
    changed = asyncio.ensure_future(rules.changed())
    await asyncio.sleep(0)
    assert not changed.done()
    changed.cancel()


def test_nothing_is_kept_in_a_file_that_is_at_fault_and_nothing_of_it_is_lost(path):
    rules = written(path, DENY)
    path.write_text("[[rule\n")
    with pytest.raises(PolicyError, match=r"policy\.toml:1: not TOML"):
        rules.keep(GRANT)
    assert path.read_text() == "[[rule\n"
    assert [each.name for each in path.parent.iterdir()] == ["policy.toml"]


def test_a_folder_that_cannot_be_made_is_a_sentence():
    rules = WrittenRules(Path("/proc/baton/policy.toml"))
    with pytest.raises(PolicyError, match=r"^policy\.toml cannot be written: "):
        rules.keep(GRANT)


def test_a_rule_that_a_file_cannot_say_is_a_sentence(path):
    with pytest.raises(PolicyError, match="for one conversation cannot be kept"):
        WrittenRules(path).keep(Rule(effect="allow", run="r1", granted=True))
    assert not path.exists()


def test_two_hosts_that_keep_at_once_keep_both(path):
    one, other = WrittenRules(path), WrittenRules(path)
    one.keep(GRANT)
    other.keep(Rule(effect="deny", tool="rm", granted=True))
    assert tools(one) == ["refund", "rm"]


def test_a_host_is_told_what_holds_before_anything_is_imported(path):
    assert rules_or_tell(Wanted("desk.py")).grants == ()
    assert rules_or_tell(Wanted("desk.py", approve_all=True)).grants == (APPROVE_ALL,)
    written(path, DENY)
    assert rules_or_tell(Wanted("desk.py", policy=str(path))).policy.rules[0].tool == "rm"
    path.write_text("[[rule\n")
    refused = rules_or_tell(Wanted("desk.py", policy=str(path)))
    assert isinstance(refused, Unready)
    assert refused.message.startswith("policy.toml:1: not TOML")
