"""Schemas of functions, held against those of the Agents SDK."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Literal, Optional

import agents
import pytest
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

import tui.agents
from tui.agents.function_schema import function_schema


class Color(Enum):
    RED = "red"
    BLUE = "blue"


class Address(BaseModel):
    street: str = Field(description="with the number")
    city: Optional[str] = None  # noqa: UP045 - what users write


@dataclass
class Point:
    x: int
    y: int = 0


class Options(TypedDict):
    loud: bool


def bare():
    pass


def google(a: int, b: str = "x", *, c: float | None = None) -> str:
    """Add things up.

    Over two paragraphs, with a colon: here.

    Args:
        a: The first
            which goes on.
        b (str): The second.
        c: The third: really.

    Returns:
        The sum.
    """


def google_without_blank_line(a: int):
    """Add.
    Args:
        a: The first.
    """


def google_with_a_note(a: int):
    """Add.

    Note:
        Mind the gap.

    Args:
        a: The first.

    Example:
        add(1)
    """


def numpy(a: int, b: int = 1):
    """Add things up.

    Parameters
    ----------
    a : int
        The first
        which goes on.
    b : int, optional
        The second.

    Returns
    -------
    int
        The sum.
    """


def sphinx(a: int, b: int = 1):
    """Add things up.

    :param a: The first
        which goes on.
    :param int b: The second.
    :return: The sum.
    """


def annotated(
    a: Annotated[int, "a whole number"],
    b: Annotated[int, Field(ge=1, description="at least one")] = 3,
    c: int = Field(5, le=10),
):
    """Do it."""


def rich(
    address: Address,
    color: Color,
    mode: Literal["a", "b"],
    point: Point,
    options: Options,
    many: list[Address],
    anything,
    maybe: Address | None = None,
):
    """Do it.

    Args:
        address: where
        maybe: or not
    """


def starred(first: int, *rest: int):
    """Do it.

    Args:
        *rest: The others.
    """


def no_docs(a: int):
    return a


FUNCTIONS = [
    bare,
    google,
    google_without_blank_line,
    google_with_a_note,
    numpy,
    sphinx,
    annotated,
    rich,
    starred,
    no_docs,
]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("strict", [True, False], ids=["strict", "open"])
def test_tools_look_the_same_to_the_model(function, strict):
    ours = tui.agents.function_tool(strict_mode=strict)(function)
    theirs = agents.function_tool(strict_mode=strict)(function)
    names = ("name", "description", "params_json_schema", "strict_json_schema")
    assert [getattr(ours, n) for n in names] == [getattr(theirs, n) for n in names]


def test_keyword_arguments_need_an_open_schema():
    def keywords(**values: int):
        pass

    with pytest.raises(tui.agents.UserError, match="strict_mode=False"):
        tui.agents.function_tool(keywords)
    ours = tui.agents.function_tool(strict_mode=False)(keywords)
    theirs = agents.function_tool(strict_mode=False)(keywords)
    assert ours.params_json_schema == theirs.params_json_schema


def test_a_free_form_object_cannot_be_strict():
    def free_form(values: dict[str, int]):
        pass

    with pytest.raises(tui.agents.UserError, match="additionalProperties"):
        tui.agents.function_tool(free_form)


def test_the_context_must_come_first():
    def wrong(a: int, ctx: tui.agents.RunContextWrapper):
        pass

    with pytest.raises(tui.agents.UserError, match="non-first position"):
        tui.agents.function_tool(wrong)


def test_names_and_descriptions_can_be_overridden():
    ours = function_schema(google, name_override="n", description_override="d")
    assert (ours.name, ours.description) == ("n", "d")
    assert function_schema(google, use_docstring_info=False).description is None


def test_arguments_reach_every_kind_of_parameter():
    def every(a, /, b, *rest, c, **others):
        pass

    schema = function_schema(every, strict_json_schema=False)
    data = schema.params_pydantic_model(a=1, b=2, rest=[3], c=4, others={"d": 5})
    assert schema.args_of(vars(data)) == ([1, 2, 3], {"c": 4, "d": 5})


class Sum(BaseModel):
    value: int
    parts: list[Point] = []


@pytest.mark.parametrize("kind", [Sum, Point, Options, list[int], int, Color], ids=str)
def test_output_types_look_the_same_to_the_model(kind):
    ours, theirs = tui.agents.AgentOutputSchema(kind), agents.AgentOutputSchema(kind)
    assert ours.json_schema() == theirs.json_schema()
    assert ours.name() == theirs.name()


def test_handoffs_and_agent_tools_look_the_same_to_the_model():
    def shown(library):
        agent = library.Agent(name="Größe XL agent", handoff_description="sizes")
        handoff = library.handoff(agent, on_handoff=lambda _ctx, _in: None, input_type=Sum)
        tool = agent.as_tool(None, None)
        return [
            (handoff.tool_name, handoff.tool_description, handoff.input_json_schema),
            (tool.name, tool.description, tool.params_json_schema),
        ]

    assert shown(tui.agents) == shown(agents)
