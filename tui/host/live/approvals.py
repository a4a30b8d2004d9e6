"""The calls of one run that wait for a person, and what was decided. Runs and resumes nothing."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# Approval items are of either library.
from typing import Any

from tui.host.live.scope import Call
from tui.host.live.shapes import ForeignState, field, text_field
from tui.wire.commands import Decide
from tui.wire.events import (
    ApprovalDecided,
    ApprovalRefused,
    ApprovalRequested,
    ApprovalWithdrawn,
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
        description: What the tool says of itself.
    """

    call: Call
    path: tuple[str, ...]
    description: str


class Approvals:
    """Requests and decisions of one run, by call id."""

    def __init__(self, run_id: str) -> None:
        self._run_id = run_id
        self._requests: dict[str, Request] = {}
        self._decisions: dict[str, Decide] = {}

    def is_shown(self, call: Call) -> bool:
        """Whether the call was asked for with exactly these arguments."""
        shown = self._requests.get(call.call_id)
        return shown is not None and shown.call.arguments == call.arguments

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
            within=call.within,
        )

    def decide(self, wish: Decide) -> ApprovalDecided | ApprovalRefused:
        """Take a decision, or say why it comes too late or for something else."""
        why = self._why_refused(wish)
        if why:
            return ApprovalRefused(run_id=self._run_id, call_id=wish.call_id, why=why)
        self._decisions[wish.call_id] = wish
        return ApprovalDecided(
            run_id=self._run_id,
            call_id=wish.call_id,
            approved=wish.approve,
            reason=wish.reason,
            by=wish.by,
        )

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

    def apply(self, state: ForeignState, items: Sequence[Any]) -> None:
        """Carry the decisions of these items into the state; their requests are done."""
        for item in items:
            decision = self._decisions[call_id_of(item)]
            if decision.approve:
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
        return ""
