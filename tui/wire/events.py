"""The words of a run, on their way up: one tagged union of frozen Structs.

Stays out of what they mean on a screen, and of how they travel. The same definition is the value
in memory, the JSON on the socket and a line in a file. `agent` is the name of the agent an event
belongs to; `within` is the `call_id` of the agent-as-tool call it runs inside, None at the top.

Item ids are made by the host and unique over all runs. A delta opens its item: the first one may
carry no text, and an entry stands where its item first showed.
"""

from typing import TypeAlias

import msgspec

from tui.wire.rules import Rule


class Event(msgspec.Struct, frozen=True, kw_only=True, eq=False, omit_defaults=True):
    """What every event says. On the wire `type` holds the class's tag.

    Attributes:
        run_id: The run it belongs to.
        seq: Place in the run, 0 upward, none missing.
        at: When it happened, UTC seconds.
    """

    run_id: str
    seq: int = -1
    at: float = 0.0


class RunStarted(Event, frozen=True, kw_only=True, tag="run_started"):
    """A run begins.

    Attributes:
        agent: Who has the control first; None where none could be loaded.
        continues: The run whose conversation it goes on with.
        retries: The failed run that it takes up again: what that one was asked is not said anew,
            or is, where nobody had heard it.
        forks: The kept run that it is a copy of, up to where a person went another way.
    """

    target: str
    agent: str | None = None
    continues: str | None = None
    retries: str | None = None
    forks: str | None = None
    rehearsal: bool = False


class RunPaused(Event, frozen=True, kw_only=True, tag="run_paused"):
    """Nothing runs until a person decides: `waiting_for` are the pending calls' ids."""

    waiting_for: tuple[str, ...] = ()


class RunResumed(Event, frozen=True, kw_only=True, tag="run_resumed"):
    """The run goes on after decisions or after steering."""


class RunRecovered(Event, frozen=True, kw_only=True, tag="run_recovered"):
    """The run goes on in another process, for its own was lost: what was in flight is cut off.

    Attributes:
        dropped: The items that were told and that the run does not know any more.
    """

    dropped: tuple[str, ...] = ()


class RunCompleted(Event, frozen=True, kw_only=True, tag="run_completed"):
    """The run ended with an answer. `final_output` is text, or JSON for a structured output."""

    final_output: str = ""


class RunFailed(Event, frozen=True, kw_only=True, tag="run_failed"):
    """The run ended with an error: one sentence, what to do about it, and the whole text of it.

    Attributes:
        can_retry: Whether the same message, sent again as things stand, may come to an answer. It
            cannot where first the message, the program or the environment has to change: an agent
            process keeps the last two as it was started with them.
    """

    error_type: str
    message: str
    advice: str = ""
    details: str = ""
    can_retry: bool = True


class RunCancelled(Event, frozen=True, kw_only=True, tag="run_cancelled"):
    """The run was ended by a person: `mode` is "after_turn", "immediate", or "forked" in a copy."""

    mode: str = "immediate"


class UserMessage(Event, frozen=True, kw_only=True, tag="user_message"):
    """What a person said: the run's first message, or steering while it worked."""

    item_id: str
    text: str
    steering: bool = False


class AgentChanged(Event, frozen=True, kw_only=True, tag="agent_changed"):
    """`agent` has the control now."""

    agent: str
    within: str | None = None


class TextDelta(Event, frozen=True, kw_only=True, tag="text_delta"):
    """Text of a message in flight, joined per item and tick."""

    item_id: str
    agent: str
    text: str
    within: str | None = None


class ReasoningDelta(Event, frozen=True, kw_only=True, tag="reasoning_delta"):
    """Reasoning text or summary in flight, joined per item and tick."""

    item_id: str
    agent: str
    text: str
    within: str | None = None


class ArgumentsDelta(Event, frozen=True, kw_only=True, tag="arguments_delta"):
    """Arguments of a call in flight, joined per item and tick."""

    item_id: str
    agent: str
    call_id: str
    tool: str
    text: str
    within: str | None = None


class MessageOutput(Event, frozen=True, kw_only=True, tag="message_output"):
    """A whole message. Its text replaces what the deltas gave."""

    item_id: str
    agent: str
    text: str
    within: str | None = None


class ReasoningOutput(Event, frozen=True, kw_only=True, tag="reasoning_output"):
    """A whole reasoning item. An empty text means that the model kept it to itself."""

    item_id: str
    agent: str
    text: str = ""
    within: str | None = None


class ToolCalled(Event, frozen=True, kw_only=True, tag="tool_called"):
    """The model asked for a tool. `arguments` is the JSON string exactly as it gave it."""

    item_id: str
    agent: str
    call_id: str
    tool: str
    arguments: str
    within: str | None = None


class ToolStarted(Event, frozen=True, kw_only=True, tag="tool_started"):
    """The call passed the gate and runs. `description` is what the tool says of itself."""

    agent: str
    call_id: str
    tool: str
    description: str = ""
    within: str | None = None


class ToolProgress(Event, frozen=True, kw_only=True, tag="tool_progress"):
    """A running tool reported how far it is."""

    agent: str
    call_id: str
    text: str
    within: str | None = None


class ToolFinished(Event, frozen=True, kw_only=True, tag="tool_finished"):
    """The tool returned or raised; `error_type` and `error` are "" when it returned."""

    agent: str
    call_id: str
    tool: str
    error_type: str = ""
    error: str = ""
    within: str | None = None


class ToolOutput(Event, frozen=True, kw_only=True, tag="tool_output"):
    """What the model gets to read as the result of a call.

    Attributes:
        not_run: Whether the tool is known not to have run: a guardrail, a person or the runtime
            answered in its place.
    """

    agent: str
    call_id: str
    output: str
    not_run: bool = False
    within: str | None = None


class HandoffRequested(Event, frozen=True, kw_only=True, tag="handoff_requested"):
    """The model asked to hand the control over. `arguments` is the payload, as JSON text.

    Comes twice where the model streams: with "" where the item opens, then whole.
    """

    item_id: str
    agent: str
    call_id: str
    tool: str
    arguments: str
    within: str | None = None


class HandoffOccurred(Event, frozen=True, kw_only=True, tag="handoff_occurred"):
    """The control passed from `agent` to `target`."""

    agent: str
    call_id: str
    target: str
    within: str | None = None


class ApprovalRequested(Event, frozen=True, kw_only=True, tag="approval_requested"):
    """A call waits for a person.

    Attributes:
        arguments: The JSON string exactly as the runtime gave it.
        arguments_hash: SHA-256 of its UTF-8 bytes, in hex. A decision must bring it back.
        path: The agents that had the control, first to last, the requesting one last.
        description: What the tool says of itself.
        schema: JSON schema of its arguments, as JSON text: changed ones must fit it. "" where
            they cannot be changed.
        rule: The rule that asks; None where the program does.
        in_doubt_since: When the call began in a process that was lost, UTC seconds: whether it
            took effect is not known, and that is what is asked. None for a call that never began.
    """

    agent: str
    call_id: str
    tool: str
    arguments: str
    arguments_hash: str
    path: tuple[str, ...] = ()
    description: str = ""
    schema: str = ""
    rule: Rule | None = None
    in_doubt_since: float | None = None
    within: str | None = None


class ApprovalDecided(Event, frozen=True, kw_only=True, tag="approval_decided"):
    """A person, or a rule, decided. Only now does the call's entry change.

    Attributes:
        arguments: What the tool is run with in place of what was asked for, None if unchanged.
        arguments_hash: Of what was shown.
        rule: The rule that decided; None where a person did.
        result: What the call came to, as a person says of one that was in doubt; its tool does
            not run. None where none was given.
    """

    call_id: str
    approved: bool
    reason: str = ""
    by: str = ""
    arguments: str | None = None
    arguments_hash: str = ""
    rule: Rule | None = None
    result: str | None = None


class ApprovalRefused(Event, frozen=True, kw_only=True, tag="approval_refused"):
    """An answer came too late or for other arguments and was not taken; `why` says it."""

    call_id: str
    why: str


class ApprovalWithdrawn(Event, frozen=True, kw_only=True, tag="approval_withdrawn"):
    """A pending call is gone without a decision; `why` says it."""

    call_id: str
    why: str


class CallDenied(Event, frozen=True, kw_only=True, tag="call_denied"):
    """A rule refused a call that nobody was asked about; its tool did not run."""

    agent: str
    call_id: str
    tool: str
    arguments: str
    rule: Rule
    within: str | None = None


class CallHeld(Event, frozen=True, kw_only=True, tag="call_held"):
    """A call waits at the gate, `why` is "hold" or "budget"; `ToolStarted` says that it passed."""

    agent: str
    call_id: str
    tool: str
    why: str
    within: str | None = None


class GateHeld(Event, frozen=True, kw_only=True, tag="gate_held"):
    """No new call of any run passes the gate."""

    by: str = ""


class GateReleased(Event, frozen=True, kw_only=True, tag="gate_released"):
    """Calls pass the gate again."""

    by: str = ""


class RuleGranted(Event, frozen=True, kw_only=True, tag="rule_granted"):
    """A person made a rule. Every run of the host is told; `call_id` is the call it was made at."""

    rule: Rule
    call_id: str = ""
    by: str = ""


class RuleRevoked(Event, frozen=True, kw_only=True, tag="rule_revoked"):
    """A grant covers nothing any more."""

    rule_id: str
    by: str = ""


class BudgetReached(Event, frozen=True, kw_only=True, tag="budget_reached"):
    """A budget is used up: the next model or tool call waits until a person extends it.

    Attributes:
        of: The agent whose budget it is, "" for the run's.
        what: "tokens", "cost", "turns" or "minutes".
    """

    what: str
    limit: float
    used: float
    of: str = ""


class BudgetExtended(Event, frozen=True, kw_only=True, tag="budget_extended"):
    """A person gave as much again: `limit` is the new one."""

    what: str
    limit: float
    of: str = ""
    by: str = ""


class GuardrailTripped(Event, frozen=True, kw_only=True, tag="guardrail_tripped"):
    """A guardrail stopped the run. `stage` is "input", "output", "tool_input" or "tool_output"."""

    agent: str
    guardrail: str
    stage: str
    message: str = ""


class UsageReported(Event, frozen=True, kw_only=True, tag="usage_reported"):
    """Tokens of one model response (not a running total)."""

    agent: str
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    reasoning_tokens: int = 0
    within: str | None = None


class ConsoleOutput(Event, frozen=True, kw_only=True, tag="console_output"):
    """What a tool or a child process printed. Raw descriptor bytes have no agent and no call.

    `stream` is "stdout", "stderr", or "notice" for what the host itself has to say.
    """

    text: str
    stream: str = "stdout"
    agent: str = ""
    call_id: str | None = None


class UnknownItem(Event, frozen=True, kw_only=True, tag="unknown_item"):
    """A shape this version does not know: shown, never a crash."""

    item_id: str
    agent: str
    kind: str
    text: str = ""
    within: str | None = None


RunEvent: TypeAlias = (
    RunStarted
    | RunPaused
    | RunResumed
    | RunRecovered
    | RunCompleted
    | RunFailed
    | RunCancelled
    | UserMessage
    | AgentChanged
    | TextDelta
    | ReasoningDelta
    | ArgumentsDelta
    | MessageOutput
    | ReasoningOutput
    | ToolCalled
    | ToolStarted
    | ToolProgress
    | ToolFinished
    | ToolOutput
    | HandoffRequested
    | HandoffOccurred
    | ApprovalRequested
    | ApprovalDecided
    | ApprovalRefused
    | ApprovalWithdrawn
    | CallDenied
    | CallHeld
    | GateHeld
    | GateReleased
    | RuleGranted
    | RuleRevoked
    | BudgetReached
    | BudgetExtended
    | GuardrailTripped
    | UsageReported
    | ConsoleOutput
    | UnknownItem
)

Delta: TypeAlias = TextDelta | ReasoningDelta | ArgumentsDelta
Ending: TypeAlias = RunCompleted | RunFailed | RunCancelled

DELTAS = (TextDelta, ReasoningDelta, ArgumentsDelta)
ENDINGS = (RunCompleted, RunFailed, RunCancelled)
