"""How a run's begin is told, or that it goes on in this process. Follows no stream."""

# A run's input is a text, items or a state of either library.
from typing import Any

from tui.host.live.beginning import Beginning
from tui.host.live.history import Conversation
from tui.host.live.looks import looks_of
from tui.host.live.parts import Parts
from tui.host.live.recovery import settled_calls
from tui.host.live.shapes import name_of
from tui.wire.events import RunRecovered, RunStarted, ToolOutput


def tell_begin(parts: Parts, beginning: Beginning) -> None:
    """Tell that a run begins, or goes on without what its process took along."""
    if (recovery := beginning.recovery) is not None:
        dropped = recovery.before.drop_after(recovery.seq)
        parts.spending.recall(recovery.before.events)
        parts.tell(RunRecovered(run_id=parts.run_id, dropped=dropped))
        return
    agent = parts.remains.conversation.agent
    parts.tell(
        RunStarted(
            run_id=parts.run_id,
            agent=name_of(agent),
            target=beginning.target,
            continues=beginning.continues,
            retries=beginning.retries,
            rehearsal=beginning.rehearsal,
        )
    )
    parts.requests.gained_control(name_of(agent))


def tell_message(parts: Parts, beginning: Beginning) -> None:
    """Tell what the person must know first and what they said; keep what the run begins with."""
    if beginning.notice:
        parts.notice(beginning.notice)
    if beginning.recovery is not None:
        return
    if isinstance(beginning.start, Conversation):
        parts.messages.begin(beginning.text)
    remains, checkpoints = parts.remains, parts.checkpoints
    program = looks_of(remains.conversation.agent) if checkpoints.are_kept else {}
    checkpoints.begin(remains.before, beginning.text, remains.first_input, program)


async def first_input(parts: Parts, beginning: Beginning) -> Any:
    """Return what the first segment is given; of a lost turn, once its calls are settled."""
    recovery = beginning.recovery
    if recovery is None or recovery.from_state:
        return parts.remains.first_input
    fates = await settled_calls(recovery, parts.admission)
    for fate in fates:
        parts.teller.tell(
            ToolOutput(
                run_id=parts.run_id,
                agent=fate.call.agent,
                call_id=fate.call.call_id,
                output=fate.text,
            )
        )
    return parts.remains.go_on_from(fates)
