"""What a turn can lead to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.agents.kinds import UserValue

if TYPE_CHECKING:
    from tui.agents.agent import Agent
    from tui.agents.items import MessageOutputItem, ToolApprovalItem


@dataclass(frozen=True, slots=True)
class RunAgain:
    """The model is asked again."""


@dataclass(frozen=True, slots=True)
class HandOver:
    """Another agent goes on."""

    agent: Agent


@dataclass(frozen=True, slots=True)
class Finish:
    """The run ends with an output; `message` says it among the items, if an error handler did."""

    output: UserValue
    is_from_tools: bool = False
    message: MessageOutputItem | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """The run waits for decisions."""

    interruptions: list[ToolApprovalItem]


NextStep = RunAgain | HandOver | Finish | Pause
