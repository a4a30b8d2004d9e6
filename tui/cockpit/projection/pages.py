"""Two values that grow cheaply though nobody ever changes one: a paged list and a long text.

Know nothing of runs. Appending copies one page and the list of pages, never the whole.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Generic, TypeVar

import msgspec

PAGE_ITEMS = 256
CHUNK_CHARACTERS = 4096

T = TypeVar("T")


class Pages(msgspec.Struct, Generic[T], frozen=True, eq=False):
    """An immutable list in pages of 256: `full` pages, then the `last`, not yet full one."""

    full: tuple[tuple[T, ...], ...] = ()
    last: tuple[T, ...] = ()

    def __len__(self) -> int:
        return len(self.full) * PAGE_ITEMS + len(self.last)

    def __getitem__(self, index: int) -> T:
        """Return the item at `index`; negative ones count from the end.

        Raises:
            IndexError: If there is no such item.
        """
        if index < 0:
            index += len(self)
        if index < 0:
            raise IndexError("no such entry")
        page, place = divmod(index, PAGE_ITEMS)
        if page == len(self.full):
            return self.last[place]
        return self.full[page][place]

    def __iter__(self) -> Iterator[T]:
        for page in self.full:
            yield from page
        yield from self.last

    def backwards(self, count: int) -> Iterator[tuple[int, T]]:
        """Yield the last `count` items with their places, the last one first."""
        place = len(self)
        for page in chain((self.last,), reversed(self.full)):
            for item in reversed(page):
                if count <= 0:
                    return
                place, count = place - 1, count - 1
                yield place, item

    def append(self, item: T) -> "Pages[T]":
        """Return the list with `item` at its end."""
        last = (*self.last, item)
        if len(last) < PAGE_ITEMS:
            return Pages(self.full, last)
        return Pages((*self.full, last), ())

    def replace(self, index: int, item: T) -> "Pages[T]":
        """Return the list with `item` at `index`, which must exist."""
        page, place = divmod(index, PAGE_ITEMS)
        if page == len(self.full):
            return Pages(self.full, (*self.last[:place], item, *self.last[place + 1 :]))
        old = self.full[page]
        new = (*old[:place], item, *old[place + 1 :])
        return Pages((*self.full[:page], new, *self.full[page + 1 :]), self.last)


class LongText(msgspec.Struct, frozen=True, eq=False):
    """An immutable text that grows at its end: `chunks` of exactly 4,096 characters, then `tail`.

    The same text is always the same chunks, however its deltas were cut.

    Attributes:
        length: Characters in all.
    """

    chunks: Pages[str] = Pages()
    tail: str = ""
    length: int = 0

    def append(self, text: str) -> "LongText":
        """Return the text with `text` at its end."""
        tail = self.tail + text
        length = self.length + len(text)
        if len(tail) < CHUNK_CHARACTERS:
            return LongText(self.chunks, tail, length)
        whole = len(tail) - len(tail) % CHUNK_CHARACTERS
        chunks = self.chunks
        for start in range(0, whole, CHUNK_CHARACTERS):
            chunks = chunks.append(tail[start : start + CHUNK_CHARACTERS])
        return LongText(chunks, tail[whole:], length)

    def since(self, start: int) -> str:
        """Return the characters from `start` on; costs what lies behind it, not the whole."""
        wanted = self.length - start
        parts = [self.tail]
        gathered = len(self.tail)
        index = len(self.chunks) - 1
        while gathered < wanted and index >= 0:
            parts.append(self.chunks[index])
            gathered += len(parts[-1])
            index -= 1
        text = "".join(reversed(parts))
        return text[len(text) - wanted :] if wanted > 0 else ""

    def __len__(self) -> int:
        return self.length

    def __str__(self) -> str:
        return "".join(self.chunks) + self.tail
