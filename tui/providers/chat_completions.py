"""Chat Completions over HTTP, streamed and not, through the `openai` client.

For servers that do not speak Responses. An agent cannot tell the difference: the answer comes as
the events and items of a Responses stream.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import TYPE_CHECKING

from tui.agents.items import ModelResponse, TResponseStreamEvent
from tui.agents.kinds import JsonObject, UserValue
from tui.agents.models.fake_id import FAKE_RESPONSES_ID
from tui.agents.models.interface import Model, ModelRequest
from tui.agents.usage import usage_of
from tui.providers.chat_request import chat_body, stream_options
from tui.providers.clients import ClientOptions, client_of, event_decoder, is_official
from tui.providers.encodable import whole_answer
from tui.providers.http_stream import answer_batches
from tui.providers.reasoning_content_replay import (
    ReasoningContentReplayContext,
    ReasoningContentSource,
    ShouldReplayReasoningContent,
    default_should_replay_reasoning_content,
)
from tui.providers.request_body import plain_reasoning, tool_choice
from tui.providers.timeouts import given_timeout, stream_timeout

if TYPE_CHECKING:
    from openai import AsyncOpenAI

    from tui.providers.chat_stream import ChatStream


class OpenAIChatCompletionsModel(Model):
    """A model of a server that speaks Chat Completions.

    Args:
        model: Its name.
        openai_client: The client to use, or what one is made of; None is the default client.
        should_replay_reasoning_content: Tells which reasoning goes back to the server as
            `reasoning_content`; by default DeepSeek's own to DeepSeek's models.
        strict_feature_validation: Raise for what Chat Completions cannot carry, where otherwise
            it would be left out.
        buffer_streamed_tool_calls: Tell calls only when they are whole.
    """

    def __init__(
        self,
        model: str,
        openai_client: AsyncOpenAI | ClientOptions | None = None,
        should_replay_reasoning_content: ShouldReplayReasoningContent | None = None,
        strict_feature_validation: bool = False,
        buffer_streamed_tool_calls: bool = False,
    ) -> None:
        self.model = model
        self.should_replay_reasoning_content = (
            should_replay_reasoning_content or default_should_replay_reasoning_content
        )
        self._client = openai_client
        self._is_strict = strict_feature_validation
        self._holds_calls = buffer_streamed_tool_calls

    async def get_response(self, *given: UserValue, **options: UserValue) -> ModelResponse:
        """Return the whole answer.

        Raises:
            openai.OpenAIError: If the service fails.
            ModelBehaviorError: If that is no answer.
        """
        request = ModelRequest(*given, **options)
        client = await self._get_client()
        body = self._body(request, client)
        stream = await self._stream(request, body)
        create = client.chat.completions.with_raw_response.create
        answer = await whole_answer(create, _options(request, body))
        last = stream.whole(answer.content)
        return ModelResponse(
            output=list(last.response.output),
            usage=usage_of(last.response.usage),
            response_id=None,
            request_id=answer.request_id,
        )

    async def stream_response(
        self, *given: UserValue, **options: UserValue
    ) -> AsyncIterator[TResponseStreamEvent]:
        """Yield the answer's events as openai objects, up to the one that ends it.

        Raises:
            openai.OpenAIError: If the service fails.
            ModelBehaviorError: If that is no answer.
        """
        request = ModelRequest(*given, **options)
        client = await self._get_client()
        with_stream = stream_options(request.model_settings, is_official=is_official(client))
        body = {**self._body(request, client), **with_stream}
        stream = await self._stream(request, body, says_why=is_official(client))
        create = client.chat.completions.with_streaming_response.create
        arguments = _options(request, body)
        arguments["timeout"] = stream_timeout(client, request.model_settings)
        answer = answer_batches(client, create, arguments, stream.take_done)
        async with aclosing(answer) as batches:
            async for response, batch in batches:
                for _, data in batch:
                    for event in stream.read(data, response.http_request):
                        yield event
        for event in stream.end():
            if event.type == "response.completed":
                event.response._request_id = response.request_id
            yield event

    async def _get_client(self) -> AsyncOpenAI:
        return await client_of(self._client)

    def _body(self, request: ModelRequest, client: AsyncOpenAI) -> JsonObject:
        base_url = str(client.base_url).rstrip("/")

        def is_replayed(item: JsonObject) -> bool:
            origin = item.get("provider_data") or {}
            source = ReasoningContentSource(item, origin.get("model"), origin)
            context = ReasoningContentReplayContext(self.model, base_url, source)
            return self.should_replay_reasoning_content(context)

        return chat_body(
            self.model,
            request,
            is_replayed,
            is_official=is_official(client),
            is_strict=self._is_strict,
        )

    async def _stream(
        self, request: ModelRequest, body: JsonObject, *, says_why: bool = False
    ) -> ChatStream:
        # Loaded off the loop.
        await event_decoder()
        from tui.providers.chat_stream import ChatStream

        return ChatStream(
            _response(self.model, request, body),
            is_strict=self._is_strict,
            says_why=says_why,
            holds_calls=self._holds_calls,
        )


def _response(model: str, request: ModelRequest, body: JsonObject) -> JsonObject:
    settings = request.model_settings
    return {
        "id": FAKE_RESPONSES_ID,
        "created_at": time.time(),
        "model": model,
        "object": "response",
        "output": [],
        "tool_choice": tool_choice(settings.tool_choice) or "auto",
        "top_p": settings.top_p,
        "temperature": settings.temperature,
        "tools": [],
        "parallel_tool_calls": body.get("parallel_tool_calls") or False,
        "reasoning": plain_reasoning(settings.reasoning),
    }


def _options(request: ModelRequest, body: JsonObject) -> JsonObject:
    # As ordinary arguments the client would walk each message in Python, on the event loop.
    settings = request.model_settings
    return {
        "model": body["model"],
        "messages": [],
        "extra_body": body,
        "extra_headers": settings.extra_headers,
        "extra_query": settings.extra_query,
        **given_timeout(settings),
    }
