"""What a real host enters for its agent, it leaves in order, however it ends; and which model."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from tests.fakes.responses_server import FakeResponsesServer
from tests.host.serving import LIBRARIES
from tui.cockpit.sources.host_options import HostOptions
from tui.cockpit.sources.host_process import spawn_host
from tui.cockpit.sources.hosted import HostedAgents
from tui.rehearsal.script import call, reply, say
from tui.wire.commands import StartRun
from tui.wire.events import MessageOutput, RunCompleted, RunFailed, ToolOutput
from tui.wire.frames import Hello

ROOT = Path(__file__).parents[2]
DEADLINE_S = 60.0

FILE = """
import asyncio, os, signal
from contextlib import asynccontextmanager
from pathlib import Path
from tests.fakes.fake_runtime import Agent, Segment, agent_updated, message

LOG = Path(__file__).with_suffix(".log")

def note(word):
    with LOG.open("a") as log:
        log.write(f"{word} {id(asyncio.current_task())}\\n")

async def waits(hooks, agent):
    await asyncio.Event().wait()

@asynccontextmanager
async def desk():
    note("in")
    agent = Agent("Desk")
    pid = message(agent, str(os.getpid()))
    agent.segments = [Segment([agent_updated(agent), pid, waits]), Segment([], output="done")]
    yield agent
    await asyncio.sleep(0)
    note("out")

@asynccontextmanager
async def slow():
    note("in")
    try:
        os.kill(os.getppid(), signal.SIGUSR2)
        await asyncio.Event().wait()
        yield Agent("Desk")
    finally:
        note("out")

@asynccontextmanager
async def fails_later():
    task = asyncio.current_task()
    asyncio.get_running_loop().call_later(0.2, task.cancel)
    try:
        yield Agent("Desk", [Segment([waits])])
    except asyncio.CancelledError:
        raise ConnectionError("the server of the tools is gone")
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "desk.py").write_text(FILE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return tmp_path


def log_of(folder):
    lines = [line.split() for line in (folder / "desk.log").read_text().splitlines()]
    return [word for word, _ in lines], {task for _, task in lines}


async def first(run, kind):
    async with asyncio.timeout(DEADLINE_S):
        async for event in run.stream_events():
            if isinstance(event, kind):
                return event
    raise AssertionError(f"the run ended without {kind.__name__}")


async def test_what_was_entered_is_left_on_quit_in_the_same_task(folder):
    agents = HostedAgents("desk.py:desk")
    await first(agents.open_run("hello"), MessageOutput)
    await agents.close()

    words, tasks = log_of(folder)
    assert words == ["in", "out"]
    assert len(tasks) == 1


async def test_what_was_entered_is_left_at_sigterm(folder):
    agents = HostedAgents("desk.py:desk")
    run = agents.open_run("hello")
    said = await first(run, MessageOutput)
    os.kill(int(said.text), signal.SIGTERM)
    os.kill(int(said.text), signal.SIGHUP)
    async with asyncio.timeout(DEADLINE_S):
        async for _ in run.stream_events():
            pass
    await agents.close()

    assert log_of(folder)[0] == ["in", "out"]


async def test_what_is_being_entered_is_left_when_the_screen_goes_away(folder):
    loop, entering = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGUSR2, entering.set)
    process = await spawn_host("desk.py:slow", HostOptions())
    process.line.write(Hello())
    process.line.write(StartRun(run_id="r", text="hello"))
    async with asyncio.timeout(DEADLINE_S):
        await entering.wait()
    loop.remove_signal_handler(signal.SIGUSR2)
    process.line.close()
    await process.ended()

    assert log_of(folder)[0] == ["in", "out"]


async def test_a_context_manager_that_gives_up_ends_the_runs_with_its_reason(folder):
    agents = HostedAgents("desk.py:fails_later")
    failed = await first(agents.open_run("hello"), RunFailed)
    await agents.close()

    assert failed.error_type == "ConnectionError"
    assert "ended early: ConnectionError: the server of the tools is gone" in failed.message
    assert failed.details.startswith("Traceback")
    assert "anew" in failed.advice


TOOLS = """
import atexit
from pathlib import Path
from mcp.server.mcpserver import MCPServer

LOG = Path(__file__).with_suffix(".log")
LOG.write_text("started")
atexit.register(LOG.write_text, "ended")
server = MCPServer("weather")

@server.tool()
def weather(city: str) -> str:
    return f"sunny in {city}"

server.run()
"""
WITH_TOOLS = """
import sys
from contextlib import asynccontextmanager
from LIBRARY import Agent
from LIBRARY.mcp import MCPServerStdio

@asynccontextmanager
async def desk():
    parameters = {"command": sys.executable, "args": ["tools.py"]}
    async with MCPServerStdio(parameters, client_session_timeout_seconds=60) as server:
        yield Agent(name="Desk", mcp_servers=[server])
"""


@pytest.mark.parametrize("library", LIBRARIES)
async def test_an_mcp_server_is_there_for_the_runs_and_ends_with_the_host(folder, library):
    (folder / "tools.py").write_text(TOOLS)
    (folder / "shop.py").write_text(WITH_TOOLS.replace("LIBRARY", library))
    script = [reply(call("weather", "c1", city="Rome")), reply(say("It is."))]
    async with FakeResponsesServer(script) as server:
        environment = {"OPENAI_BASE_URL": server.base_url, "OPENAI_API_KEY": "none"}
        agents = HostedAgents("shop.py:desk", HostOptions(environment=environment))
        output = await first(agents.open_run("Hi"), ToolOutput)
        assert (folder / "tools.log").read_text() == "started"
        await agents.close()

    assert "sunny in Rome" in output.output
    assert (folder / "tools.log").read_text() == "ended"


AGENT = """
from LIBRARY import Agent
desk = Agent(name="Desk", model="gpt-4o-mini", instructions="Answer.")
def quiet(): return desk, {"max_turns": 3}
"""


async def asked(folder, library, name, **options):
    """Run an agent of a library once; return the one request that its service got."""
    (folder / "shop.py").write_text(AGENT.replace("LIBRARY", library))
    async with FakeResponsesServer([reply(say("Hello."))]) as server:
        environment = {"OPENAI_BASE_URL": server.base_url, "OPENAI_API_KEY": "none"}
        agents = HostedAgents(f"shop.py:{name}", HostOptions(environment=environment, **options))
        await first(agents.open_run("Hi"), RunCompleted)
        await agents.close()
    (request,) = server.requests
    return request


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize(
    ("name", "model"), [("desk", "qwen3"), ("quiet", "Qwen/Qwen3-8B"), ("desk", "openai/gpt-oss")]
)
async def test_an_asked_for_model_is_the_one_that_is_asked(folder, library, name, model):
    request = await asked(folder, library, name, model=model)

    assert request.body["model"] == model


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize(
    ("api", "path"),
    [("", "/v1/responses"), ("responses", "/v1/responses"), ("chat", "/v1/chat/completions")],
)
async def test_a_model_is_spoken_to_as_asked(folder, library, api, path):
    request = await asked(folder, library, "desk", api=api, model="a/b" if api else "")

    assert request.path == path
    assert ("stream_options" in request.body) == (api == "chat")


async def test_a_program_that_opens_a_screen_opens_none_inside_a_host(tmp_path, monkeypatch):
    (tmp_path / "shop.py").write_text("import tui\nopens = tui.run\nopens(None)\n")
    monkeypatch.chdir(tmp_path)
    agents = HostedAgents("shop.py:desk")
    failed = await first(agents.open_run("Hi"), RunFailed)
    await agents.close()

    assert "UsageError: tui.run: this program is shown in Baton already" in failed.message
    assert "(at " in failed.message
    assert "shop.py:3)" in failed.message
