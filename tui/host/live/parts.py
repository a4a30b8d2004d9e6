"""What one run is made of, in the order in which the pieces know each other. Runs nothing."""

from collections.abc import Callable
from dataclasses import dataclass

from tui.host.live.admission import Admission
from tui.host.live.beginning import Beginning
from tui.host.live.calls import CallWatch
from tui.host.live.checkpoints import Checkpoints, Memory
from tui.host.live.gate import Gate
from tui.host.live.messages import Messages
from tui.host.live.nested import NestedRuns
from tui.host.live.normalize import Normalizer
from tui.host.live.recovery import ledger_of
from tui.host.live.remains import Remains
from tui.host.live.requests import Requests
from tui.host.live.rulebook import Rulebook
from tui.host.live.runtime import Runtime
from tui.host.live.spending import Spending
from tui.host.live.teller import Teller
from tui.wire.events import DELTAS, AgentChanged, ConsoleOutput, RunEvent, ToolOutput


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """The pieces of one run.

    Attributes:
        run_id: The run's id.
        teller: The way of its events.
        normalizer: Reads its stream.
        calls: Its calls between their start and their end.
        requests: Its calls that wait for a person.
        spending: What it has used up.
        admission: What its calls and models wait for.
        messages: What the person says to it.
        checkpoints: What it leaves for another process.
        remains: What it leaves for the next message.
    """

    run_id: str
    teller: Teller
    normalizer: Normalizer
    calls: CallWatch
    requests: Requests
    spending: Spending
    admission: Admission
    messages: Messages
    checkpoints: Checkpoints
    remains: Remains

    def tell(self, event: RunEvent) -> None:
        """Tell an event of the run's own stream, with what it means for the pieces."""
        if not isinstance(event, DELTAS):
            self.spending.note(event)
            if isinstance(event, AgentChanged) and event.within is None:
                self.requests.gained_control(event.agent)
            if isinstance(event, ToolOutput):
                self.calls.before_output(event.call_id)
        self.teller.tell(event)

    def notice(self, text: str) -> None:
        """Tell something that the host itself has to say."""
        self.tell(ConsoleOutput(run_id=self.run_id, text=f"{text}\n", stream="notice"))


def parts_of(
    beginning: Beginning,
    runtime: Runtime,
    gate: Gate,
    rulebook: Rulebook,
    *,
    emit: Callable[[RunEvent], None],
    flush: Callable[[], None],
    memory: Memory | None,
    waits: Callable[[], None],
) -> Parts:
    """Return the pieces of a run.

    Args:
        beginning: What it begins with.
        runtime: The agents library of its agent.
        gate: Stands in the tools.
        rulebook: What its calls must pass.
        emit: Takes the events, in order, without `seq` and `at`.
        flush: Has told what was printed so far.
        memory: Keeps what another process would need; None keeps nothing.
        waits: Called when a call or a model begins to wait.
    """
    run_id, before = beginning.run_id, beginning.before
    ledger = ledger_of(run_id, before)
    checkpoints = Checkpoints(runtime, memory)
    teller = Teller(run_id, emit, ledger.new_id, before)
    normalizer = Normalizer(ledger, runtime.handoff_tools)
    nested = NestedRuns(ledger, normalizer, teller)
    calls = CallWatch(ledger, nested, teller, flush, checkpoints, before)
    root = beginning.root or run_id
    requests = Requests(ledger, calls, teller, rulebook, root, gate.tool_named, before)
    spending = Spending(run_id, rulebook, teller.tell)
    admission = Admission(run_id, rulebook, requests, spending, teller, waits, before)
    calls.admission = admission
    messages = Messages(run_id, teller.tell, before.messages if before is not None else 0)
    remains = Remains(runtime, calls.fates, beginning.start, beginning.text)
    return Parts(
        run_id,
        teller,
        normalizer,
        calls,
        requests,
        spending,
        admission,
        messages,
        checkpoints,
        remains,
    )
