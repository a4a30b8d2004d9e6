"""Where the gate stands, what it tells, and that it comes off."""

from __future__ import annotations

import asyncio
import copy
import functools
import gc
import weakref
from types import SimpleNamespace

import pytest

from tui.host.live.gate import Gate, ToolExitError
from tui.host.live.invokers import gated_invoker
from tui.host.live.scope import INSIDE, RUN, Passing


class FakeRun:
    """A run that notes what passes."""

    run_id = "run"

    def __init__(self):
        self.passed = []
        self.tools = {}
        self.listed_whole = set()
        self.missed = []
        self.passing = Passing()

    def has_tools(self, agent, tools, *, is_all):
        self.tools.update(tools)
        if is_all:
            self.listed_whole.add(agent)

    def out_of_reach(self, what):
        self.missed.append(what)

    async def admit(self, call, tool):
        return self.passing

    async def kept(self, call):
        pass

    def entered(self, call, agent):
        self.passed.append(("entered", call.call_id, call.within))

    def left(self, call, outcome):
        self.passed.append(("left", call.call_id, outcome.error_type))

    def suspended(self, call):
        self.passed.append(("suspended", call.call_id))


@pytest.fixture
async def run():
    fake = FakeRun()
    RUN.set(fake)
    return fake


class Invoker:
    """An invoker that a runtime would inspect by class and field."""

    def __init__(self, act):
        self.act = act

    async def __call__(self, ctx, input):
        return await self.act(ctx, input)


def tool(act, **fields):
    return SimpleNamespace(name="pay", on_invoke_tool=Invoker(act), **fields)


def context(call_id="c1", **fields):
    agent = SimpleNamespace(name="Billing")
    names = {"tool_name": "pay", "tool_arguments": "{}", "tool_call_id": call_id}
    return SimpleNamespace(agent=agent, **names, **fields)


async def works(ctx, arguments):
    return f"did {arguments}"


async def raises(ctx, arguments):
    raise ValueError("no")


async def exits(ctx, arguments):
    raise SystemExit(1)


def agent(*tools, **fields):
    return SimpleNamespace(name="Triage", tools=list(tools), handoffs=[], **fields)


async def test_a_call_passes_and_its_value_comes_back(run):
    paying = tool(works)
    Gate().reach(agent(paying))

    assert await paying.on_invoke_tool(context(), "{}") == "did {}"
    assert run.passed == [("entered", "c1", None), ("left", "c1", "")]


async def test_what_a_tool_raises_is_told_and_raised(run):
    paying = tool(raises)
    Gate().reach(agent(paying))

    with pytest.raises(ValueError, match="no"):
        await paying.on_invoke_tool(context(), "{}")
    assert run.passed[-1] == ("left", "c1", "ValueError")


async def test_an_exit_ends_the_call_and_not_the_process(run):
    paying = tool(exits)
    Gate().reach(agent(paying))

    with pytest.raises(ToolExitError, match="tried to end the process"):
        await paying.on_invoke_tool(context(), "{}")


async def test_a_failure_that_became_a_text_is_told_from_the_context(run):
    paying = tool(works)
    Gate().reach(agent(paying))
    failure = SimpleNamespace(error_type="ValueError", message="no")

    await paying.on_invoke_tool(context(failure=failure), "{}")
    assert run.passed[-1] == ("left", "c1", "ValueError")


async def test_a_call_that_waits_for_one_inside_it_is_not_over(run):
    async def waits(ctx, arguments):
        return None

    asking = tool(waits, _agent_instance=agent())
    Gate().reach(agent(asking))

    await asking.on_invoke_tool(context(), "{}")
    assert run.passed[-1] == ("suspended", "c1")


async def test_a_call_inside_a_call_says_so(run):
    inner = tool(works)

    async def outer(ctx, arguments):
        return await inner.on_invoke_tool(context("inner"), arguments)

    asking = tool(outer, _agent_instance=agent(inner))
    Gate().reach(agent(asking))

    await asking.on_invoke_tool(context("outer"), "{}")
    assert [each[:2] for each in run.passed] == [
        ("entered", "outer"),
        ("entered", "inner"),
        ("left", "inner"),
        ("left", "outer"),
    ]
    assert run.passed[1] == ("entered", "inner", "outer")
    assert INSIDE.get() is None


async def test_agents_behind_tools_are_reached_with_their_handoffs_and_in_circles(run):
    deep, circle = tool(works), agent()
    behind = agent(deep)
    circle.tools = [tool(works, _agent_instance=circle)]
    circle.handoffs = [SimpleNamespace(tool_name="go", _agent_instance=behind), behind]
    Gate().reach(circle)

    await deep.on_invoke_tool(context(), "{}")
    assert run.passed[0] == ("entered", "c1", None)


async def test_code_outside_a_run_is_not_told():
    paying = tool(works)
    Gate().reach(agent(paying))

    assert await paying.on_invoke_tool(context(), "{}") == "did {}"


async def test_a_tool_is_stood_in_once_however_often_it_is_reached(run):
    paying = tool(works)
    gate = Gate()
    for _ in range(3):
        gate.reach(agent(paying))

    await paying.on_invoke_tool(context(), "{}")
    assert len(run.passed) == 2


async def test_a_tool_whose_invoker_was_changed_is_stood_in_again(run):
    paying = tool(works)
    gate = Gate()
    gate.reach(agent(paying))
    paying.on_invoke_tool = Invoker(raises)
    gate.reach(agent(paying))

    with pytest.raises(ValueError, match="no"):
        await paying.on_invoke_tool(context(), "{}")
    assert len(run.passed) == 2


def test_the_gate_comes_off_and_leaves_what_another_put_there():
    first, second = tool(works), tool(works)
    originals = first.on_invoke_tool, Invoker(works)
    gate = Gate()
    gate.reach(agent(first, second))
    second.on_invoke_tool = originals[1]
    gate.close()

    assert (first.on_invoke_tool, second.on_invoke_tool) == originals


def test_class_fields_and_signature_stay_what_they_were():
    original = Invoker(works)
    gated = gated_invoker(original, _through)

    assert isinstance(gated, Invoker)
    assert vars(gated) == vars(original)
    assert type(gated).__call__.__wrapped__ is Invoker.__call__


async def _through(invoke, context, errors):
    return await invoke(None)


class Slotted:
    """An invoker without a dict."""

    __slots__ = ("act",)

    def __init__(self, act):
        self.act = act

    async def __call__(self, ctx, input):
        return await self.act(ctx, input)


@pytest.mark.parametrize(
    "invoker",
    [works, functools.partial(works), Invoker(works), Invoker(works).__call__, Slotted(works)],
    ids=["function", "partial", "object", "method", "slots"],
)
async def test_every_shape_of_invoker_passes(run, invoker):
    paying = tool(works)
    paying.on_invoke_tool = invoker
    Gate().reach(agent(paying))

    assert await paying.on_invoke_tool(context(), "{}") == "did {}"
    assert len(run.passed) == 2
    assert run.tools == {"pay": True}


class Sealed(type):
    """A class that cannot be derived from."""

    def __new__(mcs, name, bases, namespace):
        if bases:
            raise TypeError("this class is final")
        return super().__new__(mcs, name, bases, namespace)


async def test_a_tool_that_cannot_be_stood_in_is_left_alone_and_named(run):
    class Final(metaclass=Sealed):
        async def __call__(self, ctx, input):
            return "did it"

    paying = tool(works)
    paying.on_invoke_tool = Final()
    Gate().reach(agent(paying))

    assert await paying.on_invoke_tool(context(), "{}") == "did it"
    assert run.tools == {"pay": False}
    assert run.passed == []


async def test_servers_of_an_agent_that_lists_nothing_are_named_as_not_reached(run):
    Gate().reach(agent(mcp_servers=[SimpleNamespace(name="files")]))

    assert run.missed == ["tools of the MCP server files"]


class Listing:
    """An agent that makes tools anew for each turn, as one with a server does."""

    name = "Triage"
    handoffs = ()

    def __init__(self, *made):
        self.tools = []
        self.made = made

    async def get_all_tools(self, context):
        return [*self.tools, *(make() for make in self.made)]


class Slow(Listing):
    """An agent that adds to what its parent lists."""

    async def get_all_tools(self, context):
        return [*(await super().get_all_tools(context)), tool(works)]


@pytest.mark.parametrize("lister", [Listing(lambda: tool(works)), Slow()])
async def test_tools_that_an_agent_makes_for_a_turn_pass_too(run, lister):
    gate = Gate()
    gate.reach(lister)
    assert run.tools == {}

    (paying,) = await lister.get_all_tools(None)
    assert await paying.on_invoke_tool(context(), "{}") == "did {}"
    assert len(run.passed) == 2
    assert (run.tools, run.listed_whole) == ({"pay": True}, {"Triage"})
    gate.close()


async def test_a_tool_that_is_listed_again_is_told_once(run):
    paying = tool(works)
    gate, lister = Gate(), Listing(lambda: paying)
    gate.reach(lister)
    for _ in range(3):
        await lister.get_all_tools(None)

    await paying.on_invoke_tool(context(), "{}")
    assert len(run.passed) == 2
    gate.close()


async def test_what_agents_list_that_no_run_reached_is_left_alone(run):
    gate, stranger = Gate(), Listing(lambda: tool(works))
    gate.reach(Listing())

    (paying,) = await stranger.get_all_tools(None)
    assert type(paying.on_invoke_tool) is Invoker
    gate.close()


async def test_a_copy_of_an_agent_lists_its_own_tools(run):
    gate, lister = Gate(), Listing()
    gate.reach(lister)
    again = copy.copy(lister)
    again.tools = [tool(works)]

    assert len(await again.get_all_tools(None)) == 1
    assert await lister.get_all_tools(None) == []
    gate.close()


async def test_a_closed_gate_leaves_listings_as_they_were(run):
    before = Listing.get_all_tools, Slow.get_all_tools
    first, second = Gate(), Gate()
    for gate in (first, second):
        gate.reach(Listing())
        gate.reach(Slow())
    first.close()
    assert Listing.get_all_tools is not before[0]
    second.close()

    assert (Listing.get_all_tools, Slow.get_all_tools) == before


async def test_a_tool_made_for_one_turn_is_not_kept_alive(run):
    class Made:
        name = "pay"

        def __init__(self):
            self.on_invoke_tool = self.invoke

        async def invoke(self, ctx, arguments):
            return "did it"

    gate, lister = Gate(), Listing(Made)
    gate.reach(lister)
    (made,) = await lister.get_all_tools(None)
    forgotten = weakref.ref(made)
    del made
    gc.collect()

    assert forgotten() is None
    gate.close()


async def test_a_tool_that_the_runtime_runs_itself_is_named_and_one_of_the_service_is_not(run):
    shell = SimpleNamespace(name="shell", executor=works)
    computer = SimpleNamespace(name="computer_use_preview", trace_name="computer", computer=1)
    search = SimpleNamespace(name="web_search")
    lister = Listing()
    lister.tools = [shell, computer, search]
    gate = Gate()
    gate.reach(lister)
    await lister.get_all_tools(None)

    assert run.tools == {"shell": False, "computer": False}
    # A call by another name may be one of the service's own.
    assert run.listed_whole == set()
    gate.close()


async def test_an_invoker_that_is_no_coroutine_passes_too(run):
    paying = tool(works)
    paying.on_invoke_tool = lambda ctx, text: f"did {text}"
    Gate().reach(agent(paying))

    assert await paying.on_invoke_tool(context(), "{}") == "did {}"
    assert len(run.passed) == 2


async def test_a_method_bound_anew_by_a_copied_tool_belongs_to_the_copy(run):
    class Till:
        def __init__(self, name):
            self.name = name

        async def pay(self, ctx, arguments):
            return self.name

    gated = gated_invoker(Till("first").pay, _through)
    again = gated.__func__.__get__(Till("second"))

    assert await gated(context(), "{}") == "first"
    assert await again(context(), "{}") == "second"


async def test_a_tool_that_is_stopped_says_so(run):
    started = asyncio.Event()

    async def for_ever(ctx, arguments):
        started.set()
        await asyncio.Event().wait()

    paying = tool(for_ever)
    Gate().reach(agent(paying))
    task = asyncio.ensure_future(paying.on_invoke_tool(context(), "{}"))
    await started.wait()
    task.cancel()
    await asyncio.wait({task})

    assert run.passed[-1] == ("left", "c1", "CancelledError")
