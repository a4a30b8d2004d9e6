"""A real host process under a real screen's end: what it survives, and what it leaves behind."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from pathlib import Path

import pytest

from tests.host.told import kinds, only
from tui.cockpit.sources.host_options import HostOptions
from tui.cockpit.sources.host_process import spawn_host
from tui.cockpit.sources.hosted import HostedAgents
from tui.wire.commands import StartRun
from tui.wire.endpoint import StreamEndpoint
from tui.wire.events import (
    ConsoleOutput,
    MessageOutput,
    RunCompleted,
    RunFailed,
    RunPaused,
    RunStarted,
)
from tui.wire.frames import Hello, Ready, Unready, upward_reader

ROOT = Path(__file__).parents[2]
TARGET = "tests/host/agents/scripted.py:agent"
DEADLINE_S = 60.0


@pytest.fixture
async def agents(monkeypatch):
    monkeypatch.chdir(ROOT)
    hosted = HostedAgents(TARGET)
    yield hosted
    await hosted.close()


async def all_events(run):
    async with asyncio.timeout(DEADLINE_S):
        return [event async for event in run.stream_events()]


async def until(run, kind):
    """Read a run's events up to the first of a kind, which is returned with the iterator."""
    events = run.stream_events()
    async with asyncio.timeout(DEADLINE_S):
        async for event in events:
            if isinstance(event, kind):
                return event, events
    raise AssertionError(f"the run ended without {kind.__name__}")


async def gone(pid):
    """Wait until a process, which may be nobody's child, has ended."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    ended = asyncio.Event()
    asyncio.get_running_loop().add_reader(handle, ended.set)
    try:
        async with asyncio.timeout(DEADLINE_S):
            await ended.wait()
    finally:
        asyncio.get_running_loop().remove_reader(handle)
        os.close(handle)


async def holds_its_loop(host_pid):
    """Have the host's loop held, and return once it is."""
    loop, told = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGUSR2, told.set)
    os.kill(host_pid, signal.SIGUSR1)
    async with asyncio.timeout(DEADLINE_S):
        await told.wait()
    loop.remove_signal_handler(signal.SIGUSR2)


async def test_a_run_comes_whole_and_in_order(agents):
    events = await all_events(agents.open_run("says_pid"))

    assert [event.seq for event in events] == list(range(len(events)))
    assert all(event.at > 0 for event in events)
    assert isinstance(events[-1], RunCompleted)
    assert int(events[-1].final_output) != os.getpid()


async def test_several_runs_share_one_process(agents):
    runs = [agents.open_run("says_pid") for _ in range(3)]
    ends = [(await all_events(run))[-1].final_output for run in runs]

    assert len(set(ends)) == 1


@pytest.mark.parametrize(
    ("script", "how"),
    [("exits", "exit code 7"), ("kills_itself", "signal SIGKILL"), ("crashes", "signal SIGSEGV")],
)
async def test_the_hosts_death_ends_its_runs_and_the_next_run_has_a_new_host(agents, script, how):
    bystander = agents.open_run("works_for_ever")
    await until(bystander, MessageOutput)
    events = await all_events(agents.open_run(script))
    failed = events[-1]

    assert isinstance(failed, RunFailed)
    assert failed.message == f"The agent process ended with {how}."
    assert "new process" in failed.advice
    assert isinstance((await all_events(bystander))[-1], RunFailed)
    assert isinstance((await all_events(agents.open_run("says_pid")))[-1], RunCompleted)


async def test_a_crash_leaves_its_traceback_in_the_details(agents):
    events = await all_events(agents.open_run("crashes"))

    assert "Segmentation fault" in events[-1].details


async def test_a_call_that_waited_is_withdrawn_when_the_host_dies(agents):
    run = agents.open_run("asks")
    said, _ = await until(run, MessageOutput)
    await until(run, RunPaused)
    os.kill(int(said.text), signal.SIGKILL)
    events = await all_events(run)

    assert kinds(events) == ["approval_withdrawn", "run_failed"]


async def test_a_follow_up_of_a_lost_run_says_that_the_history_is_lost(agents):
    lost = agents.open_run("exits")
    await all_events(lost)
    events = await all_events(agents.open_run("says_pid", continues=lost.run_id))

    assert only(events, RunStarted)[0].continues is None
    notices = [event.text for event in only(events, ConsoleOutput) if event.stream == "notice"]
    assert len(notices) == 1
    assert "remembers nothing" in notices[0]


async def test_a_follow_up_in_the_same_host_continues(agents):
    first = agents.open_run("says_pid")
    await all_events(first)
    events = await all_events(agents.open_run("says_pid", continues=first.run_id))

    assert only(events, RunStarted)[0].continues == first.run_id


async def test_what_is_printed_reaches_the_run_and_the_terminal_is_refused(agents):
    events = await all_events(agents.open_run("prints"))
    printed = {"stdout": "", "stderr": ""}
    for event in only(events, ConsoleOutput):
        printed[event.stream] += event.text

    assert "from Python \\udce2\n" in printed["stdout"]
    assert "from a thread\n" in printed["stdout"]
    assert "bytes\n" in printed["stdout"]
    assert "from a child\n" in printed["stdout"]
    assert "from a fork\n" in printed["stdout"]
    assert "to stderr\n" in printed["stderr"]
    assert "/dev/tty" in printed["stderr"]
    assert "to the terminal" not in printed["stdout"]
    assert isinstance(events[-1], RunCompleted)


async def test_a_forked_child_does_not_hide_the_hosts_death(agents):
    run = agents.open_run("forks")
    said, _ = await until(run, MessageOutput)
    await until(run, RunCompleted)
    other = agents.open_run("works_for_ever")
    await until(other, MessageOutput)
    os.kill(int(said.text), signal.SIGKILL)

    assert isinstance((await all_events(other))[-1], RunFailed)


async def test_what_was_printed_before_a_run_belongs_to_the_first(agents):
    events = await all_events(agents.open_run("says_pid"))

    assert "printed while the file was loaded" in only(events, ConsoleOutput)[0].text


async def test_a_child_that_prints_much_is_not_held_up_by_a_held_loop(agents):
    events = await all_events(agents.open_run("prints_much_while_it_holds_the_loop"))
    text = "".join(event.text for event in only(events, ConsoleOutput))

    assert isinstance(events[-1], RunCompleted)
    assert "characters more were printed" in text
    assert len(text) < 1_000_000


async def test_input_gets_end_of_file(agents):
    events = await all_events(agents.open_run("reads"))

    assert "end of file\n" in "".join(event.text for event in only(events, ConsoleOutput))


async def test_a_host_loads_no_screen_and_no_client_of_its_own(agents):
    events = await all_events(agents.open_run("says_modules"))
    loaded = events[-1].final_output.split()

    assert not {"textual", "rich", "openai", "pydantic", "agents", "tui.agents"} & set(loaded)
    assert not [name for name in loaded if name.startswith("tui.cockpit")]


async def test_user_code_sees_a_program_of_its_own(agents):
    events = await all_events(agents.open_run("says_arguments"))
    file = str(ROOT / "tests/host/agents/scripted.py")

    assert events[-1].final_output == repr(
        ([file], os.environ.get("PYTHONPATH"), str(ROOT / "tests/host/agents"))
    )


async def test_close_ends_a_working_run(monkeypatch):
    monkeypatch.chdir(ROOT)
    hosted = HostedAgents(TARGET)
    run = hosted.open_run("works_for_ever")
    said, rest = await until(run, MessageOutput)
    await hosted.close()
    remaining = [event async for event in rest]

    assert kinds(remaining)[-1] == "run_cancelled"
    await gone(int(said.text))


async def test_close_ends_a_held_loop_and_the_children_of_its_tools(monkeypatch):
    monkeypatch.chdir(ROOT)
    hosted = HostedAgents(TARGET)
    said, _ = await until(hosted.open_run("starts_a_child_and_holds_the_loop"), MessageOutput)
    host, child = map(int, said.text.split())
    await holds_its_loop(host)
    await hosted.close()

    await gone(host)
    await gone(child)


@pytest.mark.parametrize("script", ["works_for_ever", "starts_a_child_and_holds_the_loop"])
async def test_the_screens_death_ends_the_host_and_its_children(monkeypatch, script):
    monkeypatch.chdir(ROOT)
    process = await spawn_host(TARGET, HostOptions())
    process.line.write(Hello())
    process.line.write(StartRun(run_id="r", text=script))
    async with asyncio.timeout(DEADLINE_S):
        while not isinstance(said := await process.line.read(), MessageOutput):
            assert said is not None
    pids = list(map(int, said.text.split()))
    if "holds" in script:
        await holds_its_loop(pids[0])
    process.line.close()

    for pid in pids:
        await gone(pid)
    await process.ended()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
async def test_a_run_that_a_signal_from_outside_ended_has_failed(agents, number):
    run = agents.open_run("works_for_ever")
    said, rest = await until(run, MessageOutput)
    os.kill(int(said.text), number)
    async with asyncio.timeout(DEADLINE_S):
        remaining = [event async for event in rest]

    assert isinstance(remaining[-1], RunFailed)
    assert remaining[-1].message == f"The agent process was told to end by {number.name}."
    assert "new process" in remaining[-1].advice


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        ("tests/host/agents/missing.py:agent", "there is no file"),
        ("tests/host/agents/scripted.py:nobody", "has no 'nobody'"),
        ("tests/host/agents/scripted.py:not_an_agent", "is not an agent but of type str"),
        ("tests.host.agents.missing:agent", "there is no module"),
    ],
)
async def test_an_agent_that_cannot_be_loaded_fails_the_run_in_a_sentence(
    monkeypatch, target, sentence
):
    monkeypatch.chdir(ROOT)
    hosted = HostedAgents(target)
    events = await all_events(hosted.open_run("hello"))
    await hosted.close()

    told = [kind for kind in kinds(events) if kind != "console_output"]
    assert told == ["run_started", "user_message", "run_failed"]
    assert sentence in events[-1].message
    assert events[1].text == "hello"


async def test_what_a_file_that_cannot_be_loaded_printed_is_told_too(monkeypatch):
    monkeypatch.chdir(ROOT)
    hosted = HostedAgents("tests/host/agents/scripted.py:nobody")
    loss = await hosted.start()
    await hosted.close()

    assert loss is not None
    assert loss.printed == "printed while the file was loaded\n"


async def test_a_file_that_was_corrected_is_loaded_anew(monkeypatch, tmp_path):
    monkeypatch.chdir(ROOT)
    file = tmp_path / "desk.py"
    file.write_text("raise ValueError('not yet')\n")
    hosted = HostedAgents(f"{file}:agent")
    failed = (await all_events(hosted.open_run("hello")))[-1]
    file.write_text(
        "from tests.fakes.fake_runtime import Agent, Segment\n"
        "agent = Agent('Desk', [Segment(output='here')])\n"
    )
    events = await all_events(hosted.open_run("hello"))
    await hosted.close()

    assert "ValueError: not yet" in failed.message
    assert "Traceback" in failed.details
    assert events[-1].final_output == "here"


async def test_a_host_can_be_started_by_hand():
    """`python -m tui.host`, without the screen's own way of starting it."""
    ours, theirs = socket.socketpair()
    with theirs:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tui.host", "--line", str(theirs.fileno()), TARGET),
            cwd=ROOT,
            pass_fds=[theirs.fileno()],
            stdin=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
    line = await StreamEndpoint.over(ours, upward_reader())
    line.write(Hello())
    async with asyncio.timeout(DEADLINE_S):
        assert [type(await line.read()) for _ in range(2)] == [Hello, Ready]
        line.close()
        await process.wait()


async def test_a_host_ends_itself_after_it_could_not_load(monkeypatch):
    monkeypatch.chdir(ROOT)
    process = await spawn_host("nowhere.py:agent", HostOptions())
    process.line.write(Hello())
    async with asyncio.timeout(DEADLINE_S):
        said = [await process.line.read() for _ in range(3)]
        await process.ended()

    assert [type(each) for each in said] == [Hello, Unready, type(None)]
    process.line.close()
