"""The form of a state: every field is described, and what does not have it is refused."""

from __future__ import annotations

import copy
import inspect
import json
import re
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typing_extensions import is_typeddict

from tests.agents.kept_runs import GOLDEN, KEPT, an_agent
from tui.agents import RunState, UserError, run_state_form
from tui.agents.run_state_form import checked

FORMS = [each for _, each in inspect.getmembers(run_state_form, is_typeddict)]
KEPT_STATES = [json.loads(path.read_text()) for path in sorted(GOLDEN.glob("*.json"))]


async def read(data):
    return await RunState.from_json(an_agent(), data)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_every_field_is_described(form):
    described = re.findall(
        r"^    (\w+): .*  # [A-Za-z].*\.$", inspect.getsource(form), re.MULTILINE
    )
    inherited = {
        name for base in form.__orig_bases__ for name in getattr(base, "__annotations__", {})
    }
    assert sorted(described) == sorted(form.__annotations__.keys() - inherited)


@pytest.mark.parametrize("kind", KEPT)
async def test_every_field_that_is_written_is_one_of_the_form(kind):
    written = (await KEPT[kind]()).to_json()
    # Checking leaves out what the form does not name.
    assert checked(written) == written


def damage(**changes):
    """Return a way to put other values at places of a state, each written `a.0.b`."""

    def change(data):
        for place, value in changes.items():
            *path, last = place.split("__")
            at = data
            for step in path:
                at = at[int(step)] if isinstance(at, list) else at[step]
            if value is GONE:
                del at[last]
            else:
                at[int(last) if isinstance(at, list) else last] = value
        return data

    return change


GONE = object()
DAMAGED = {
    "no items": (damage(items=GONE), "damaged: items: Field required"),
    "a number for a list": (damage(items=5), "damaged: items: Input should be a valid list"),
    "a text for a number": (damage(current_turn="2"), "damaged: current_turn: Input should be"),
    "a list for a type": (damage(items__0__raw__value__type=[]), "damaged: the type or the id of"),
    "an item without an agent": (damage(items__0__agent=GONE), r"damaged: items\.0\.agent: Field"),
    "an item of no known type": (
        damage(items__0__type="x"),
        "damaged: it has an item of the unknown",
    ),
    "an output without its value": (
        damage(items__3__output=GONE),
        "damaged: a tool_call_output_item",
    ),
    "a call without its id": (
        damage(items__1__raw__value__call_id=5),
        "damaged: a call lacks its id",
    ),
    "a request that is not there": (damage(interruptions__0__at=9), "damaged: it has 1 of what"),
    "a request at no place": (damage(interruptions__0__at=-1), "damaged: it has 1 of what"),
    "a nested run that is not there": (damage(nested={}), "damaged: the run inside the call"),
    "an item in place of a request": (
        damage(interruptions__0={"call_id": None, "at": 0}),
        "damaged: a request for approval is missing",
    ),
    "a response that is not there": (damage(pending_response=7), "damaged: it has"),
    "an item that is not there": (damage(responses__0__output__0=99), "damaged: it has"),
    "half a usage": (damage(context__usage__requests=GONE), r"context\.usage\.requests: Field"),
    "half a decision": (
        damage(context__approvals__calls__0__approved=GONE),
        r"context\.approvals\.calls\.0\.approved: Field",
    ),
    "an agent that is not there": (damage(items__0__agent="Z"), "not found in agent map: 'Z'"),
    "a nested agent that is not there": (
        lambda data: json.loads(json.dumps(data).replace('"Sub"', '"Z"')),
        "not found in agent map: 'Z'",
    ),
    "another version": (damage(version=99), "schema version is not supported: 99"),
    "no version": (damage(version=GONE), "schema version is not supported: None"),
    "another schema": (damage(schema="agents"), "no run state: its schema is 'agents'"),
}


@pytest.mark.parametrize("name", DAMAGED)
async def test_what_is_damaged_is_refused_by_a_sentence_that_says_where(name):
    change, message = DAMAGED[name]
    with pytest.raises(UserError, match=message):
        await read(change(copy.deepcopy(next(d for d in KEPT_STATES if d["nested"]))))


@pytest.mark.parametrize("data", [[], "text", None, 5])
async def test_what_is_no_object_is_no_state(data):
    with pytest.raises(UserError, match="no run state"):
        await RunState.from_string(an_agent(), json.dumps(data))


@given(st.data())
@settings(max_examples=50, deadline=None, derandomize=True)
async def test_a_text_that_was_cut_off_is_refused(data):
    text = json.dumps(data.draw(st.sampled_from(KEPT_STATES)))
    with pytest.raises(UserError, match="no run state"):
        await RunState.from_string(an_agent(), text[: data.draw(st.integers(0, len(text) - 1))])


def places(value, path=()):
    """Yield the path of everything in a JSON value."""
    children = value.items() if isinstance(value, dict) else enumerate(value)
    for key, each in children:
        yield (*path, key)
        if isinstance(each, dict | list):
            yield from places(each, (*path, key))


OTHERS = st.sampled_from([GONE, None, True, -1, 0, 99, 0.5, "", "x", [], [None], {}, {"x": 1}])


@given(st.data())
@settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
async def test_whatever_is_put_anywhere_is_read_or_refused_by_a_sentence(data):
    state = copy.deepcopy(data.draw(st.sampled_from(KEPT_STATES)))
    *path, last = data.draw(st.sampled_from(list(places(state))))
    at, other = state, data.draw(OTHERS)
    for step in path:
        at = at[step]
    if other is GONE:
        del at[last]
    else:
        at[last] = other
    with suppress(UserError):
        (await read(state)).to_string()
