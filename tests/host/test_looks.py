"""What changed in a program since a run began, said in a few words."""

from __future__ import annotations

import importlib

import pytest

from tests.host.serving import LIBRARIES
from tui.host.live.looks import changes, looks_of


def program(library, *, instructions="Triage.", tool_type="int", has_refunds=True, extra=()):
    def pay(amount):
        """Pay."""

    pay.__annotations__ = {"amount": {"int": int, "str": str}[tool_type]}
    refunds = library.Agent(name="Refunds", tools=[library.function_tool(pay)], model="big")
    return library.Agent(
        name="Triage",
        instructions=instructions,
        tools=list(extra),
        handoffs=[refunds] if has_refunds else [],
    )


@pytest.mark.parametrize("name", LIBRARIES)
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, []),
        ({"instructions": "Other."}, ["Triage has other instructions"]),
        ({"tool_type": "str"}, ["the tool pay of Refunds takes other arguments"]),
        (
            {"has_refunds": False},
            ["Triage does not hand over to Refunds any more", "the agent Refunds is gone"],
        ),
    ],
)
def test_each_change_is_said(name, changed, said):
    library = importlib.import_module(name)
    before = looks_of(program(library))
    assert list(changes(before, looks_of(program(library, **changed)))) == said


@pytest.mark.parametrize("name", LIBRARIES)
def test_a_new_tool_and_another_model_are_said(name):
    library = importlib.import_module(name)
    before, now = looks_of(program(library)), looks_of(program(library))
    now["Refunds"] = {**now["Refunds"], "model": "small", "tools": {}}
    now["Triage"] = {**now["Triage"], "tools": {"look": "x"}}
    assert list(changes(before, now)) == [
        "Triage has a new tool look",
        "Refunds has another model: small",
        "Refunds has no tool pay any more",
    ]


def one(context, agent):
    return "one"


def two(context, agent):
    return "two"


@pytest.mark.parametrize("name", LIBRARIES)
def test_instructions_that_a_function_makes_are_not_compared(name):
    library = importlib.import_module(name)
    before = looks_of(program(library, instructions=one))
    assert list(changes(before, looks_of(program(library, instructions=two)))) == []
