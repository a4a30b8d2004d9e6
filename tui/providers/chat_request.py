"""Builds the body of a Chat Completions request. Sends nothing.

Settings that only Responses know (`truncation`, `response_include`, all of `reasoning` but its
effort) are left out, as the Agents SDK does.
"""

from __future__ import annotations

from collections.abc import Callable

from tui.agents.agent_output import AgentOutputSchemaBase
from tui.agents.kinds import Json, JsonObject
from tui.agents.model_settings import ModelSettings
from tui.agents.models.interface import ModelRequest
from tui.agents.unsupported import refuse
from tui.providers.chat_messages import ChatMessages
from tui.providers.request_body import (
    function_tools,
    output_format,
    plain_reasoning,
    tool_choice,
    with_extras,
)


def chat_body(
    model: str,
    request: ModelRequest,
    is_replayed: Callable[[JsonObject], bool],
    *,
    is_official: bool,
    is_strict: bool,
) -> JsonObject:
    """Return the body, without what makes it a stream. What is not set is left out.

    Args:
        model: Name of the model.
        request: What the runtime asks for.
        is_replayed: Tells of a reasoning item whether it goes back as `reasoning_content`.
        is_official: Whether the server is the one that made the format.
        is_strict: Whether what cannot be carried is an error.

    Raises:
        UserError: If something is asked for that cannot be carried.
    """
    settings = request.model_settings
    refuse(
        "A Chat Completions model",
        previous_response_id=request.previous_response_id,
        conversation_id=request.conversation_id,
        prompt=request.prompt,
    )
    tools = [{"type": "function", "function": made} for made in function_tools(request)]
    fields = {
        "model": model,
        "messages": _messages(model, request, is_replayed, is_strict),
        "tools": tools or None,
        "temperature": settings.temperature,
        "top_p": settings.top_p,
        "frequency_penalty": settings.frequency_penalty,
        "presence_penalty": settings.presence_penalty,
        "max_tokens": settings.max_tokens,
        "tool_choice": _tool_choice(settings.tool_choice),
        "response_format": _response_format(request.output_schema),
        "parallel_tool_calls": settings.parallel_tool_calls if tools else None,
        # Kept unless somebody says otherwise, as Responses are.
        "store": (is_official or None) if settings.store is None else settings.store,
        "reasoning_effort": (plain_reasoning(settings.reasoning) or {}).get("effort"),
        "verbosity": settings.verbosity,
        "top_logprobs": settings.top_logprobs,
        "prompt_cache_retention": settings.prompt_cache_retention,
        "prompt_cache_options": settings.prompt_cache_options,
        "metadata": settings.metadata,
    }
    if settings.top_logprobs is not None and "logprobs" not in (settings.extra_args or {}):
        fields["logprobs"] = True
    return with_extras(fields, settings, "chat.completions.create")


def stream_options(settings: ModelSettings, *, is_official: bool) -> JsonObject:
    """Return what makes a request a stream; only the official server is asked for usage unasked."""
    wanted = settings.include_usage
    if wanted is None and is_official:
        wanted = True
    options = {} if wanted is None else {"stream_options": {"include_usage": wanted}}
    return {"stream": True, **options}


def _messages(
    model: str,
    request: ModelRequest,
    is_replayed: Callable[[JsonObject], bool],
    is_strict: bool,
) -> list[JsonObject]:
    given = request.input
    items = [{"role": "user", "content": given}] if isinstance(given, str) else given
    messages = ChatMessages(model, is_replayed, is_strict).convert(items)
    if request.system_instructions:
        messages.insert(0, {"role": "system", "content": request.system_instructions})
    return messages


def _tool_choice(choice: str | None) -> Json:
    named = tool_choice(choice)
    if not isinstance(named, dict):
        return named
    return {"type": "function", "function": {"name": choice}}


def _response_format(schema: AgentOutputSchemaBase | None) -> JsonObject | None:
    if schema is None or schema.is_plain_text():
        return None
    return {"type": "json_schema", "json_schema": output_format(schema)}
