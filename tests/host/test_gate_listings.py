"""Agents behind tools that are made for a turn are reached when their tool is listed."""

from types import SimpleNamespace

import pytest

from tui.host.live.gate import Gate
from tui.host.live.invokers import stood_for
from tui.host.live.scope import RUN


class FakeRun:
    """A run that keeps which tools which agent has."""

    run_id = "run"

    def __init__(self):
        self.tools = []

    def has_tools(self, agent, tools, *, is_all):
        self.tools.append((agent, tools, is_all))

    def out_of_reach(self, what):
        pass


@pytest.fixture
async def run():
    fake = FakeRun()
    RUN.set(fake)
    return fake


@pytest.fixture
def gate():
    gate = Gate()
    yield gate
    gate.close()


class Lister:
    """An agent that lists for a turn what a test gives it."""

    name = "Triage"
    tools = ()
    handoffs = ()

    def __init__(self, listed):
        self.listed = listed

    async def get_all_tools(self, context):
        return self.listed


def tool(name="pay", inner=None):
    async def works(ctx, arguments):
        return "did"

    fields = {} if inner is None else {"_agent_instance": inner}
    return SimpleNamespace(name=name, on_invoke_tool=works, **fields)


def agent(name, *tools, handoffs=()):
    return SimpleNamespace(name=name, tools=list(tools), handoffs=list(handoffs))


def passes(each):
    return stood_for(each.on_invoke_tool) is not None


async def test_the_tools_of_an_agent_behind_a_listed_tool_pass(run, gate):
    paying, behind = tool("pay"), tool("behind")
    inner = agent("Inner", paying, handoffs=[agent("Other", behind)])
    lister = Lister([tool("ask", inner)])
    gate.reach(lister)
    await lister.get_all_tools(None)
    assert passes(paying)
    assert passes(behind)
    assert (("Inner", {"pay": True}, False)) in run.tools
    assert (("Other", {"behind": True}, False)) in run.tools


def test_all_agents_behind_tools_and_their_handoffs_are_reached_however_many(run, gate):
    tools = [tool(name) for name in ("a", "b", "c", "d", "e")]
    a, b, c, d, e = (agent(each.name, each) for each in tools)
    first = agent("First", *tools[:1], tool("ask_b", b), handoffs=[c, d])
    second = agent("Second", tool("ask_e", e), handoffs=[a])
    gate.reach(agent("Triage", tool("ask_first", first), tool("ask_second", second)))
    assert all(map(passes, tools))


async def test_an_agent_that_is_listed_again_is_reached_once(run, gate):
    lister = Lister([tool("ask", agent("Inner", tool()))])
    gate.reach(lister)
    for _ in range(3):
        await lister.get_all_tools(None)
    assert [name for name, _, _ in run.tools].count("Inner") == 1


async def test_tools_without_an_agent_reach_nobody(run, gate):
    lister = Lister([tool()])
    gate.reach(lister)
    await lister.get_all_tools(None)
    assert {name for name, _, _ in run.tools} == {"Triage"}


@pytest.mark.parametrize("listed", [None, "tools", {"a": 1}])
async def test_what_is_no_list_of_tools_is_left_alone(run, gate, listed):
    lister = Lister(listed)
    gate.reach(lister)
    run.tools.clear()
    assert await lister.get_all_tools(None) == listed
    assert run.tools == []
