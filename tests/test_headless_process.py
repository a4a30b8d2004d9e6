"""`baton run` and `baton demo` without a screen, as processes: streams, exit codes and signals."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.server_thread import ResponsesServerThread
from tests.journal.test_sqlite_store import DONE, a_run
from tui.journal.sqlite_store import SqliteStore
from tui.rehearsal.script import call, reply, say

REPOSITORY = Path(__file__).parents[1]
DEADLINE_S = 60
ENV = {"PYTHONPATH": str(REPOSITORY), "OPENAI_API_KEY": "none"}

AGENT = """
from tui.agents import Agent, function_tool
from tui.agents.models.scripted import ScriptedModel, call, say

@function_tool(needs_approval=True)
def refund(cents: int) -> str:
    print("PAID", cents)
    return "paid"

script = [[call("refund", {"cents": 5})], [say("All done.")]]
agent = Agent(name="Desk", model=ScriptedModel(script), tools=[refund])
"""
WAITING = """
import os
from tui.agents import Agent, function_tool

@function_tool
def look() -> str:
    with open(os.environ["GATE"]) as gate:
        return gate.read()

@function_tool
def echo(text: str) -> str:
    return text

agent = Agent(name="Desk", tools=[look, echo])

def limited():
    return agent, {"max_turns": 1}
"""
LOOK = reply(call("look"))
ANSWER = reply(say("All done."))
BUDGET = "[[budget]]\nturns = 1\n"


@pytest.fixture
def desk(tmp_path):
    """An agent file whose model is scripted and whose tool needs an approval."""
    (tmp_path / "desk.py").write_text(AGENT)
    (tmp_path / "rules.toml").write_text('[[rule]]\neffect = "allow"\ntool = "refund"\n')
    return tmp_path


@pytest.fixture
def waiting(tmp_path):
    """An agent file for a loopback service; its tool waits until the gate is written to."""
    (tmp_path / "waiting.py").write_text(WAITING)
    (tmp_path / "budget.toml").write_text(BUDGET)
    os.mkfifo(tmp_path / "gate")
    return tmp_path


def baton(*arguments, cwd, base_url=None, **more):
    """Run the command to its end."""
    env = {**os.environ, **ENV, "GATE": str(cwd / "gate")}
    env |= {"OPENAI_BASE_URL": base_url} if base_url else {}
    argv = [sys.executable, "-m", "tui.cli", *arguments]
    options = {"capture_output": True, "text": True, **more}
    return subprocess.run(argv, cwd=cwd, env=env, timeout=DEADLINE_S, check=False, **options)


class Running:
    """The command while it runs, its events as they come."""

    def __init__(self, folder, base_url):
        env = {**os.environ, **ENV, "GATE": str(folder / "gate"), "OPENAI_BASE_URL": base_url}
        argv = [sys.executable, "-m", "tui.cli", "run", "waiting.py:agent", "Look.", "--json"]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen(argv, cwd=folder, env=env, **pipes)

    def until(self, kind):
        """Read events until one of a kind."""
        for line in self.process.stdout:
            if json.loads(line)["type"] == kind:
                return
        raise AssertionError(f"no {kind} came: {self.process.stderr.read()}")

    def interrupt(self):
        self.process.send_signal(signal.SIGINT)

    def end(self):
        """Return the exit code, the kinds of the events left, and what was said."""
        out, err = self.process.communicate(timeout=DEADLINE_S)
        return self.process.returncode, [json.loads(each)["type"] for each in out.splitlines()], err


@pytest.fixture
def looking(waiting):
    """The command at its first turn, its tool waiting at the gate; and the service."""
    with ResponsesServerThread([LOOK, ANSWER]) as service:
        running = Running(waiting, service.base_url)
        running.until("tool_started")
        yield running, service
        if running.process.poll() is None:
            running.process.kill()
            running.process.communicate()


def test_0_the_answer_alone_stands_on_standard_output(desk):
    done = baton("run", "desk.py", "Pay.", "--text", "--policy=rules.toml", cwd=desk)
    assert (done.returncode, done.stdout, done.stderr) == (0, "All done.\n", "PAID 5\n")


def test_0_events_and_nothing_else_stand_on_standard_output(desk):
    done = baton("run", "desk.py", "Pay.", "--json", "--policy=rules.toml", cwd=desk)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, done.stderr) == (0, "")
    assert [event["seq"] for event in events[1:]] == list(range(1, len(events)))
    assert events[-1]["final_output"] == "All done."


def test_0_what_was_run_can_be_listed_and_its_events_brought_in(desk):
    done = baton("run", "desk.py", "Pay.", "--json", "--policy=rules.toml", cwd=desk)
    (desk / "run.jsonl").write_text(done.stdout)
    there = f"--data-dir={desk / 'there'}"
    brought = baton("runs", "import", "run.jsonl", there, cwd=desk)
    assert (brought.returncode, brought.stderr[:15]) == (0, "Brought in run ")
    assert "All done." in baton("runs", "show", brought.stderr[15:19], there, cwd=desk).stdout


def test_0_the_rehearsal_works_without_a_screen(tmp_path):
    (tmp_path / "all.toml").write_text('[[rule]]\neffect = "allow"\ntool = "*"\n')
    message = "Please refund order A-1042"
    done = baton("demo", message, "--text", "--speed=1000", "--policy=all.toml", cwd=tmp_path)
    assert (done.returncode, bool(done.stdout.strip())) == (0, True)


def test_0_the_message_comes_from_standard_input(waiting):
    with ResponsesServerThread([ANSWER]) as service:
        done = baton(
            *("run", "waiting.py:agent", "--text", "-"),
            cwd=waiting,
            base_url=service.base_url,
            input="Two lines,\nand one more.\n",
        )
        assert (done.returncode, done.stdout) == (0, "All done.\n")
        assert service.requests[0].body["input"][-1]["content"] == "Two lines,\nand one more."


@pytest.mark.parametrize(
    ("arguments", "typed", "sentence"),
    [
        (["desk.py", "--json"], b"", "--json needs a message: put it behind the agent, in quotes"),
        (["desk.py", "-", "--text"], b" \n", "standard input has no message: write one into it"),
        (["desk.py", "-", "--text"], b"\xff", "standard input is not text in UTF-8: give the"),
        (["no.py", "Hi", "--text"], b"", "there is no file no.py: give its path from"),
        (["desk.py", "Hi", "--text", "--policy=no.toml"], b"", "--policy: there is no file no.t"),
        (["desk.py", "Hi", "--text", "--json"], b"", "--json: not allowed with argument --text"),
    ],
)
def test_2_wrong_arguments_are_a_line_and_nothing_runs(desk, arguments, typed, sentence):
    done = baton("run", *arguments, cwd=desk, input=typed, text=False)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().startswith(f"baton: {sentence}")
    assert done.stderr.count(b"\n") == 1


@pytest.mark.parametrize("form", ["--text", "--json"])
def test_3_a_call_that_nobody_allowed_does_not_run(desk, form):
    done = baton("run", "desk.py", "Pay.", form, cwd=desk)
    assert done.returncode == 3
    (said,) = done.stderr.splitlines()
    run_id = said.split()[2]
    assert f"run {run_id} waits for a person to decide refund, and here is none" in said
    assert f"`baton resume {run_id}`" in said
    assert "PAID" not in done.stdout + done.stderr
    listed = baton("runs", "list", "--limit=1", cwd=desk).stdout
    assert listed.startswith(run_id[:8])
    assert re.search("  (waiting|interrupted) ", listed)


def test_4_a_run_that_fails_says_why(waiting):
    with ResponsesServerThread([]) as service:
        closed = service.base_url
    done = baton("run", "waiting.py:agent", "Hi", "--text", cwd=waiting, base_url=closed)
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith("baton: ")
    assert "Traceback" not in done.stderr


def test_5_too_many_turns(waiting):
    with ResponsesServerThread([reply(call("echo", text="a"))]) as service:
        given = ("run", "waiting.py:limited", "Hi", "--text")
        done = baton(*given, cwd=waiting, base_url=service.base_url)
    assert (done.returncode, done.stdout) == (5, "")
    assert done.stderr.startswith("baton: MaxTurnsExceeded: ")


def test_5_a_budget_that_is_used_up(waiting):
    with ResponsesServerThread([reply(call("echo", text="a"))]) as service:
        given = ("run", "waiting.py:agent", "Hi", "--text", "--policy=budget.toml")
        done = baton(*given, cwd=waiting, base_url=service.base_url)
    assert (done.returncode, done.stdout) == (5, "")
    assert "has used up its turns: 1 of 1" in done.stderr


def test_130_an_interrupt_lets_the_turn_end(looking, waiting):
    running, service = looking
    running.interrupt()
    assert "the run ends after this turn" in running.process.stderr.readline()
    (waiting / "gate").write_text("all is well")
    code, kinds, _ = running.end()
    assert (code, kinds[-1]) == (130, "run_cancelled")
    assert "tool_output" in kinds
    assert len(service.requests) == 1


def test_130_a_second_interrupt_waits_for_nothing(looking):
    running, service = looking
    running.interrupt()
    assert "the run ends after this turn" in running.process.stderr.readline()
    running.interrupt()
    code, kinds, said = running.end()
    assert (code, kinds[-1], said) == (130, "run_cancelled", "")
    assert "tool_finished" not in kinds
    assert len(service.requests) == 1


def test_who_reads_may_go_and_nothing_is_said(looking, waiting):
    running, _ = looking
    running.process.stdout.close()
    (waiting / "gate").write_text("all is well")
    running.process.stdout = None
    _, said = running.process.communicate(timeout=DEADLINE_S)
    assert (running.process.returncode, said) == (141, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a disk that is always full")
def test_no_room_for_what_is_written_is_a_sentence(desk):
    given = ("run", "desk.py", "Pay.", "--json", "--policy=rules.toml")
    with Path("/dev/full").open("w") as full:
        pipes = {"capture_output": False, "stdout": full, "stderr": subprocess.PIPE}
        done = baton(*given, cwd=desk, **pipes)
    said = "baton: there is no room for what it writes: free some\n"
    assert (done.returncode, done.stderr) == (4, said)


@pytest.mark.parametrize(
    "arguments", ["runs", "runs show 7f3a", "runs export 7f3a --format html", "runs search Refund"]
)
def test_who_reads_a_list_may_go_too(tmp_path, arguments):
    store = SqliteStore(tmp_path / "journal.sqlite3")
    store.append(a_run("7f3a", DONE))
    store.close()
    reads, writes = os.pipe()
    os.close(reads)
    pipes = {"capture_output": False, "stdout": writes, "stderr": subprocess.PIPE}
    done = baton(*arguments.split(), f"--data-dir={tmp_path}", cwd=tmp_path, **pipes)
    os.close(writes)
    assert (done.returncode, done.stderr) == (141, "")
