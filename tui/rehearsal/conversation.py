"""A request's input read back as a conversation: what was asked, done and said.

Stays out of what to answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tui.rehearsal.response_object import JsonObject
from tui.rehearsal.words import asks_again, orders_named

# What a model is told of the calls that a cancelled run left behind.
_NEVER_BEGUN = "This call was not carried out"
_STOPPED = "This call was begun and then stopped"


@dataclass(frozen=True, slots=True)
class Step:
    """A call of a tool or a handoff, with its answer.

    Attributes:
        name: The tool's name.
        arguments: As the model wrote them.
        output: What came back; empty while nothing has.
    """

    name: str
    arguments: Mapping[str, object]
    output: str

    @property
    def facts(self) -> Mapping[str, object]:
        """The output as a JSON object; empty if it is none."""
        return _json_object(self.output)

    @property
    def is_withdrawn(self) -> bool:
        """Whether the run was cancelled before the call began: nobody decided on it."""
        return self.output.startswith(_NEVER_BEGUN)

    @property
    def is_cut_short(self) -> bool:
        """Whether the run was cancelled before the call returned."""
        return self.output.startswith((_NEVER_BEGUN, _STOPPED))


@dataclass(frozen=True, slots=True)
class Exchange:
    """One message of the person, and what followed from it.

    Attributes:
        asked: What was typed; a remark made while tools ran is added on a line of its own.
        steps: The calls, in order.
        said: The texts of the agents, in order.
    """

    asked: str
    steps: tuple[Step, ...]
    said: tuple[str, ...]

    def named(self, name: str) -> tuple[Step, ...]:
        """Return the calls of one tool, in order."""
        return tuple(step for step in self.steps if step.name == name)

    @property
    def is_cut_short(self) -> bool:
        """Whether the run was cancelled in the middle of it."""
        return any(step.is_cut_short for step in self.steps)


@dataclass(frozen=True, slots=True)
class Conversation:
    """All exchanges so far.

    Attributes:
        earlier: The finished ones, oldest first.
        now: The one that waits for an answer.
    """

    earlier: tuple[Exchange, ...]
    now: Exchange

    @property
    def wish(self) -> str:
        """What is to be dealt with: all that was typed since an answer, if now is only "again"."""
        texts = [self.now.asked]
        for exchange in reversed(self.earlier):
            is_repeated = asks_again(texts[0]) and not orders_named(texts[0])
            if not (is_repeated and exchange.is_cut_short):
                break
            texts.insert(0, exchange.asked)
        return "\n".join(texts)


def read_conversation(body: JsonObject) -> Conversation:
    """Return the conversation that a request of the Responses API carries."""
    items = list(_items(body.get("input")))
    outputs = {
        str(item["call_id"]): _text(item.get("output"))
        for item in items
        if item.get("type") == "function_call_output"
    }
    draft = _Draft(outputs)
    for item in items:
        draft.add(item)
    return draft.finished()


@dataclass
class _Draft:
    outputs: Mapping[str, str]
    exchanges: list[Exchange] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    is_answered: bool = False

    def add(self, item: Mapping[str, object]) -> None:
        if item.get("role") == "user":
            self._ask(_text(item.get("content")))
        elif item.get("role") == "assistant":
            self.said.append(_text(item.get("content")))
            self.is_answered = True
        elif item.get("type") == "function_call":
            self.steps.append(self._step(item))
            self.is_answered = False

    def finished(self) -> Conversation:
        return Conversation(tuple(self.exchanges), self._exchange())

    def _ask(self, text: str) -> None:
        # A message that comes before the last one was answered steers it: no new exchange.
        if self.is_answered or self._exchange().is_cut_short:
            self.exchanges.append(self._exchange())
            self.asked, self.steps, self.said = [], [], []
            self.is_answered = False
        self.asked.append(text)

    def _exchange(self) -> Exchange:
        return Exchange("\n".join(self.asked), tuple(self.steps), tuple(self.said))

    def _step(self, item: Mapping[str, object]) -> Step:
        output = self.outputs.get(str(item.get("call_id")), "")
        return Step(str(item.get("name")), _json_object(str(item.get("arguments"))), output)


def _items(given: object) -> Iterable[Mapping[str, object]]:
    if isinstance(given, str):
        return [{"role": "user", "content": given}]
    return [item for item in given if isinstance(item, Mapping)] if isinstance(given, list) else []


def _text(content: object) -> str:
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return "".join(str(part.get("text", "")) for part in parts if isinstance(part, Mapping))


def _json_object(text: str) -> Mapping[str, object]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
