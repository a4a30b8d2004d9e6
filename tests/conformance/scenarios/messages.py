"""What the model says: text, reasoning, refusals, typed output, and how requests are made."""

from __future__ import annotations

from pydantic import BaseModel

from tests.conformance.scenario import Scenarios
from tui.rehearsal.script import Refuse, Reply, Say, Think, Usage, reply, say, think

MESSAGES = Scenarios()
answers = MESSAGES.answers


class Verdict(BaseModel):
    """What a judge decides."""

    guilty: bool
    reason: str


@answers(reply(say("Hello there.")))
async def plain_message(sdk, stage):
    await stage.go(sdk.Agent(name="A", instructions="Be brief."), "Hi")


@answers(reply(say("Hello.")))
async def no_instructions(sdk, stage):
    await stage.go(sdk.Agent(name="A"), "Hi")


@answers(reply(say("Hello.")))
async def input_as_a_list_of_items(sdk, stage):
    question = [
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "Hi. What is it?"},
        {"role": "user", "content": [{"type": "input_text", "text": "日本語で 👩‍🚀"}]},
    ]
    await stage.go(sdk.Agent(name="A"), question)


@answers(reply(say("One.")), reply(say("Two.")))
async def instructions_by_sync_and_async_function(sdk, stage):
    async def later(context, agent):
        return f"You are {agent.name}, later, for {context.context}."

    sync = sdk.Agent(name="A", instructions=lambda context, agent: f"You are {agent.name}.")
    await stage.go(sync, "Hi")
    await stage.go(sdk.Agent(name="B", instructions=later), "Hi", context="Kim")


@answers(reply(think("First.", "Second."), say("Done.")))
async def reasoning_then_message(sdk, stage):
    await stage.go(sdk.Agent(name="A"), "Think.")


@answers(reply(Think(text="Bare thoughts."), say("Done.")))
async def bare_reasoning_then_message(sdk, stage):
    await stage.go(sdk.Agent(name="A"), "Think.")


@answers(reply(say("One."), say("Two.")))
async def two_messages(sdk, stage):
    await stage.go(sdk.Agent(name="A"), "Hi")


@answers(reply(Refuse("I can't do that.")))
async def refusal(sdk, stage):
    await stage.go(sdk.Agent(name="A"), "Do it.")


@answers(reply(say('{"guilty": false, "reason": "no proof"}')))
async def typed_output(sdk, stage):
    await stage.go(sdk.Agent(name="Judge", output_type=Verdict), "Judge.")


@answers(reply(say('{"response": [1, 2]}')))
async def typed_output_of_a_wrapped_list(sdk, stage):
    await stage.go(sdk.Agent(name="A", output_type=list[int]), "Count.")


@answers(reply(say('{"guilty": "perhaps"}')))
async def typed_output_that_does_not_fit(sdk, stage):
    await stage.go(sdk.Agent(name="Judge", output_type=Verdict), "Judge.")


@answers(Reply(()))
async def empty_response(sdk, stage):
    await stage.go(sdk.Agent(name="A"), "Hi")


@answers(Reply(()), reply(say('{"guilty": true, "reason": "confessed"}')))
async def empty_response_where_an_output_type_is_set(sdk, stage):
    await stage.go(sdk.Agent(name="Judge", output_type=Verdict), "Judge.")


@answers(Reply((Say(("Hm.",)),), usage=Usage(100, 20, reasoning_tokens=5, cached_tokens=50)))
async def usage_is_counted(sdk, stage):
    result = await stage.go(sdk.Agent(name="A"), "Hi")
    usage = result.context_wrapper.usage
    stage.note(
        cached=usage.input_tokens_details.cached_tokens,
        reasoning=usage.output_tokens_details.reasoning_tokens,
    )


@answers(reply(say("Noted.")), reply(say("Blue.")))
async def follow_up_by_to_input_list(sdk, stage):
    agent = sdk.Agent(name="A", instructions="Remember.")
    first = await stage.go(agent, "My colour is blue.")
    question = {"role": "user", "content": "Which is it?"}
    await stage.go(agent, [*first.to_input_list(), question])


@answers(reply(say("Cool.")))
async def model_settings(sdk, stage):
    settings = sdk.ModelSettings(temperature=0.2, max_tokens=99, parallel_tool_calls=False)
    await stage.go(sdk.Agent(name="A", model="gpt-4.1", model_settings=settings), "Hi")
