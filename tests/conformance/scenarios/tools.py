"""Function tools: schemas, results, order, and everything that can be wrong with a call.

Annotations are evaluated at once here: those of the tools name the runtime they are built for.
"""

import asyncio
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from tests.conformance.scenario import Scenarios
from tui.rehearsal.script import Call, call, reply, say, think

TOOLS = Scenarios()
answers = TOOLS.answers


class Parcel(BaseModel):
    """What is sent."""

    weight_kg: float = Field(gt=0, description="Weight with packaging.")
    tags: list[str] = []


def weather_tool(sdk):
    @sdk.function_tool
    def weather(city: str, unit: str = "C") -> str:
        """Tell the weather.

        Args:
            city: Where.
            unit: C or F.
        """
        return f"{city}: 21 {unit}"

    return weather


@answers(reply(call("weather", "c1", city="Oslo", unit="F")), reply(say("It is 21 F.")))
async def one_tool(sdk, stage):
    await stage.go(sdk.Agent(name="A", tools=[weather_tool(sdk)]), "Weather?")


@answers(reply(call("same", "c1"), call("transfer_to_b", "c2")), reply(say("Done.")))
async def of_what_has_one_name_the_last_is_told_and_a_handoff_before_a_tool(sdk, stage):
    def tool(name, answer):
        return sdk.function_tool(name_override=name)(lambda: answer)

    tools = [tool("same", "first"), tool("transfer_to_b", "tool"), tool("same", "last")]
    agents = [sdk.Agent(name="B", handoff_description=said) for said in ("one", "two")]
    await stage.go(sdk.Agent(name="A", tools=tools, handoffs=agents), "Go.")


@answers(
    reply(say("Let me look."), call("weather", "c1", city="Oslo", unit="C")), reply(say("Fine."))
)
async def message_and_tool_in_one_response(sdk, stage):
    await stage.go(sdk.Agent(name="A", tools=[weather_tool(sdk)]), "Weather?")


@answers(
    reply(think("I need the weather."), call("weather", "c1", city="東京")),
    reply(say("晴れです。")),
)
async def reasoning_then_tool_with_a_default_left_out(sdk, stage):
    await stage.go(sdk.Agent(name="A", tools=[weather_tool(sdk)]), "天気は?")


@answers(
    reply(call("slow", "c1"), call("fast", "c2"), call("slow", "c3")),
    reply(say("All done.")),
)
async def parallel_tools_answer_in_call_order(sdk, stage):
    fast_is_done = asyncio.Event()

    @sdk.function_tool
    async def slow() -> str:
        await fast_is_done.wait()
        return "slow"

    @sdk.function_tool
    async def fast() -> str:
        fast_is_done.set()
        return "fast"

    await stage.go(sdk.Agent(name="A", tools=[slow, fast]), "Go.")


@answers(reply(call("shape", "c1")), reply(say("Ok.")))
async def tool_output_of_any_type_becomes_text(sdk, stage):
    @sdk.function_tool
    def shape() -> dict[str, object]:
        return {"sides": 4, "name": "square", "parts": [1, None, "ü"]}

    await stage.go(sdk.Agent(name="A", tools=[shape]), "Shape?")


@answers(reply(call("nothing", "c1"), call("parcel", "c2")), reply(say("Ok.")))
async def tool_outputs_of_none_and_of_a_model(sdk, stage):
    @sdk.function_tool
    def nothing() -> None:
        return None

    @sdk.function_tool
    def parcel() -> Parcel:
        return Parcel(weight_kg=1.5, tags=["fragile"])

    await stage.go(sdk.Agent(name="A", tools=[nothing, parcel]), "Go.")


@answers(
    reply(
        call("ship", "c1", parcel={"weight_kg": 2, "tags": []}, mode="air", note=None, count=[1, 2])
    ),
    reply(say("Shipped.")),
)
async def schema_of_rich_parameters(sdk, stage):
    @sdk.function_tool
    def ship(
        context: sdk.RunContextWrapper[str],
        parcel: Parcel,
        mode: Literal["air", "sea"],
        note: str | None,
        count: Annotated[list[int], Field(min_length=1)],
        insured: bool = False,
    ) -> str:
        """Ship a parcel.

        It may take days.

        Args:
            parcel: What to ship.
            mode: How to ship it.
            note: Words for the carrier.
            count: Pieces
                a box.
        """
        return f"{context.context}: {parcel.weight_kg} {mode} {note} {count} {insured}"

    await stage.go(sdk.Agent(name="A", tools=[ship]), "Ship.", context="Kim")


@answers(reply(call("rename", "c1", city="Oslo")), reply(say("Ok.")))
async def tool_options(sdk, stage):
    @sdk.function_tool(
        name_override="rename", description_override="Another text.", strict_mode=False
    )
    async def original(city: str, times: int = 3) -> str:
        """Not shown."""
        return city * times

    await stage.go(sdk.Agent(name="A", tools=[original]), "Go.")


@answers(reply(call("broken", "c1"), call("fine", "c2")), reply(say("One failed.")))
async def tool_error_is_told_to_the_model(sdk, stage):
    @sdk.function_tool
    def broken() -> str:
        raise ValueError("secret detail")

    @sdk.function_tool
    def fine() -> str:
        return "ok"

    await stage.go(sdk.Agent(name="A", tools=[broken, fine]), "Go.")


@answers(reply(call("broken", "c1")), reply(say("I see.")))
async def tool_error_by_a_function(sdk, stage):
    @sdk.function_tool(failure_error_function=lambda context, error: f"Sorry: {error}")
    def broken() -> str:
        raise ValueError("a detail")

    await stage.go(sdk.Agent(name="A", tools=[broken]), "Go.")


@answers(reply(call("broken", "c1")))
async def tool_error_that_ends_the_run(sdk, stage):
    @sdk.function_tool(failure_error_function=None)
    def broken() -> str:
        raise ValueError("a detail")

    await stage.go(sdk.Agent(name="A", tools=[broken]), "Go.")


@answers(
    reply(Call("weather", '{"city": ', "c1"), Call("weather", '{"city": [1]}', "c2")),
    reply(say("I failed.")),
)
async def invalid_and_ill_typed_arguments(sdk, stage):
    await stage.go(sdk.Agent(name="A", tools=[weather_tool(sdk)]), "Weather?")


@answers(reply(Call("ping", "", "c1"), Call("ping", "{}", "c2")), reply(say("Pong.")))
async def empty_arguments(sdk, stage):
    @sdk.function_tool
    def ping() -> str:
        return "pong"

    await stage.go(sdk.Agent(name="A", tools=[ping]), "Ping.")


@answers(reply(call("no_such_tool", "c1", x=1)))
async def unknown_tool(sdk, stage):
    await stage.go(sdk.Agent(name="A", tools=[weather_tool(sdk)]), "Go.")


@answers(reply(call("weather", "c1", city="Oslo")))
async def stop_on_first_tool(sdk, stage):
    tools = [weather_tool(sdk)]
    await stage.go(sdk.Agent(name="A", tools=tools, tool_use_behavior="stop_on_first_tool"), "Go.")


@answers(
    reply(call("weather", "c1", city="Oslo")),
    reply(call("weather", "c2", city="Rome")),
    reply(say("Both known.")),
)
async def tools_in_several_turns(sdk, stage):
    await stage.go(sdk.Agent(name="A", tools=[weather_tool(sdk)]), "Weather?")


@answers(*[reply(call("weather", f"c{turn}", city="Oslo")) for turn in range(2)])
async def max_turns(sdk, stage):
    await stage.go(sdk.Agent(name="A", tools=[weather_tool(sdk)]), "Go.", max_turns=2)


@answers(reply(call("Doubler", "c1", x=4)), reply(say("Eight.")))
async def an_object_that_can_be_called_is_a_tool(sdk, stage):
    class Doubler:
        """Doubles."""

        async def __call__(self, x: int) -> str:
            """Double it.

            Args:
                x: What to double.
            """
            return f"{2 * x}"

    class Bare:
        def __call__(self, x: int) -> str:
            return f"{x}"

    tools = [sdk.function_tool(Doubler()), sdk.function_tool(Bare())]
    await stage.go(sdk.Agent(name="A", tools=tools), "Double 4.")
