"""What a row of the inbox tells of a call."""

import json

import pytest

from tui.cockpit.dialogs.inbox_rows import columns, inbox_row, is_whole
from tui.cockpit.projection.view import PendingApproval

WIDE = 10_000


def pending(arguments):
    return PendingApproval(
        run_id="run",
        item_id="i1",
        call_id="c1",
        agent="Refunds",
        tool="pay",
        arguments=json.dumps(arguments),
        arguments_hash="",
        requested_at=0.0,
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
