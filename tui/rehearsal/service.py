"""The scripted Responses service: reads a request like the real one, and lets a play answer it.

Stays out of HTTP, which `transport` speaks, and of what is said, which the plays know.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Mapping
from itertools import count

from tui.rehearsal.conversation import Conversation, read_conversation
from tui.rehearsal.pace import Pace
from tui.rehearsal.plays import billing, policies, refunds, technical, triage
from tui.rehearsal.response_object import Envelope, JsonObject
from tui.rehearsal.roles import Role, role_of
from tui.rehearsal.script import Reply, reply, say
from tui.rehearsal.sse import encode_event
from tui.rehearsal.stream import stream_events, whole_response

_PLAYS: Mapping[Role, Callable[[Conversation], Reply]] = {
    Role.TRIAGE: triage.answer,
    Role.BILLING: billing.answer,
    Role.TECHNICAL: technical.answer,
    Role.REFUNDS: refunds.answer,
    Role.POLICIES: policies.answer,
}

_STRANGER = (
    "This is the rehearsal's scripted service. It plays the demo desk's agents and no others: "
    "give your own agents a real model."
)


class RehearsalService:
    """Answers requests at the rehearsal's pace.

    Args:
        pace: How fast.
        now: Returns Unix seconds, for the responses' `created_at`.
    """

    def __init__(self, pace: Pace, now: Callable[[], float] = time.time) -> None:
        self._pace = pace
        self._now = now
        self._numbers = count(1)

    async def stream(self, body: JsonObject) -> AsyncIterator[bytes]:
        """Yield the server-sent events of the answer, one at a time, at the pace of a model."""
        for event in stream_events(answer(body), self._envelope(body)):
            await self._pace.before(str(event["type"]))
            yield encode_event(event)

    def whole(self, body: JsonObject) -> JsonObject:
        """Return the whole answer at once."""
        return whole_response(answer(body), self._envelope(body))

    def _envelope(self, body: JsonObject) -> Envelope:
        return Envelope(f"resp_rehearsal_{next(self._numbers)}", int(self._now()), body)


def answer(body: JsonObject) -> Reply:
    """Return what the agent that sent this request says next."""
    role = role_of(body.get("instructions"))
    if role is None:
        return reply(say(_STRANGER))
    return _PLAYS[role](read_conversation(body))
