"""What the panel says of a request: nothing is left out, nothing acts."""

import pytest
from rich.cells import cell_len

from tui.cockpit.dialogs.approval_text import (
    position,
    request_text,
    schema_text,
    title,
    wrapped,
)
from tui.cockpit.dialogs.editing import Edit
from tui.cockpit.dialogs.sheets import RequestSheet
from tui.cockpit.projection.view import PendingApproval
from tui.cockpit.widgets.lines import Line, line_width
from tui.wire.rules import Rule


def pending(**changes: object) -> PendingApproval:
    values = {
        "run_id": "run",
        "item_id": "item",
        "call_id": "call",
        "agent": "Refunds",
        "tool": "issue_refund",
        "arguments": '{"order_id": "A-1"}',
        "arguments_hash": "hash",
        "requested_at": 100.0,
        "path": ("Triage", "Billing", "Refunds"),
        "description": "Pay money back.",
        "handoff_payload": '{"why": "broken"}',
    }
    return PendingApproval(**values | changes)


def text(lines: tuple[Line, ...]) -> str:
    return "\n".join("".join(part for part, _ in line) for line in lines)


def test_the_head_names_who_asks_what_and_the_way_there():
    head = text(request_text(pending(), 80).head)
    assert "Refunds asks to call issue_refund" in head
    assert "Triage → Billing → Refunds · why: broken" in head
    assert "Pay money back." in head


def test_an_agent_without_a_name_has_a_stand_in():
    head = text(request_text(pending(agent=" ", path=("Triage", "")), 80).head)
    assert "(unnamed) asks to call issue_refund" in head
    assert "Triage → (unnamed) · why: broken" in head


def test_an_empty_payload_says_nothing():
    head = text(request_text(pending(handoff_payload="{}"), 80).head)
    assert "Triage → Billing → Refunds\n" in head


def test_the_title_tells_place_earlier_decisions_and_age():
    line = text((title(pending(asked_before=(2, 1)), 1, 3, 112.0, 90),))
    assert "1 of 3" in line
    assert "same call approved 2×, rejected 1× before" in line
    assert "asked 12 s ago" in line


def test_what_the_head_cut_is_whole_in_the_body():
    long = pending(
        description="First line.\nSecond line " + "x" * 100,
        handoff_payload='{"why": "' + "y" * 100 + '"}',
        agent="R" * 70,
    )
    body = text(request_text(long, 40).body).replace("\n ┆ ", "")
    assert "Second line " + "x" * 100 in body
    assert "y" * 100 in body
    assert "R" * 70 in body


@pytest.mark.parametrize("width", [1, 7, 40, 80, 200])
def test_no_argument_is_ever_cut(width):
    arguments = '{"command": "' + "好x" * 500 + '"}'
    body = request_text(pending(arguments=arguments), width).body
    shown = "".join(part for line in body for part, look in line if look == "code")
    assert "好x" * 500 in shown
    if width > 6:
        assert max(line_width(line) for line in body) <= width


@pytest.mark.parametrize("field", ["agent", "tool", "arguments", "description", "handoff_payload"])
def test_nothing_hostile_is_shown_as_itself(field):
    hostile = "a\x1b[2J\u202eb\u200bc\U000e0041[red]d[/red]"
    laid_out = request_text(pending(**{field: hostile}), 80)
    shown = text((*laid_out.head, *laid_out.body))
    assert not set(shown) & set("\x1b\u202e\u200b\U000e0041")
    assert "[red]d[/red]" in shown


def test_arguments_that_are_no_json_and_repeated_keys_are_told():
    assert "no JSON" in text(request_text(pending(arguments="rm -rf"), 80).body)
    twice = request_text(pending(arguments='{"a": 1, "a": 2}'), 80).body
    assert "stands twice" in text(twice)


@pytest.mark.parametrize(
    ("first", "rows", "total", "said"),
    [
        (0, 12, 240, "lines 1-12 of 240"),
        (228, 12, 240, "lines 229-240 of 240"),
        (0, 12, 5, "all 5 lines"),
        (0, 12, 1, "1 line"),
    ],
)
def test_the_foot_tells_which_lines_these_are(first, rows, total, said):
    assert position(first, rows, total) == said


def test_a_wrapped_text_loses_nothing_and_fits():
    mixed = "ab好🎉" * 30
    pieces = wrapped(mixed, 7)
    assert "".join(pieces) == mixed
    assert max(cell_len(piece) for piece in pieces) <= 7


def test_a_tool_that_has_no_room_beside_the_agent_stands_whole_below_it():
    asking = pending(agent="An agent with a long name", tool="remove_every_file")
    head = text(request_text(asking, 12).head)
    assert head.startswith(" An agent w…\n remove_ever\n y_file\n")


def test_the_rule_that_asks_is_named_and_its_reason_is_in_the_body():
    rule = Rule(effect="ask", tool="issue_refund", origin="policy.toml:4", reason="money moves")
    laid_out = request_text(pending(rule=rule), 80)
    assert "because of a rule: ask issue_refund (policy.toml:4)" in text(laid_out.head)
    assert "money moves" in text(laid_out.body)


@pytest.mark.parametrize("width", [24, 40, 80])
def test_why_an_answer_was_refused_is_told_whole(width):
    why = "the arguments have changed since they were shown to you"
    laid_out = request_text(pending(), width, refused=why)
    shown = text((*laid_out.head, *laid_out.body)).replace("\n ┆ ", "")
    assert "⚠ an answer" in shown
    assert why in shown


def test_an_edit_is_told_by_what_it_changes_and_then_whole():
    edit = Edit('{"order_id": "B-2"}')
    laid_out = request_text(pending(), 80, edit)
    body = text(laid_out.body)
    assert body.startswith(' │   {\n │ -   "order_id": "A-1"\n │ +   "order_id": "B-2"\n')
    assert ' what the tool gets then\n │ {\n │   "order_id": "B-2"\n │ }' in body
    assert laid_out.argument_lines == 4


def test_a_faulty_edit_begins_with_its_fault():
    laid_out = request_text(pending(), 80, Edit("{}", "'order_id' is a required property"))
    assert text(laid_out.body).startswith(" ⚠ it does not fit the tool: 'order_id' is a required")


def test_only_another_spelling_is_told_as_such():
    edit = Edit('{"order_id": "\\u0041-1"}')
    assert "only how it is written" in text(request_text(pending(), 80, edit).body)


def test_the_schema_is_told_whole():
    schema = '{"type": "object", "required": ["order_id"]}'
    shown = text(schema_text(pending(schema=schema), 30))
    assert "the tool's schema" in shown
    assert '"required": [' in shown


@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_what_is_asked_of_a_call_in_doubt_stands_whole_in_the_head(width):
    doubt = pending(in_doubt_since=40.0, agent="Refunds")
    head = request_text(doubt, width).head
    said = " ".join(text(head).split())
    assert "its process was lost: did it take effect?" in said
    assert "Refunds called issue_refund" in said or width < 40
    assert max(line_width(line) for line in head) <= width


def test_the_title_of_a_call_in_doubt_says_so():
    line = text((title(pending(in_doubt_since=40.0), 1, 2, 112.0, 90),))
    assert line.startswith("━━ ⚠ In doubt · 1 of 2 ")


def test_a_request_that_comes_again_in_doubt_reads_as_another_one():
    plain, doubt = (RequestSheet(pending(in_doubt_since=at), 1, 1) for at in (None, 40.0))
    again = RequestSheet(pending(in_doubt_since=50.0), 1, 1)
    assert not doubt.reads_as(plain)
    assert not again.reads_as(doubt)
    assert doubt.reads_as(RequestSheet(pending(in_doubt_since=40.0), 2, 2))
