"""What the transcript says of a call that a rule refused, or that ran with other arguments."""

from tests.cockpit.widgets.views import call
from tui.cockpit.projection.view import Approval, ToolEntry
from tui.cockpit.widgets.cast import Cast
from tui.cockpit.widgets.transcript_heads import head_of
from tui.wire.rules import Rule

RULE = Rule(effect="deny", tool="lookup", origin="policy.toml:3", reason="not on Sundays")


def words(entry: ToolEntry, width: int = 100) -> list[str]:
    head = head_of(entry, entry, Cast(), "", folded=False, width=width)
    return ["".join(text for text, _ in line) for line in head]


def test_a_denied_call_says_by_which_rule_and_why():
    assert words(call("1", state="denied", denied_by=RULE)) == [
        "⚙ lookup ✗ denied by a rule",
        "  deny lookup (policy.toml:3): not on Sundays",
    ]


def test_a_call_that_a_rule_rejected_without_a_reason_names_the_rule():
    rejected = Approval(requested_at=1.0, approved=False, rule=RULE)
    assert "policy.toml:3" in words(call("1", state="rejected", approval=rejected))[1]


def test_a_held_call_says_so():
    assert words(call("1", state="held", arguments='{"a": 1}')) == ["⚙ lookup ⏸ held  a=1"]


def test_an_edited_call_shows_what_the_tool_got():
    edited = Approval(requested_at=1.0, approved=True, arguments='{"a": 2}')
    entry = call("1", state="done", arguments='{"a": 1}', approval=edited)
    assert words(entry) == ["⚙ lookup ✓ ✎ edited  a=2"]
