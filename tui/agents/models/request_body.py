"""Builds the body of a Responses request. Sends nothing."""

from __future__ import annotations

from collections.abc import Mapping

from tui.agents.agent_output import AgentOutputSchemaBase
from tui.agents.handoffs import Handoff
from tui.agents.item_helpers import ItemHelpers
from tui.agents.kinds import Json, JsonObject
from tui.agents.model_settings import ModelSettings
from tui.agents.models.interface import ModelRequest
from tui.agents.tool import Tool
from tui.agents.unsupported import refuse

_TOOL_CHOICES = frozenset({"auto", "required", "none"})


def request_body(model: str, request: ModelRequest) -> JsonObject:
    """Return the body, without `stream`. What is not set is left out.

    Raises:
        UserError: If something is asked for that does not exist in this service.
    """
    settings, given = request.model_settings, request.input
    refuse(
        "A Responses model",
        frequency_penalty=settings.frequency_penalty,
        presence_penalty=settings.presence_penalty,
        previous_response_id=request.previous_response_id,
        conversation_id=request.conversation_id,
        prompt=request.prompt,
    )
    shown = [*map(_function_tool, request.tools), *map(_handoff_tool, request.handoffs)]
    optional = {
        "instructions": request.system_instructions,
        "temperature": settings.temperature,
        "top_p": settings.top_p,
        "truncation": settings.truncation,
        "max_output_tokens": settings.max_tokens,
        "tool_choice": _tool_choice(settings.tool_choice),
        "parallel_tool_calls": settings.parallel_tool_calls if shown else None,
        "text": _text(settings, request.output_schema),
        "store": settings.store,
        "prompt_cache_retention": settings.prompt_cache_retention,
        "reasoning": _plain(settings.reasoning),
        "metadata": settings.metadata,
        "top_logprobs": settings.top_logprobs,
    }
    return {
        "model": model,
        "include": _include(settings),
        "input": ItemHelpers.input_to_new_input_list(given) if isinstance(given, str) else given,
        "tools": shown,
        **{name: value for name, value in optional.items() if value is not None},
        **(settings.extra_args or {}),
        **(settings.extra_body or {}),
    }


def _include(settings: ModelSettings) -> list[str]:
    wanted = list(settings.response_include or ())
    if settings.top_logprobs is not None and "message.output_text.logprobs" not in wanted:
        wanted.append("message.output_text.logprobs")
    return wanted


def _function_tool(tool: Tool) -> JsonObject:
    return {
        "name": tool.name,
        "parameters": tool.params_json_schema,
        "strict": tool.strict_json_schema,
        "type": "function",
        "description": tool.description,
    }


def _handoff_tool(handoff: Handoff) -> JsonObject:
    return {
        "name": handoff.tool_name,
        "parameters": handoff.input_json_schema,
        "strict": handoff.strict_json_schema,
        "type": "function",
        "description": handoff.tool_description,
    }


def _tool_choice(choice: str | None) -> Json:
    if choice is None or choice in _TOOL_CHOICES:
        return choice
    return {"type": "function", "name": choice}


def _text(
    settings: ModelSettings, output_schema: AgentOutputSchemaBase | None
) -> JsonObject | None:
    text: JsonObject = {}
    if output_schema is not None and not output_schema.is_plain_text():
        text["format"] = {
            "type": "json_schema",
            "name": "final_output",
            "schema": output_schema.json_schema(),
            "strict": output_schema.is_strict_json_schema(),
        }
    if settings.verbosity is not None:
        text["verbosity"] = settings.verbosity
    return text or None


def _plain(reasoning: Json) -> Json:
    if reasoning is None or isinstance(reasoning, Mapping):
        return reasoning
    return reasoning.model_dump(exclude_unset=True)
