"""What a handoff can be told: callbacks, inputs, filters, and when it is shown."""

from __future__ import annotations

from dataclasses import dataclass

from typing_extensions import TypedDict

from tests.conformance.scenario import Scenarios
from tests.conformance.scenarios.handoffs import Reason, note_tool
from tui.rehearsal.script import Call, call, reply, say, think

HANDOFF_OPTIONS = Scenarios()
answers = HANDOFF_OPTIONS.answers

TO_B = call("transfer_to_b", "h1")
NOTED_THEN_B = (
    reply(think("Hm."), say("Noting."), call("note", "c1", text="x")),
    reply(say("Passing on."), call("note", "c2", text="y"), TO_B),
    reply(say("B here.")),
)


@dataclass
class Place:
    city: str
    floor: int = 1


class Typed(TypedDict):
    tags: list[str]


async def pass_on(sdk, stage, *, config=None, **options):
    b = sdk.Agent(name="B")
    handoff = sdk.handoff(b, **options)
    agent = sdk.Agent(name="A", tools=[note_tool(sdk)], handoffs=[handoff])
    return await stage.go(agent, "Go on.", run_config=config and sdk.RunConfig(**config))


@answers(*[turn for _ in range(4) for turn in NOTED_THEN_B])
async def filters_of_every_kind(sdk, stage):
    seen = []

    def look(data):
        history, before, new = data.input_history, data.pre_handoff_items, data.new_items
        seen.append([history, [i.type for i in before], [i.type for i in new]])
        return data

    async def later(data):
        return data.clone(input_history="As text.", pre_handoff_items=data.pre_handoff_items[:1])

    def told_less(data):
        return data.clone(input_items=data.new_items[-1:])

    def none_of_it(data):
        return data.clone(input_history=(), input_items=())

    for each in (look, later, told_less, none_of_it):
        await pass_on(sdk, stage, input_filter=each)
    stage.note(seen=seen)


@answers(*NOTED_THEN_B * 2)
async def a_filter_of_the_run_and_one_of_a_handoff(sdk, stage):
    def of_the_run(data):
        return data.clone(input_history="The run's.")

    def of_the_handoff(data):
        return data.clone(input_history="The handoff's.")

    config = {"handoff_input_filter": of_the_run}
    await pass_on(sdk, stage, config=config)
    await pass_on(sdk, stage, config=config, input_filter=of_the_handoff)


@answers(reply(TO_B), reply(TO_B), reply(TO_B))
async def filters_of_no_use(sdk, stage):
    def failing(data):
        raise ValueError("no")

    for wrong in ("no function", lambda data: "no data", failing):
        await pass_on(sdk, stage, input_filter=wrong)


@answers(
    reply(call("transfer_to_b", "h1", city="Porto", floor=2)),
    reply(say("B.")),
    reply(call("transfer_to_b", "h1", tags=["a", "b"])),
    reply(say("B.")),
    reply(Call("transfer_to_b", '{"value": 7}', "h1")),
    reply(Call("transfer_to_b", "", "h1")),
)
async def inputs_of_every_kind(sdk, stage):
    heard = []

    async def hear(context, given):
        heard.append([context.context, given])

    def hear_at_once(context, given):
        heard.append([context.context, given])

    await pass_on(sdk, stage, on_handoff=hear, input_type=Place)
    await pass_on(sdk, stage, on_handoff=hear_at_once, input_type=Typed)
    await pass_on(sdk, stage, on_handoff=hear, input_type=Reason)
    await pass_on(sdk, stage, on_handoff=hear, input_type=Reason)
    stage.note(heard=heard)


@answers(reply(TO_B), reply(say("B.")), reply(TO_B), reply(say("B.")), reply(TO_B))
async def callbacks_without_an_input(sdk, stage):
    heard = []

    async def hear(context):
        heard.append(context.usage.requests)

    def fail(context):
        raise ValueError("not now")

    await pass_on(sdk, stage, on_handoff=hear)
    await pass_on(sdk, stage, on_handoff=lambda context: heard.append("at once"))
    await pass_on(sdk, stage, on_handoff=fail)
    stage.note(heard=heard)


@answers()
async def callbacks_of_no_use(sdk, stage):
    b = sdk.Agent(name="B")
    wrong = (
        {"input_type": Reason},
        {"input_type": Reason, "on_handoff": "no function"},
        {"input_type": Reason, "on_handoff": lambda context: None},
        {"on_handoff": lambda context, given: None},
        {"on_handoff": "no function"},
    )
    for options in wrong:
        try:
            sdk.handoff(b, **options)
        except (sdk.UserError, TypeError) as error:
            stage.note(error=str(error), kind=type(error).__name__)


@answers(reply(say("One.")), reply(say("Two.")))
async def handoffs_that_are_shown_or_not(sdk, stage):
    asked = []

    async def if_wanted(context, agent):
        asked.append([context.context, agent.name])
        return context.context == "wanted"

    def always(context, agent):
        asked.append([context.context, agent.name])
        return 1

    kinds = {"Yes": True, "No": False, "Wanted": if_wanted, "Always": always}
    handoffs = [
        sdk.handoff(sdk.Agent(name=name), is_enabled=shown) for name, shown in kinds.items()
    ]
    agent = sdk.Agent(name="A", handoffs=handoffs)
    for context in ("wanted", "unwanted"):
        await stage.go(agent, "Hi", context=context)
    stage.note(asked=sorted(asked))


@answers(reply(call("somewhere", "h1")), reply(say("C here.")))
async def a_handoff_made_by_hand(sdk, stage):
    agents = {"c": sdk.Agent(name="C"), "b": sdk.Agent(name="B")}

    async def choose(context, arguments):
        stage.note(arguments=arguments)
        return agents[context.context]

    somewhere = sdk.Handoff(
        tool_name="somewhere",
        tool_description="Goes where it is due.",
        input_json_schema={},
        on_invoke_handoff=choose,
        agent_name="Somewhere",
        strict_json_schema=False,
    )
    await stage.go(sdk.Agent(name="A", handoffs=[somewhere]), "Hi", context="c")
