"""Builds the body of a Responses request. Sends nothing."""

from __future__ import annotations

from collections.abc import Mapping

from tui.agents.agent_output import AgentOutputSchemaBase
from tui.agents.items import ItemHelpers
from tui.agents.kinds import Json, JsonObject
from tui.agents.model_settings import ModelSettings
from tui.agents.models.fake_id import FAKE_RESPONSES_ID
from tui.agents.models.interface import ModelRequest
from tui.agents.unsupported import refuse

_TOOL_CHOICES = frozenset({"auto", "required", "none"})


def request_body(model: str | None, request: ModelRequest) -> JsonObject:
    """Return the body, without `stream`. What is not set is left out.

    A prompt that the service keeps brings its own tools, and its own model if none is named here.

    Raises:
        UserError: If something is asked for that does not exist in this service.
    """
    settings = request.model_settings
    refuse(
        "A Responses model",
        frequency_penalty=settings.frequency_penalty,
        presence_penalty=settings.presence_penalty,
    )
    shown = [{"type": "function", **function} for function in function_tools(request)]
    choice = tool_choice(settings.tool_choice)
    is_bare = request.prompt is not None and not shown
    fields = {
        "model": model,
        "include": _include(settings),
        "input": _input_items(request.input),
        "tools": None if is_bare else shown,
        "previous_response_id": request.previous_response_id,
        "conversation": request.conversation_id,
        "prompt": request.prompt,
        "instructions": request.system_instructions,
        "temperature": settings.temperature,
        "top_p": settings.top_p,
        "truncation": settings.truncation,
        "max_output_tokens": settings.max_tokens,
        "tool_choice": None if is_bare and isinstance(choice, dict) else choice,
        "parallel_tool_calls": settings.parallel_tool_calls if shown or is_bare else None,
        "text": _text(settings, request.output_schema),
        "store": settings.store,
        "prompt_cache_retention": settings.prompt_cache_retention,
        "prompt_cache_options": settings.prompt_cache_options,
        "context_management": settings.context_management,
        "reasoning": plain_reasoning(settings.reasoning),
        "metadata": settings.metadata,
        "top_logprobs": settings.top_logprobs,
    }
    return with_extras(fields, settings, "responses.create")


def with_extras(fields: JsonObject, settings: ModelSettings, method: str) -> JsonObject:
    """Return those of a request's fields that are set, and what the settings add to them.

    Raises:
        TypeError: If the settings say one twice; only `extra_body` may.
    """
    known = {name: value for name, value in fields.items() if value is not None}
    # A timeout is an argument of the client.
    more = {name: of for name, of in (settings.extra_args or {}).items() if name != "timeout"}
    if twice := sorted(known.keys() & more.keys()):
        arguments = f"argument{'s' if len(twice) > 1 else ''} {', '.join(map(repr, twice))}"
        raise TypeError(f"{method}() got multiple values for keyword {arguments}")
    return {**known, **more, **(settings.extra_body or {})}


def _input_items(given: str | list[JsonObject]) -> list[JsonObject]:
    if isinstance(given, str):
        return ItemHelpers.input_to_new_input_list(given)
    if not any("provider_data" in item or item.get("id") == FAKE_RESPONSES_ID for item in given):
        return given
    return [
        {name: item[name] for name in item if name != "provider_data" and not _is_fake(name, item)}
        for item in given
        # What another server's model thought is no use here.
        if item.get("type") != "reasoning" or not item.get("provider_data")
    ]


def _is_fake(name: str, item: JsonObject) -> bool:
    return name == "id" and item.get("id") == FAKE_RESPONSES_ID


def _include(settings: ModelSettings) -> list[str]:
    wanted = list(settings.response_include or ())
    if settings.top_logprobs is not None and "message.output_text.logprobs" not in wanted:
        wanted.append("message.output_text.logprobs")
    return wanted


def function_tools(request: ModelRequest) -> list[JsonObject]:
    """Return the tools and handoffs of a request as the service is told of them."""
    of_tools = [
        _function(tool.name, tool.description, tool.params_json_schema, tool.strict_json_schema)
        for tool in request.tools
    ]
    return of_tools + [
        _function(by.tool_name, by.tool_description, by.input_json_schema, by.strict_json_schema)
        for by in request.handoffs
    ]


def _function(name: str, description: str, schema: JsonObject, strict: bool) -> JsonObject:
    return {"name": name, "description": description, "parameters": schema, "strict": strict}


def tool_choice(choice: str | None) -> Json:
    """Return a tool choice as the service is told of it; a name stands for that tool."""
    if choice is None or choice in _TOOL_CHOICES:
        return choice
    return {"type": "function", "name": choice}


def _text(
    settings: ModelSettings, output_schema: AgentOutputSchemaBase | None
) -> JsonObject | None:
    text: JsonObject = {}
    if output_schema is not None and not output_schema.is_plain_text():
        text["format"] = {"type": "json_schema", **output_format(output_schema)}
    if settings.verbosity is not None:
        text["verbosity"] = settings.verbosity
    return text or None


def output_format(output_schema: AgentOutputSchemaBase) -> JsonObject:
    """Return the shape of the final answer as the service is told of it."""
    return {
        "name": "final_output",
        "schema": output_schema.json_schema(),
        "strict": output_schema.is_strict_json_schema(),
    }


def plain_reasoning(reasoning: Json) -> Json:
    """Return reasoning settings as a dict, None for none."""
    if reasoning is None or isinstance(reasoning, Mapping):
        return reasoning
    return reasoning.model_dump(exclude_unset=True)
