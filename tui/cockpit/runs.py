"""One conversation as the app owns it: the host, the run in progress, its view and what is queued.

Folds and never draws; the app starts `follow` as a worker, panes subscribe. Knows no widget.
"""

import asyncio
import secrets
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from tui.cockpit.daemon_work import in_daemon
from tui.cockpit.lineage import Lineage
from tui.cockpit.local_events import LocalEvents
from tui.cockpit.projection.reduce import reduce
from tui.cockpit.projection.select import message_to_retry
from tui.cockpit.projection.view import RunView
from tui.cockpit.sources.base import AgentHost, Answer, Loss, Run
from tui.cockpit.sources.kept import Journal
from tui.wire.events import ENDINGS, Event, UserMessage

FRAME_S = 1 / 30
QUANTUM_S = 0.0005

Later: TypeAlias = Callable[[float, Callable[[], None]], object]
Shown: TypeAlias = Callable[[RunView], None]


def on_the_loop(delay_s: float, callback: Callable[[], None]) -> object:
    """Call `callback` once, `delay_s` from now, on the running loop."""
    return asyncio.get_running_loop().call_later(delay_s, callback)


class OpenRun:
    """A conversation: a run and its follow-ups, folded into one view.

    Commands only pass on a wish; the view changes with the events that come of it. The app runs
    `follow()` as one worker in the group `run-{name}`, and closes the host when it ends.

    Attributes:
        name: Unique among the open conversations of this process.
        view: What the conversation looks like now.
        changes: What changed in the program of an interrupted run, which was not taken up for that.
    """

    def __init__(
        self,
        host: AgentHost,
        *,
        later: Later = on_the_loop,
        wall: Callable[[], float] = time.time,
        journal: Journal | None = None,
    ) -> None:
        """Make one that is blank.

        Args:
            host: Where its runs are started.
            later: Calls back after a while.
            wall: UTC seconds.
            journal: Where kept runs are read; None if there is none.
        """
        self.host = host
        self.name = secrets.token_hex(4)
        self.view = RunView(target=host.target, rehearsal=host.rehearsal)
        self._later = later
        self._queued: deque[str] = deque()
        self._steering: deque[str] = deque()
        self._subscribers: list[Shown] = []
        self._opened: asyncio.Queue[Run | str | None] = asyncio.Queue()
        self._run: Run | None = None
        self._lineage = Lineage()
        self._local = LocalEvents(host, wall)
        self._journal = journal
        self._root = self._reopening = self._interrupted = ""
        self.changes: tuple[str, ...] = ()
        self._accepts_changes = False
        self._starting = ""
        self._is_armed = False
        self._is_closed = False

    @property
    def is_working(self) -> bool:
        """Whether a run is under way, be it waiting for a person, or read from the journal."""
        return self._run is not None or bool(self._reopening)

    @property
    def is_blank(self) -> bool:
        """Whether nothing was sent yet."""
        return not self.is_working and self.view.status == "idle"

    @property
    def starting(self) -> str:
        """The message of a run that has not begun yet, "" while there is none.

        An agent file may take its time to import; until then no event tells of the run.
        """
        return self._starting

    @property
    def queued(self) -> tuple[str, ...]:
        """Messages that wait for the run to complete, oldest first."""
        return tuple(self._queued)

    @property
    def steering(self) -> tuple[str, ...]:
        """Messages for the working run that no event has told of yet, oldest first."""
        return tuple(self._steering)

    @property
    def is_held(self) -> bool:
        """Whether what is queued waits for a person: the run before it did not complete."""
        return bool(self._queued) and not self.is_working and self.view.status != "completed"

    def subscribe(self, shown: Shown) -> Callable[[], None]:
        """Call `shown` with the view now and after each change, once a frame at most.

        It is called for changes of `starting`, `steering` and `queued` too.

        Returns:
            A function that ends this.
        """
        self._subscribers.append(shown)
        shown(self.view)
        return lambda: self._subscribers.remove(shown) if shown in self._subscribers else None

    def tell_loss(self, loss: Loss) -> None:
        """Show why nothing can be run, as a failed run would, if nothing was said here yet."""
        if not self.is_blank:
            return
        begun = self._local.begun()
        for event in (begun, *loss.events(begun.run_id, begun.at)):
            self._fold(event)

    # What a person wishes.

    def send(self, text: str) -> None:
        """Start the conversation, go on with it, or queue `text` behind what comes before it."""
        if not self.is_working and not self._queued:
            self.follow_up(text)
            return
        self.queue(text)
        self.send_queued()

    def start(self, text: str) -> None:
        """Start a run that continues no other, while none is under way."""
        self._lineage.begin(text)
        self._open(text, None)

    def follow_up(self, text: str) -> None:
        """Start a run that goes on with the newest one that began, if there is one.

        To send what failed once more is to try it again.
        """
        if text == message_to_retry(self.view):
            self.retry()
            return
        self._lineage.begin(text)
        self._open(text, self._lineage.newest)

    @property
    def root(self) -> str:
        """The first run of the conversation, "" before it began."""
        return self._root or self.view.root

    def reopen(self, run_id: str, root: str = "") -> None:
        """Show the conversation of a kept run as if it had been watched from its start.

        Its newest run is followed where it lives, and taken up again where it was interrupted.
        """
        self._root = root
        if not self.is_working:
            self._reopening = run_id
            self._opened.put_nowait(run_id)
            self._publish_soon()

    def retry(self, *, accepts_changes: bool = False) -> None:
        """Take the failed run up again, where that can help; from the journal if it has it.

        Args:
            accepts_changes: Whether the person knows what changed in the program meanwhile.
        """
        if self._interrupted and self._journal is not None:
            self._accepts_changes = accepts_changes
            self.reopen(self._interrupted)
            return
        text = message_to_retry(self.view)
        if text is not None and not self.is_working:
            retries = self._lineage.retry(text)
            self._open(text, self._lineage.newest, retries)

    def send_queued(self) -> None:
        """Go on with the oldest message that is queued, unless a run works."""
        if self._queued and not self.is_working:
            self.follow_up(self._queued.popleft())

    def queue(self, text: str) -> None:
        """Keep `text` until the run completed. After another end it stays, for `send_queued`."""
        self._queued.append(text)
        self._publish_soon()
        if self.view.status == "completed":
            # The run ended while the key was on its way: nothing would ask for it any more.
            self.send_queued()

    def take_back(self) -> str | None:
        """Return the newest queued message and forget it, None if there is none."""
        if not self._queued:
            return None
        self._publish_soon()
        return self._queued.pop()

    def decide(self, answer: Answer) -> None:
        """Approve or reject a pending call of the run."""
        if self._run is not None:
            self._run.decide(answer)

    def extend_budget(self) -> None:
        """Give as much again to a budget that is used up."""
        if self._run is not None:
            self._run.extend_budget()

    def say(self, text: str) -> None:
        """Give the working run a message for its next model call.

        One that comes too late is a message like any other.
        """
        if self._run is None:
            self.send(text)
            return
        self._steering.append(text)
        self._run.say(text)
        self._publish_soon()

    def cancel(self, mode: str = "immediate") -> None:
        """End the run, "after_turn" or "immediate"; what is queued is kept."""
        if self._run is not None:
            self._run.cancel(mode)

    def close(self, *, leaves: bool = False) -> None:
        """End the run and the worker, and show nothing any more. The host stays the app's.

        Args:
            leaves: Let the run go on instead.
        """
        if not leaves:
            self.cancel()
        self._is_closed = True
        self._subscribers.clear()
        self._opened.put_nowait(None)

    # The worker.

    async def follow(self) -> None:
        """Fold the events of every run of the conversation, until `close`."""
        while not self._is_closed:
            run = await self._opened.get()
            is_reopening = isinstance(run, str)
            if isinstance(run, str):
                run = await self._reopen(run)
            elif run is None:
                return
            if run is not None:
                await self._follow_run(run)
                self._release(run.run_id)
            self._publish_soon()
            # What was typed while the journal was read is meant for what it says.
            is_meant = self.view.status == "completed" or (is_reopening and run is None)
            if is_meant and not self._is_closed:
                self.send_queued()

    async def _reopen(self, run_id: str) -> Run | None:
        """Show what is kept; return the run that goes on, if one does."""
        assert self._journal is not None, "what is kept was read there"
        try:
            found = await in_daemon(partial(self._journal.reopened, run_id))
            self._lineage.ended(found.run.run_id, has_begun=True)
            self.view, self._interrupted = found.view, ""
            self._run = found.go_on(self.host, accepts_changes=self._accepts_changes)
            self.changes, self._accepts_changes = (), False
        except Exception as error:  # noqa: BLE001 - as with a source: the composer must come back
            for event in self._local.unopened("", self._local.begun(), error):
                self._fold(event)
        finally:
            self._reopening = ""
            self._publish_soon()
        return self._run

    async def _follow_run(self, run: Run) -> None:
        try:
            await self._fold_all(run)
        # The outermost loop around a source: a worker that dies would take the screen along.
        except Exception as error:  # noqa: BLE001
            self._fold(self._local.failure(run.run_id, error))
            return
        if self.view.status in ("running", "waiting") or self.view.run_id != run.run_id:
            self._fold(self._local.ended_early(run.run_id))

    async def _fold_all(self, run: Run) -> None:
        resumed = time.perf_counter()
        async for event in run.stream_events():
            self._fold(event)
            if isinstance(event, ENDINGS):
                # The source may take its time to end; the composer need not.
                self._release(run.run_id)
            if time.perf_counter() - resumed > QUANTUM_S:
                # A source that never suspends would keep every key waiting.
                await asyncio.sleep(0)
                resumed = time.perf_counter()

    def _release(self, run_id: str) -> None:
        if self._run is None or self._run.run_id != run_id:
            return
        self._interrupted = run_id if self._run.is_interrupted else ""
        self.changes = self._run.changes
        is_withdrawn = self.view.status == "cancelled"
        self._lineage.ended(run_id, has_begun=self._run.has_begun, is_withdrawn=is_withdrawn)
        self._run = None
        # What the run did not live to hear is not lost.
        self._queued.extendleft(reversed(self._steering))
        self._steering.clear()

    def _fold(self, event: Event) -> None:
        self._starting = ""
        if isinstance(event, UserMessage) and event.steering and self._steering:
            self._steering.popleft()
        self.view = reduce(self.view, event)
        self._publish_soon()

    def _open(self, text: str, continues: str | None, retries: str | None = None) -> None:
        self._interrupted = ""
        unheard = tuple(self._lineage.unheard)
        try:
            self._run = self.host.open_run(text, continues, retries=retries, unheard=unheard)
        # A host is foreign ground: whatever it raises, the composer must come back.
        except Exception as error:  # noqa: BLE001
            begun = self._local.begun(continues, retries)
            self._lineage.ended(begun.run_id, has_begun=False)
            for event in self._local.unopened(text, begun, error):
                self._fold(event)
            return
        self._starting = text
        self._publish_soon()
        self._opened.put_nowait(self._run)

    # The frame timer.

    def _publish_soon(self) -> None:
        # Trailing timer: a throttle would swallow the last event before a pause.
        if self._is_armed or self._is_closed:
            return
        self._is_armed = True
        self._later(FRAME_S, self._publish)

    def _publish(self) -> None:
        self._is_armed = False
        for shown in tuple(self._subscribers):
            shown(self.view)
