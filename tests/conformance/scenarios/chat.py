"""What only servers of Chat Completions say, and what they must be told in their own way."""

from __future__ import annotations

import json

from tests.conformance.scenario import STREAMED, Scenarios
from tests.conformance.scenarios.approvals import free_tool
from tests.conformance.scenarios.endings import HELLO, held, read_hello
from tests.conformance.scenarios.tools import weather_tool
from tests.fakes.delivery import Before, Cut, Delivery, Garbage, http_error
from tui.rehearsal.script import (
    Call,
    ErrorEvent,
    Failed,
    Incomplete,
    Refuse,
    Reply,
    Think,
    call,
    reply,
    say,
    think,
)

CHAT = Scenarios()
answers, gated = CHAT.answers, CHAT.gated

CHAT_SEEN = Scenarios()
"""Looked at in the cockpit alone: the SDK gives one place to several items, ours each its own."""

WEATHER = call("weather", "c1", city="Oslo")
# Of HELLO, the role and two deltas: what begins a message, and the two.
EVENTS_OF_THREE_CHUNKS = 5


@answers(reply(Think(text="Bare thoughts."), WEATHER), reply(say("Sunny.")))
async def bare_reasoning_goes_back(sdk, stage):
    await stage.go(sdk.Agent(name="A", model="open-model", tools=[weather_tool(sdk)]), "Go.")


@answers(reply(think("A summary."), WEATHER), reply(say("Sunny.")), reply(say("Still.")))
async def a_deepseek_model_gets_its_reasoning_back(sdk, stage):
    agent = sdk.Agent(name="A", model="deepseek-reasoner", tools=[weather_tool(sdk)])
    result = await stage.go(agent, "Go.")
    await stage.go(agent, [*result.to_input_list(), {"role": "user", "content": "And now?"}])


@answers(reply(think("A summary."), WEATHER), reply(say("Sunny.")))
async def other_models_do_not(sdk, stage):
    await stage.go(sdk.Agent(name="A", model="some-model", tools=[weather_tool(sdk)]), "Go.")


@answers(reply(think("First."), say("Asking."), WEATHER), reply(say("Sunny.")))
async def reasoning_text_and_a_call(sdk, stage):
    await stage.go(sdk.Agent(name="A", tools=[weather_tool(sdk)]), "Go.")


@answers(reply(WEATHER, say("Asking.")), reply(say("Sunny.")))
async def text_behind_a_call(sdk, stage):
    result = await stage.go(sdk.Agent(name="A", tools=[weather_tool(sdk)]), "Go.")
    stage.note(order=[item.type for item in result.new_items])


@CHAT_SEEN.answers(reply(say("Asking."), think("Hm."), WEATHER), reply(say("Sunny.")))
async def text_before_reasoning(sdk, stage):
    await stage.go(sdk.Agent(name="A", tools=[weather_tool(sdk)]), "Go.")


@CHAT_SEEN.answers(reply(WEATHER, say("Asking."), think("Hm.")), reply(say("Sunny.")))
async def reasoning_behind_a_call(sdk, stage):
    await stage.go(sdk.Agent(name="A", tools=[weather_tool(sdk)]), "Go.")


@answers(reply(say("Well, "), Refuse("no.")))
async def text_and_a_refusal(sdk, stage):
    await stage.go(sdk.Agent(name="A"), "Go.")


@answers(reply(Refuse("No."), say("But this.")))
async def a_refusal_and_text(sdk, stage):
    await stage.go(sdk.Agent(name="A"), "Go.")


@answers(reply(Refuse("No.")))
async def a_refusal_where_an_output_type_is_set(sdk, stage):
    await stage.go(sdk.Agent(name="A", output_type=list[int]), "Go.")


@answers(reply(Call("look", "", "c1")), reply(say("Seen.")))
async def a_call_without_arguments(sdk, stage):
    await stage.go(sdk.Agent(name="A", tools=[free_tool(sdk)]), "Go.")


@answers(Reply((HELLO,), Incomplete("max_output_tokens")))
async def cut_short_by_the_token_limit(sdk, stage):
    await stage.go(sdk.Agent(name="A"), "Hi")


@answers(Reply((HELLO,), Incomplete("content_filter")))
async def cut_short_by_the_content_filter(sdk, stage):
    await stage.go(sdk.Agent(name="A"), "Hi")


@answers(Reply((think("Hm."),), Incomplete("content_filter")))
async def withheld_by_the_content_filter(sdk, stage):
    await stage.go(sdk.Agent(name="A"), "Hi")


@gated(held(Reply((), Incomplete("max_output_tokens")), "finish"))
async def the_token_limit_left_nothing(sdk, stage):
    await read_hello(sdk, stage, 1)


@answers(Reply((), Incomplete("max_output_tokens")), modes=("whole",))
async def the_token_limit_left_nothing_at_once(sdk, stage):
    await stage.go(sdk.Agent(name="A"), "Hi")


@answers(Reply((HELLO,), Failed("Overloaded.")), modes=("whole",))
async def an_error_in_place_of_an_answer(sdk, stage):
    await stage.go(sdk.Agent(name="A"), "Hi")


@gated(held(Reply((HELLO,), ErrorEvent("Overloaded.", after=3)), "error"))
async def an_error_in_mid_stream(sdk, stage):
    await read_hello(sdk, stage, EVENTS_OF_THREE_CHUNKS)


@gated(held(reply(HELLO), 3, Garbage()))
async def garbage_in_a_chunk(sdk, stage):
    await read_hello(sdk, stage, EVENTS_OF_THREE_CHUNKS)


@gated(held(reply(HELLO), 3, Cut()))
async def connection_cut_between_chunks(sdk, stage):
    await read_hello(sdk, stage, EVENTS_OF_THREE_CHUNKS)


@gated(held(reply(HELLO), 3), reply(say("Resumed.")))
async def cancelled_between_chunks_then_resumed(sdk, stage):
    agent = sdk.Agent(name="A")
    result = stage.begin(agent, "Hi")
    seen = []

    def cancel_at_the_last(event):
        seen.append(event)
        if len(seen) == EVENTS_OF_THREE_CHUNKS + 1:
            result.cancel()

    await stage.read(result, until=cancel_at_the_last)
    await stage.go(agent, result.to_state())


@answers(http_error(404, "No such model.", "model_not_found"))
async def no_such_model(sdk, stage):
    await stage.go(sdk.Agent(name="A", model="nothing"), "Hi")


@answers(reply(say("Counted.")))
async def usage_that_is_asked_for(sdk, stage):
    settings = sdk.ModelSettings(include_usage=True)
    await stage.go(sdk.Agent(name="A", model_settings=settings), "Hi")


@answers(reply(say("Cool.")))
async def all_settings(sdk, stage):
    settings = sdk.ModelSettings(
        temperature=0.5,
        top_p=0.9,
        frequency_penalty=0.1,
        presence_penalty=0.2,
        tool_choice="weather",
        parallel_tool_calls=False,
        truncation="auto",
        max_tokens=99,
        verbosity="high",
        metadata={"team": "red"},
        store=False,
        prompt_cache_retention="24h",
        top_logprobs=2,
        extra_body={"custom": 1, "max_tokens": 100},
        extra_args={"service_tier": "flex"},
        extra_headers={"x-team": "red"},
    )
    tools = [weather_tool(sdk)]
    await stage.go(sdk.Agent(name="A", model_settings=settings, tools=tools), "Hi")


@answers(reply(say("Fine.")))
async def settings_of_tools_where_there_are_none(sdk, stage):
    settings = sdk.ModelSettings(tool_choice="none", parallel_tool_calls=True)
    await stage.go(sdk.Agent(name="A", model="m", model_settings=settings), "Hi")


@answers(reply(say("I see.")))
async def all_kinds_of_content(sdk, stage):
    parts = [
        {"type": "input_text", "text": "Look"},
        {"type": "text", "text": "here"},
        {"type": "input_image", "image_url": "https://images.example/a.png", "detail": "low"},
        {"type": "input_image", "image_url": "https://images.example/b.png", "detail": "original"},
        {"type": "image_url", "image_url": {"url": "https://images.example/c.png"}},
        {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}},
        {"type": "input_file", "file_data": "data:text/plain;base64,AA", "filename": "a.txt"},
        {"type": "input_file", "file_id": "file-1"},
    ]
    answer = [{"type": "output_text", "text": "Seen.", "annotations": []}]
    history = [
        {"role": "system", "content": "Be brief."},
        {"role": "developer", "content": [{"type": "input_text", "text": "Be kind."}]},
        {"role": "user", "content": parts},
        {
            "type": "message",
            "role": "assistant",
            "id": "m",
            "status": "completed",
            "content": answer,
        },
        {"role": "assistant", "content": "And noted."},
        {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "And?"}]},
    ]
    await stage.go(sdk.Agent(name="A", instructions="Look."), history)


@answers()
async def what_cannot_be_carried(sdk, stage):
    history = [{"type": "item_reference", "id": "m1"}]
    try:
        await sdk.Runner.run(sdk.Agent(name="A"), history)
    except sdk.UserError:
        stage.note(is_refused=True)


def pictures(sdk):
    @sdk.function_tool
    def picture() -> object:
        """Show."""
        return sdk.ToolOutputImage(image_url="https://images.example/a.png")

    @sdk.function_tool
    def described() -> object:
        """Show and say."""
        return [
            sdk.ToolOutputText(text="A cat"),
            picture_of_a_cat(sdk),
            sdk.ToolOutputText(text="!"),
        ]

    return [picture, described]


def picture_of_a_cat(sdk):
    return sdk.ToolOutputImage(image_url="https://images.example/cat.png")


@answers(reply(call("picture", "c1"), call("described", "c2")), reply(say("A cat.")))
async def of_a_tools_output_only_text_is_carried(sdk, stage):
    await stage.go(sdk.Agent(name="A", tools=pictures(sdk)), "Show.")


def chunks(*choices):
    """Return an answer of these choices, each in a chunk of its own, as the server writes them."""
    head = {"id": "resp_0", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    bodies = [head | {"choices": [{"index": 0, **choice}]} for choice in choices]
    written = b"".join(b"data: " + json.dumps(body).encode() + b"\n\n" for body in bodies)
    return Delivery(Reply(()), (Before("finish", Garbage(written)),))


def chance(token):
    return {"token": token, "logprob": -0.5, "bytes": [72, 105]}


@answers(
    chunks(
        {
            "delta": {"content": "Hi"},
            "logprobs": {"content": [chance("Hi") | {"top_logprobs": []}]},
        },
        {
            "delta": {"content": "!"},
            "logprobs": {"content": [chance("!") | {"top_logprobs": [chance("?")]}]},
        },
    ),
    modes=STREAMED,
)
async def log_probabilities(sdk, stage):
    await stage.go(sdk.Agent(name="A"), "Hi")


SOURCE = {"start_index": 0, "end_index": 2, "url": "https://a.example", "title": "A"}


@answers(
    chunks(
        {"delta": {"content": "Hi"}},
        {
            "delta": {
                "annotations": [
                    {"type": "url_citation", "url_citation": SOURCE},
                    {"type": "url_citation", "url_citation": {"url": "https://b.example"}},
                    {"type": "other"},
                ]
            }
        },
    ),
    modes=STREAMED,
)
async def cited_sources(sdk, stage):
    await stage.go(sdk.Agent(name="A"), "Hi")


@answers(
    chunks(
        {
            "delta": {
                "tool_calls": [
                    {
                        "index": 0,
                        "id": "c1",
                        "type": "function",
                        "function": {"name": "look", "arguments": "{}"},
                        "extra_content": {"google": {"thought_signature": "s1"}},
                    }
                ]
            }
        }
    ),
    reply(say("Seen.")),
    modes=STREAMED,
)
async def gemini_gets_its_signatures_back(sdk, stage):
    await stage.go(sdk.Agent(name="A", model="gemini-3", tools=[free_tool(sdk)]), "Hi")


@answers(
    chunks(
        {"delta": {"role": "assistant", "content": None}},
        {"delta": {"reasoning_content": "Once, "}},
        {"delta": {"reasoning_content": "twice."}},
        {"delta": {"content": "Hello"}},
        {"delta": {"reasoning_content": "Again."}},
        {"delta": {"content": ""}},
        {"delta": {"content": " there"}},
        {"delta": {}},
        {"index": 1, "delta": {"content": "Not me."}},
    ),
    modes=STREAMED,
)
async def reasoning_that_goes_on_behind_text(sdk, stage):
    await stage.go(sdk.Agent(name="A"), "Hi")


@answers(chunks({"delta": {"audio": {"data": "AA"}}}), modes=STREAMED)
async def sounds(sdk, stage):
    await stage.end_of(stage.begin(sdk.Agent(name="A"), "Hi"))
