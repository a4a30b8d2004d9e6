"""Where a rehearsal begins: agents, model and service, put together and nowhere registered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.agents import Agent, OpenAIResponsesModel
from tui.rehearsal.desk import support_desk
from tui.rehearsal.pace import Pace
from tui.rehearsal.service import RehearsalService
from tui.rehearsal.transport import in_process_client

if TYPE_CHECKING:
    from openai import AsyncOpenAI


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A demo desk that needs no key and no network.

    Attributes:
        agent: Triage, the agent to start.
        client: The `openai` client that its agents, and nobody else, talk through.
    """

    agent: Agent
    client: AsyncOpenAI

    async def aclose(self) -> None:
        """Close the client."""
        await self.client.close()


def rehearsal(speed: float = 1.0, pace: Pace | None = None) -> Rehearsal:
    """Return a new rehearsal.

    No default client or model is changed: the agents carry their own model, so nothing of the
    rehearsal can be reached from a run of other agents.

    Args:
        speed: 1 is a human pace, 5 is five times as fast.
        pace: The clock to use instead, for tests.

    Raises:
        ValueError: If the speed is not above 0.
    """
    pace = pace or Pace(speed)
    client = in_process_client(RehearsalService(pace))
    model = OpenAIResponsesModel(model="rehearsal", openai_client=client)
    return Rehearsal(support_desk(model, pace), client)
