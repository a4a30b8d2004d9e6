"""The calls of one run that wait for a person, and what was decided. Runs and resumes nothing."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# Approval items and tools are of either library.
from typing import Any, Final

from tui.host.live.scope import Call
from tui.host.live.shapes import ForeignState, field, is_same_json, safe, text_field
from tui.policy.arguments import fault_of
from tui.wire.commands import Decide
from tui.wire.events import (
    ApprovalDecided,
    ApprovalRefused,
    ApprovalRequested,
    ApprovalWithdrawn,
)
from tui.wire.rules import Rule

_ITS_MODEL_CALLS: Final = (
    "Its turn was lost: to run it again is left to the model, which is told that it may call again."
)


def arguments_hash(arguments: str) -> str:
    """Return the SHA-256 of the arguments' UTF-8 bytes, in hex."""
    return hashlib.sha256(arguments.encode()).hexdigest()


def call_id_of(item: Any) -> str:
    """Return the id of the call that an approval item asks for."""
    raw = field(item, "raw_item")
    return text_field(item, "call_id") or text_field(raw, "call_id") or text_field(raw, "id")


@dataclass(frozen=True, slots=True)
class Request:
    """What is shown of a call that waits.

    Attributes:
        path: The agents that had the control, the requesting one last.
        tool: The tool, None if it is not known.
        rule: The rule that asks, None where the program does.
        in_doubt_since: When the call began in a process that was lost, UTC seconds.
    """

    call: Call
    path: tuple[str, ...]
    tool: Any = None
    rule: Rule | None = None
    in_doubt_since: float | None = None

    @property
    def description(self) -> str:
        """What the tool says of itself; of one that will not begin here, what its model can do."""
        if self.tool is None and self.in_doubt_since is not None:
            return _ITS_MODEL_CALLS
        return text_field(self.tool, "description")

    @property
    def schema(self) -> str:
        """JSON schema of the arguments, as JSON text; "" where they cannot be changed."""
        schema = field(self.tool, "params_json_schema")
        # An agent used as a tool keeps what it was asked: its run is known by that.
        if not isinstance(schema, dict) or field(self.tool, "_agent_instance") is not None:
            return ""
        try:
            return safe(json.dumps(schema))
        except (TypeError, ValueError):
            return ""

    def fault_of(self, arguments: str) -> str:
        """Return why the tool does not take these arguments, or ""."""
        if not self.schema:
            return "its arguments cannot be changed"
        fault = fault_of(arguments, field(self.tool, "params_json_schema"))
        own = field(self.tool, "fault_of")
        if fault is None and callable(own):
            # What only the tool's own code knows of them.
            fault = own(json.loads(arguments))
        return fault or ""


def shared_ids(items: Sequence[Any]) -> tuple[str, ...]:
    """Return the call ids that stand for more than one call among approval items."""
    calls: dict[str, set[int]] = {}
    for item in items:
        raw = field(item, "raw_item")
        calls.setdefault(call_id_of(item), set()).add(id(item if raw is None else raw))
    return tuple(call_id for call_id, raws in calls.items() if len(raws) > 1)


class Approvals:
    """Requests and decisions of one run, by call id."""

    def __init__(self, run_id: str) -> None:
        self._run_id = run_id
        self._requests: dict[str, Request] = {}
        self._decisions: dict[str, Decide] = {}
        self._approved: dict[str, Decide] = {}

    def is_shown(self, call: Call) -> bool:
        """Whether the call was asked for with exactly these arguments."""
        shown = self._requests.get(call.call_id)
        return shown is not None and shown.call.arguments == call.arguments

    def is_of_another(self, call: Call) -> bool:
        """Whether a call of another tool or agent waits under the id of this one."""
        request = self._requests.get(call.call_id)
        if request is None:
            return False
        return (request.call.agent, request.call.tool) != (call.agent, call.tool)

    def request(self, request: Request) -> ApprovalRequested:
        """Note a call that waits; a decision for other arguments counts no more."""
        call = request.call
        self._requests[call.call_id] = request
        self._decisions.pop(call.call_id, None)
        return ApprovalRequested(
            run_id=self._run_id,
            agent=call.agent,
            call_id=call.call_id,
            tool=call.tool,
            arguments=call.arguments,
            arguments_hash=arguments_hash(call.arguments),
            path=request.path,
            description=request.description,
            schema=request.schema,
            rule=request.rule,
            in_doubt_since=request.in_doubt_since,
            within=call.within,
        )

    def decide(self, wish: Decide) -> ApprovalDecided | ApprovalRefused:
        """Take a decision, or say why it comes too late or for something else."""
        why = self._why_refused(wish)
        if why:
            return ApprovalRefused(run_id=self._run_id, call_id=wish.call_id, why=why)
        return self.settle(wish)

    def settle(self, wish: Decide, rule: Rule | None = None) -> ApprovalDecided:
        """Take a decision that was checked, or that a rule makes."""
        self._decisions[wish.call_id] = wish
        if wish.approve:
            self._approved[wish.call_id] = wish
        else:
            self._approved.pop(wish.call_id, None)
        return ApprovalDecided(
            run_id=self._run_id,
            call_id=wish.call_id,
            approved=wish.approve,
            reason=wish.reason,
            by=wish.by,
            arguments=wish.arguments,
            arguments_hash=wish.arguments_hash,
            rule=rule,
            result=wish.result,
        )

    def waiting(self) -> tuple[Request, ...]:
        """Return the requests that nobody decided, oldest first."""
        return tuple(self._requests[call_id] for call_id in self.undecided())

    def decision_of(self, call_id: str) -> Decide | None:
        """Return what was decided about a call that waits or waited, or None."""
        return self._decisions.get(call_id)

    def approval_of(self, call: Call) -> Decide | None:
        """Return the approval under which a call runs; None if nobody approved these arguments."""
        approval = self._approved.get(call.call_id)
        if approval is None:
            return None
        is_as_asked = approval.arguments_hash == arguments_hash(call.arguments)
        is_as_edited = approval.arguments is not None and is_same_json(
            approval.arguments, call.arguments
        )
        return approval if is_as_asked or is_as_edited else None

    def drop(self, call_id: str) -> None:
        """Forget a request of a call that waited at the gate."""
        self._requests.pop(call_id, None)
        self._decisions.pop(call_id, None)

    def spend(self, call_id: str) -> None:
        """Forget an approval: its call has ended, and another may bear its id."""
        self._approved.pop(call_id, None)

    def refuse(self, call_id: str, why: str) -> Iterator[ApprovalWithdrawn | ApprovalRefused]:
        """Reject all calls under an id, whatever was decided; yield what that undoes."""
        request, decision = self._requests.pop(call_id, None), self._decisions.get(call_id)
        self._approved.pop(call_id, None)
        self._decisions[call_id] = Decide(
            run_id=self._run_id, call_id=call_id, arguments_hash="", approve=False, reason=why
        )
        if decision is not None:
            yield ApprovalRefused(run_id=self._run_id, call_id=call_id, why=why)
        elif request is not None:
            yield ApprovalWithdrawn(run_id=self._run_id, call_id=call_id, why=why)

    def narrow(self, items: Sequence[Any]) -> Iterator[ApprovalWithdrawn]:
        """Keep the requests of these items; yield the end of others that were shown early."""
        kept = {call_id_of(item) for item in items}
        for call_id in self.undecided():
            if call_id not in kept:
                del self._requests[call_id]
                why = "the runtime does not ask for it any more"
                yield ApprovalWithdrawn(run_id=self._run_id, call_id=call_id, why=why)

    def undecided(self) -> tuple[str, ...]:
        """Return the ids of the calls that still wait, oldest request first."""
        return tuple(call_id for call_id in self._requests if call_id not in self._decisions)

    def apply(self, state: ForeignState, items: Sequence[Any], *, edits: bool) -> None:
        """Carry the decisions of these items into the state; their requests are done.

        Args:
            state: The state of the run.
            items: The calls that wait.
            edits: Whether the state takes changed arguments; else the gate puts them in.
        """
        for item in items:
            decision = self._decisions[call_id_of(item)]
            if decision.approve and edits and decision.arguments is not None:
                state.approve(item, arguments=json.loads(decision.arguments))
            elif decision.approve:
                state.approve(item)
            else:
                state.reject(item, rejection_message=decision.reason or None)
        self._decisions.clear()
        self._requests.clear()

    def withdraw(self, why: str) -> Iterator[ApprovalWithdrawn]:
        """Yield the end of each request that no one decided."""
        undecided = self.undecided()
        self._requests.clear()
        self._decisions.clear()
        for call_id in undecided:
            yield ApprovalWithdrawn(run_id=self._run_id, call_id=call_id, why=why)

    def _why_refused(self, wish: Decide) -> str:
        request = self._requests.get(wish.call_id)
        if request is None:
            return "no such call waits for a decision"
        if wish.call_id in self._decisions:
            return "it was decided already"
        if wish.arguments_hash != arguments_hash(request.call.arguments):
            return "its arguments are not those that were shown"
        if wish.result is not None and request.in_doubt_since is None:
            return "what it comes to is its tool's to say: it never began"
        if not wish.approve or wish.arguments is None:
            return ""
        fault = request.fault_of(wish.arguments)
        return f"the changed arguments do not fit: {fault}" if fault else ""
