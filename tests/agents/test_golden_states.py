"""States that were written by every version there was can be read, and go on."""

from __future__ import annotations

import json

import pytest

from tests.agents.kept_runs import GOLDEN, KEPT, PLAN, an_agent, name_of
from tests.agents.planned_runs import decide
from tui.agents import Runner, RunState
from tui.agents.run_state_form import VERSION

FILES = sorted(GOLDEN.glob("*.json"))


def golden(name):
    return json.loads((GOLDEN / name).read_text())


def shape(value):
    """Return a value with the names of types in place of what is no list and no object."""
    if isinstance(value, dict):
        return {key: shape(each) for key, each in value.items()}
    if isinstance(value, list):
        return [shape(each) for each in value]
    return type(value).__name__


def test_there_is_a_file_of_every_version_and_stop():
    names = {f"version_{version}_{kind}.json" for version in range(1, VERSION + 1) for kind in KEPT}
    assert {path.name for path in FILES} == names


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
async def test_a_kept_state_is_read(path):
    data = golden(path.name)
    state = await RunState.from_json(an_agent(), data)
    assert [item.type for item in state.generated_items] == [item["type"] for item in data["items"]]
    assert len(state.get_interruptions()) == len(data["interruptions"])


@pytest.mark.parametrize("kind", KEPT)
async def test_what_was_read_is_written_the_same(kind):
    data = golden(name_of(kind))
    state = await RunState.from_json(an_agent(), data)
    assert state.to_json() == data


@pytest.mark.parametrize("kind", KEPT)
async def test_the_form_has_not_changed_since_its_version_was_kept(kind):
    """Whoever changes it gives new fields a default, or the form a new version."""
    assert shape((await KEPT[kind]()).to_json()) == shape(golden(name_of(kind)))


@pytest.mark.parametrize("says_of_which_call", [True, False])
@pytest.mark.parametrize("path", [p for p in FILES if "paused" in p.name], ids=lambda p: p.stem)
async def test_a_kept_pause_goes_on_to_the_end(path, says_of_which_call):
    agent, data = an_agent(), golden(path.name)
    for decision in data["context"]["approvals"]["calls"]:
        if not says_of_which_call:
            # As states were written at first.
            del decision["tool"], decision["asked"]
    state = await RunState.from_json(agent, data)
    [item] = state.get_interruptions()
    assert (item.agent.name, item.arguments) == ("Sub", '{"x": 5}')
    state.approve(item)
    result = await Runner.run(agent, state)
    outputs = [item.output for item in result.new_items if item.type == "tool_call_output_item"]
    assert outputs[1] == "An error occurred while running the tool. Please try again."
    assert outputs[2:] == [{"x": 7}, "not now", {"x": 4}, {"x": 2}, "5 of threaded", "end of Sub"]
    assert [item.raw_item["content"] for item in result.new_items if item.type == "input_item"] == [
        "hurry",
        "now",
    ]
    assert result.final_output == "end of B"
    assert result.context_wrapper.context == {"user": 7}


@pytest.mark.parametrize("path", [p for p in FILES if "filtered" in p.name], ids=lambda p: p.stem)
async def test_what_a_filter_hid_from_the_model_stays_hidden(path):
    agent = an_agent()
    state = await RunState.from_json(agent, golden(path.name))
    assert len(state.model_items) < len(state.generated_items)
    decide(state, PLAN | {"one_by_one": False})
    result = await Runner.run(agent, state, max_turns=None)
    shown = json.dumps(agent.handoffs[0].model.world.asked)
    assert "A(go)" not in shown
    assert "A(go).0.1" in json.dumps(result.to_input_list())
