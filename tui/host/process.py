"""The host process: what it is to the operating system, from its start to its end.

It ends at a signal, when its agent could not be loaded, or when nobody needs it: where nothing is
kept, once the screen has closed the line. What its tools started goes with it.
"""

import asyncio
import atexit
import faulthandler
import gc
import os
import select
import signal
import threading

from tui.host.capture import Capture
from tui.host.console import Console
from tui.host.door import open_door, place_of
from tui.host.garbage import look_late
from tui.host.hosting import Hosting, import_or_tell, rules_or_tell
from tui.host.loading import Wanted
from tui.host.strays import end_strays
from tui.wire.frames import Unready

# What the agent's servers and tools have to end by themselves, when it is left.
_LEAVING_S = 0.7
# After these more the process group is killed, whatever hangs.
_END_S = 0.6
# What the children have to put things in order.
_CHILDREN_S = 0.1


def run_host(line: int, wanted: Wanted) -> int:
    """Be the host process on the socket `line`, and return its exit code."""
    os.set_inheritable(line, False)
    # A forked child that lived on would keep the screen from seeing this process's end.
    os.register_at_fork(after_in_child=lambda: os.close(line))
    # The SDK sends traces of every run to a service unless it is told not to.
    os.environ.setdefault("OPENAI_AGENTS_DISABLE_TRACING", "1")
    console = Console()
    capture = Capture(console)
    faulthandler.enable(capture.own_stderr)
    door, notice = open_door(wanted)
    console.note_raw(notice, "notice")
    hosting = Hosting(console, capture.drain, _end_in_time, place_of(wanted, door), door)
    threading.Thread(target=_end_with, args=(line, hosting), name="line watch", daemon=True).start()
    usual = gc.get_threshold()
    # Not inside the loop: `agent = asyncio.run(build())` stands at the top of many files.
    rules = rules_or_tell(wanted)
    imported = rules if isinstance(rules, Unready) else import_or_tell(wanted)
    rulebook = None if isinstance(rules, Unready) else rules
    # The agent file may have a mind of its own about it.
    look_late(usual)
    atexit.register(_end_children)
    loop = asyncio.new_event_loop()
    loop.run_until_complete(hosting.serve_socket(line, imported, rulebook))
    if door is not None:
        door.close()
    return 0


def _end_with(line: int, hosting: Hosting) -> None:
    """Wait in a thread for the screen's end: the loop may be held by a tool."""
    hangup = select.poll()
    hangup.register(line, 0)
    hangup.poll()
    hosting.screen_is_gone()
    if not hosting.lives_on:
        _end_at_last()


def _end_in_time() -> None:
    threading.Thread(target=_end_at_last, name="deadline", daemon=True).start()


def _end_at_last() -> None:
    threading.Event().wait(_LEAVING_S)
    end_strays()
    threading.Event().wait(_END_S)
    _end_children()


def _end_children() -> None:
    """End the process group, this process included, if it leads one of its own."""
    if os.getpgrp() != os.getpid():
        return
    os.killpg(0, signal.SIGTERM)
    threading.Event().wait(_CHILDREN_S)
    os.killpg(0, signal.SIGKILL)
