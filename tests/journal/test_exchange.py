"""Events go out as lines and come in as they were, secrets left out and said so."""

from __future__ import annotations

import json

import msgspec
import pytest

from tests.journal.test_sqlite_store import a_run, message
from tui.errors import JournalError
from tui.journal.exchange import events_in, lines_of
from tui.journal.redaction import HIDDEN
from tui.wire.events import ToolCalled


def plain(events):
    return [msgspec.to_builtins(event) for event in events]


def test_what_goes_out_comes_in_as_it_was():
    events = a_run("r1", message("hé 📦\n\x1b[2J \u2028 end"))
    lines = list(lines_of(events))

    assert json.loads(lines[0]) == {"type": "baton-events", "version": 1, "redacted": 0}
    assert not any("\n" in line for line in lines)
    assert plain(events_in(lines, "a.jsonl")) == plain(events)


def test_lines_without_a_head_and_blank_ones_are_taken():
    events = a_run("r1", message("x"))
    lines = [*list(lines_of(events))[1:], "", "  \n"]
    assert plain(events_in(lines, "a.jsonl")) == plain(events)


@pytest.mark.parametrize(
    "secret",
    [
        "sk-proj-abcdefghijklmnop1234",
        "ghp_" + "a" * 36,
        "AKIAIOSFODNN7EXAMPLE",
        "xoxb-123456789012-abcdef",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc-def",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
    ],
)
def test_what_looks_like_a_secret_is_left_out_and_counted(secret):
    call = ToolCalled(
        run_id="",
        item_id="i",
        agent="A",
        call_id="c",
        tool="login",
        arguments=json.dumps({"key": secret}),
    )
    lines = list(lines_of(a_run("r1", message(f"it is {secret}, yes"), call)))

    assert json.loads(lines[0])["redacted"] >= 1
    assert secret not in "\n".join(lines)
    assert f"it is {HIDDEN}, yes" in lines[3]


def test_a_bearer_keeps_its_name():
    lines = list(lines_of(a_run("r1", message("Authorization: Bearer abcdefghijklmnop123"))))
    assert f"Bearer {HIDDEN}" in lines[3]


def test_a_persons_own_words_are_left_out_as_they_stand():
    lines = list(lines_of(a_run("r1", message("Ada (a+b) paid")), words=["(a+b)", "Ada", ""]))
    assert f"{HIDDEN} {HIDDEN} paid" in lines[3]
    assert json.loads(lines[0])["redacted"] == 1


def test_plain_words_stay():
    text = "sk-short, risk-free, bearer of news, task-list-for-the-whole-team"
    assert text in list(lines_of(a_run("r1", message(text))))[3]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "a.jsonl:2: no event: "),
        ('{"type":"unheard_of"}', "a.jsonl:2: no event: Invalid value"),
        ("[]", "a.jsonl:2: no event: "),
        (b"\xff\xfe", "a.jsonl:2: no event: "),
        ('{"type":"baton-events","version":9}', "a.jsonl:2: made by a newer Baton"),
    ],
)
def test_a_line_that_is_no_event_is_named_and_those_before_it_are_whole(line, why):
    first = list(lines_of(a_run("r1")))[1]
    reading = events_in([first, line], "a.jsonl")

    assert next(reading).run_id == "r1"
    with pytest.raises(JournalError) as raised:
        next(reading)
    assert str(raised.value).startswith(why)
