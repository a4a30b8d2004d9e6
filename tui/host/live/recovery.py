"""Goes on with a run whose process was lost, where its runtime tells no states.

The turn that was under way is lost, what its calls did is not: the model reads what they came to,
and of one that left no result what a person says. Stays out of what is kept and of how it is read.
"""

from dataclasses import dataclass
from typing import Final

from tui.host.live.admission import Admission
from tui.host.live.fates import STOPPED, Fate
from tui.host.live.normalize import Ledger, output_text
from tui.host.live.normalize.ledger import Item
from tui.host.live.recalled import Recalled
from tui.host.live.scope import Call, Outcome
from tui.wire.events import HandoffRequested

_AGAIN: Final = f"{STOPPED} Call the tool again if its effect is still needed."


@dataclass(frozen=True, slots=True)
class Recovery:
    """What is known of the run.

    Attributes:
        before: What was told of it.
        seq: The newest event that its newest checkpoint knows of.
        from_state: Whether its runtime takes up the turn that was under way.
        open_calls: Those without an answer in what is gone on from, where it does not.
    """

    before: Recalled
    seq: int
    from_state: bool
    open_calls: frozenset[str] = frozenset()


async def settled_calls(recovery: Recovery, admission: Admission) -> tuple[Fate, ...]:
    """Return what the model reads of the lost turn's calls; waits for a person where it must."""
    before = recovery.before
    fates = [
        fate_of(known.call, known.outcome)
        for known in before.finished(recovery.seq, recovery.open_calls)
    ]
    for call, since in before.in_doubt(recovery.seq, recovery.open_calls):
        outcome = await admission.settle_doubt(call, since)
        fates.append(Fate(call, _AGAIN) if outcome is None else fate_of(call, outcome))
    return tuple(fates)


def ledger_of(run_id: str, before: Recalled | None) -> Ledger:
    """Return an empty ledger, or one that knows what was told in a process that was lost."""
    if before is None:
        return Ledger(run_id)
    ledger = Ledger(run_id, prefix=f"{run_id}.{before.last_seq}")
    for within, agent in (*before.inside.items(), (None, before.agent)):
        ledger.lane(within).agent = ledger.lane(within).announced_agent = agent
    for call_id, called in before.open_calls.items():
        is_handoff = isinstance(called, HandoffRequested)
        ledger.calls[call_id] = Item(
            called.item_id,
            "handoff" if is_handoff else "call",
            called.agent,
            "",
            call_id,
            called.tool,
            called.within,
            called.arguments,
        )
    return ledger


def fate_of(call: Call, outcome: Outcome) -> Fate:
    """Return what a model reads of a call's outcome."""
    told = outcome.error if outcome.result is None else output_text(outcome.result)
    return Fate(call, told)
