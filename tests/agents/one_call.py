"""Runs an agent whose model calls one tool once."""

from __future__ import annotations

from tui.agents import Agent, Runner
from tui.agents.models.scripted import ScriptedModel, call, say

FAILURE_TEXT = "An error occurred while running the tool. Please try again."
"""What the model is told of a tool that fails."""


async def output_of(tool, arguments="{}", **options):
    """Return the item that answers one call of `tool`."""
    model = ScriptedModel([[call(tool.name, arguments, "c1")], [say("ok")]])
    result = await Runner.run(Agent(name="A", model=model, tools=[tool]), "go", **options)
    return result.new_items[1]
