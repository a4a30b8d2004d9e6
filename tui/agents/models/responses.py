"""The Responses API over HTTP, streamed as server-sent events, through the `openai` client."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from tui.agents.agent_output import AgentOutputSchemaBase
from tui.agents.handoffs import Handoff
from tui.agents.items import ModelResponse, TResponseInputItem, TResponseStreamEvent
from tui.agents.kinds import JsonObject, RawEvent
from tui.agents.model_settings import ModelSettings
from tui.agents.models.clients import default_client
from tui.agents.models.connection_errors import connection_error
from tui.agents.models.interface import Model, ModelTracing
from tui.agents.models.request_body import request_body
from tui.agents.models.sse import SSEDecoder
from tui.agents.models.terminal import response_failure
from tui.agents.tool import Tool
from tui.agents.unsupported import refuse
from tui.agents.usage import usage_of

if TYPE_CHECKING:
    from openai import AsyncOpenAI

_TERMINAL = frozenset(
    {"response.completed", "response.failed", "response.incomplete", "error", "response.error"}
)


class OpenAIResponsesModel(Model):
    """A model of the Responses API.

    Args:
        model: Its name.
        openai_client: The client to use; None is the default client.
    """

    def __init__(self, model: str, openai_client: AsyncOpenAI | None = None) -> None:
        self.model = model
        self._client = openai_client

    async def get_response(
        self,
        system_instructions: str | None,
        input: str | list[TResponseInputItem],
        model_settings: ModelSettings,
        tools: list[Tool],
        output_schema: AgentOutputSchemaBase | None,
        handoffs: list[Handoff],
        tracing: ModelTracing,  # noqa: ARG002 - part of the interface
        *,
        previous_response_id: str | None = None,
        conversation_id: str | None = None,
        prompt: object | None = None,
    ) -> ModelResponse:
        """Return the whole answer.

        Raises:
            openai.OpenAIError: If the service fails.
            ModelBehaviorError: If the response failed or is incomplete.
        """
        _refuse_server_state(previous_response_id, conversation_id, prompt)
        body = request_body(
            self.model, system_instructions, input, model_settings, tools, output_schema, handoffs
        )
        client = await self._get_client()
        response = await client.responses.create(**_options(model_settings, body))
        if response.status in ("failed", "incomplete"):
            raise response_failure(f"response.{response.status}", response)
        return ModelResponse(
            output=list(response.output),
            usage=usage_of(response.usage),
            response_id=response.id,
            request_id=getattr(response, "_request_id", None),
        )

    async def stream_response(
        self,
        system_instructions: str | None,
        input: str | list[TResponseInputItem],
        model_settings: ModelSettings,
        tools: list[Tool],
        output_schema: AgentOutputSchemaBase | None,
        handoffs: list[Handoff],
        tracing: ModelTracing,  # noqa: ARG002 - part of the interface
        *,
        previous_response_id: str | None = None,
        conversation_id: str | None = None,
        prompt: object | None = None,
    ) -> AsyncIterator[TResponseStreamEvent]:
        """Yield the answer's events as openai objects, up to the one that ends it.

        Raises:
            openai.OpenAIError: If the service fails.
        """
        _refuse_server_state(previous_response_id, conversation_id, prompt)
        body = request_body(
            self.model, system_instructions, input, model_settings, tools, output_schema, handoffs
        )
        body["stream"] = True
        client = await self._get_client()
        request = client.responses.with_streaming_response.create(**_options(model_settings, body))
        async with request as response:
            async for event in _events(response):
                yield event

    async def _get_client(self) -> AsyncOpenAI:
        if self._client is not None:
            return self._client
        return await default_client()


async def _events(response: RawEvent) -> AsyncIterator[TResponseStreamEvent]:
    from tui.agents.models.response_events import decode_event

    decoder = SSEDecoder()
    try:
        async for chunk in response.iter_bytes():
            for name, data in decoder.feed(chunk):
                if data == b"[DONE]":
                    return
                yield _named(decode_event(name, data), response)
    except Exception as error:
        broken = connection_error(error, response.http_request)
        if broken is None:
            raise
        raise broken from error
    for name, data in decoder.flush():
        yield _named(decode_event(name, data), response)


def _named(event: RawEvent, response: RawEvent) -> RawEvent:
    """Keep the HTTP request's id with the response that ends the stream."""
    if event.type == "response.completed":
        event.response._request_id = response.request_id
    return event


def _options(settings: ModelSettings, body: JsonObject) -> JsonObject:
    # As ordinary arguments the client would walk each input item in Python, on the event loop.
    return {
        "extra_body": body,
        "extra_headers": settings.extra_headers,
        "extra_query": settings.extra_query,
    }


def _refuse_server_state(
    previous_response_id: str | None, conversation_id: str | None, prompt: object | None
) -> None:
    refuse(
        "The Responses model",
        previous_response_id=previous_response_id,
        conversation_id=conversation_id,
        prompt=prompt,
    )
