"""What becomes of tool results: structured outputs, time limits, and results that end a run."""

from __future__ import annotations

import asyncio

from tests.conformance.scenario import Scenarios
from tests.conformance.scenarios.approvals import free_tool
from tests.conformance.scenarios.tools import weather_tool
from tui.rehearsal.script import call, reply, say, think

TOOL_RESULTS = Scenarios()
answers = TOOL_RESULTS.answers

WEATHER = call("weather", "w1", city="Oslo")


@answers(reply(call("picture", "c1"), call("texts", "c2")), reply(say("Nice.")))
async def structured_outputs(sdk, stage):
    @sdk.function_tool
    def picture() -> object:
        return sdk.ToolOutputImage(image_url="https://example.invalid/a.png", detail="low")

    @sdk.function_tool
    def texts() -> object:
        return [sdk.ToolOutputText(text="one"), sdk.ToolOutputText(text="two")]

    await stage.go(sdk.Agent(name="A", tools=[picture, texts]), "Show.")


@answers(reply(call("endless", "c1")), reply(say("Too slow.")))
async def a_tool_that_takes_too_long(sdk, stage):
    @sdk.function_tool(timeout=0.01)
    async def endless() -> str:
        await asyncio.Event().wait()
        return "never"

    await stage.go(sdk.Agent(name="A", tools=[endless]), "Go.")


@answers(reply(call("endless", "c1")))
async def a_time_limit_that_ends_the_run(sdk, stage):
    @sdk.function_tool(timeout=0.01, timeout_behavior="raise_exception")
    async def endless() -> str:
        await asyncio.Event().wait()
        return "never"

    await stage.go(sdk.Agent(name="A", tools=[endless]), "Go.")


@answers(reply(call("no_such_tool", "c1", x=1), call("look", "c2")), reply(say("I see.")))
async def unknown_tool_told_to_the_model(sdk, stage):
    config = sdk.RunConfig(tool_not_found_behavior="return_error_to_model")
    agent = sdk.Agent(name="A", tools=[free_tool(sdk)])
    await stage.go(agent, "Go.", run_config=config)


@answers(reply(call("look", "c1"), WEATHER))
async def stop_at_named_tools(sdk, stage):
    agent = sdk.Agent(
        name="A",
        tools=[free_tool(sdk), weather_tool(sdk)],
        tool_use_behavior={"stop_at_tool_names": ["weather"]},
    )
    await stage.go(agent, "Go.")


@answers(reply(WEATHER))
async def a_function_ends_the_run(sdk, stage):
    def decide(context, results):
        text = f"{results[0].tool.name} said {results[0].output}"
        return sdk.ToolsToFinalOutputResult(is_final_output=True, final_output=text)

    tools = [weather_tool(sdk)]
    await stage.go(sdk.Agent(name="A", tools=tools, tool_use_behavior=decide), "Go.")


@answers(reply(WEATHER), reply(say("Done.")))
async def a_forced_tool_choice_is_forgotten_after_use(sdk, stage):
    settings = sdk.ModelSettings(tool_choice="required")
    agent = sdk.Agent(name="A", tools=[weather_tool(sdk)], model_settings=settings)
    await stage.go(agent, "Go.")


@answers(
    reply(
        think("First."),
        call("broken", "c1"),
        say("Beside."),
        think("Second."),
        call("fine", "c2"),
    )
)
async def a_failing_tool_beside_a_fine_one(sdk, stage):
    fine_is_done = asyncio.Event()

    # Async both: which of two threads is done first is nobody's promise.
    @sdk.function_tool(failure_error_function=None)
    async def broken() -> str:
        await fine_is_done.wait()
        raise ValueError("a detail")

    @sdk.function_tool
    async def fine() -> str:
        fine_is_done.set()
        return "ok"

    await stage.go(sdk.Agent(name="A", tools=[broken, fine]), "Go.")


@answers(reply(say("Nothing to call.")))
async def tools_that_are_switched_off(sdk, stage):
    @sdk.function_tool(is_enabled=False)
    def off() -> str:
        return "off"

    @sdk.function_tool(is_enabled=lambda context, agent: context.context == "Kim")
    def for_kim() -> str:
        return "on"

    await stage.go(sdk.Agent(name="A", tools=[off, for_kim]), "Go.", context="Kim")


@answers(reply(call("count", "c1"), call("count", "c2")), reply(say("Two.")))
async def a_context_is_shared(sdk, stage):
    # Evaluated by hand: the annotation names the runtime that the tool is built for.
    async def count(context) -> str:
        context.context.append(context.tool_call_id)
        return str(len(context.context))

    count.__annotations__["context"] = sdk.RunContextWrapper
    seen = []
    agent = sdk.Agent(name="A", tools=[sdk.function_tool(count)])
    await stage.go(agent, "Count.", context=seen)
    stage.note(seen=sorted(seen))
