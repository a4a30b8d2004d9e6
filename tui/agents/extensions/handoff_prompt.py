"""A prompt that tells a model what handoffs are. Optional."""

from __future__ import annotations

RECOMMENDED_PROMPT_PREFIX = (
    "# How this system works\n"
    "You are one of several agents that serve the same user. Each agent has its own instructions "
    "and tools. Another agent takes over the conversation when you call a handoff function, whose "
    "name usually reads `transfer_to_<agent_name>`. The user does not see it happen: "
    "do not mention it.\n"
)


def prompt_with_handoff_instructions(prompt: str) -> str:
    """Return `prompt` with the recommended words before it."""
    return f"{RECOMMENDED_PROMPT_PREFIX}\n\n{prompt}"
