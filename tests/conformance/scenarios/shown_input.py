"""What a model is shown: filters of its input, and prompts that the service keeps."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

from tests.conformance.scenario import Scenarios
from tests.conformance.scenarios.endings import ticking_agent
from tests.conformance.scenarios.hooks import listening_hooks
from tui.rehearsal.script import call, reply, say

SHOWN_INPUT = Scenarios()
answers = SHOWN_INPUT.answers
PROMPTS = Scenarios()
prompts = PROMPTS.answers

TICKS = (reply(call("tick", "t1")), reply(say("Done.")))


async def filtered(sdk, stage, change, **options):
    heard = []
    agent = ticking_agent(sdk)
    agent.instructions = "Be brief."
    config = sdk.RunConfig(call_model_input_filter=change, **options)
    hooks = listening_hooks(sdk, heard)
    await stage.go(agent, "Tick.", context="mine", run_config=config, hooks=hooks)
    stage.note(heard=heard)


@answers(*TICKS)
async def filter_changes_what_the_model_is_shown(sdk, stage):
    async def change(data):
        stage.note(agent=data.agent.name, context=data.context, shown=data.model_data.input)
        shown = [{"role": "user", "content": "First."}, *data.model_data.input]
        kind = import_module(f"{sdk.__name__}.run").ModelInputData
        return kind(input=shown, instructions="Be very brief.")

    await filtered(sdk, stage, change)


@answers(*TICKS)
async def filter_changes_its_list_in_place(sdk, stage):
    def change(data):
        data.model_data.input.append({"role": "user", "content": "Last."})
        return data.model_data

    await filtered(sdk, stage, change)


@answers(*TICKS)
async def filter_repeats_an_item(sdk, stage):
    def change(data):
        shown = data.model_data
        return replace(shown, input=[*shown.input, *shown.input[1:]])

    await filtered(sdk, stage, change)


@answers()
async def filter_returns_something_else(sdk, stage):
    await filtered(sdk, stage, lambda data: None)


@answers()
async def filter_that_fails(sdk, stage):
    def broken(data):
        raise LookupError("no such word")

    await filtered(sdk, stage, broken)


PROMPT = {"id": "pmpt_1", "version": "3", "variables": {"tone": "dry"}}


async def prompted(sdk, stage, prompt, **options):
    await stage.go(sdk.Agent(name="A", prompt=prompt, **options), "Hi", context="mine")


@prompts(reply(say("Hello.")))
async def prompt_that_the_service_keeps(sdk, stage):
    await prompted(sdk, stage, PROMPT)


@prompts(reply(say("Hello.")))
async def prompt_of_an_agent_with_a_model_and_tools(sdk, stage):
    tools = ticking_agent(sdk).tools
    await prompted(sdk, stage, {"id": "pmpt_1"}, model="gpt-4.1", tools=tools)


@prompts(reply(say("Hello.")))
async def prompt_beside_a_forced_tool_and_no_tools(sdk, stage):
    settings = sdk.ModelSettings(tool_choice="look", parallel_tool_calls=False)
    await prompted(sdk, stage, {"id": "pmpt_1"}, model_settings=settings)


@prompts(reply(say("Hello.")))
async def prompt_that_a_function_makes(sdk, stage):
    async def make(data):
        stage.note(agent=data.agent.name, context=data.context.context)
        return PROMPT

    await prompted(sdk, stage, make)


@prompts()
async def prompt_function_that_makes_none(sdk, stage):
    await prompted(sdk, stage, lambda data: "pmpt_1")
