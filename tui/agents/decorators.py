"""The decorator under its short name: `@tool` is `@function_tool`."""

from __future__ import annotations

from tui.agents.tool import function_tool as tool

__all__ = ["tool"]
