"""What a run hears of each call that passes the gate: whole, in words, and however it ends."""

from asyncio import CancelledError
from types import SimpleNamespace

import pytest

from tui.host.live.gate import Gate, ToolExitError
from tui.host.live.invokers import gated_invoker
from tui.host.live.scope import RUN, Call, Outcome, Passing

AGENT = SimpleNamespace(name="Billing")
CALL = Call("Billing", "c1", "pay", '{"cents": 5}', None, "Pay money.")


class FakeRun:
    """A run that keeps what it hears, and lets calls pass as a test says."""

    run_id = "run"

    def __init__(self):
        self.passing = Passing()
        self.asked = []
        self.begun = []
        self.ended = []
        self.suspensions = []

    def has_tools(self, agent, tools, *, is_all):
        pass

    def out_of_reach(self, what):
        pass

    async def kept(self, call):
        pass

    async def admit(self, call, tool):
        self.asked.append((call, tool))
        return self.passing

    def entered(self, call, agent):
        self.begun.append((call, agent))

    def left(self, call, outcome):
        self.ended.append((call, outcome))

    def suspended(self, call):
        self.suspensions.append(call)


@pytest.fixture
async def run():
    fake = FakeRun()
    RUN.set(fake)
    return fake


def context(**fields):
    names = {"tool_name": "pay", "tool_arguments": '{"cents": 5}', "tool_call_id": "c1"}
    return SimpleNamespace(agent=AGENT, **names | fields)


def gated(act, **fields):
    class Invoker:
        async def __call__(self, ctx, input):
            return await act(ctx, input)

    tool = SimpleNamespace(name="pay", description="Pay money.", **fields)
    tool.on_invoke_tool = Invoker()
    Gate().reach(SimpleNamespace(name="Billing", tools=[tool], handoffs=[]))
    return tool


def raising(error):
    async def act(ctx, arguments):
        raise error

    return act


async def works(ctx, arguments):
    return f"did {arguments}"


async def test_a_call_is_told_whole(run):
    tool = gated(works)
    assert await tool.on_invoke_tool(context(), '{"cents": 5}') == 'did {"cents": 5}'
    assert run.asked == [(CALL, tool)]
    assert run.begun == [(CALL, None)]
    assert run.ended == [(CALL, Outcome('did {"cents": 5}'))]


async def test_an_agent_behind_a_tool_is_told_with_its_call(run):
    inner = SimpleNamespace(name="Inner", tools=[], handoffs=[])
    tool = gated(works, _agent_instance=inner)
    await tool.on_invoke_tool(context(), "{}")
    assert run.begun == [(CALL, inner)]
    assert len(run.ended) == 1


async def test_a_result_that_guardrails_may_change_is_not_the_last_word(run):
    await gated(works, tool_output_guardrails=["one"]).on_invoke_tool(context(), "{}")
    await gated(works, tool_output_guardrails=[]).on_invoke_tool(context(), "{}")
    assert [outcome.is_unchecked for _, outcome in run.ended] == [True, False]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (ValueError("no"), Outcome(None, "ValueError", "no")),
        (ValueError(), Outcome(None, "ValueError", "it was stopped before it returned")),
        (CancelledError(), Outcome(None, "CancelledError", "it was stopped before it returned")),
    ],
)
async def test_what_is_raised_is_told_by_its_class_and_in_its_words(run, error, outcome):
    with pytest.raises(type(error)):
        await gated(raising(error)).on_invoke_tool(context(), "{}")
    assert run.ended == [(CALL, outcome)]


@pytest.mark.parametrize(
    ("limit_s", "error_type", "words"),
    [
        (0, "ToolTimeoutError", "Tool 'pay' timed out after 0 seconds."),
        (1e-9, "ToolTimeoutError", "Tool 'pay' timed out after 1e-09 seconds."),
        (60, "CancelledError", "it was stopped before it returned"),
        (0.15, "CancelledError", "it was stopped before it returned"),
        (None, "CancelledError", "it was stopped before it returned"),
    ],
)
async def test_a_call_that_its_time_limit_stopped_says_so(run, limit_s, error_type, words):
    tool = gated(raising(CancelledError()), timeout_seconds=limit_s)
    with pytest.raises(CancelledError):
        await tool.on_invoke_tool(context(), "{}")
    assert run.ended == [(CALL, Outcome(None, error_type, words))]


async def test_an_error_is_no_time_limit(run):
    with pytest.raises(ValueError, match="no"):
        await gated(raising(ValueError("no")), timeout_seconds=0).on_invoke_tool(context(), "{}")
    assert run.ended == [(CALL, Outcome(None, "ValueError", "no"))]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (SystemExit(3), "the tool tried to end the process (SystemExit(3))"),
        (KeyboardInterrupt(), "the tool tried to end the process (KeyboardInterrupt())"),
        (GeneratorExit("x"), "the tool raised GeneratorExit: x"),
    ],
)
async def test_what_would_end_the_process_is_an_error_of_the_tool(run, error, words):
    with pytest.raises(ToolExitError) as raised:
        await gated(raising(error)).on_invoke_tool(context(), "{}")
    assert str(raised.value) == words
    assert raised.value.__cause__ is error
    assert run.ended == [(CALL, Outcome(None, "ToolExitError", words))]


async def test_outside_a_run_a_tool_cannot_end_the_process_either():
    RUN.set(None)
    with pytest.raises(ToolExitError):
        await gated(raising(SystemExit(3))).on_invoke_tool(context(), "{}")


def test_outside_a_run_nobody_is_told_what_the_gate_does_not_reach():
    RUN.set(None)
    server = SimpleNamespace(name="files")
    Gate().reach(SimpleNamespace(name="Billing", tools=[], handoffs=[], mcp_servers=[server]))


async def test_what_is_no_call_of_a_run_is_not_asked_about(run):
    assert await gated(works).on_invoke_tool(context(tool_call_id=None), "{}") == "did {}"
    assert (run.asked, run.begun, run.ended) == ([], [], [])


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [
        (
            SimpleNamespace(error_type="ValueError", message="no"),
            Outcome("did {}", "ValueError", "no"),
        ),
        (SimpleNamespace(message="no"), Outcome("did {}", "ToolError", "no")),
    ],
)
async def test_a_failure_that_became_a_text_is_told_beside_the_text(run, failure, outcome):
    await gated(works).on_invoke_tool(context(failure=failure), "{}")
    assert run.ended == [(CALL, outcome)]


@pytest.mark.parametrize("errors", [[ValueError("last")], [KeyError("first"), ValueError("last")]])
async def test_the_last_error_that_the_invoker_made_a_text_of_is_told_beside_it(run, errors):
    class Handling:
        def __init__(self):
            self._on_handled_error = lambda error: None

        async def __call__(self, ctx, input):
            for error in errors:
                self._on_handled_error(error)
            return "it failed"

    tool = SimpleNamespace(name="pay", description="Pay money.", on_invoke_tool=Handling())
    Gate().reach(SimpleNamespace(name="Billing", tools=[tool], handoffs=[]))
    assert await tool.on_invoke_tool(context(), "{}") == "it failed"
    assert run.ended == [(CALL, Outcome("it failed", "ValueError", "last"))]


async def test_what_returns_nothing_waits_only_if_an_agent_is_behind_it(run):
    async def nothing(ctx, arguments):
        return None

    await gated(nothing).on_invoke_tool(context(), "{}")
    await gated(nothing, _agent_instance=AGENT).on_invoke_tool(context(), "{}")
    assert run.ended == [(CALL, Outcome(None))]
    assert run.suspensions == [CALL]


async def test_a_refusal_is_what_the_model_reads_and_nothing_runs(run):
    run.passing = Passing(refusal="")
    assert await gated(raising(ValueError())).on_invoke_tool(context(), "{}") == ""
    assert (run.begun, run.ended) == ([], [])


async def test_changed_arguments_are_in_the_context_while_the_tool_runs(run):
    seen = []

    async def looks(ctx, arguments):
        seen.append((ctx.tool_arguments, arguments))
        return "paid"

    run.passing = Passing(arguments='{"cents": 1}')
    asked = context()
    said = await gated(looks).on_invoke_tool(asked, '{"cents": 5}')
    assert seen == [('{"cents": 1}', '{"cents": 1}')]
    assert asked.tool_arguments == '{"cents": 5}'
    assert said == '(arguments changed by the operator to {"cents": 1})\npaid'
    assert run.ended == [(CALL, Outcome(said))]


async def test_changed_arguments_leave_the_context_also_where_the_tool_raises(run):
    run.passing = Passing(arguments='{"cents": 1}')
    asked = context()
    with pytest.raises(ValueError, match="no"):
        await gated(raising(ValueError("no"))).on_invoke_tool(asked, '{"cents": 5}')
    assert asked.tool_arguments == '{"cents": 5}'


@pytest.mark.parametrize("same", ['{"cents": 5}', '{ "cents" : 5 }'])
async def test_arguments_that_were_put_in_already_are_no_change(run, same):
    run.passing = Passing(arguments=same)
    assert await gated(works).on_invoke_tool(context(), '{"cents": 5}') == 'did {"cents": 5}'


async def test_arguments_that_cannot_be_compared_are_a_change(run):
    run.passing = Passing(arguments='{"cents": 1}')
    said = await gated(works).on_invoke_tool(context(tool_arguments="not json"), "not json")
    assert said.endswith('did {"cents": 1}')


async def test_a_context_without_arguments_is_left_without(run):
    run.passing = Passing(arguments='{"cents": 1}')
    asked = context(tool_arguments=None)
    assert (await gated(works).on_invoke_tool(asked, "{}")).endswith('did {"cents": 1}')
    assert asked.tool_arguments is None


@pytest.mark.parametrize(
    ("args", "kwargs"),
    [(("ctx", "in"), {}), (("ctx",), {"input": "in"}), ((), {"ctx": "ctx", "input": "in"})],
)
@pytest.mark.parametrize(("given", "got"), [(None, "in"), ("new", "new")])
async def test_arguments_come_in_by_place_or_by_name_and_others_stay(args, kwargs, given, got):
    contexts = []

    async def around(invoke, ctx, errors):
        contexts.append(ctx)
        return await invoke(given)

    async def original(ctx, input, more="more"):
        return ctx, input, more

    assert await gated_invoker(original, around)(*args, **kwargs) == ("ctx", got, "more")
    if args:
        assert await gated_invoker(original, around)(*args, **kwargs, more=5) == ("ctx", got, 5)
    assert set(contexts) == {"ctx"}
