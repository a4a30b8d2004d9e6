"""A decision is of one call: by it no other call runs, whatever its id."""

from __future__ import annotations

import asyncio
import datetime as dt
import decimal
from typing import Any

import pytest

from tui.agents import (
    Agent,
    RunHooks,
    Runner,
    RunState,
    ToolApprovalItem,
    UserError,
    function_tool,
)
from tui.agents.models.scripted import ScriptedModel, call, say


class Desk:
    """Tools that need approval and note what they were run with."""

    def __init__(self, **options):
        self.ran = []

        @function_tool(**{"needs_approval": True, **options})
        def pay(x: int) -> str:
            self.ran.append(("pay", x))
            return str(x)

        @function_tool(needs_approval=True)
        def wipe(x: int) -> str:
            self.ran.append(("wipe", x))
            return str(x)

        self.pay, self.wipe = pay, wipe

    def agent(self, *turns, name="A", tools=()):
        model = ScriptedModel(turns)
        return Agent(name=name, model=model, tools=[self.pay, self.wipe, *tools])


def outer_and_inner(desk):
    """Return an agent whose own call and whose nested agent's call have one id."""
    inner = desk.agent([call("wipe", {"x": 9}, "call_0")], [say("inner")], name="Inner")
    turn = [call("pay", {"x": 1}, "call_0"), call("inner", {"input": "go"}, "call_1")]
    return desk.agent(turn, [say("done")], tools=[inner.as_tool("inner", "d")])


@pytest.mark.parametrize("edit", [None, {"x": 5}])
async def test_an_approval_of_an_outer_call_is_not_that_of_a_nested_one_with_its_id(kept, edit):
    desk = Desk()
    agent = outer_and_inner(desk)
    state = await kept(agent, (await Runner.run(agent, "go")).to_state())
    [own] = [item for item in state.get_interruptions() if item.tool_name == "pay"]
    state.approve(own, arguments=edit)
    result = await Runner.run(agent, await kept(agent, state))
    assert desk.ran == [("pay", 5 if edit else 1)]
    assert [item.tool_name for item in result.interruptions] == ["wipe"]


@pytest.mark.parametrize("first", ["pay", "wipe"])
async def test_a_rejected_nested_call_stays_so_when_the_outer_one_is_approved(kept, first):
    desk = Desk()
    agent = outer_and_inner(desk)
    state = await kept(agent, (await Runner.run(agent, "go")).to_state())
    for item in sorted(state.get_interruptions(), key=lambda item: item.tool_name != first):
        (state.reject if item.tool_name == "wipe" else state.approve)(item)
    result = await Runner.run(agent, await kept(agent, state))
    assert (desk.ran, result.final_output) == ([("pay", 1)], "done")


async def test_items_of_an_earlier_state_decide_the_calls_that_they_are_of():
    desks = {name: Desk() for name in ("S1", "S2")}
    inner = [
        desk.agent([call("pay", {"x": 1}, "c")], [say(name)], name=name)
        for name, desk in desks.items()
    ]
    turn = [call(f"ask_{each.name}", {"input": "go"}, f"o{each.name}") for each in inner]
    tools = [each.as_tool(f"ask_{each.name}", "d") for each in inner]
    agent = Agent(name="A", model=ScriptedModel([turn, [say("done")]]), tools=tools)
    first = await Runner.run(agent, "go")
    state = await RunState.from_string(agent, first.to_state().to_string())
    for item in first.interruptions:
        (state.approve if item.agent.name == "S2" else state.reject)(item)
    await Runner.run(agent, state)
    ran = [name for name, desk in desks.items() if desk.ran]
    assert ran == ["S2"]


async def test_an_item_of_an_earlier_state_that_could_be_several_calls_decides_none():
    desk = Desk()
    asked = [call("pay", {"x": 1}, "c")]
    inner = desk.agent(asked, asked, [say("")], [say("")], name="Inner")
    turn = [call("ask", {"input": "go"}, f"o{n}") for n in range(2)]
    agent = desk.agent(turn, [say("done")], tools=[inner.as_tool("ask", "d")])
    first = await Runner.run(agent, "go")
    state = await RunState.from_string(agent, first.to_state().to_string())
    with pytest.raises(UserError, match=r"Several requests are the given one"):
        state.approve(first.interruptions[0])
    for item, decide in zip(state.get_interruptions(), (state.approve, state.reject), strict=True):
        decide(item)
    await Runner.run(agent, state)
    assert desk.ran == [("pay", 1)]


class DecidesEarly(RunHooks):
    """Approves each request at once, and tells when."""

    def __init__(self, **how):
        self.how = how
        self.decided = asyncio.Event()

    async def on_approval_requested(self, context, agent, tool, item):
        context.approve_tool(item, **self.how)
        self.decided.set()


def breaks_off(hooks, *, fails):
    @function_tool(failure_error_function=None)
    async def beside() -> str:
        await hooks.decided.wait()
        if fails:
            raise ValueError("boom")
        await asyncio.Event().wait()
        return ""

    return beside


async def dropped(agent, hooks):
    """Run until the turn is dropped; return the state after it."""
    result = Runner.run_streamed(agent, "go", hooks=hooks)
    await hooks.decided.wait()
    if "beside" in {tool.name for tool in agent.tools}:
        await asyncio.sleep(0)
        result.cancel()
    await asyncio.wait([result.run_loop_task])
    return result.to_state()


@pytest.mark.parametrize("fails", [False, True], ids=["cancelled", "failed"])
@pytest.mark.parametrize("edit", [None, {"x": 5}], ids=["as asked", "edited"])
@pytest.mark.parametrize(("tool", "x"), [("pay", 1_000_000), ("wipe", 1)])
async def test_what_was_decided_in_a_dropped_turn_is_not_of_a_new_call_with_the_id(
    kept, fails, edit, tool, x
):
    desk, hooks = Desk(), DecidesEarly(arguments=edit)
    first = [call("pay", {"x": 1}, "c1"), call("beside", "{}", "c2")]
    again = [call(tool, {"x": x}, "c1")]
    agent = desk.agent(first, again, [say("done")], tools=[breaks_off(hooks, fails=fails)])
    state = await dropped(agent, hooks)
    result = await Runner.run(agent, await kept(agent, state))
    assert desk.ran == []
    assert [(each.tool_name, each.call_id) for each in result.interruptions] == [(tool, "c1")]


@pytest.mark.parametrize("fails", [False, True], ids=["cancelled", "failed"])
async def test_a_nested_run_of_a_dropped_turn_is_over(kept, fails):
    desk, hooks = Desk(), DecidesEarly()
    turns = [call("pay", {"x": 1}, "i1")], [say("sunny")]
    inner = desk.agent(*turns, name="Inner")
    first = [call("ask", {"input": "pay Alice"}, "c1"), call("beside", "{}", "c2")]
    again = [call("ask", {"input": "the weather?"}, "c1")]
    tools = [inner.as_tool("ask", "d"), breaks_off(hooks, fails=fails)]
    agent = desk.agent(first, again, [say("done")], tools=tools)
    state = await dropped(agent, hooks)
    result = await Runner.run(agent, await kept(agent, state))
    asked = [request.input[0]["content"] for request in inner.model.requests]
    assert asked == ["pay Alice", "the weather?"]
    assert (desk.ran, result.final_output) == ([], "done")


async def test_a_decision_is_not_of_a_call_in_the_next_run_of_the_context():
    desk = Desk()
    turns = [call("pay", {"x": 1}, "c")], [say("ok")], [call("pay", {"x": 10**6}, "c")]
    agent = desk.agent(*turns)
    state = (await Runner.run(agent, "go")).to_state()
    state.approve(state.get_interruptions()[0])
    first = await Runner.run(agent, state)
    second = await Runner.run(agent, "again", context=first.context_wrapper)
    assert (desk.ran, len(second.interruptions)) == ([("pay", 1)], 1)


@pytest.mark.parametrize("second", [False, KeyError("user_id")])
async def test_a_call_that_waits_for_a_person_is_not_up_to_its_policy_any_more(kept, second):
    asked = []

    def changes_its_mind(*_):
        asked.append(1)
        if len(asked) > 1 and isinstance(second, Exception):
            raise second
        return len(asked) == 1

    desk = Desk(needs_approval=changes_its_mind)
    agent = desk.agent([call("pay", {"x": 1}, "c1"), call("wipe", {"x": 1}, "c2")], [say("ok")])
    state = await kept(agent, (await Runner.run(agent, "go")).to_state())
    state.reject(state.get_interruptions()[1])
    result = await Runner.run(agent, await kept(agent, state))
    assert ([item.call_id for item in result.interruptions], desk.ran) == (["c1"], [])
    assert asked == [1]


@pytest.mark.parametrize("approves", [True, False])
@pytest.mark.parametrize("policy_says", [True, False])
async def test_what_is_decided_while_a_policy_thinks_counts(approves, policy_says):
    async def thinks(context, arguments, call_id):
        decide = context.approve_tool if approves else context.reject_tool
        decide(await request())
        return policy_says

    async def request():
        """Return a request like the one that the call would make."""
        other = desk.agent([call("pay", {"x": 1}, "c1")])
        desk.pay.needs_approval = True
        return (await Runner.run(other, "go")).interruptions[0]

    desk = Desk(needs_approval=thinks)
    agent = desk.agent([call("pay", {"x": 1}, "c1")], [say("ok")])
    result = await Runner.run(agent, "go")
    assert (result.interruptions, bool(desk.ran)) == ([], approves)


async def test_an_edit_is_what_it_was_when_it_was_approved():
    desk = Desk()
    agent = desk.agent([call("pay", {"x": n}, f"c{n}") for n in (1, 2)], [say("ok")])
    state = (await Runner.run(agent, "go")).to_state()
    edit = {}
    for item in state.get_interruptions():
        edit["x"] = 10 + int(item.call_id[1:])
        state.approve(item, arguments=edit)
    edit["nonsense"] = edit["x"] = 10**9
    await Runner.run(agent, state)
    assert desk.ran == [("pay", 11), ("pay", 12)]


def deep(levels):
    made = []
    for _ in range(levels):
        made = [made]
    return made


@pytest.mark.parametrize(
    "value",
    [object(), dt.date(2020, 1, 1), decimal.Decimal(1), float("nan"), {1}, b"x", deep(9_000)],
    ids=lambda value: type(value).__name__,
)
async def test_an_edit_that_is_no_json_is_an_error_and_the_call_stays_pending(value):
    @function_tool(needs_approval=True, strict_mode=False)
    def keep(x: Any) -> str:
        return "kept"

    agent = Agent(name="A", model=ScriptedModel([[call("keep", {"x": 1})]]), tools=[keep])
    state = (await Runner.run(agent, "go")).to_state()
    with pytest.raises(UserError, match="The changed arguments of keep are no JSON"):
        state.approve(state.get_interruptions()[0], arguments={"x": value})
    assert len((await Runner.run(agent, state)).interruptions) == 1


def made_anew(item, arguments):
    raw = item.raw_item.model_copy(update={"arguments": arguments})
    return ToolApprovalItem(item.agent, raw)


async def test_a_request_that_was_made_anew_is_known_by_what_it_says(kept):
    desk = Desk()
    agent = desk.agent([call("pay", '{"x": 1}', "c")], [say("ok")])
    state = (await Runner.run(agent, "go")).to_state()
    [item] = state.get_interruptions()
    with pytest.raises(UserError, match=r"No request is the given one, for the call 'c' of pay"):
        state.approve(made_anew(item, '{"x": 1000000}'))
    state.approve(made_anew(item, '{"x":1}'))
    await Runner.run(agent, await kept(agent, state))
    assert desk.ran == [("pay", 1)]


@pytest.mark.parametrize("how", ["fails", "is cancelled"])
async def test_what_has_run_is_kept_if_a_hook_that_hears_of_the_end_does_not(how):
    class Hooks(RunHooks):
        async def on_agent_end(self, context, agent, output):
            if result.status == "running":
                result.cancel()
                await asyncio.Event().wait()

    class Failing(RunHooks):
        async def on_agent_end(self, context, agent, output):
            raise LookupError

    desk = Desk()
    agent = desk.agent([call("pay", {"x": 1}, "c")], [say("ok")])
    agent.tool_use_behavior = "stop_on_first_tool"
    state = (await Runner.run(agent, "go")).to_state()
    state.approve(state.get_interruptions()[0])
    hooks = Failing() if how == "fails" else Hooks()
    result = Runner.run_streamed(agent, state, hooks=hooks)
    await asyncio.wait([result.run_loop_task])
    assert result.new_items[-1].type == "tool_call_output_item"
    await Runner.run(agent, result.to_state())
    assert desk.ran == [("pay", 1)]
