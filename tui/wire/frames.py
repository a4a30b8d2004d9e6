"""Frames between screen and host: 4 bytes of big-endian length, then that many bytes of JSON.

Knows the two unions and nothing of sockets: it turns values into bytes, and any split of bytes
back into values. A hello frame with the format's version comes first, both ways.
"""

from collections.abc import Iterator
from typing import Generic, TypeAlias, TypeVar

import msgspec

from tui.errors import WireError
from tui.wire.commands import AnyCommand
from tui.wire.events import RunEvent

VERSION = 1
MAX_FRAME_BYTES = 64 * 1024 * 1024
_LENGTH_BYTES = 4


class Hello(msgspec.Struct, frozen=True, kw_only=True, tag="hello"):
    """The first frame of each side."""

    version: int = VERSION


class Ready(msgspec.Struct, frozen=True, kw_only=True, tag="ready"):
    """The host has loaded its agent and takes runs.

    Attributes:
        outlives: Whether its runs are kept and go on when the screen is gone.
    """

    agent: str
    outlives: bool = False


class Unready(msgspec.Struct, frozen=True, kw_only=True, tag="unready"):
    """The host could not load its agent: one sentence, advice, and the traceback.

    Attributes:
        printed: What was printed while it was loaded.
    """

    error_type: str
    message: str
    advice: str = ""
    details: str = ""
    printed: str = ""


class NotResumed(msgspec.Struct, frozen=True, kw_only=True, tag="not_resumed"):
    """The host does not go on with a kept run: why, and what changed in its program meanwhile."""

    run_id: str
    why: str
    changes: tuple[str, ...] = ()


Upward: TypeAlias = Hello | Ready | Unready | NotResumed | RunEvent
Downward: TypeAlias = Hello | AnyCommand

T = TypeVar("T")

_encoder = msgspec.json.Encoder()


def encode_frame(value: Upward | Downward) -> bytes:
    """Return one whole frame.

    Raises:
        WireError: If the value is over 64 MiB as JSON.
    """
    body = _encoder.encode(value)
    if len(body) > MAX_FRAME_BYTES:
        raise WireError(f"a frame of {len(body):,} bytes is over the limit of 64 MiB")
    return len(body).to_bytes(_LENGTH_BYTES, "big") + body


class FrameReader(Generic[T]):
    """Turns bytes, split anywhere, into the values of one direction."""

    def __init__(self, decoder: msgspec.json.Decoder[T]) -> None:
        self._decoder = decoder
        self._buffer = bytearray()

    def feed(self, chunk: bytes) -> Iterator[T]:
        """Take `chunk` and yield each value that is whole by now.

        Raises:
            WireError: If a length is over 64 MiB or a body is not a value of this direction.
        """
        self._buffer += chunk
        taken = 0
        try:
            while (body := self._whole_body(taken)) is not None:
                taken += _LENGTH_BYTES + len(body)
                yield self._decode(body)
        finally:
            del self._buffer[:taken]

    @property
    def is_between_frames(self) -> bool:
        """Whether an end here would cut no frame in two."""
        return not self._buffer

    def _whole_body(self, start: int) -> bytes | None:
        head = start + _LENGTH_BYTES
        if len(self._buffer) < head:
            return None
        length = int.from_bytes(self._buffer[start:head], "big")
        if length > MAX_FRAME_BYTES:
            raise WireError(f"a frame announces {length:,} bytes; the limit is 64 MiB")
        if len(self._buffer) < head + length:
            return None
        return bytes(self._buffer[head : head + length])

    def _decode(self, body: bytes) -> T:
        try:
            return self._decoder.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise WireError(f"a frame is not of our wire form: {error}") from error


def upward_reader() -> FrameReader[Upward]:
    """Return a reader for what a host sends."""
    return FrameReader(msgspec.json.Decoder(Upward))


def downward_reader() -> FrameReader[Downward]:
    """Return a reader for what a screen sends."""
    return FrameReader(msgspec.json.Decoder(Downward))


def check_version(hello: Upward | Downward) -> None:
    """Raise WireError unless `hello` is a hello of our version."""
    if not isinstance(hello, Hello):
        raise WireError("the other side did not begin with a hello frame")
    if hello.version != VERSION:
        raise WireError(
            f"the other side speaks wire version {hello.version}, this one {VERSION}: "
            "install the same version of baton-tui on both sides"
        )
