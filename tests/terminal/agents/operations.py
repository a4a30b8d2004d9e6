"""An agent file as a user would write one; its tools do all that could hurt a screen."""

import os
import subprocess
import time
from pathlib import Path

from tui.agents import Agent, function_tool

ATTACKS = (
    "\x1b]0;owned title\x07",
    "\x1b[31;5;7mblink",
    "\x1b[?1049l",
    "\x1bPowned device\x1b\\",
    "\x9b2;2H",
    "\u202egnp.exe",
    "pass\u200bword",
    "[bold red]markup[/bold red]",
    "\x08\x08\x07",
)
ATTACK = "".join(ATTACKS)


@function_tool
def probe(host: str) -> str:
    """Probe a host; blocks for a second and lets everything print."""
    time.sleep(1)
    print(f"probing {host} {ATTACK}")
    child = "echo child on stdout; echo child on stderr >&2; echo child on tty > /dev/tty; cat"
    subprocess.run(["sh", "-c", child], check=False)
    return "up"


@function_tool
def read_log() -> str:
    """Read the log, which an attacker wrote."""
    return f"log begins {ATTACK} log ends"


@function_tool(needs_approval=True)
def restart(host: str) -> str:
    """Restart a host. Leaves a line in a file for each time it ran."""
    with Path(os.environ["RESTARTS"]).open("a") as restarts:
        restarts.write(f"{host}\n")
    return f"{host} restarted"


@function_tool
def crash() -> str:
    """End the agent process without a word."""
    os._exit(7)


operator = Agent(
    name="Operator",
    handoff_description="Can restart hosts.",
    instructions="You restart hosts.",
    tools=[restart, crash],
)
watch = Agent(
    name="Watch",
    instructions="You look at hosts and hand over to the operator.",
    tools=[probe, read_log],
    handoffs=[operator],
)
