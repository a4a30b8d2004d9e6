"""The runs of one host: starts them, hands commands to them, gives their events to the outbox."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from tui.errors import BatonError, ElsewhereError
from tui.host.console import Console
from tui.host.feed import Feed
from tui.host.garbage import Sweep
from tui.host.keeping import Keeping, Place, RunMemory
from tui.host.kept_runs import KeptRuns, refusal
from tui.host.live.beginning import Beginning
from tui.host.live.chain import Chain
from tui.host.live.gate import Gate
from tui.host.live.history import Conversation, user_item
from tui.host.live.remains import Unfinished
from tui.host.live.rulebook import Rulebook
from tui.host.opening import LoadedAgent
from tui.host.outbox import TICK_S, Outbox
from tui.host.waiting import Waiting
from tui.wire.commands import (
    AnyCommand,
    Attach,
    Cancel,
    Decide,
    ExtendBudget,
    Hold,
    Release,
    Resume,
    Revoke,
    Say,
    StartRun,
)
from tui.wire.endpoint import UpwardEnd
from tui.wire.events import RunEvent
from tui.wire.frames import NotResumed

_LOST_HISTORY = (
    "The earlier conversation ended with its agent process. The agent begins anew: "
    "it remembers nothing of what stands above, and rules granted but not kept are gone."
)
_NOT_HERE = "the agent process does not run it any more"
_NOT_KEPT = "the agent process keeps nothing any more: what it has told cannot be shown again"


class Runs:
    """All runs of one agent, several at a time.

    Args:
        line: The host's end of the line to its first screen.
        agent: What to run.
        console: What they print.
        drain_console: Takes what still lies in the console's pipes.
        rulebook: What their calls must pass.
        journal: Where they are kept; None keeps nothing.

    Attributes:
        final_output: Of the run that completed last; None as long as none did.
        first: The way up to the first screen.
        changed: Called when a run ends, begins to wait, or goes on.
    """

    def __init__(
        self,
        line: UpwardEnd,
        agent: LoadedAgent,
        console: Console,
        drain_console: Callable[[], None],
        rulebook: Rulebook | None = None,
        journal: Place | None = None,
    ) -> None:
        self.final_output: object = None
        self.changed: Callable[[], object] = lambda: None
        self._agent = agent
        self._console = console
        self._drain_console = drain_console
        self._running: dict[str, Chain] = {}
        # Told to the next run, where none runs when it becomes known.
        self._untold = ""
        self._keeping = Keeping(journal, self._say)
        self._outbox = Outbox(journal=self._keeping)
        self.first = self._outbox.add(line)
        self._waiting = Waiting()
        self._pump = asyncio.ensure_future(self._outbox.pump())
        self._gate = Gate()
        self._rulebook = rulebook or Rulebook()
        self._kept = KeptRuns(agent, self._keeping, self._outbox, self._rulebook)
        self._policy_watch = asyncio.ensure_future(self._rulebook.follow_policy())
        self._roots: dict[str, str] = {}
        self._taken_up_behind: dict[str, int] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._ended: dict[str, Conversation] = {}
        self._unfinished: dict[str, Unfinished] = {}
        self._loop = asyncio.get_running_loop()
        self._sweep = Sweep()
        console.wake = self._wake_for_prints
        console.wake()

    @property
    def are_kept(self) -> bool:
        """Whether what they tell goes into a journal."""
        return self._keeping.is_on

    @property
    def are_idle(self) -> bool:
        """Whether no run does anything: none is under way but those that wait for a person."""
        return all(run_id in self._waiting for run_id in self._running)

    @property
    def are_waiting(self) -> bool:
        """Whether a run waits for a person."""
        return bool(self._running) and self.are_idle

    def listen(self, line: UpwardEnd) -> Feed:
        """Return the way up to one more screen."""
        return self._outbox.add(line)

    def leave(self, feed: Feed) -> None:
        """Forget a screen that is gone."""
        self._outbox.remove(feed)

    def obey(self, command: AnyCommand, feed: Feed | None = None) -> None:
        """Do what a command says; one for a run that has ended comes too late and does nothing.

        Args:
            command: The wish.
            feed: The way up to the screen it came from, None for the first.
        """
        feed = feed or self.first
        match command:
            case StartRun():
                feed.begin(command.run_id)
                self._start(command)
            case Resume():
                self._do(self._resume(command, feed))
            case Attach():
                self._attach(command, feed)
            case Hold(by=by):
                self._rulebook.hold(by)
            case Release(by=by):
                self._rulebook.release(by)
            case Revoke(rule_id=rule_id, by=by):
                self._rulebook.revoke(rule_id, by)
            case _:
                self._hand_on(command)

    def _hand_on(self, command: AnyCommand) -> None:
        run = self._running.get(command.run_id)
        if run is None:
            return
        match command:
            case Decide():
                run.decide(command)
            case Say(text=text):
                run.say(text)
            case Cancel(mode=mode):
                run.cancel(mode)
            case ExtendBudget(by=by):
                run.extend_budget(by)

    def _attach(self, command: Attach, feed: Feed) -> None:
        run_id = command.run_id
        if not self.are_kept:
            feed.tell(NotResumed(run_id=run_id, why=_NOT_KEPT))
        elif run_id in self._running or run_id in self._ended:
            feed.catch_up(run_id, command.after)
        else:
            feed.tell(NotResumed(run_id=run_id, why=_NOT_HERE))

    async def go_silent(self, limit_s: float) -> None:
        """Hand on what was told so far, and tell nothing more: in the journal the runs go on."""
        with suppress(TimeoutError):
            async with asyncio.timeout(limit_s):
                await self._outbox.emptied()
        self._outbox.fall_silent()

    async def close(self, limit_s: float, *, as_wished: bool = True, why: str = "") -> None:
        """Cancel what runs and send its last events, in `limit_s` at most.

        Where nobody wished it, nothing more is sent: the runs were not cancelled by a person, and
        the screen tells of this process's end.

        Args:
            limit_s: How long it may take.
            as_wished: Whether somebody wished the end.
            why: A sentence, where it was no person at the screen: the runs failed then.
        """
        if not as_wished:
            self._pump.cancel()
        for run in self._running.values():
            if why:
                run.lose(why)
            else:
                run.cancel("immediate")
        try:
            async with asyncio.timeout(limit_s):
                await asyncio.gather(*self._tasks, return_exceptions=True)
                if as_wished:
                    await self._outbox.emptied()
        except TimeoutError:
            # A tool that does not stop, or a screen that does not read: neither holds the end up.
            pass
        finally:
            self._pump.cancel()
            self._policy_watch.cancel()
            self._sweep.stop()
            self._gate.close()
            self._console.wake = lambda: None
            await self._keeping.close()

    async def _resume(self, command: Resume, feed: Feed) -> None:
        """Go on with a kept run, or say why not."""
        run_id = command.run_id
        if run_id in self._running:
            return
        found = await self._kept.take_up(command)
        if isinstance(found, NotResumed):
            feed.tell(found)
            return
        if run_id in self._running:
            # Two screens have asked at the same time. What one knows already it lets pass.
            feed.catch_up(run_id, self._taken_up_behind[run_id])
            return
        self._taken_up_behind[run_id] = found.last
        self._kept.go_on(found)
        feed.begin(run_id, found.last)
        self._roots[run_id] = found.root
        self._run(found.beginning)

    def _start(self, command: StartRun) -> None:
        try:
            earlier = self._earlier(command.continues)
        except ElsewhereError as error:
            for event in refusal(command, self._agent, error):
                self._outbox.put(event)
            return
        is_lost = command.continues is not None and earlier is None
        again = self._unfinished.pop(command.retries or "", None)
        # What another run went on from is tried again no more.
        self._unfinished.pop(command.continues or "", None)
        before = command.continues or command.retries or command.run_id
        root = self._roots[command.run_id] = self._roots.get(before, command.run_id)
        beginning = Beginning(
            run_id=command.run_id,
            target=self._agent.target,
            text=command.text,
            start=again or self._conversation(earlier, command.unheard),
            continues=command.continues if earlier is not None else None,
            retries=command.retries,
            rehearsal=self._agent.rehearsal,
            notice=self._notice(_LOST_HISTORY if is_lost else ""),
            opened=self._agent.opened,
            root=root,
        )
        self._run(beginning)

    def _run(self, beginning: Beginning) -> None:
        memory = RunMemory(beginning.run_id, self._outbox, self._keeping)
        run = Chain(
            beginning,
            self._agent.runtime,
            self._gate,
            self._rulebook,
            self._tell,
            self._tell_prints,
            memory if self._keeping.is_on else None,
        )
        self._running[run.run_id] = run
        self._do(self._follow(run))

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _earlier(self, continues: str | None) -> Conversation | None:
        """Return what a run goes on from: as this host knows it, or as it is kept.

        Raises:
            ElsewhereError: If another host lives that has it.
        """
        if continues is None or continues in self._ended or not self._keeping.is_on:
            return self._ended.get(continues or "")
        try:
            conversation, self._roots[continues] = self._kept.conversation(continues)
        except ElsewhereError:
            raise
        except BatonError as error:
            self._untold = f"{error}."
            return None
        return conversation

    def _tell(self, event: RunEvent) -> None:
        self._outbox.put(event)
        if self._waiting.note(event):
            self.changed()

    def _notice(self, text: str) -> str:
        untold, self._untold = self._untold, ""
        return "\n".join(filter(None, (text, untold)))

    def _say(self, text: str, run_id: str | None) -> None:
        """Say something to who looks at a run, or at any."""
        if not self._running and run_id is None:
            self._untold = text
        for run in self._running.values():
            if run_id in (None, run.run_id):
                run.notice(text)

    def _conversation(self, earlier: Conversation | None, unheard: tuple[str, ...]) -> Conversation:
        begun = earlier or Conversation((), self._agent.agent, self._agent.options)
        return begun.and_then(*map(user_item, unheard)) if unheard else begun

    async def _follow(self, run: Chain) -> None:
        try:
            await run.follow()
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # noqa: BLE001 - a run without an end looks as if it worked
            run.fail(error)
        finally:
            del self._running[run.run_id]
            self._waiting.forget(run.run_id)
            self.changed()
            self._ended[run.run_id] = run.conversation
            if run.unfinished is not None:
                self._unfinished[run.run_id] = run.unfinished
            if run.final_output is None:
                self._sweep.soon()
            else:
                self.final_output = run.final_output

    def _wake_for_prints(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.call_later, TICK_S, self._tell_prints)

    def _tell_prints(self) -> None:
        self._drain_console()
        newest = next(reversed(self._running), None)
        for event in self._console.take(newest):
            if run := self._running.get(event.run_id):
                run.printed(event)
