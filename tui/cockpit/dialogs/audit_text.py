"""What the list of decisions says of one: in a row, and below it all. Knows no widget, no clock."""

from collections.abc import Iterator, Sequence
from typing import Final

from rich.cells import cell_len

from tui.cockpit.dialogs.facts import fact
from tui.cockpit.projection.audit import AuditRecord
from tui.cockpit.widgets.agent_names import shown_name
from tui.cockpit.widgets.json_text import pretty_json
from tui.cockpit.widgets.lines import Line, cell, clip_line
from tui.cockpit.widgets.words import glance_at_arguments
from tui.plain import plain_line

_GAP: Final = ("  ", "")
_DECISIONS: Final = {
    "approved": ("✓ approved", "good"),
    "rejected": ("✗ rejected", "bad"),
    "denied": ("✗ denied", "bad"),
    "run again": ("↻ run again", "good"),
    "taken as done": ("✓ taken as done", "good"),
    "failed": ("✗ failed", "bad"),
}
_LEAST_DECISION_CELLS: Final = 10
_MOST_CELLS: Final = 24
_EMPTY: Final = "(empty)"
_NARROW_BELOW: Final = 110
"""Cells; with fewer there is no room for who asked, and less for names."""
_NARROW_CELLS: Final = 14


class AuditColumns:
    """The cells of the parts of a row, for rows that stand below each other in `width` cells."""

    def __init__(self, records: Sequence[AuditRecord], width: int) -> None:
        self.width = width
        decisions = (cell_len(_DECISIONS[each.decision][0]) for each in records)
        self.decision = max(decisions, default=0)
        self.decision = max(self.decision, _LEAST_DECISION_CELLS)
        most = _MOST_CELLS if width >= _NARROW_BELOW else _NARROW_CELLS
        self.by = min(max((cell_len(_by(each)) for each in records), default=0), most)
        self.tool = min(max((cell_len(plain_line(each.tool)) for each in records), default=0), most)
        self.agent = 0
        if width >= _NARROW_BELOW:
            names = (cell_len(shown_name(each.agent)) for each in records)
            self.agent = min(max(names, default=0), most)
        self.outcome = max((cell_len(_outcome(each)) for each in records), default=0)


def audit_row(record: AuditRecord, cells: AuditColumns) -> Line:
    """Return the row of a decision."""
    decision, look = _DECISIONS[record.decision]
    line: Line = (
        (_time(record.decided_at), "quiet"),
        _GAP,
        cell(decision, cells.decision, look),
        _GAP,
        cell(_by(record), cells.by, ""),
        _GAP,
        cell(plain_line(record.tool), cells.tool, "tool"),
        _GAP,
    )
    if cells.agent:
        line += (cell(shown_name(record.agent), cells.agent, "agent"), _GAP)
    room = cells.width - sum(cell_len(text) for text, _ in line) - cells.outcome - len(_GAP[0])
    arguments = glance_at_arguments(record.ran_with or record.arguments)
    line += (cell(arguments, max(room, 0), "code"), _GAP, (_outcome(record), "quiet"))
    return clip_line(line, cells.width)


def audit_lines(record: AuditRecord, width: int) -> Iterator[Line]:
    """Yield all that is kept of a decision."""
    _, look = _DECISIONS[record.decision]
    yield from fact("call", f"{record.tool} by {shown_name(record.agent)}", width)
    yield from fact("decision", f"{record.decision} by {_by(record)}", width, look)
    yield from fact("in doubt", _doubt(record), width)
    yield from fact("result", _EMPTY if record.result == "" else record.result or "", width)
    yield from fact("reason", record.reason, width)
    yield from fact("rule", record.rule, width)
    yield from fact("granted", record.granted, width)
    yield from fact("outcome", _whole_outcome(record), width)
    yield from fact("decided", f"{record.decided_at}, asked {record.asked_at}", width)
    yield from fact("arguments", pretty_json(record.arguments), width, "code")
    yield from fact("ran with", pretty_json(record.ran_with or ""), width, "added")
    yield from fact("sha-256", record.arguments_sha256, width, "quiet")
    yield from fact("call id", record.call_id, width, "quiet")
    yield from fact("run", f"{record.run_id} of {record.target}", width, "quiet")


def _by(record: AuditRecord) -> str:
    return plain_line(record.by) or "a person"


def _doubt(record: AuditRecord) -> str:
    since = record.in_doubt_since
    return f"may have run at {since}, its process was lost" if since else ""


def _time(iso: str) -> str:
    """Return the time of day of an ISO time."""
    return iso[11:19]


def _outcome(record: AuditRecord) -> str:
    return f"{record.outcome}, edited" if record.ran_with is not None else record.outcome


def _whole_outcome(record: AuditRecord) -> str:
    return f"{record.outcome}: {record.error}" if record.error else record.outcome
