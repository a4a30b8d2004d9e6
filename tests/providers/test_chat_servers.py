"""Servers that speak Chat Completions in their own way: the answer is the same."""

from __future__ import annotations

import itertools
import json

import pytest

from tests.agents.telling import told
from tests.fakes.chat_route import ChatStyle
from tests.fakes.delivery import Before, Delivery, Garbage
from tests.providers.chatting import chatting
from tui.agents import Agent, ModelBehaviorError, Runner, RunState, UserError, function_tool
from tui.rehearsal.script import Call, Incomplete, NoEnd, Reply, Think, call, reply, say, think

TWO_CALLS = reply(
    think("Hm."), say("Both."), call("greet", "c1", name="Ada"), call("greet", "c2", name="Bo")
)
ENDS = reply(say("Done."))


@function_tool
def greet(name: str) -> str:
    """Greet somebody."""
    return f"Hello {name}"


def agent(**options) -> Agent:
    return Agent(name="A", tools=[greet], **options)


def messages_of(chat, request):
    return chat.server.bodies[request]["messages"]


STYLES = [
    pytest.param(ChatStyle(*way), id="-".join(map(str, way)))
    for way in itertools.product(
        ["never", "always"],
        [True, False],
        [True, False],
        [True],
        ["each", "zero", "none"],
        ["", None],
    )
]


@pytest.mark.parametrize("style", STYLES)
async def test_parallel_calls_are_told_apart_however_they_are_numbered(style):
    async with chatting(TWO_CALLS, ENDS, style=style) as chat:
        result = Runner.run_streamed(agent(), "Go.", run_config=chat.config)
        assert await told(result) == [
            "AGENT(A)",
            "RAW",
            "reasoning_item_created",
            "message_output_created",
            "tool_called",
            "tool_called",
            "tool_output(Hello Ada)",
            "tool_output(Hello Bo)",
            "RAW",
            "message_output_created",
        ]
        assert [m["tool_call_id"] for m in messages_of(chat, 1)[-2:]] == ["c1", "c2"]


@pytest.mark.parametrize("indexes", ["each", "none"])
@pytest.mark.parametrize("is_whole", [True, False])
@pytest.mark.parametrize("streamed", [True, False])
async def test_calls_without_ids_get_their_own(indexes, is_whole, streamed):
    style = ChatStyle(call_ids=False, indexes=indexes, whole_calls=is_whole)
    async with chatting(TWO_CALLS, ENDS, style=style) as chat:
        if streamed:
            await told(Runner.run_streamed(agent(), "Go.", run_config=chat.config))
        else:
            await Runner.run(agent(), "Go.", run_config=chat.config)
        said, first, second = messages_of(chat, 1)[-3:]
        ids = [made["id"] for made in said["tool_calls"]]
        assert len(set(ids)) == 2
        assert [first["tool_call_id"], second["tool_call_id"]] == ids
        assert [first["content"], second["content"]] == ["Hello Ada", "Hello Bo"]


def pieces(*deltas):
    """Return an answer of these deltas, each in a chunk of its own."""
    bodies = [{"id": "x", "choices": [{"index": 0, "delta": delta}]} for delta in deltas]
    written = b"".join(b"data: " + json.dumps(body).encode() + b"\n\n" for body in bodies)
    return Delivery(Reply(()), (Before("finish", Garbage(written)),))


def piece(arguments=None, **fields):
    name = fields.pop("name", None)
    function = {"arguments": arguments} | ({"name": name} if name is not None else {})
    return {"tool_calls": [{"index": 0, **fields, "function": function}]}


async def raw_events(answer, **options):
    async with chatting(answer, ENDS) as chat:
        model = chat.model(**options)
        result = Runner.run_streamed(agent(model=model), "Go.")
        events = [event async for event in result.stream_events()]
        raw = [event.data for event in events if event.type == "raw_response_event"]
        first_end = [event.type for event in raw].index("response.completed")
        return raw[: first_end + 1]


def calls_of(events):
    return [(call.name, call.call_id, call.arguments) for call in events[-1].response.output]


async def test_arguments_are_told_as_they_come():
    answer = pieces(
        piece("", name="greet", id="c1"), piece('{"name"'), piece(': "Ada"'), piece("}")
    )
    events = await raw_events(answer)
    deltas = [e.delta for e in events if e.type == "response.function_call_arguments.delta"]
    assert deltas == ['{"name"', ': "Ada"', "}"]
    assert calls_of(events) == [("greet", "c1", '{"name": "Ada"}')]


async def test_a_new_id_in_each_piece_begins_no_new_call():
    answer = pieces(
        piece("", name="greet", id="c1"), piece('{"name": ', id="c2"), piece('"Ada"}', id="c3")
    )
    assert calls_of(await raw_events(answer)) == [("greet", "c1", '{"name": "Ada"}')]


async def test_a_name_that_comes_late_brings_the_arguments_before_it():
    answer = pieces(piece('{"name": ', id="c1"), piece('"Ada"}', name="greet"))
    events = await raw_events(answer)
    begun = next(e for e in events if e.type == "response.output_item.added")
    assert (begun.item.name, begun.item.arguments) == ("greet", "")
    deltas = [e.delta for e in events if e.type == "response.function_call_arguments.delta"]
    assert deltas == ['{"name": "Ada"}']


async def test_arguments_that_are_an_object_become_text():
    answer = pieces(piece({"name": "Ada"}, name="greet", id="c1"))
    assert calls_of(await raw_events(answer)) == [("greet", "c1", '{"name": "Ada"}')]


async def test_a_call_without_a_name_is_a_call_of_no_tool():
    async with chatting(pieces(piece("{}", id="c1"))) as chat:
        with pytest.raises(ModelBehaviorError, match="not found"):
            await told(Runner.run_streamed(agent(), "Go.", run_config=chat.config))


async def test_calls_can_be_held_until_they_are_whole():
    answer = pieces(piece('{"name": ', name="greet", id="c1"), {"content": "Hm"}, piece('"Ada"}'))
    events = await raw_events(answer, buffer_streamed_tool_calls=True)
    deltas = [e.delta for e in events if e.type.endswith(".delta")]
    assert deltas == ["Hm", '{"name": "Ada"}']


async def test_reasoning_that_is_sent_twice_is_told_once():
    thought = {"reasoning_content": "Hm.", "reasoning": "Hm."}
    events = await raw_events(pieces(thought, {"content": "Hi"}))
    kinds = [event.type for event in events]
    assert "response.reasoning_summary_text.delta" in kinds
    assert "response.reasoning_text.delta" not in kinds
    item = events[-1].response.output[0]
    assert ([part.text for part in item.summary], item.content) == (["Hm."], None)


async def test_content_in_parts_is_text():
    events = await raw_events(pieces({"content": [{"type": "text", "text": "Hi"}]}))
    assert events[-1].response.output[0].content[0].text == "Hi"


async def test_what_is_no_function_call_is_left_out_unless_everything_must_be_carried():
    answer = pieces({"tool_calls": [{"index": 0, "type": "custom", "custom": {"name": "x"}}]})
    assert calls_of(await raw_events(answer)) == []
    with pytest.raises(UserError, match="custom"):
        await raw_events(answer, strict_feature_validation=True)


async def test_a_second_choice_is_an_error_where_everything_must_be_carried():
    chunk = {"choices": [{"index": 1, "delta": {"content": "I"}}]}
    garbage = Garbage(b"data: " + json.dumps(chunk).encode() + b"\n\n")
    answer = Delivery(reply(say("Me.")), (Before("finish", garbage),))
    assert (await raw_events(answer))[-1].response.output[0].content[0].text == "Me."
    with pytest.raises(UserError, match="first choice"):
        await raw_events(answer, strict_feature_validation=True)


async def test_a_stream_of_nothing_is_no_answer():
    async with chatting(Reply((), NoEnd(after=0)), style=ChatStyle(has_done=False)) as chat:
        with pytest.raises(ModelBehaviorError, match="no Chat Completions"):
            await told(Runner.run_streamed(agent(), "Go.", run_config=chat.config))


@pytest.mark.parametrize("is_cut_at", [2, 3])
async def test_a_stream_that_breaks_off_without_a_word_is_no_answer(is_cut_at):
    answer = Reply((say("Hello, world."),), NoEnd(after=is_cut_at))
    async with chatting(answer) as chat:
        with pytest.raises(ModelBehaviorError, match="before receiving a finish_reason"):
            await told(Runner.run_streamed(agent(), "Go.", run_config=chat.config))


@pytest.mark.parametrize(
    "style", [ChatStyle(has_done=False), ChatStyle(has_finish=False)], ids=["finish", "done"]
)
async def test_a_stream_that_says_its_end_in_one_of_two_ways_is_whole(style):
    async with chatting(TWO_CALLS, ENDS, style=style) as chat:
        result = Runner.run_streamed(agent(), "Go.", run_config=chat.config)
        await told(result)
        assert result.final_output == "Done."


async def test_an_answer_that_comes_at_once_needs_no_word_of_its_end():
    async with chatting(ENDS, style=ChatStyle(has_finish=False, has_done=False)) as chat:
        result = await Runner.run(agent(), "Go.", run_config=chat.config)
        assert result.final_output == "Done."


@pytest.mark.parametrize("reason", ["max_output_tokens", "content_filter"])
async def test_a_text_that_was_cut_says_why(reason):
    events = await raw_events(Reply((say("Hel"),), Incomplete(reason)))
    assert events[-1].response.incomplete_details.reason == reason


async def test_a_text_that_came_to_its_end_says_nothing_of_the_kind():
    assert (await raw_events(ENDS))[-1].response.incomplete_details is None


@pytest.mark.parametrize("part", [think("A summary."), Think(text="Bare thoughts.")])
async def test_reasoning_survives_the_state_of_a_paused_run(part):
    @function_tool(needs_approval=True)
    def pay(amount: int) -> str:
        """Pay."""
        return f"paid {amount}"

    answer = reply(part, Call("pay", '{"amount": 5}', "p1"))
    async with chatting(answer, ENDS) as chat:
        payer = Agent(name="A", tools=[pay], model=chat.model("deepseek-m"))
        paused = await Runner.run(payer, "Pay.")
        state = await RunState.from_string(payer, paused.to_state().to_string())
        state.approve(state.get_interruptions()[0])
        assert (await Runner.run(payer, state)).final_output == "Done."
        said = messages_of(chat, 1)[1]
        assert said.get("reasoning_content") or said.get("reasoning")
