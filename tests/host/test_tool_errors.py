"""A function that no tool can be made of is named, with its place and what to change about it."""

from __future__ import annotations

import pytest

from tests.host.test_loading import _restored, a_file, opened
from tui.errors import LoadError

__all__ = ["_restored"]

NAMED_FIELDS = (
    "Give it a type with named fields (a BaseModel, a dataclass, a TypedDict), or write @"
)
JSON_TYPE = (
    "Give it a type that JSON can say (a BaseModel, a dataclass, a TypedDict, str, int, list"
)
MODEL = "from pydantic import BaseModel, ConfigDict\nclass Order(BaseModel):\n    "
FUNCTIONS = {
    "a dict": (
        "@function_tool\ndef search(values: dict[str, int]) -> str: ...",
        "search(): `values` may hold any key, which a strict schema cannot say (at desk.py:2)",
        NAMED_FIELDS,
    ),
    "a dict in a list in a model": (
        f"{MODEL}lines: list[dict[str, int]]\n@function_tool\ndef search(order: Order): ...",
        "search(): `Order.lines` may hold any key, which a strict schema cannot say (at desk.py:5)",
        NAMED_FIELDS,
    ),
    "a model that takes more": (
        (
            f"{MODEL}model_config = ConfigDict(extra='allow')\n@function_tool\n"
            "def search(order: Order): ..."
        ),
        "search(): `Order` may hold any key, which a strict schema cannot say (at desk.py:5)",
        NAMED_FIELDS,
    ),
    "a class": (
        "class Order: ...\n@function_tool\ndef search(n: int, order: Order | None = None): ...",
        "search(): `order` is of the type Order, which no schema can describe (at desk.py:3)",
        JSON_TYPE,
    ),
    "a function": (
        "from collections.abc import Callable\n@function_tool\ndef search(then: Callable): ...",
        "search(): `then` is of the type Callable, which no schema can describe (at desk.py:3)",
        JSON_TYPE,
    ),
    "a name that is not there": (
        "@function_tool\ndef search(order: 'Odrer'): ...",
        "search(): NameError: name 'Odrer' is not defined (at desk.py:2)",
        "",
    ),
    "keywords": (
        "@function_tool\ndef search(**values: int): ...",
        "search(): UserError: Variadic keyword parameter `**values` in function search cannot use",
        "",
    ),
    "the context in second place": (
        "@function_tool\ndef search(n: int, context: RunContextWrapper): ...",
        "search(): UserError: RunContextWrapper/ToolContext param found at non-first position",
        "",
    ),
    "a hidden name": (
        "@function_tool\ndef search(_n: int): ...",
        "search(): PydanticUserError: Fields must not use names with leading underscores",
        "",
    ),
    "a call far below": (
        "def search(values: dict[str, int]): ...\n\n\nsearch_tool = function_tool(search)",
        "search(): `values` may hold any key, which a strict schema cannot say (at desk.py:2)",
        NAMED_FIELDS,
    ),
}


@pytest.mark.parametrize("library", ["agents", "tui.agents"])
@pytest.mark.parametrize("name", FUNCTIONS)
async def test_it_is_named_with_its_place_and_what_to_change(tmp_path, library, name):
    text, sentence, advice = FUNCTIONS[name]
    head = f"from {library} import Agent, RunContextWrapper, function_tool"
    a_file(tmp_path, f"{head}\n{text}\nagent = Agent(name='Desk')\n")

    with pytest.raises(LoadError) as caught:
        await opened("desk.py:agent")
    assert str(caught.value).startswith(f"desk.py: no tool can be made of {sentence}")
    assert "\n" not in str(caught.value)
    assert caught.value.advice.startswith(advice)
    assert bool(advice) == bool(caught.value.advice)
    assert "Traceback" in caught.value.details
