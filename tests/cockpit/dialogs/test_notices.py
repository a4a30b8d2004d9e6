"""What the panel says in one line, safe to show whoever wrote the words."""

import pytest
from msgspec.structs import replace

from tui.cockpit.dialogs.approval_rule import REFUSALS, Effect, Request
from tui.cockpit.dialogs.at_hand import AtHand
from tui.cockpit.dialogs.editing import Edit
from tui.cockpit.dialogs.notices import what_became, why_not
from tui.cockpit.projection.pages import Pages
from tui.cockpit.projection.view import Decided, PendingApproval, RunView

REQUEST = Request("run", "call", "hash")
HOSTILE = "a\x1b[2J\u202eb\nc"


def hand(edit: Edit | None = None, schema: str = "{}") -> AtHand:
    pending = PendingApproval(
        run_id="run",
        item_id="item",
        call_id="call",
        agent="Refunds",
        tool="pay",
        arguments="{}",
        arguments_hash="hash",
        requested_at=1.0,
        schema=schema,
    )
    return AtHand(pending, 1, 1, edit)


def view(by: str = "ada", arguments_hash: str = "hash", tool: str = "pay") -> RunView:
    decided = Decided(
        run_id="run",
        item_id="item",
        call_id="call",
        agent="Refunds",
        tool=tool,
        arguments="{}",
        arguments_hash=arguments_hash,
        at=2.0,
        asked_at=1.0,
        approved=True,
        by=by,
    )
    return RunView(decisions=Pages().append(decided))


@pytest.mark.parametrize("effect", sorted(REFUSALS, key=str))
def test_every_refusal_has_a_sentence_of_one_line(effect):
    said = why_not(effect, hand(Edit("{}", HOSTILE)))
    assert said
    assert not set(said) & set("\x1b\u202e\n")


def test_a_call_that_cannot_be_edited_says_which_of_the_two_reasons_it_is():
    assert "no schema" in why_not(Effect.CANNOT_EDIT, hand(schema=""))
    assert "too long" in why_not(Effect.CANNOT_EDIT, hand())


def test_a_decision_about_other_arguments_is_not_what_became_of_a_request():
    assert what_became(view(), REQUEST, was_at_it=False) == "ada approved pay"
    decided_here = what_became(view(), REQUEST, was_at_it=True)
    assert decided_here == "ada approved pay; nothing was decided here"
    assert "ada" not in what_became(view(arguments_hash="other"), REQUEST, was_at_it=True)
    assert "The request is gone" in what_became(RunView(), REQUEST, was_at_it=True)


def test_names_from_elsewhere_do_nothing():
    said = what_became(view(by=HOSTILE, tool=HOSTILE), REQUEST, was_at_it=True)
    assert not set(said) & set("\x1b\u202e\n")


def test_a_decision_that_it_may_run_is_not_what_became_of_a_doubt():
    doubt = REQUEST._replace(in_doubt_since=1.0)
    assert "ada" not in what_became(view(), doubt, was_at_it=True)
    decisions = view().decisions
    said = replace(decisions[0], in_doubt_since=1.0, result="R-7")
    answered = RunView(decisions=decisions.append(said))
    assert what_became(answered, doubt, was_at_it=False) == "pay: taken as done by ada: R-7"
