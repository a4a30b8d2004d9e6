"""What a run leaves on its way, so that another process can go on with it. Knows no disk.

A runtime that tells its states gives one after each model response and each turn; of another only
what stands between turns is known, and what its calls came to. Kinds, in the order they come:

| kind   | body                                                                      |
|--------|---------------------------------------------------------------------------|
| start  | `Begun`: what the run began with                                          |
| base   | the first state that a process tells, as the runtime's own deltas have it |
| state  | what a later state adds to it                                             |
| turn   | `Remembered`, of which `items` are those from `first` on                  |
| paused | a state in which calls wait for a person, as the runtime writes it        |
| result | `Came`: what a call came to                                               |
| end    | `Remembered`: what a follow-up goes on from                               |
"""

from collections.abc import Callable, Mapping
from contextlib import suppress

# States and results are of either library; what is kept of them is JSON.
from typing import Any, NamedTuple, Protocol

import msgspec

from tui.host.live.history import Conversation
from tui.host.live.normalize import as_json, output_text
from tui.host.live.runtime import Runtime
from tui.host.live.scope import Call, Outcome
from tui.host.live.shapes import ForeignAgent, ForeignResult, field, name_of, text_field


class Remembered(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A conversation between two turns.

    Attributes:
        items: What the next model call is given.
        agent: The agent that has the control.
        first: How many items before them were kept already.
        response_id: What the service keeps the conversation under.
    """

    items: list[Any] = []
    agent: str = ""
    first: int = 0
    response_id: str | None = None


class Begun(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a run began with.

    Attributes:
        before: The conversation without what it was asked.
        text: What it was asked.
        items: What its runtime was given, where that is not `before` and `text`.
        program: What its agents looked like, for a later process to compare.
    """

    before: Remembered
    text: str
    items: list[Any] | None = None
    program: dict[str, Any] = {}


class Came(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a call came to; `value` is what its tool gave, as JSON has it."""

    call_id: str
    agent: str
    tool: str
    arguments: str
    within: str | None = None
    value: Any = None
    error_type: str = ""
    error: str = ""


class Memory(Protocol):
    """Where a run's remains are kept, behind the events told so far."""

    def keep(self, kind: str, body: str) -> None:
        """Keep a body, JSON text."""

    async def kept(self) -> None:
        """Wait until everything told and given so far is kept."""


class _Known(NamedTuple):
    """The items that were kept: how many, and the last of them."""

    number: int
    newest: Any


class Checkpoints:
    """Gives the remains of one run to a memory.

    Args:
        runtime: The library of its agent.
        memory: Takes them; None keeps nothing.
    """

    def __init__(self, runtime: Runtime, memory: Memory | None) -> None:
        self._runtime = runtime
        self._memory = memory
        self._deltas = runtime.new_deltas() if memory is not None else None
        self._has_base = False
        self._known: _Known | None = None

    @property
    def are_kept(self) -> bool:
        """Whether anything is."""
        return self._memory is not None

    async def kept(self) -> None:
        """Wait until what was told so far is kept: a call must not begin unknown."""
        if self._memory is not None:
            await self._memory.kept()

    def begin(
        self, before: Conversation, text: str, run_input: Any, program: Mapping[str, Any]
    ) -> None:
        """Keep what the run begins with."""
        begun = Begun(
            before=remembered(before),
            text=text,
            items=run_input if isinstance(run_input, list) else None,
            program=dict(program),
        )
        self._keep("start", begun)

    def state(self, state: Any) -> None:
        """Keep a state that the runtime told."""
        if self._deltas is not None:
            delta = self._deltas.delta(state)
            self._keep("state" if self._has_base else "base", delta)
            self._has_base = True

    def turns_of(self, result: ForeignResult) -> Callable[[Any], None] | None:
        """Return what, given each event of a run's stream, keeps what stands before its turns.

        None where its runtime tells states, or nothing is kept.
        """
        if self._memory is None or self._deltas is not None:
            return None
        expected = _count_of_responses(result)

        def look(event: Any) -> None:
            nonlocal expected
            if text_field(field(event, "data"), "type") == "response.created":
                # Not where the runtime is a turn ahead of its stream.
                if _count_of_responses(result) == expected:
                    self._turn(result)
                expected += 1

        return look

    def _turn(self, result: ForeignResult) -> None:
        items = result.to_input_list()
        known = self._known
        goes_on = known is not None and items[known.number - 1 : known.number] == [known.newest]
        first = known.number if known is not None and goes_on else 0
        self._known = _Known(len(items), items[-1]) if items else None
        self._keep("turn", _remembered(items[first:], result.last_agent, result, first))

    def paused(self, result: ForeignResult) -> None:
        """Keep the state in which calls wait, of a runtime that tells no states."""
        if self._memory is None or self._deltas is not None:
            return
        # Each library refuses with errors of its own: the turns before are kept all the same.
        with suppress(Exception):
            state: Any = result.to_state()
            self._memory.keep("paused", state.to_string())

    def result(self, call: Call, outcome: Outcome) -> None:
        """Keep what a call came to, unless nothing came of it."""
        if outcome.error_type and outcome.result is None:
            return
        came = Came(
            call_id=call.call_id,
            agent=call.agent,
            tool=call.tool,
            arguments=call.arguments,
            within=call.within,
            value=_as_kept(outcome.result),
            error_type=outcome.error_type,
            error=outcome.error,
        )
        self._keep("result", came)

    def end(self, conversation: Conversation) -> None:
        """Keep what a follow-up goes on from."""
        self._keep("end", remembered(conversation))

    def _keep(self, kind: str, body: Any) -> None:
        if self._memory is not None:
            self._memory.keep(kind, as_json(_builtins(body)))


def remembered(conversation: Conversation) -> Remembered:
    """Return a conversation as it is kept."""
    given = conversation.options.get("previous_response_id")
    return Remembered(
        items=list(conversation.items),
        agent=name_of(conversation.agent),
        response_id=given if isinstance(given, str) else None,
    )


def _remembered(
    items: list[Any], agent: ForeignAgent, result: ForeignResult, first: int
) -> Remembered:
    response_id = field(result, "last_response_id")
    return Remembered(
        items=items,
        agent=name_of(agent),
        first=first,
        response_id=response_id if isinstance(response_id, str) else None,
    )


def _count_of_responses(result: ForeignResult) -> int:
    return len(field(result, "raw_responses") or ())


def _as_kept(value: Any) -> Any:
    """Return what a tool gave as JSON has it, or as its model reads it."""
    try:
        return msgspec.json.decode(as_json(value))
    except (msgspec.DecodeError, ValueError):
        return output_text(value)


def _builtins(value: Any) -> Any:
    """Return a struct as a dict; anything else as it is."""
    if not isinstance(value, msgspec.Struct):
        return value
    return {name: _builtins(getattr(value, name)) for name in value.__struct_fields__}
