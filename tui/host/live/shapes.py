"""What the house relies on in an agent's own library, and how a field of unknown shape is read.

Stays out of which library it is: neither is imported here.
"""

import functools
import json
from collections.abc import AsyncIterator, Mapping, Sequence

# A field of a foreign value has any type; whoever reads it checks.
from typing import Any, Protocol


class ForeignAgent(Protocol):
    """An agent of either library."""

    @property
    def name(self) -> str:
        """Its name."""


class ForeignState(Protocol):
    """A run that was stopped and can be resumed."""

    def approve(self, approval_item: Any, **edits: Any) -> None:
        """Allow a pending call; some take changed `arguments`."""

    def reject(self, approval_item: Any, *, rejection_message: str | None = None) -> None:
        """Refuse a pending call; the model reads `rejection_message`."""

    def add_input(self, input: str, /) -> None:
        """Add a message of the person before the next model call."""


class ForeignResult(Protocol):
    """A streamed run."""

    @property
    def interruptions(self) -> Sequence[Any]:
        """The calls that wait for a person, once the stream has ended."""

    @property
    def final_output(self) -> Any:
        """What the run came to, or None."""

    @property
    def last_agent(self) -> ForeignAgent:
        """The agent that had the control last."""

    def stream_events(self) -> AsyncIterator[Any]:
        """Yield the run's events; raises what ended the run."""

    def cancel(self, mode: str = "immediate") -> None:
        """End the run, "immediate" or "after_turn"."""

    def to_state(self) -> ForeignState:
        """Return what a resumed run starts from."""

    def to_input_list(self) -> list[Any]:
        """Return the conversation so far, as a next run's input."""


@functools.lru_cache(maxsize=1_024)
def _is_mapping(kind: type) -> bool:
    """Whether values of a class are mappings: asked for each event, many times."""
    return issubclass(kind, Mapping)


def field(raw: Any, name: str, default: Any = None) -> Any:
    """Return the field `name` of an object or a mapping, else `default`. Never raises."""
    if _is_mapping(type(raw)):  # type: ignore[arg-type] # a class is hashable
        return raw.get(name, default)
    try:
        return getattr(raw, name, default)
    except Exception:  # noqa: BLE001 - a foreign property may raise anything
        return default


def text_field(raw: Any, name: str) -> str:
    """Return the field `name` as safe text, "" where there is none."""
    value = field(raw, name)
    return safe(value) if isinstance(value, str) else ""


def safe(text: str) -> str:
    """Return `text` with lone surrogates, which no wire carries, written as escapes."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "backslashreplace").decode()
    return text


def shown(value: object) -> str:
    """Return the `str` of a value as safe text, or what stands for it. Never raises."""
    try:
        return safe(str(value))
    except BaseException as error:  # noqa: BLE001 - a user's `__str__` may raise anything
        return f"<output that cannot be shown: {type(error).__name__}>"


def name_of(agent: Any) -> str:
    """Return an agent's name; results hold agents weakly, so it may be gone."""
    return text_field(agent, "name")


def is_same_json(one: str, other: str) -> bool:
    """Tell whether two texts are one JSON value; to a tool 1, 1.0 and true are three."""
    try:
        first, second = (json.dumps(json.loads(text), sort_keys=True) for text in (one, other))
    except (ValueError, RecursionError):
        return False
    return first == second
