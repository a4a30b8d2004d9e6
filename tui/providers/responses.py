"""The Responses API over HTTP, streamed as server-sent events, through the `openai` client."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import TYPE_CHECKING

from tui.agents.items import ModelResponse, TResponseStreamEvent
from tui.agents.kinds import JsonObject, RawEvent, UserValue
from tui.agents.model_settings import ModelSettings
from tui.agents.models.interface import Model, ModelRequest
from tui.agents.models.terminal import response_failure
from tui.agents.usage import usage_of
from tui.providers.clients import ClientOptions, client_of, event_decoder
from tui.providers.encodable import whole_answer
from tui.providers.http_stream import answer_batches
from tui.providers.request_body import request_body
from tui.providers.timeouts import given_timeout, stream_timeout

if TYPE_CHECKING:
    from openai import AsyncOpenAI


class OpenAIResponsesModel(Model):
    """A model of the Responses API.

    Args:
        model: Its name.
        openai_client: The client to use, or what one is made of; None is the default client.
        model_is_explicit: Whether the name was chosen, so that it goes before a prompt's own.
    """

    def __init__(
        self,
        model: str,
        openai_client: AsyncOpenAI | ClientOptions | None = None,
        *,
        model_is_explicit: bool = True,
    ) -> None:
        self.model = model
        self._is_explicit = model_is_explicit
        self._client = openai_client

    async def get_response(self, *given: UserValue, **options: UserValue) -> ModelResponse:
        """Return the whole answer.

        Raises:
            openai.OpenAIError: If the service fails.
            ModelBehaviorError: If the response failed or is incomplete.
        """
        request = ModelRequest(*given, **options)
        body = self._body(request)
        client = await self._get_client()
        arguments = _options(request.model_settings, body)
        response = await whole_answer(client.responses.create, arguments)
        if response.status in ("failed", "incomplete"):
            raise response_failure(f"response.{response.status}", response)
        return ModelResponse(
            output=list(response.output),
            usage=usage_of(response.usage),
            response_id=response.id,
            request_id=getattr(response, "_request_id", None),
        )

    async def stream_response(
        self, *given: UserValue, **options: UserValue
    ) -> AsyncIterator[TResponseStreamEvent]:
        """Yield the answer's events as openai objects, up to the one that ends it.

        Raises:
            openai.OpenAIError: If the service fails.
        """
        request = ModelRequest(*given, **options)
        body = {**self._body(request), "stream": True}
        client = await self._get_client()
        create = client.responses.with_streaming_response.create
        decode = await event_decoder()
        arguments = _options(request.model_settings, body)
        arguments["timeout"] = stream_timeout(client, request.model_settings)
        async with aclosing(answer_batches(client, create, arguments)) as batches:
            async for response, batch in batches:
                for name, data in batch:
                    yield _named(decode(name, data), response)

    def _body(self, request: ModelRequest) -> JsonObject:
        is_named = self._is_explicit or request.prompt is None
        return request_body(self.model if is_named else None, request)

    async def _get_client(self) -> AsyncOpenAI:
        return await client_of(self._client)


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
        **given_timeout(settings),
    }
