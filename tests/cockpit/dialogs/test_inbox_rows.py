"""What a row of the inbox tells of a call."""

import json

import pytest

from tui.cockpit.dialogs.inbox_rows import columns, inbox_row, is_whole, row_lines
from tui.cockpit.projection.view import PendingApproval

WIDE = 10_000


def pending(arguments, **more):
    return PendingApproval(
        run_id="run",
        item_id="i1",
        call_id="c1",
        agent="Refunds",
        tool="pay",
        arguments=json.dumps(arguments),
        arguments_hash="",
        requested_at=0.0,
        **more,
    )


@pytest.mark.parametrize(
    "text", ["漢" * 70, "x" * 500, "\\" * 300], ids=["escaped", "long", "slashes"]
)
def test_arguments_that_a_row_only_begins_never_look_whole_in_a_wide_terminal(text):
    row = inbox_row(pending({"to": text}))
    assert row.arguments.endswith("…")
    assert not is_whole(row, columns([row], WIDE))


def test_arguments_that_a_row_tells_whole_end_as_they_are():
    row = inbox_row(pending({"to": "bob"}))
    assert row.arguments == "to=bob"
    assert is_whole(row, columns([row], WIDE))


@pytest.mark.parametrize("width", [76, 196])
@pytest.mark.parametrize("is_ticked", [None, False])
def test_a_call_in_doubt_is_marked_by_a_sign_and_words_and_has_no_box(width, is_ticked):
    row = inbox_row(pending({"to": "bob"}, in_doubt_since=-60.0))
    lines = row_lines(row, columns([row], width), width, 1.0, is_ticked=is_ticked)
    shown = "".join(text for line in lines for text, _ in line)
    assert "⚠" in shown
    assert "in doubt · to=bob" in shown
    assert "[ ]" not in shown
