"""Prompts that the Responses service keeps, by id. Asks no service."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NotRequired

from typing_extensions import TypedDict

from tui.agents.kinds import JsonObject
from tui.agents.maybe_await import MaybeAwaitable
from tui.agents.run_context import RunContextWrapper

if TYPE_CHECKING:
    from tui.agents.agent import Agent


class Prompt(TypedDict):
    """A prompt's id, and if given its version and the values of its variables."""

    id: str
    version: NotRequired[str]
    variables: NotRequired[JsonObject]


@dataclass
class GenerateDynamicPromptData:
    """What a function that makes a prompt is given."""

    context: RunContextWrapper
    agent: Agent


DynamicPromptFunction = Callable[[GenerateDynamicPromptData], MaybeAwaitable[Prompt]]
"""Makes a prompt for the next model call."""
