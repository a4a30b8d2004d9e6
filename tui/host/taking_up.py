"""Goes on with kept runs: makes of a journal's records what a run or a follow-up begins with.

Stays out of how it lies on disk, and of how a run proceeds.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

# Items, states and their JSON are of either library.
from typing import Any, Final

import msgspec

from tui.errors import ResumeError
from tui.host.live.approvals import call_id_of
from tui.host.live.beginning import Beginning
from tui.host.live.checkpoints import Begun, Came, Remembered
from tui.host.live.fates import STOPPED, Fate
from tui.host.live.history import Conversation, closed, open_calls, user_item
from tui.host.live.looks import changes, looks_of
from tui.host.live.reach import agent_called
from tui.host.live.recalled import KnownResult, Recalled, recalled
from tui.host.live.recovery import Recovery, fate_of
from tui.host.live.remains import Unfinished
from tui.host.live.scope import Call
from tui.host.live.shapes import shown
from tui.host.opening import LoadedAgent
from tui.journal.store import Checkpoint, KeptRun, Store
from tui.wire.events import RunEvent, RunStarted

_FROM_TURN: Final = (
    "The state that was kept cannot be taken up: {why} The run goes on from what was said so far."
)


@dataclass(frozen=True, slots=True)
class KeptRemains:
    """What is kept of a run.

    Attributes:
        run: What the list of runs says of it.
        events: All of them, in `seq` order.
        checkpoints: Oldest first.
    """

    run: KeptRun
    events: Sequence[RunEvent]
    checkpoints: Sequence[Checkpoint]


def read_remains(store: Store, run_id: str) -> KeptRemains:
    """Return what is kept of a run.

    Raises:
        JournalError: If the journal cannot be read.
        ResumeError: If there is no such run.
    """
    run = store.run(run_id)
    if run is None or run.run_id != run_id:
        raise ResumeError(f"the run {run_id} is not kept here any more")
    return KeptRemains(run, tuple(store.events(run_id)), store.checkpoints(run_id))


def changed_since(kept: KeptRemains, agent: LoadedAgent) -> tuple[str, ...]:
    """Return what changed in the program since a run began, each in a few words."""
    begun = _begun(kept.checkpoints)
    return () if begun is None else tuple(changes(begun.program, looks_of(agent.agent)))


def kept_conversation(kept: KeptRemains, agent: LoadedAgent) -> Conversation | None:
    """Return what a follow-up of a kept run goes on from; None if that is not kept.

    Of a run that was cut off, the model reads that a call which left no result may have run.
    """
    newest = next((each for each in reversed(kept.checkpoints) if each.kind == "end"), None)
    if newest is not None:
        return _conversation(_read(newest, Remembered), agent)
    remains = _folded(kept.checkpoints)
    if remains is None:
        return None
    items, name, response_id = _items(remains, agent)
    before, lost = _recalled(kept, remains), (remains.seq, open_calls(items))
    fates = [
        *(fate_of(known.call, known.outcome) for known in before.finished(*lost)),
        *(Fate(call, STOPPED) for call, _ in before.in_doubt(*lost)),
    ]
    whole = list(closed(items, fates))
    return _conversation(Remembered(items=whole, agent=name, response_id=response_id), agent)


def _recalled(kept: KeptRemains, remains: "_Remains") -> Recalled:
    before = recalled(kept.run.run_id, kept.events)
    before.learn(remains.results)
    return before


async def taken_up(kept: KeptRemains, agent: LoadedAgent) -> Beginning:
    """Return what a run begins with that goes on in this process.

    Raises:
        ResumeError: If it has ended, or too little of it is kept.
    """
    remains = _folded(kept.checkpoints)
    if kept.run.ended_at is not None:
        raise ResumeError("the run has ended: send a message to go on")
    if kept.run.is_imported:
        raise ResumeError("the run came from a file: only what was said of it is known")
    if remains is None:
        raise ResumeError("the run was lost before anything of it was kept: send the message again")
    before = _recalled(kept, remains)
    state, why = await _state(remains, agent)
    items, name, response_id = _items(remains, agent)
    so_far = _conversation(Remembered(items=items, agent=name, response_id=response_id), agent)
    if state is not None:
        form = remains.form
        inside = before.around(_waiting(state)) if form is None else _calls_inside(form)
        before.resumed_inside = frozenset(inside)
    start = Unfinished(
        run_input=items if state is None else state,
        before=_conversation(remains.begun.before, agent),
        after=so_far,
        has_called=bool(remains.results),
    )
    started = next((each for each in kept.events if isinstance(each, RunStarted)), None)
    return Beginning(
        run_id=kept.run.run_id,
        target=kept.run.target,
        text=remains.begun.text,
        start=start,
        continues=started.continues if started is not None else None,
        retries=started.retries if started is not None else None,
        rehearsal=agent.rehearsal,
        notice=_FROM_TURN.format(why=why) if why else "",
        opened=agent.opened,
        root=kept.run.root,
        recovery=Recovery(before, remains.seq, state is not None, open_calls(items)),
    )


@dataclass(slots=True)
class _Remains:
    """The checkpoints of one run, folded.

    Attributes:
        begun: What it began with.
        seq: The last event told before the newest of what follows.
        deltas: What the newest process told of its states.
        paused: A state in which calls wait, as its runtime wrote it.
        turns: What stands before the newest turn.
        form: The newest state's JSON, once it was read.
    """

    begun: Begun
    seq: int = -1
    deltas: list[Any] = field(default_factory=list)
    paused: str = ""
    turns: Remembered | None = None
    results: list[KnownResult] = field(default_factory=list)
    form: Mapping[str, Any] | None = None

    def take(self, checkpoint: Checkpoint) -> None:
        """Take the next one."""
        match checkpoint.kind:
            case "base":
                self.deltas, self.paused = [json.loads(checkpoint.body)], ""
            case "state":
                self.deltas.append(json.loads(checkpoint.body))
            case "turn":
                newer = _read(checkpoint, Remembered)
                known = [] if self.turns is None else self.turns.items[: newer.first]
                self.turns = msgspec.structs.replace(newer, items=[*known, *newer.items])
                self.paused = ""
            case "paused":
                self.paused = checkpoint.body
            case "result":
                self.results.append(_known(checkpoint))
                return
            case _:
                return
        self.seq = checkpoint.seq


def _folded(checkpoints: Sequence[Checkpoint]) -> _Remains | None:
    begun = _begun(checkpoints)
    if begun is None:
        return None
    remains = _Remains(begun)
    for each in checkpoints:
        remains.take(each)
    return remains


def _begun(checkpoints: Sequence[Checkpoint]) -> Begun | None:
    first = next((each for each in checkpoints if each.kind == "start"), None)
    return None if first is None else _read(first, Begun)


def _known(checkpoint: Checkpoint) -> KnownResult:
    came = _read(checkpoint, Came)
    call = Call(came.agent, came.call_id, came.tool, came.arguments, came.within)
    return KnownResult(call, checkpoint.seq, came.value, came.error_type, came.error)


async def _state(remains: _Remains, agent: LoadedAgent) -> tuple[Any, str]:
    """Return the state to go on from, None where there is none, and why one cannot be read."""
    library = agent.runtime.library
    context = agent.options.get("context")
    given = {} if context is None else {"context_override": context}
    try:
        if remains.deltas:
            remains.form = library.folded(remains.deltas)
            return await library.RunState.from_json(agent.agent, remains.form, **given), ""
        if remains.paused:
            return await library.RunState.from_string(agent.agent, remains.paused, **given), ""
    except Exception as error:  # noqa: BLE001 - each library refuses with errors of its own
        return None, shown(error)
    return None, ""


def _items(remains: _Remains, agent: LoadedAgent) -> tuple[list[Any], str, str | None]:
    """Return the conversation so far, who has the control, and what the service keeps it under."""
    if remains.deltas:
        form = remains.form or agent.runtime.library.folded(remains.deltas)
        server = form.get("server") or {}
        return list(_said(form)), form["current_agent"], server.get("previous_response_id")
    if remains.turns is not None:
        turns = remains.turns
        return turns.items, turns.agent, turns.response_id
    before = remains.begun.before
    items = remains.begun.items
    begun = [*before.items, user_item(remains.begun.text)] if items is None else items
    return begun, before.agent, before.response_id


def _said(form: Mapping[str, Any]) -> Iterator[Any]:
    """Yield the items of a state of our own runtime, as a next run's input has them."""
    given = form["original_input"]
    yield from [user_item(given)] if isinstance(given, str) else given
    for item in form["items"]:
        if item["type"] != "tool_approval_item":
            yield item["raw"]["value"]


def _waiting(state: Any) -> Iterator[str]:
    """Yield the calls that wait in a state of either library, those inside others too."""
    for item in state.get_interruptions():
        yield call_id_of(item)


def _calls_inside(form: Mapping[str, Any]) -> Iterator[str]:
    for call_id, inner in form.get("nested", {}).items():
        yield call_id
        yield from _calls_inside(inner)


def _conversation(kept: Remembered, agent: LoadedAgent) -> Conversation:
    options = dict(agent.options)
    if kept.response_id is not None and options.get("previous_response_id") is not None:
        options["previous_response_id"] = kept.response_id
    holder = agent_called(agent.agent, kept.agent) or agent.agent
    return replace(Conversation((), holder, options), items=tuple(kept.items))


def _read(checkpoint: Checkpoint, kind: type[Any]) -> Any:
    try:
        return msgspec.json.decode(checkpoint.body, type=kind)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise ResumeError(
            f"what is kept of the run {checkpoint.run_id} is not of our form: {error}"
        ) from error
