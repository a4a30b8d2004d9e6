"""The command that is run for a notice: facts, no shell, an end, and one sentence for a failure."""

import asyncio
import os
import sys
import time

import pytest

from tests.processes import children
from tui.cockpit.attention import Cause, Notice
from tui.cockpit.hook import CommandHook, facts

NOTICE = Notice((Cause("k", "request", "Refunds asks to call pay", "Refunds", "pay"),))
FIVE = ("BATON_EVENT", "BATON_MESSAGE", "BATON_AGENT", "BATON_TOOL", "BATON_WAITING")


def hook(*command, within_s=20.0, said=None, environ=None):
    return CommandHook(command, within_s, (said if said is not None else []).append, environ or {})


async def test_it_gets_the_facts_in_its_environment(tmp_path):
    told = tmp_path / "told"
    code = f"import os; print([os.environ[n] for n in {FIVE}], file=open({str(told)!r}, 'w'))"
    await hook(sys.executable, "-c", code).run(NOTICE, 3)
    assert told.read_text().strip() == str(
        ["request", "Refunds asks to call pay", "Refunds", "pay", "3"]
    )


async def test_no_shell_reads_its_arguments(tmp_path):
    told = tmp_path / "told"
    code = f"import sys; print(sys.argv[1], file=open({str(told)!r}, 'w'))"
    await hook(sys.executable, "-c", code, "$(echo hi); `id` $BATON_TOOL").run(NOTICE, 1)
    assert told.read_text() == "$(echo hi); `id` $BATON_TOOL\n"


async def test_it_is_ended_after_its_time_with_what_it_started():
    said = []
    others, before = set(children(os.getpid())), time.monotonic()
    await hook("sh", "-c", "sleep 600 & wait", within_s=0.2, said=said).run(NOTICE, 1)
    assert time.monotonic() - before < 60
    assert said == ["The attention command sh was ended: it took longer than 0.2 s"]
    assert set(children(os.getpid())) == others, "nobody waited for it"


async def test_a_screen_that_ends_before_it_leaves_it_not_behind(tmp_path):
    begun, others = tmp_path / "begun", set(children(os.getpid()))
    os.mkfifo(begun)
    running = asyncio.ensure_future(
        hook("sh", "-c", f"echo > {begun}; sleep 600 & wait").run(NOTICE, 1)
    )
    await asyncio.to_thread(begun.read_text)
    running.cancel()
    await asyncio.wait({running})
    assert running.cancelled()
    assert set(children(os.getpid())) == others


@pytest.mark.parametrize(
    ("command", "how"),
    [
        (("/no/such/program",), "cannot be run: No such file or directory"),
        (("sh", "-c", "exit 3"), "ended with exit code 3"),
        (("sh", "-c", "kill -9 $$"), "died of signal 9"),
    ],
)
async def test_a_failure_is_said_once(command, how):
    said = []
    failing = hook(*command, said=said)
    for _ in range(2):
        await failing.run(NOTICE, 1)
    assert said == [f"The attention command {command[0]} {how}"]


async def test_one_runs_at_a_time(tmp_path):
    log = tmp_path / "log"
    writing = hook("sh", "-c", f"echo begin >> {log}; sleep 0.05; echo end >> {log}")
    await asyncio.gather(*(writing.run(NOTICE, 1) for _ in range(3)))
    assert log.read_text().split() == ["begin", "end"] * 3


def test_facts_are_plain_lines():
    hostile = Notice((Cause("k", "request", "a\x00b\nc", "\x1b]0;x\x07", "t" * 5_000),))
    told = facts(hostile, 1)
    assert not any(ord(c) < 32 or ord(c) == 127 for value in told.values() for c in value)
    assert max(map(len, told.values())) <= 1_000
