"""A run without a screen: what is written, what is said, and which exit code tells how it went."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.fake_source import FakeAgentHost, approval, play
from tui.headless import run_headless
from tui.wire.events import (
    BudgetReached,
    ConsoleOutput,
    RunCompleted,
    RunFailed,
    RunPaused,
    ToolCalled,
)

REPOSITORY = Path(__file__).parents[1]
DONE = RunCompleted(run_id="", final_output="It is \x1b[31mdone\n")
REFUND = ToolCalled(
    run_id="", item_id="i", agent="A", call_id="c", tool="refund", arguments='{"cents":5}'
)
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


async def played(*steps, form="json", **more):
    """Play steps headless; return the exit code, what was written and what was said."""
    host = FakeAgentHost(play(*steps))
    written, told = [], []
    code = await run_headless(host, "Hi", form, write=written.append, say=told.append, **more)
    return code, "".join(written), told


async def test_json_writes_every_event_as_a_line():
    code, written, told = await played(REFUND, DONE)
    lines = [json.loads(line) for line in written.splitlines()]

    assert (code, told) == (0, [])
    assert [line["type"] for line in lines] == ["tool_called", "run_completed"]
    assert [line["seq"] for line in lines] == [0, 1]


async def test_text_writes_the_answer_alone_and_says_what_was_printed():
    printed = ConsoleOutput(run_id="", text="looking\x07 up\nfound\n")
    code, written, told = await played(printed, DONE, form="text")

    assert (code, written) == (0, "It is \x1b[31mdone\n\n")
    assert told == ["looking␇ up", "found"]


@pytest.mark.parametrize(
    ("error_type", "code"), [("APIConnectionError", 4), ("MaxTurnsExceeded", 5)]
)
async def test_a_failure_is_said_with_what_to_do(error_type, code):
    failed = RunFailed(run_id="", error_type=error_type, message="It broke.", advice="Mend it.")
    assert await played(failed, form="text") == (
        code,
        "",
        [f"baton: {error_type}: It broke. Mend it."],
    )


async def test_a_budget_that_is_used_up_ends_the_run():
    reached = BudgetReached(run_id="", what="tokens", limit=100, used=120)
    code, _, told = await played(reached, "for ever")
    assert code == 5
    assert told[0].endswith("has used up its tokens: 120 of 100")


async def test_what_waits_in_doubt_is_said_to_be():
    asked = approval("Desk", "c", "refund", "{}", in_doubt_since=1.0)
    code, _, told = await played(asked, RunPaused(run_id="", waiting_for=("c",)), "for ever")
    assert code == 3
    assert "decide refund (in doubt: it may have run, and no rule" in told[0]


def file_of(tmp_path):
    file = tmp_path / "desk.py"
    file.write_text(AGENT)
    return file


def baton(*arguments, cwd, **more):
    argv = [sys.executable, "-m", "tui.cli", *arguments]
    env = {**os.environ, "PYTHONPATH": str(REPOSITORY), "OPENAI_API_KEY": "none"}
    return subprocess.run(
        argv, cwd=cwd, env=env, capture_output=True, text=True, timeout=60, check=False, **more
    )


def test_the_command_waits_for_nobody_and_runs_nothing_that_nobody_allowed(tmp_path):
    done = baton("run", f"{file_of(tmp_path)}:agent", "Pay.", "--text", cwd=tmp_path)

    assert (done.returncode, done.stdout) == (3, "")
    assert "waits for a person to decide refund, and here is none" in done.stderr
    assert "PAID" not in done.stderr


def test_the_command_goes_by_a_policy(tmp_path):
    (tmp_path / "rules.toml").write_text('[[rule]]\neffect = "allow"\ntool = "refund"\n')
    target = f"{file_of(tmp_path)}:agent"
    done = baton("run", target, "Pay.", "--text", "--policy", "rules.toml", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "All done.\n", "PAID 5\n")

    lines = baton("run", target, "Pay.", "--json", "--policy=rules.toml", cwd=tmp_path).stdout
    assert json.loads(lines.splitlines()[-1])["final_output"] == "All done."


def test_an_interrupt_ends_the_run(tmp_path):
    file = tmp_path / "slow.py"
    file.write_text(
        AGENT.replace('print("PAID", cents)', "print('BEGUN', flush=True); time.sleep(60)")
        .replace("(needs_approval=True)", "")
        .replace("from tui.agents import", "import time\nfrom tui.agents import", 1)
    )
    env = {**os.environ, "PYTHONPATH": str(REPOSITORY), "OPENAI_API_KEY": "none"}
    argv = [sys.executable, "-m", "tui.cli", "run", f"{file}:agent", "Pay.", "--text"]
    run = subprocess.Popen(argv, cwd=tmp_path, env=env, stderr=subprocess.PIPE, text=True)
    assert run.stderr is not None
    assert run.stderr.readline() == "BEGUN\n"
    run.send_signal(signal.SIGINT)
    assert "ends after this turn" in run.stderr.readline()
    run.send_signal(signal.SIGINT)
    assert run.wait(30) == 130
    run.stderr.close()


def test_a_message_is_needed(tmp_path):
    done = baton("run", f"{file_of(tmp_path)}:agent", "--json", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "baton: --json needs a message: put it behind the agent, in quotes\n"
