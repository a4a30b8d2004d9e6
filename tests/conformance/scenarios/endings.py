"""Runs that end otherwise than well: the service fails, the stream breaks, somebody cancels."""

from __future__ import annotations

from tests.conformance.scenario import STREAMED, Scenarios
from tests.fakes.delivery import END, Act, Before, Cut, Delivery, Garbage, Hold, http_error
from tui.rehearsal.script import ErrorEvent, Failed, Incomplete, NoEnd, Reply, call, reply, say

ENDINGS = Scenarios()
answers, gated = ENDINGS.answers, ENDINGS.gated

HELLO = say("Hello there, this is cut.")
EVENTS_OF_HELLO = 8 + len(HELLO.deltas)


async def at_once() -> None:
    """Wait for nothing."""


def ticking_agent(sdk, wait=at_once):
    @sdk.function_tool
    async def tick() -> str:
        """Tick."""
        await wait()
        return "tock"

    return sdk.Agent(name="A", tools=[tick])


@answers(http_error(400, "Bad request.", "bad"))
async def service_refuses_the_request(sdk, stage):
    await stage.go(sdk.Agent(name="A"), "Hi")


@answers(http_error(401, "Wrong key.", "invalid_api_key"))
async def service_refuses_the_key(sdk, stage):
    await stage.go(sdk.Agent(name="A"), "Hi")


@answers(reply(call("tick", "t1")), http_error(400, "Bad request."))
async def service_fails_in_the_second_turn(sdk, stage):
    await stage.go(ticking_agent(sdk), "Tick.")


def held(answer: Reply, at: int | str, *then: Act):
    """Hold an answer before an event until the reader has caught up, then go on with `then`."""
    return lambda gate: Delivery(
        answer, (Before(at, Hold(gate)), *(Before(at, act) for act in then))
    )


def caught_up(stage, count):
    """Return what opens the stage's gate after `count` raw events.

    The SDK may throw away what is still queued when a run fails; nothing must be, to compare.
    """
    seen = []

    def open_after(event):
        seen.append(event)
        if len(seen) == count + 1:
            stage.gate.open()

    return open_after


async def read_hello(sdk, stage, count):
    result = stage.begin(sdk.Agent(name="A"), "Hi")
    await stage.read(result, until=caught_up(stage, count))


@gated(held(Reply((HELLO,), ErrorEvent("Overloaded.", after=6)), END))
async def error_event_in_mid_stream(sdk, stage):
    await read_hello(sdk, stage, 7)


@gated(held(Reply((HELLO,), NoEnd(after=6)), END))
async def completed_never_comes(sdk, stage):
    await read_hello(sdk, stage, 6)


@gated(held(Reply((HELLO,), Failed("Something broke.")), END))
async def response_failed(sdk, stage):
    await read_hello(sdk, stage, EVENTS_OF_HELLO)


@gated(held(Reply((HELLO,), Incomplete("max_output_tokens")), END))
async def response_incomplete(sdk, stage):
    await read_hello(sdk, stage, EVENTS_OF_HELLO)


@gated(held(reply(HELLO), 6, Garbage()))
async def garbage_in_mid_stream(sdk, stage):
    await read_hello(sdk, stage, 6)


@gated(held(reply(HELLO), 6, Cut()))
async def connection_cut_in_mid_stream(sdk, stage):
    await read_hello(sdk, stage, 6)


@gated(held(reply(HELLO), 6), reply(say("Resumed.")))
async def cancelled_at_once_then_resumed(sdk, stage):
    agent = sdk.Agent(name="A")
    result = stage.begin(agent, "Hi")
    seen = []

    def cancel_at_the_sixth(event):
        seen.append(event)
        if len(seen) == 7:
            result.cancel()

    await stage.read(result, until=cancel_at_the_sixth)
    await stage.go(agent, result.to_state())


def cancel_at_the_call(stage, result):
    """Return what cancels after the turn while the tool of that turn still runs."""

    def cancel(event):
        if getattr(event, "name", "") == "tool_called":
            result.cancel(mode="after_turn")
            stage.gate.open()

    return cancel


@answers(reply(call("tick", "t1")), reply(say("Resumed.")), modes=STREAMED)
async def cancelled_after_the_turn_then_resumed(sdk, stage):
    agent = ticking_agent(sdk, stage.gate.wait)
    result = stage.begin(agent, "Tick.")
    await stage.read(result, until=cancel_at_the_call(stage, result))
    await stage.go(agent, result.to_state())


@answers(reply(call("tick", "t1")), reply(say("Resumed.")), modes=STREAMED)
async def input_added_after_a_cancelled_turn(sdk, stage):
    agent = ticking_agent(sdk, stage.gate.wait)
    result = stage.begin(agent, "Tick.")
    await stage.read(result, until=cancel_at_the_call(stage, result))
    state = result.to_state()
    state.add_input("Steer to the left.")
    await stage.go(agent, state)


@answers(reply(say("Hi.")), modes=STREAMED)
async def cancelled_after_the_end(sdk, stage):
    result = await stage.go(sdk.Agent(name="A"), "Hi")
    result.cancel()
    await stage.read(result)


@answers(reply(call("tick", "t1")), modes=STREAMED)
async def max_turns_keeps_what_was_done(sdk, stage):
    result = await stage.go(ticking_agent(sdk), "Tick.", max_turns=1)
    stage.note(kept=[item.type for item in result.new_items])
