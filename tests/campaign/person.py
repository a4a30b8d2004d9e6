"""A person who answers by a script: each request as the program's cast says, doubts by turns."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.campaign.programs import Cast, first_id
from tui.wire.commands import Decide
from tui.wire.events import ApprovalRequested

WAYS = ("done", "again", "failed")


@dataclass
class Person:
    """Answers requests.

    Attributes:
        cast: What they say of its calls.
        turn: Which of `WAYS` they take for the first doubt.
        doubts: What they said of which call.
    """

    cast: Cast
    turn: int
    doubts: list[tuple[str, str]] = field(default_factory=list)

    def answer(self, event: ApprovalRequested) -> Decide:
        """Return their answer to a request."""
        if event.in_doubt_since is not None:
            return self._of_doubt(event)
        said = self.cast.decisions.get(first_id(event.call_id), "")
        is_edited = said.startswith("{")
        return _decide(event, said != "reject", arguments=said if is_edited else None)

    def _of_doubt(self, event: ApprovalRequested) -> Decide:
        way = WAYS[(self.turn + len(self.doubts)) % len(WAYS)]
        self.doubts.append((first_id(event.call_id), way))
        return _decide(event, way != "failed", result="taken as done" if way == "done" else None)

    def may_have_repeated(self, call_id: str) -> int:
        """Return how often they had a call, or the one it is made inside of, run again."""
        calls = (call_id, self.cast.within.get(call_id, ""))
        return sum(each in calls and way == "again" for each, way in self.doubts)

    def may_have_left_out(self, call_id: str) -> bool:
        """Whether they let a call come to nothing, or the one it is made inside of."""
        calls = (call_id, self.cast.within.get(call_id, ""))
        is_rejected = self.cast.decisions.get(call_id) == "reject"
        return is_rejected or any(each in calls and way != "again" for each, way in self.doubts)


def _decide(
    event: ApprovalRequested, approve: bool, arguments: str | None = None, result: str | None = None
) -> Decide:
    return Decide(
        run_id=event.run_id,
        call_id=event.call_id,
        arguments_hash=event.arguments_hash,
        approve=approve,
        arguments=arguments,
        result=result,
        by="ada",
    )
