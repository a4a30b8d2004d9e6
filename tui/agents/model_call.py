"""Calls the model of a turn and returns its response; streamed if somebody may read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, aclosing
from dataclasses import replace

from tui.agents.active_run import Run
from tui.agents.agent_output import AgentOutputSchema, AgentOutputSchemaBase
from tui.agents.event_queue import EventQueue
from tui.agents.exceptions import ModelBehaviorError, ModelTimeoutError, UserError
from tui.agents.handoffs import Handoff
from tui.agents.history import ServerHistory, without_twins
from tui.agents.items import ModelResponse
from tui.agents.kinds import JsonObject, RawEvent, RawItem
from tui.agents.maybe_await import maybe_await
from tui.agents.model_settings import ModelSettings
from tui.agents.models.defaults import implicit_settings
from tui.agents.models.interface import Model, ModelProvider, ModelRequest
from tui.agents.models.terminal import (
    COMPLETED,
    FAILURES,
    ITEM_DONE,
    failure_of,
    response_of,
)
from tui.agents.run_config import CallModelData, ModelInputData
from tui.agents.stream_events import RawResponsesStreamEvent
from tui.agents.tool import Tool

_NOTABLE = FAILURES | {ITEM_DONE, COMPLETED}


async def filtered_input(run: Run, data: ModelInputData) -> ModelInputData:
    """Return what the model is shown; the caller's filter may have changed it.

    Raises:
        UserError: If the filter returns something else.
    """
    filter_input = run.config.call_model_input_filter
    if filter_input is None:
        return data
    changed: object = await maybe_await(
        filter_input(CallModelData(data, run.agent, run.context.context))
    )
    if not isinstance(changed, ModelInputData):
        raise UserError("call_model_input_filter must return a ModelInputData instance")
    return replace(changed, input=without_twins(changed.input))


def prepare_request(
    run: Run,
    shown: ModelInputData,
    tools: list[Tool],
    handoffs: list[Handoff],
    prompt: JsonObject | None,
) -> ModelRequest:
    """Put together the request of the current turn; of one name the last is told, or a handoff."""
    told = {each.name: each for each in tools} | {each.tool_name: each for each in handoffs}
    server = run.server or ServerHistory()
    return ModelRequest(
        system_instructions=shown.instructions,
        input=shown.input,
        model_settings=_settings_of(run),
        tools=[each for each in tools if told[each.name] is each],
        output_schema=output_schema_of(run),
        handoffs=[each for each in handoffs if told[each.tool_name] is each],
        previous_response_id=server.previous_response_id,
        conversation_id=server.conversation_id,
        prompt=prompt,
    )


async def call_model(run: Run, request: ModelRequest) -> ModelResponse:
    """Call the agent's model.

    Raises:
        ModelBehaviorError: If a stream ends without a complete response.
        ModelTimeoutError: If it takes longer than the settings allow.
    """
    limit_s = request.model_settings.timeout
    try:
        async with asyncio.timeout(limit_s) as timeout:
            return await _called(run, request)
    except TimeoutError:
        if limit_s is None or not timeout.expired():
            raise
    raise ModelTimeoutError(limit_s)


async def _called(run: Run, request: ModelRequest) -> ModelResponse:
    model = _model_of(run)
    given, options = request.arguments
    if run.queue is None:
        return await model.get_response(*given, **options)
    response = await _stream(run.queue, model.stream_response(*given, **options))
    if response is None:
        raise ModelBehaviorError("Model did not produce a final response!")
    return response


def output_schema_of(run: Run) -> AgentOutputSchemaBase | None:
    """Return the shape of the agent's final answer, or None for text."""
    output_type = run.agent.output_type
    if output_type is None or output_type is str:
        return None
    if isinstance(output_type, AgentOutputSchemaBase):
        return output_type
    if run.output_schemas.get(run.agent) is None:
        run.output_schemas[run.agent] = AgentOutputSchema(output_type)
    return run.output_schemas[run.agent]


async def _stream(queue: EventQueue, events: AsyncIterator[RawEvent]) -> ModelResponse | None:
    response: ModelResponse | None = None
    done_items: list[RawItem] = []
    async with AsyncExitStack() as stack:
        if isinstance(events, AsyncGenerator):
            # A generator left in the middle must close its connection now, not when collected.
            await stack.enter_async_context(aclosing(events))
        async for event in events:
            if queue.put_nowait(RawResponsesStreamEvent(event)):
                await queue.room()
            kind = event.type
            if kind not in _NOTABLE:
                continue
            if kind == ITEM_DONE:
                done_items.append(event.item)
            elif kind == COMPLETED:
                response = response_of(event.response, done_items)
            else:
                raise failure_of(event)
    return response


def _model_of(run: Run) -> Model:
    for model in (run.config.model, run.agent.model):
        if isinstance(model, Model):
            return model
        if model is not None:
            return _provider_of(run).get_model(model)
    return _provider_of(run).get_model(None)


def _provider_of(run: Run) -> ModelProvider:
    if run.config.model_provider is not None:
        return run.config.model_provider
    from tui.providers.multi_provider import MultiProvider

    return MultiProvider()


def _settings_of(run: Run) -> ModelSettings:
    settings = run.agent.model_settings
    if run.config.model is not None and settings == implicit_settings(run.agent.model):
        settings = implicit_settings(run.config.model)
    settings = settings.resolve(run.config.model_settings)
    if run.agent.reset_tool_choice and run.agent.name in run.tool_users:
        # A tool choice that stays forced would call tools for ever.
        return replace(settings, tool_choice=None) if settings.tool_choice else settings
    return settings
