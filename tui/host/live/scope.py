"""Which run and which tool call the code that runs now belongs to. Makes no events."""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Call:
    """One tool call.

    Attributes:
        arguments: The JSON string as the runtime gave it.
        within: The call of an agent used as a tool that it was made inside.
    """

    agent: str
    call_id: str
    tool: str
    arguments: str = ""
    within: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a call ended.

    Attributes:
        result: What it returned.
        error_type: Class of what it raised, "" if it returned.
        error: The text of that.
    """

    result: object = None
    error_type: str = ""
    error: str = ""


class Passage(Protocol):
    """A run, as the gate sees it."""

    @property
    def run_id(self) -> str:
        """The run's id."""

    def entered(self, call: Call, agent: object | None) -> None:
        """A call passed the gate; `agent` is the one behind an agent used as a tool."""

    def left(self, call: Call, outcome: Outcome) -> None:
        """A call returned or raised."""

    def suspended(self, call: Call) -> None:
        """A call returned because what runs inside it waits for a person; it will be resumed."""


RUN: ContextVar[Passage | None] = ContextVar("baton_run", default=None)
INSIDE: ContextVar[Call | None] = ContextVar("baton_call", default=None)
