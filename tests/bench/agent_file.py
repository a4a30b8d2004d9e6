"""What `baton run` opens in benchmarks: an agent that the bench's service answers.

What is typed names the answer, as `service` says. Stays out of measuring.
"""

import os
import time
from collections.abc import AsyncIterator
from typing import Any

from openai import AsyncOpenAI

from tui.agents import Agent, Model, OpenAIResponsesModel, function_tool

client = AsyncOpenAI(base_url=os.environ["OPENAI_BASE_URL"], api_key="none", max_retries=0)


@function_tool
def burn(seconds: int) -> str:
    """Hold the CPU."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        sum(range(1_000))
    return "burned"


class NamedByMessage(Model):
    """Asks for the model that the last message of the user names."""

    async def get_response(self, *given: Any, **options: Any) -> Any:
        return await self._model(given[1]).get_response(*given, **options)

    def stream_response(self, *given: Any, **options: Any) -> AsyncIterator[Any]:
        return self._model(given[1]).stream_response(*given, **options)

    def _model(self, items: str | list[dict[str, Any]]) -> OpenAIResponsesModel:
        if isinstance(items, str):
            return OpenAIResponsesModel(items, client)
        said = [item["content"] for item in items if item.get("role") == "user"]
        return OpenAIResponsesModel(said[-1], client)


agent = Agent(name="Bench", model=NamedByMessage(), tools=[burn])
