"""What a run looks like at one instant. Knows no clock, no disk and no terminal.

All values are frozen; panes find what changed by identity. One view covers a chain of runs: a
conversation with its follow-ups. Times are UTC seconds, None while they have not come.
"""

from typing import Any, Literal, TypeAlias

import msgspec

from tui.cockpit.projection.pages import LongText, Pages
from tui.wire.rules import Rule

RunStatus: TypeAlias = Literal["idle", "running", "waiting", "completed", "failed", "cancelled"]
CallState: TypeAlias = Literal[
    "writing",  # the model is still giving arguments
    "called",  # asked for, not begun
    "waiting",  # for a person
    "approved",  # by a person, not begun
    "rejected",  # by a person, or by a rule that answered in their place
    "denied",  # by a rule; nobody was asked
    "held",  # at the gate: everything is held, or a budget is used up
    "withdrawn",  # no longer asked
    "running",
    "done",
    "answered",  # its output came; neither start nor end was seen, so nobody knows how it went
    "skipped",  # never ran: something answered in its place
    "failed",
    "cancelled",  # the run ended before it did
]


class Entry(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What every entry says. It stands where its item first showed.

    Attributes:
        item_id: Unique over all runs; for entries without an item the reducer makes one.
        within: `call_id` of the agent-as-tool call it runs inside.
        at: When it first showed.
    """

    item_id: str
    run_id: str
    at: float
    agent: str = ""
    within: str | None = None


class UserEntry(Entry, frozen=True, kw_only=True, tag="user"):
    """What a person said."""

    text: str
    steering: bool = False


class MessageEntry(Entry, frozen=True, kw_only=True, tag="message"):
    """A message of an agent. While it streams its text is in `RunView.live`, not here.

    Attributes:
        cut: Whether the run ended before the message did.
        is_final_output: Whether no model wrote it: a tool's result, or what the program made,
            became the run's answer.
    """

    text: str = ""
    ended_at: float | None = None
    cut: bool = False
    is_final_output: bool = False


class ReasoningEntry(Entry, frozen=True, kw_only=True, tag="reasoning"):
    """Reasoning of a model; its text lies as a message's does."""

    text: str = ""
    ended_at: float | None = None
    cut: bool = False


class Approval(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What became of one request for a person's decision.

    Attributes:
        arguments: What the tool was run with in place of what was asked for, or None.
        rule: The rule that decided, or None.
        in_doubt_since: When the call began in a process that was lost, or None: then it was asked
            what became of it.
        result: What it came to, as a person said, or None.
    """

    requested_at: float
    decided_at: float | None = None
    approved: bool | None = None
    reason: str = ""
    by: str = ""
    withdrawn: str = ""
    arguments: str | None = None
    rule: Rule | None = None
    in_doubt_since: float | None = None
    result: str | None = None


class ToolEntry(Entry, frozen=True, kw_only=True, tag="tool"):
    """A tool call from its first argument to its output; every state of it is this one entry.

    Attributes:
        arguments: JSON text as the model gave it; in `RunView.live` while `state` is "writing".
        called_at: When its arguments were whole.
        output: What the model read as its result, None while there is none.
        is_agent: Whether entries exist that ran inside it.
        description: What the tool says of itself, known once a person was asked or it ran.
        printed_lines: Lines that it printed so far, a begun one included.
        heard_at: When it began, printed or told something last.
        denied_by: The rule that refused it, or None.
    """

    call_id: str
    tool: str
    state: CallState = "writing"
    arguments: str = ""
    called_at: float | None = None
    started_at: float | None = None
    ended_at: float | None = None
    progress: str = ""
    output: str | None = None
    error_type: str = ""
    error: str = ""
    approval: Approval | None = None
    is_agent: bool = False
    description: str = ""
    printed_lines: int = 0
    heard_at: float | None = None
    denied_by: Rule | None = None


class HandoffEntry(Entry, frozen=True, kw_only=True, tag="handoff"):
    """A handoff asked for by `agent`. `target` is "" until it occurred.

    Attributes:
        arguments: The payload, JSON text.
        output: Why it did not occur, where the runtime said so ("" otherwise).
    """

    call_id: str
    tool: str
    arguments: str = ""
    target: str = ""
    ended_at: float | None = None
    output: str = ""


class ConsoleEntry(Entry, frozen=True, kw_only=True, tag="console"):
    """What was printed during a run, in one entry a run and call (None: raw descriptor bytes)."""

    text: LongText
    call_id: str | None = None


class NoticeEntry(Entry, frozen=True, kw_only=True, tag="notice"):
    """What the host itself has to say: a lost history, a tool it cannot gate."""

    text: str


class RetryEntry(Entry, frozen=True, kw_only=True, tag="retry"):
    """A failed run was taken up again. `text` is what it was asked; that stands above, once."""

    text: str


class GuardrailEntry(Entry, frozen=True, kw_only=True, tag="guardrail"):
    """A guardrail that stopped the run."""

    guardrail: str
    stage: str
    message: str = ""


class UnknownEntry(Entry, frozen=True, kw_only=True, tag="unknown"):
    """An item of a shape this version does not know."""

    kind: str
    text: str = ""


class EndEntry(Entry, frozen=True, kw_only=True, tag="end"):
    """How a run ended, where it says more than its last message does: failed or cancelled.

    Attributes:
        how: "failed", or the mode of a cancel: "after_turn", "immediate" or "forked".
        can_retry: Whether the same message, sent again, may come to an answer.
    """

    how: str
    error_type: str = ""
    message: str = ""
    advice: str = ""
    details: str = ""
    can_retry: bool = False


AnyEntry: TypeAlias = (
    UserEntry
    | MessageEntry
    | ReasoningEntry
    | ToolEntry
    | HandoffEntry
    | ConsoleEntry
    | NoticeEntry
    | RetryEntry
    | GuardrailEntry
    | UnknownEntry
    | EndEntry
)


class PendingApproval(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A call that waits for a person, with all that must be shown of it.

    Attributes:
        path: The agents that had the control, the requesting one last.
        handoff_payload: The arguments of the last handoff on that path, "" without one.
        schema: JSON schema of the arguments, as JSON text; "" where they cannot be changed.
        rule: The rule that asks, None where the program does.
        asked_before: How often the same call (tool and arguments) was approved and rejected
            before, in this conversation.
        in_doubt_since: When the call began in a process that was lost, UTC seconds: whether it
            took effect is what is asked. None for a call that never began.
    """

    run_id: str
    item_id: str
    call_id: str
    agent: str
    tool: str
    arguments: str
    arguments_hash: str
    requested_at: float
    path: tuple[str, ...] = ()
    description: str = ""
    within: str | None = None
    schema: str = ""
    rule: Rule | None = None
    handoff_payload: str = ""
    asked_before: tuple[int, int] = (0, 0)
    in_doubt_since: float | None = None


class Decided(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One decision about a call, as it is kept.

    Attributes:
        item_id: The entry of the call: how it went is told there.
        at: When it was decided, UTC seconds.
        asked_at: When the call began to wait; the same as `at` where nobody was asked.
        arguments: The JSON text that was asked for; `arguments_hash` is of what was shown.
        changed: What the tool was run with instead, None if unchanged.
        by: The person's name, "rule" where a rule answered.
        granted: The rule that a person made with the decision, or None.
        in_doubt_since: As in the request.
        result: What a call in doubt came to, as the person said; None if it was to run.
    """

    run_id: str
    item_id: str
    call_id: str
    agent: str
    tool: str
    arguments: str
    arguments_hash: str
    at: float
    asked_at: float
    approved: bool
    reason: str = ""
    by: str = ""
    changed: str | None = None
    rule: Rule | None = None
    granted: Rule | None = None
    within: str | None = None
    in_doubt_since: float | None = None
    result: str | None = None


class UsedUp(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A budget that a run waits at, since `at`. `of` is its agent's name, "" for the run's own."""

    what: str
    limit: float
    used: float
    of: str = ""
    at: float = 0.0


class AgentTally(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What one agent used up so far."""

    name: str
    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    tool_calls: int = 0
    tool_errors: int = 0


class RunView(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One conversation at one instant.

    Attributes:
        run_id: The newest run of the chain, "" before the first.
        root: The first run of the conversation as the host counts: rules for it name that.
        seq: The newest event folded of that run, -1 before its first.
        heard_at: When that event was.
        path: The agents that had the control in the newest run, the active one last.
        active_within: Active agents of running agents-as-tools, by `call_id`.
        entries: Everything that showed, in order.
        open_items: Places in `entries` of what may still change, by item id.
        open_calls: The same, by call id.
        live: Text in flight, by item id.
        pending: Calls that wait for a person, oldest first.
        decided: Approvals and rejections so far, by `tool` + " " + hash of the arguments.
        decisions: Every decision about a call, a person's and a rule's, oldest first.
        grants: Rules that persons made and nobody took back, oldest first.
        is_held: Whether no new call may begin.
        used_up: The budgets that the newest run waits at.
        refused: The newest answer that was not taken: its call id and why, or None.
        first_item_of_run: Place in `entries` where the newest run begins.
        missed: Events of the chain that never came, by their numbers; 0 with a sound source.
    """

    run_id: str = ""
    root: str = ""
    target: str = ""
    rehearsal: bool = False
    status: RunStatus = "idle"
    seq: int = -1
    heard_at: float | None = None
    started_at: float | None = None
    ended_at: float | None = None
    path: tuple[str, ...] = ()
    active_within: dict[str, str] = {}
    entries: Pages[AnyEntry] = Pages()
    open_items: dict[str, int] = {}
    open_calls: dict[str, int] = {}
    live: dict[str, LongText] = {}
    pending: tuple[PendingApproval, ...] = ()
    decided: dict[str, tuple[int, int]] = {}
    decisions: Pages[Decided] = Pages()
    grants: tuple[Rule, ...] = ()
    is_held: bool = False
    used_up: tuple[UsedUp, ...] = ()
    refused: tuple[str, str] | None = None
    tallies: tuple[AgentTally, ...] = ()
    first_item_of_run: int = 0
    missed: int = 0


def as_plain(view: RunView) -> Any:
    """Return `view` as builtin values: what tests compare, since views compare by identity."""
    return msgspec.to_builtins(view)
