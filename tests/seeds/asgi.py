"""Calls an ASGI application in this process. Knows nothing of what is asked or answered.

By hand, and not through a client library: the answer can be read piece by piece while it is
made, the reader can leave, and the tests depend on no such library.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Self

Application = Callable[[dict[str, Any], Any, Any], Awaitable[None]]


class Exchange:
    """One POST of a JSON body, and the answer to it.

    Attributes:
        status: The answer's status.
        headers: The answer's headers, names in lower case.
    """

    def __init__(self, application: Application, path: str, body: object) -> None:
        self._application = application
        self._path = path
        self._body = json.dumps(body).encode()
        self._sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._left = asyncio.Event()
        self._has_asked = False

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._call())
        start = await self._sent.get()
        assert start["type"] == "http.response.start"
        self.status = start["status"]
        self.headers = {name.decode(): value.decode() for name, value in start["headers"]}
        return self

    async def __aexit__(self, *_: object) -> None:
        self._left.set()
        await self._task

    async def pieces(self) -> AsyncIterator[str]:
        """Yield the answer's pieces as they are sent."""
        while True:
            part = await self._sent.get()
            if part["type"] == "ended":
                return
            if part.get("body"):
                yield part["body"].decode()

    async def _call(self) -> None:
        scope = {
            "type": "http",
            # What uvicorn says; it makes the application watch for readers who leave.
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": self._path,
            "raw_path": self._path.encode(),
            "root_path": "",
            "query_string": b"",
            "headers": [(b"content-type", b"application/json")],
        }
        try:
            await self._application(scope, self._receive, self._sent.put)
        finally:
            self._sent.put_nowait({"type": "ended"})

    async def _receive(self) -> dict[str, Any]:
        if not self._has_asked:
            self._has_asked = True
            return {"type": "http.request", "body": self._body, "more_body": False}
        await self._left.wait()
        return {"type": "http.disconnect"}
