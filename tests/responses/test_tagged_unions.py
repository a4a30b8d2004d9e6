"""Unions by `type`: they take what openai's own classes take, refuse what those refuse, at once."""

from __future__ import annotations

from typing import Annotated, Literal

import pytest
from openai.types.responses import Response, ResponseOutputItemDoneEvent
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic_core import SchemaValidator

from tests.bench.service import frames
from tui.rehearsal.script import Say, call, reply
from tui.responses.tagged_unions import with_tagged_unions

MESSAGE = {
    "type": "message",
    "id": "m",
    "role": "assistant",
    "status": "completed",
    "content": [
        {
            "type": "output_text",
            "text": "hi",
            "annotations": [
                {"type": "url_citation", "url": "u", "title": "t", "start_index": 0, "end_index": 1}
            ],
            "surprise": 1,
        },
        {"type": "refusal", "refusal": "no"},
    ],
}
CALL = {"type": "function_call", "name": "f", "arguments": "{}", "call_id": "c", "new": [1]}
REASONING = {"type": "reasoning", "id": "r", "summary": [{"type": "summary_text", "text": "s"}]}
SEARCH = {
    "type": "web_search_call",
    "id": "w",
    "status": "completed",
    "action": {"type": "search", "query": "q"},
}
COMPUTER = {
    "type": "computer_call",
    "id": "x",
    "call_id": "c",
    "status": "completed",
    "pending_safety_checks": [],
    "action": {"type": "click", "button": "left", "x": 1, "y": 2},
}
CODE = {
    "type": "code_interpreter_call",
    "id": "i",
    "container_id": "c",
    "status": "completed",
    "code": "1",
    "outputs": [{"type": "logs", "logs": "1"}],
}
ITEMS = [MESSAGE, CALL, REASONING, SEARCH, COMPUTER, CODE]


class Late(BaseModel):
    """As openai's classes are: their validators are made late, and none stands in for ours."""

    model_config = ConfigDict(defer_build=True)


class Cat(Late):
    type: Literal["cat", "tom"]
    lives: int = 9


class Dog(Late):
    type: Literal["dog"]
    puppies: list[Cat | Dog] = []


class Tom(Late):
    type: Literal["tom", "peeping"]


class Untold(Late):
    type: Literal["untold"] = "untold"


def both(kind: object):
    """Return what checks a type: pydantic, and ours."""
    adapter = TypeAdapter(kind)
    adapter.rebuild()
    return adapter.validator, SchemaValidator(with_tagged_unions(adapter.core_schema))


def done(item):
    return {
        "type": "response.output_item.done",
        "item": item,
        "output_index": 0,
        "sequence_number": 1,
    }


@pytest.mark.parametrize("item", ITEMS, ids=[item["type"] for item in ITEMS])
def test_items_come_out_the_same(item):
    plain, tagged = both(ResponseOutputItemDoneEvent)
    assert tagged.validate_python(done(item)) == plain.validate_python(done(item))


@pytest.mark.parametrize("item", [{"type": "hologram"}, {}, {"type": "message"}, {"type": 1}, 5])
def test_what_no_class_takes_is_refused(item):
    for validator in both(ResponseOutputItemDoneEvent):
        with pytest.raises(ValidationError):
            validator.validate_python(done(item))


def test_a_whole_response_comes_out_the_same():
    last = frames(reply(Say(("a", "b")), call("f", "c")), "resp")[-1]
    body = last.partition(b'"response":')[2].rstrip()[:-1]
    plain, tagged = both(Response)
    assert tagged.validate_json(body) == plain.validate_json(body)


def test_a_model_within_itself():
    plain, tagged = both(Dog)
    value = {"type": "dog", "puppies": [{"type": "tom"}, {"type": "dog", "puppies": []}]}
    assert tagged.validate_python(value) == plain.validate_python(value)
    with pytest.raises(ValidationError, match="'cow' found using 'type'"):
        tagged.validate_python({"type": "dog", "puppies": [{"type": "cow"}]})


@pytest.mark.parametrize(
    "kind",
    [
        Cat | str,
        Cat | Untold,
        Cat | Tom,
        Annotated[Cat | None, "no choice at all"],
    ],
)
def test_other_unions_are_left_alone(kind):
    adapter = TypeAdapter(kind)
    adapter.rebuild()
    assert with_tagged_unions(adapter.core_schema) == adapter.core_schema
