"""All decorators, where the Agents SDK has them too: here `@tool` is `@function_tool`."""

from __future__ import annotations

from tui.agents.guardrail import input_guardrail, output_guardrail
from tui.agents.tool import function_tool as tool
from tui.agents.tool_guardrails import tool_input_guardrail, tool_output_guardrail

__all__ = [
    "input_guardrail",
    "output_guardrail",
    "tool",
    "tool_input_guardrail",
    "tool_output_guardrail",
]
