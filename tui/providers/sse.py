"""Splits a byte stream into server-sent events. Does not look into their data."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterator


class SSEDecoder:
    """Takes bytes in any pieces and gives the events that are complete.

    Lines end with LF, CR LF or CR; comments and unknown fields are left out; data of several
    lines is joined by LF. An event is its name, "" if it has none, and its data as bytes.
    """

    def __init__(self) -> None:
        self._rest: list[bytes] = []
        self._name = b""
        self._data: list[bytes] = []
        self._after_cr = False
        self._is_begun = False

    def feed(self, chunk: bytes) -> Iterator[tuple[str, bytes]]:
        """Yield the events that `chunk` completes."""
        for line in self._lines(chunk):
            if line.startswith(b"data: "):
                self._data.append(line[6:])
            elif line.startswith(b"event: "):
                self._name = line[7:]
            elif line:
                self._take(line)
            elif self._data:
                yield self._dispatch()
            else:
                self._name = b""

    def flush(self) -> Iterator[tuple[str, bytes]]:
        """Yield what a stream that ended without its last empty line leaves behind."""
        if rest := b"".join(self._rest):
            self._take(rest)
        self._rest.clear()
        if self._data:
            yield self._dispatch()

    def _lines(self, chunk: bytes) -> list[bytes]:
        if self._after_cr or b"\r" in chunk:
            chunk = self._with_lf_only(chunk)
        lines = chunk.split(b"\n")
        if len(lines) > 1 and self._rest:
            lines[0] = b"".join((*self._rest, lines[0]))
            self._rest = []
        # Joined once: a long line that comes in many chunks would be copied with each.
        if rest := lines.pop():
            self._rest.append(rest)
        if lines and not self._is_begun:
            self._is_begun = True
            lines[0] = lines[0].removeprefix(BOM_UTF8)
        return lines

    def _with_lf_only(self, chunk: bytes) -> bytes:
        if not chunk:
            return chunk
        if self._after_cr and chunk[:1] == b"\n":
            chunk = chunk[1:]
        self._after_cr = chunk.endswith(b"\r")
        return chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")

    def _take(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        if value[:1] == b" ":
            value = value[1:]
        if name == b"data":
            self._data.append(value)
        elif name == b"event":
            self._name = value

    def _dispatch(self) -> tuple[str, bytes]:
        name, lines = self._name, self._data
        self._name, self._data = b"", []
        data = lines[0] if len(lines) == 1 else b"\n".join(lines)
        return name.decode("utf-8", "replace"), data
