"""Which run and which tool call the code that runs now belongs to. Makes no events."""

from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass

# Agents, items and responses are of either library.
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Call:
    """One tool call.

    Attributes:
        arguments: The JSON string as the runtime gave it.
        within: The call of an agent used as a tool that it was made inside.
        description: What the tool says of itself, where the gate saw it.
    """

    agent: str
    call_id: str
    tool: str
    arguments: str = ""
    within: str | None = None
    description: str = ""


def is_same_call(one: Call, other: Call) -> bool:
    """Tell whether two are one call, which an id alone does not: agents inside others share ids."""
    return (one.call_id, one.agent, one.tool, one.within) == (
        other.call_id,
        other.agent,
        other.tool,
        other.within,
    )


@dataclass(frozen=True, slots=True)
class Passing:
    """What the gate does with a call.

    Attributes:
        refusal: What the model reads in place of a result; None if the call may begin.
        arguments: What the tool is run with, JSON text, in place of what was asked for.
        outcome: What the call came to before: its tool does not run again. None if it may begin.
    """

    refusal: str | None = None
    arguments: str | None = None
    outcome: "Outcome | None" = None

    @property
    def may_begin(self) -> bool:
        """Whether the tool runs."""
        return self.refusal is None and self.outcome is None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a call ended.

    Attributes:
        result: What it returned.
        error_type: Class of what it raised, "" if it returned.
        error: The text of that.
        is_unchecked: Whether guardrails may still withhold the result or put another in its place.
    """

    result: object = None
    error_type: str = ""
    error: str = ""
    is_unchecked: bool = False

    @property
    def can_be_told(self) -> bool:
        """Whether the result is what a model reads."""
        return not self.error_type and not self.is_unchecked


class Inside(Protocol):
    """What runs inside the calls of a run, as an agent's own hooks hear of it."""

    def began(self, call: Call, agent: Any) -> None:
        """`agent` has the control inside the call."""

    def asks(self, call: Call, agent: Any, items: Iterable[Any]) -> None:
        """A model is given `items` by `agent`."""

    def answered(self, call: Call, response: Any) -> None:
        """A model has answered."""

    def handed_over(self, call: Call, source: Any, target: Any) -> None:
        """The control passed from one agent to another."""


class Passage(Protocol):
    """A run, as the gate sees it."""

    @property
    def inside(self) -> Inside:
        """What runs inside its calls."""

    @property
    def run_id(self) -> str:
        """The run's id."""

    def has_tools(self, agent: str, tools: Mapping[str, bool], *, is_all: bool) -> None:
        """`agent` has these tools, each with whether its calls pass; `is_all` if no others."""

    def out_of_reach(self, what: str) -> None:
        """The calls of some tools, named as for a person, do not pass."""

    async def admit(self, call: Call, tool: Any) -> Passing:
        """Say what becomes of a call, once nothing stands in its way any more."""

    async def before_model(self, agent: str) -> None:
        """Wait until the model of an agent may be asked inside a call."""

    def entered(self, call: Call, agent: object | None) -> None:
        """A call passed the gate; `agent` is the one behind an agent used as a tool."""

    async def kept(self, call: Call) -> None:
        """Wait until a call's begin is kept."""

    def left(self, call: Call, outcome: Outcome) -> None:
        """A call returned or raised."""

    def suspended(self, call: Call) -> None:
        """A call returned because what runs inside it waits for a person; it will be resumed."""


RUN: ContextVar[Passage | None] = ContextVar("baton_run", default=None)
INSIDE: ContextVar[Call | None] = ContextVar("baton_call", default=None)
