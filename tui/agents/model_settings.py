"""Settings of a model call. Knows which are set, not how a request carries them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Literal

from tui.agents.exceptions import UserError
from tui.agents.kinds import Json, JsonObject, UserValue
from tui.agents.unsupported import refuse


@dataclass
class ModelSettings:
    """Optional settings of a model call; None leaves a setting to the service.

    The names are the Agents SDK's. `reasoning` is an openai `Reasoning` or a dict of its fields;
    `timeout` is how many seconds one call may take.
    """

    temperature: float | None = None
    top_p: float | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    tool_choice: str | None = None
    parallel_tool_calls: bool | None = None
    truncation: Literal["auto", "disabled"] | None = None
    max_tokens: int | None = None
    reasoning: Json = None
    verbosity: Literal["low", "medium", "high"] | None = None
    metadata: dict[str, str] | None = None
    store: bool | None = None
    prompt_cache_retention: Literal["in_memory", "24h"] | None = None
    include_usage: bool | None = None
    response_include: list[str] | None = None
    top_logprobs: int | None = None
    extra_query: Mapping[str, Json] | None = None
    extra_body: Mapping[str, Json] | None = None
    extra_headers: Mapping[str, str] | None = None
    extra_args: JsonObject | None = None
    retry: UserValue = None
    context_management: list[JsonObject] | None = None
    prompt_cache_options: JsonObject | None = None
    preserve_raw_usage: bool | None = None
    timeout: float | None = None

    def __post_init__(self) -> None:
        refuse("ModelSettings", retry=self.retry, preserve_raw_usage=self.preserve_raw_usage)
        if self.timeout is not None and self.timeout <= 0:
            raise UserError("ModelSettings: timeout must be greater than 0.")

    def resolve(self, override: ModelSettings | None) -> ModelSettings:
        """Return these settings with everything that `override` sets laid over them."""
        if override is None:
            return self
        names = (f.name for f in fields(self))
        changes = {name: value for name in names if (value := getattr(override, name)) is not None}
        changes["extra_args"] = (self.extra_args or {}) | (override.extra_args or {}) or None
        return replace(self, **changes)
