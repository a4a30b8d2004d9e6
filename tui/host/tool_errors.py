"""Says which of a person's functions no tool could be made of, and what to change about it.

Knows both libraries by the shape of a traceback: the frame that reads the function, and those that
make its schema strict. Stays out of loading.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import FrameType, FunctionType
from typing import Final

_READER: Final = "function_schema"
_STRICT: Final = "strict_schema"
_PARTS_OF_A_SCHEMA: Final = frozenset(
    {"properties", "items", "anyOf", "oneOf", "allOf", "$ref", "$defs", "definitions"}
)
_NAMED_FIELDS: Final = (
    "Give it a type with named fields (a BaseModel, a dataclass, a TypedDict), or write "
    "@function_tool(strict_mode=False)"
)
_DESCRIBABLE: Final = (
    "Give it a type that JSON can say (a BaseModel, a dataclass, a TypedDict, str, int, list ...)"
)
_TYPE: Final = re.compile(r"<class '(?:[\w.<>]*\.)?(\w+)'>|core_schema\.(\w+)Schema")


@dataclass(frozen=True, slots=True)
class ToolTrouble:
    """A function that no tool could be made of.

    Attributes:
        name: The function's name.
        file: Where it stands.
        line: The line there, its decorators included.
        reason: What is wrong with it, "" where the error says it best.
        advice: What to change, likewise.
    """

    name: str
    file: str
    line: int
    reason: str = ""
    advice: str = ""


def tool_trouble(error: BaseException) -> ToolTrouble | None:
    """Return which function was being made a tool when `error` was raised; None if none was."""
    frames = list(_frames(error))
    function = next((frame.f_locals.get("func") for frame in frames if _reads(frame)), None)
    if not isinstance(function, FunctionType):
        return None
    code = function.__code__
    reason, advice = _explained(error, frames, function)
    return ToolTrouble(function.__name__, code.co_filename, code.co_firstlineno, reason, advice)


def _frames(error: BaseException) -> Iterator[FrameType]:
    trace = error.__traceback__
    while trace is not None:
        yield trace.tb_frame
        trace = trace.tb_next


def _reads(frame: FrameType) -> bool:
    return frame.f_code.co_name == _READER


def _explained(
    error: BaseException, frames: Sequence[FrameType], function: FunctionType
) -> tuple[str, str]:
    """Return what is wrong and what to change, both "" if the error's own words are best."""
    text = str(error)
    if "additionalProperties" in text and (place := _place_in_schema(frames)):
        return f"`{place}` may hold any key, which a strict schema cannot say", _NAMED_FIELDS
    kind = type(error)
    if kind.__module__.startswith("pydantic") and (match := _TYPE.search(text)):
        word = match[1] or match[2]
        of_it = [each for each, hint in function.__annotations__.items() if word in repr(hint)]
        named = f"`{of_it[0]}` is of the type {word}" if of_it else f"one is of the type {word}"
        return f"{named}, which no schema can describe", _DESCRIBABLE
    return "", ""


def _place_in_schema(frames: Sequence[FrameType]) -> str:
    """Return which parameter's schema is being made strict, or which field of what model."""
    for frame in reversed(frames):
        path = frame.f_locals.get("path")
        if str(frame.f_globals.get("__name__")).endswith(_STRICT) and isinstance(path, tuple):
            names = [str(part) for part in path]
            told = [part for part in names if part not in _PARTS_OF_A_SCHEMA]
            return ".".join(part for part in told if not part.isdigit())
    return ""
