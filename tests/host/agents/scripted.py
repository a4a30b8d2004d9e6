"""An agent file for tests of real host processes: what the person types says what happens."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading

from tests.fakes.fake_runtime import Agent, Segment, agent_updated, called, message, waiting

print("printed while the file was loaded")


class Typed(Agent):
    """Takes its script by the name that was typed."""

    @property
    def segments(self):
        return self._segments or [SCRIPTS[_typed(self.inputs[-1])]()]

    @segments.setter
    def segments(self, segments):
        self._segments = segments


def _typed(run_input):
    return run_input if isinstance(run_input, str) else run_input[-1]["content"]


def exits():
    return _doing(lambda: os._exit(7))


def kills_itself():
    return _doing(lambda: os.kill(os.getpid(), signal.SIGKILL))


def crashes():
    import ctypes

    return _doing(lambda: ctypes.string_at(0))


def asks():
    return Segment(
        [agent_updated(agent), message(agent, str(os.getpid())), called(agent, "c1", "refund")],
        interruptions=[waiting(agent, "c1", "refund")],
    )


def says_pid():
    return _saying(str(os.getpid()))


def says_modules():
    return _saying(" ".join(sorted(sys.modules)))


def says_arguments():
    return _saying(repr((sys.argv, os.environ.get("PYTHONPATH"), sys.path[0])))


def works_for_ever():
    async def step(hooks, _):
        await asyncio.Event().wait()

    return Segment([agent_updated(agent), message(agent, str(os.getpid())), step])


def starts_a_child_and_holds_the_loop():
    """Holds it at SIGUSR1 and says so to its parent by SIGUSR2."""
    child = subprocess.Popen(["sleep", "600"])
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, told.set)

    async def hold(hooks, _):
        await told.wait()
        os.kill(os.getppid(), signal.SIGUSR2)
        threading.Event().wait()

    pids = f"{os.getpid()} {child.pid}"
    return Segment([agent_updated(agent), message(agent, pids), hold])


def prints():
    async def step(hooks, _):
        print("from Python", "\udce2")
        print("to stderr", file=sys.stderr)
        sys.stdout.buffer.write(b"bytes\n")
        await asyncio.to_thread(print, "from a thread")
        _shell("echo from a child; echo to the terminal > /dev/tty")
        _fork_and_print()

    return Segment([agent_updated(agent), step], output="printed")


def forks():
    """Its child lives on after the host is gone."""

    def act():
        if os.fork() == 0:
            signal.pause()
            os._exit(0)

    async def step(hooks, _):
        act()

    return Segment([agent_updated(agent), message(agent, str(os.getpid())), step], output="forked")


def prints_much_while_it_holds_the_loop():
    async def step(hooks, _):
        _shell("yes 0123456789 | head -c 3000000")

    return Segment([agent_updated(agent), step], output="printed")


def reads():
    def act():
        try:
            input("name? ")
        except EOFError:
            print("end of file")

    segment = _doing(act)
    segment.output = "read"
    return segment


def _doing(act):
    async def step(hooks, _):
        act()

    return Segment([agent_updated(agent), step])


def _fork_and_print():
    child = os.fork()
    if child == 0:
        print("from a fork")
        os._exit(0)
    os.waitpid(child, 0)


def _shell(command):
    subprocess.run(["sh", "-c", command], check=False)


def _saying(text):
    return Segment([agent_updated(agent), message(agent, text)], output=text)


SCRIPTS = {name: value for name, value in globals().items() if callable(value)}
agent = Typed("Scripted")
not_an_agent = "text"
