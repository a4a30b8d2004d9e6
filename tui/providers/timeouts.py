"""How long a request may take. Measures no time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.agents.kinds import JsonObject, UserValue
from tui.agents.model_settings import ModelSettings

if TYPE_CHECKING:
    from openai import AsyncOpenAI

IDLE_TIMEOUT_S = 60.0
"""How long a streamed answer may be silent, where the client was given no `timeout`."""


def stream_timeout(client: AsyncOpenAI, settings: ModelSettings) -> UserValue:
    """Return the timeout of a streamed request: the settings', the client's own, or ours.

    `ModelSettings(extra_args={"timeout": seconds})` sets that of a request, and
    `AsyncOpenAI(timeout=seconds)` that of a client's requests.
    """
    import openai

    given = given_timeout(settings)
    if given:
        return given["timeout"]
    usual = openai.DEFAULT_TIMEOUT
    if client.timeout != usual:
        return client.timeout
    return openai.Timeout(
        connect=usual.connect, read=IDLE_TIMEOUT_S, write=usual.write, pool=usual.pool
    )


def given_timeout(settings: ModelSettings) -> JsonObject:
    """Return the settings' timeout as an argument of the client, or none."""
    arguments = settings.extra_args or {}
    return {"timeout": arguments["timeout"]} if "timeout" in arguments else {}
