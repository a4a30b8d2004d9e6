"""Which reasoning goes back to a Chat Completions server as `reasoning_content`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from tui.agents.kinds import Json, JsonObject


@dataclass(frozen=True)
class ReasoningContentSource:
    """A reasoning item of the history.

    Attributes:
        item: The item, in wire shape.
        origin_model: The model that wrote it, if known.
        provider_data: What its server said beside it.
    """

    item: JsonObject
    origin_model: str | None
    provider_data: Mapping[str, Json]


@dataclass(frozen=True)
class ReasoningContentReplayContext:
    """What the decision may depend on: the model that is asked now, its server, the reasoning."""

    model: str
    base_url: str | None
    reasoning: ReasoningContentSource


ShouldReplayReasoningContent: TypeAlias = Callable[[ReasoningContentReplayContext], bool]


def default_should_replay_reasoning_content(context: ReasoningContentReplayContext) -> bool:
    """Give DeepSeek's models back what they wrote, or what nobody is named for; others nothing."""
    origin = context.reasoning.origin_model or ""
    is_theirs = "deepseek" in origin.lower() or not context.reasoning.provider_data
    return "deepseek" in context.model.lower() and is_theirs
