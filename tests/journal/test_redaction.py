"""What looks like a secret, or was named, is left out wherever it hides; all else stays."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.journal.redaction import HIDDEN, Redactor
from tui.wire.events import (
    ApprovalRequested,
    CallDenied,
    ConsoleOutput,
    MessageOutput,
    RunPaused,
    TextDelta,
)
from tui.wire.rules import Condition, Rule

KEY = "sk-proj-abcdefghijklmnop1234"


def said(text):
    return MessageOutput(run_id="r", item_id="i", agent="A", text=text)


def streamed(*pieces, item="i"):
    return [TextDelta(run_id="r", item_id=item, agent="A", text=piece) for piece in pieces]


def left_of(*events, words=()):
    redactor = Redactor(words)
    return redactor.redacted(events), redactor.count


def in_json(text):
    """Return text as it stands inside JSON."""
    return json.dumps(text)[1:-1]


def in_numbers(text):
    """Return text with every character as an escape."""
    units = text.encode("utf-16-be")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


@pytest.mark.parametrize("levels", [1, 2, 3])
@pytest.mark.parametrize("escape", [in_json, in_numbers])
@pytest.mark.parametrize("word", ['say "hi"\n', "Zoë 📦", "C:\\keys\\mine", "a/b"])
def test_a_word_is_found_however_deep_it_is_escaped(word, levels, escape):
    inner = escape(word)
    for _ in range(levels - 1):
        inner = in_json(inner)
    text = f'{{"key": "x{inner}y"}}'
    (event,), count = left_of(said(text), words=[word])
    assert (event.text, count) == (f'{{"key": "x{HIDDEN}y"}}', 1)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f'{{"a": "\\n{KEY}"}}', f'{{"a": "\\n{HIDDEN}"}}'),
        (f'{{"a": "{KEY.replace("-", chr(92) + "u002d")}!"}}', f'{{"a": "{HIDDEN}!"}}'),
        ('{"a": "Bearer\\u0020abcdefghijklmnop123"}', f'{{"a": "Bearer\\u0020{HIDDEN}"}}'),
        ("https://ada:hunter2@host/x", f"https://{HIDDEN}@host/x"),
        (
            "-----BEGIN PRIVATE KEY-----\\nMII\\/E\\n-----END PRIVATE KEY-----\\n",
            f"{HIDDEN}\\n",
        ),
    ],
)
def test_a_secret_that_escapes_split_is_found_and_what_is_left_is_json_still(text, left):
    (event,), _ = left_of(said(text))
    assert event.text == left


def test_an_escape_that_a_word_cuts_goes_whole():
    (event,), _ = left_of(said('{"a": "x\\nsecret\\"y"}'), words=["nsecret", 'secret"'])
    assert json.loads(event.text) == {"a": f"x{HIDDEN}y"}


def test_what_streamed_in_pieces_is_looked_at_as_a_whole():
    events = streamed("it is sk-pr", "oj-abcdefghijkl", "mnop1234, yes", " and no")
    left, count = left_of(*events)
    assert [event.text for event in left] == [f"it is {HIDDEN}", "", ", yes", " and no"]
    assert count == 1


def test_pieces_of_other_texts_are_apart():
    one, two = streamed("sk-proj-abcdefgh"), streamed("ijklmnop1234", item="j")
    left, count = left_of(*one, *two)
    assert ([event.text for event in left], count) == (["sk-proj-abcdefgh", "ijklmnop1234"], 0)


def test_what_was_printed_in_pieces_is_a_whole_too():
    printed = [ConsoleOutput(run_id="r", text=text, call_id="c") for text in ("Ad", "a pays")]
    left, _ = left_of(*printed, words=["Ada"])
    assert [event.text for event in left] == [HIDDEN, " pays"]


def test_rules_paths_and_their_conditions_are_gone_through():
    rule = Rule(
        effect="deny",
        tool="shell",
        arguments=(
            Condition(name="key", test="is", value=KEY),
            Condition(name="n", test="max", value=3),
        ),
        reason="Ada said so",
        origin="granted by Ada",
        rule_id="Ada",
    )
    denied = CallDenied(run_id="r", agent="A", call_id="c", tool="shell", arguments="{}", rule=rule)
    asked = ApprovalRequested(
        run_id="r",
        agent="Ada",
        call_id="Ada",
        tool="t",
        arguments="{}",
        arguments_hash="Ada",
        path=("Triage", "Ada"),
    )
    (left, request), count = left_of(denied, asked, words=["Ada"])

    assert left.rule.arguments[0].value == HIDDEN
    assert left.rule.arguments[1].value == 3
    assert left.rule.origin == f"granted by {HIDDEN}"
    assert (request.agent, request.path) == (HIDDEN, ("Triage", HIDDEN))
    assert (left.rule.rule_id, request.call_id, request.arguments_hash) == ("Ada", "Ada", "Ada")
    assert count == 5


def test_what_has_none_is_the_same_event():
    events = (said("plain"), RunPaused(run_id="r", waiting_for=(KEY,)))
    left, count = left_of(*events)
    assert (left[0] is events[0], left[1] is events[1], count) == (True, True, 0)


@given(
    st.lists(st.text(alphabet='ab"\\n\n/u0é📦', max_size=12), max_size=6),
    st.text(alphabet='ab"\n/é📦', min_size=1, max_size=3),
)
def test_no_word_is_left_and_nothing_else_is_taken(pieces, word):
    left, count = left_of(*streamed(*pieces), words=[word])
    whole, rest = "".join(pieces), "".join(event.text for event in left)
    assert word not in rest.replace(HIDDEN, "\0")
    assert len(left) == len(pieces)
    if count == 0:
        assert rest == whole
    msgspec.json.encode(left)
