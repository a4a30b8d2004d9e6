"""Keeps what all models share: the default `openai` client, and the decoder of events."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Callable
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from tui.agents.kinds import RawEvent, UserValue

if TYPE_CHECKING:
    from openai import AsyncOpenAI


EventDecoder: TypeAlias = Callable[[str, bytes], RawEvent]
"""Makes an openai event of its name and its data."""

ClientOptions: TypeAlias = tuple[tuple[str, str], ...]
"""What a client is made of, but for what the environment says: arguments by name."""

OpenAIAPI: TypeAlias = Literal["chat_completions", "responses"]
"""How models that are only named are spoken to."""

OpenAIResponsesTransport: TypeAlias = Literal["http", "websocket"]
"""What Responses of models that are only named go over."""

_OFFICIAL_HOST = "api.openai.com"
# The openai client is not made without a key; a server of one's own may ask for none.
_NO_KEY = "none"


class _Defaults:
    def __init__(self) -> None:
        self.client: AsyncOpenAI | None = None
        self.api_key: str | None = None
        self.api: OpenAIAPI = "responses"
        self.transport: OpenAIResponsesTransport = "http"
        self.has_decoder = False
        # A client's connections live in one event loop, so each loop has its own.
        self.made: WeakKeyDictionary[asyncio.AbstractEventLoop, _LoopClients] = WeakKeyDictionary()


class _LoopClient:
    """The client of one event loop, closed with it: a loop closes its generators as it ends."""

    def __init__(self, options: ClientOptions) -> None:
        self.opened = asyncio.ensure_future(self._open(options))

    async def _open(self, options: ClientOptions) -> AsyncOpenAI:
        # Importing takes a third of a second, and the TLS context some more: not on the loop.
        client = await asyncio.to_thread(make_client, **dict(options))
        self._life = _until_loop_ends(client)
        return await anext(self._life)


async def _until_loop_ends(client: AsyncOpenAI) -> AsyncGenerator[AsyncOpenAI]:
    try:
        yield client
    finally:
        _defaults.made.pop(asyncio.get_running_loop(), None)
        await client.close()


_LoopClients: TypeAlias = dict[ClientOptions, _LoopClient]
_defaults = _Defaults()


# `use_for_tracing` is the SDK's word: programs pass it, and here nothing is uploaded.
def set_default_openai_client(client: AsyncOpenAI, use_for_tracing: bool = False) -> None:  # noqa: ARG001
    """Use this client for all models that were given none. Closing it is the caller's."""
    _defaults.client = client


def set_default_openai_key(key: str, use_for_tracing: bool = False) -> None:  # noqa: ARG001
    """Use this API key instead of OPENAI_API_KEY, in clients made from now on."""
    _defaults.api_key = key


def set_default_openai_api(api: OpenAIAPI) -> None:
    """Choose how models that are only named are spoken to; Responses, unless this is called."""
    _defaults.api = api


def set_default_openai_responses_transport(transport: OpenAIResponsesTransport) -> None:
    """Choose what Responses of models that are only named go over; HTTP, unless this is called.

    Raises:
        ValueError: If it is neither "http" nor "websocket".
    """
    if transport not in get_args(OpenAIResponsesTransport):
        raise ValueError(f'The transport must be "http" or "websocket", not {transport!r}.')
    _defaults.transport = transport


def default_transport() -> OpenAIResponsesTransport:
    """Return what Responses of models that are only named go over."""
    return _defaults.transport


def default_api() -> OpenAIAPI:
    """Return how models that are only named are spoken to."""
    return _defaults.api


def is_official(client: AsyncOpenAI) -> bool:
    """Tell whether a client's server is the one that made both formats."""
    return client.base_url.scheme == "https" and client.base_url.host == _OFFICIAL_HOST


async def client_of(given: AsyncOpenAI | ClientOptions | None) -> AsyncOpenAI:
    """Return the client of a model in this event loop; the first call imports `openai`.

    Args:
        given: The client itself, or what one is made of; None is the default client.

    Raises:
        openai.OpenAIError: If there is no API key, and no other server than the official one is
            named.
    """
    if given is None:
        given = _defaults.client or ()
    if not isinstance(given, tuple):
        return given
    made = _defaults.made.setdefault(asyncio.get_running_loop(), {})
    if given not in made:
        made[given] = _LoopClient(given)
    try:
        # Several runs may wait for the first one's client; none that gives up takes it from them.
        return await asyncio.shield(made[given].opened)
    # A client that could not be made (no key yet) must not be what the next run gets.
    except Exception:
        made.pop(given, None)
        raise


async def event_decoder() -> EventDecoder:
    """Return what decodes stream events; the first call loads it."""
    return _load_decoder() if _defaults.has_decoder else await asyncio.to_thread(_load_decoder)


def _load_decoder() -> EventDecoder:
    from tui.responses.events import decode_event, warm_up

    if not _defaults.has_decoder:
        # Building their validators takes tens of milliseconds.
        warm_up()
        _defaults.has_decoder = True
    return decode_event


def make_client(api_key: str | None = None, **options: UserValue) -> AsyncOpenAI:
    """Make a client, off the loop; what is not given comes from the environment.

    Raises:
        openai.OpenAIError: If there is no API key, and no other server than the official one is
            named.
    """
    from openai import AsyncOpenAI

    if "OPENAI_WEBSOCKET_BASE_URL" in os.environ:
        options = {"websocket_base_url": os.environ["OPENAI_WEBSOCKET_BASE_URL"], **options}
    key = api_key or _defaults.api_key or _key_of_environment(options.get("base_url"))
    client = AsyncOpenAI(api_key=key, **options)
    # The resource is made on first use, which also costs.
    _ = client.responses if _defaults.api == "responses" else client.chat.completions
    return client


def _key_of_environment(address: str | None) -> str | None:
    """Return the key, or what stands for none where a server other than the official is named."""
    key = os.environ.get("OPENAI_API_KEY")
    address = address or os.environ.get("OPENAI_BASE_URL", "").strip()
    if key or not address or urlsplit(address).hostname == _OFFICIAL_HOST:
        return key
    return _NO_KEY
