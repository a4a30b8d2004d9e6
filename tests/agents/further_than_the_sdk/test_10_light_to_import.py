"""Part 2, point 10: who only defines agents loads no client of a service, and no screen."""

from __future__ import annotations

import json
import subprocess
import sys

HEAVY = ("openai", "textual", "httpx", "mcp", "websockets", "msgspec", "agents")

DEFINES = """
import tui.agents as agents
from tui.agents.models.scripted import ScriptedModel, say

@agents.function_tool
def look(at: str) -> str:
    return at

agent = agents.Agent(name="A", instructions="Help.", tools=[look], model="some-model")
outer = agents.Agent(name="B", handoffs=[agent], tools=[agent.as_tool("ask", "")])
"""

RUNS = """
import asyncio
outer.model = ScriptedModel([[say("hi")]])
asyncio.run(agents.Runner.run(outer, "go"))
"""

TELLS = f"""
import json, sys
print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))
"""


def loaded_by(program):
    done = subprocess.run(
        [sys.executable, "-c", program + TELLS], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def test_agents_and_tools_are_defined_without_a_client():
    assert loaded_by(DEFINES) == []


def test_the_first_model_call_loads_openai():
    assert "openai" in loaded_by(DEFINES + RUNS)
