"""Error handlers, which end a run with an output of the caller's in place of an error."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

from tests.conformance.scenario import Scenarios
from tests.conformance.scenarios.approvals import PAY, pay_tool
from tests.conformance.scenarios.endings import ticking_agent
from tests.conformance.scenarios.guardrails import judge, note_found
from tests.conformance.scenarios.hooks import listening_hooks
from tui.rehearsal.script import Refuse, call, reply, say

ANSWERS_FOR_ERRORS = Scenarios()
answers = ANSWERS_FOR_ERRORS.answers

TICK = reply(call("tick", "t1"))


@dataclass
class Score:
    points: int


def answering(stage, answer):
    """Return a handler that notes what it is given."""

    async def handler(data):
        run = data.run_data
        stage.note(
            error=[type(data.error).__name__, str(data.error)],
            context=data.context.context,
            input=run.input,
            new_items=[item.type for item in run.new_items],
            history=run.history,
            output=run.output,
            responses=[response.response_id for response in run.raw_responses],
            last_agent=run.last_agent.name,
        )
        return answer

    return handler


async def handled(sdk, stage, kind, answer, *, agent=None, **options):
    """Run an agent with one handler, and with hooks that write down what they hear."""
    heard = []
    result = await stage.go(
        ticking_agent(sdk) if agent is None else agent,
        "Go.",
        context="mine",
        hooks=listening_hooks(sdk, heard),
        error_handlers={kind: answer if callable(answer) else answering(stage, answer)},
        **options,
    )
    note_found(stage, result)
    stage.note(heard=heard)


@answers(TICK)
async def handler_of_max_turns_answers_with_a_text(sdk, stage):
    await handled(sdk, stage, "max_turns", "That was all.", max_turns=1)


@answers(TICK, reply(say("Go on.")))
async def a_new_question_after_what_a_handler_answered(sdk, stage):
    agent = ticking_agent(sdk)
    handlers = {"max_turns": lambda data: "That was all."}
    first = await stage.go(agent, "Go.", max_turns=1, error_handlers=handlers)
    await stage.go(agent, [*first.to_input_list(), {"role": "user", "content": "And?"}])


@answers(TICK)
async def handler_of_max_turns_answers_with_a_result(sdk, stage):
    answer = sdk.RunErrorHandlerResult(final_output="That was all.", include_in_history=False)
    await handled(sdk, stage, "max_turns", answer, max_turns=1)


@answers(TICK)
async def handler_of_max_turns_answers_with_a_dict(sdk, stage):
    await handled(sdk, stage, "max_turns", {"final_output": "All."}, max_turns=1)


@answers(TICK)
async def handler_of_max_turns_answers_with_a_wrong_dict(sdk, stage):
    await handled(sdk, stage, "max_turns", {"final_output": "All.", "more": 1}, max_turns=1)


@answers(TICK)
async def handler_of_max_turns_lets_the_error_pass(sdk, stage):
    await handled(sdk, stage, "max_turns", None, max_turns=1)


@answers(TICK)
async def handler_of_max_turns_that_is_a_plain_function(sdk, stage):
    await handled(sdk, stage, "max_turns", lambda data: 42, max_turns=1)


@answers(TICK)
async def handler_of_max_turns_that_fails(sdk, stage):
    def broken(data):
        raise LookupError("no such word")

    await handled(sdk, stage, "max_turns", broken, max_turns=1)


@answers(TICK)
async def handler_of_something_else(sdk, stage):
    await handled(sdk, stage, "model_refusal", "Never asked.", max_turns=1)


@answers(TICK)
async def handled_output_passes_the_output_guardrails(sdk, stage):
    agent = ticking_agent(sdk)
    agent.output_guardrails = [sdk.OutputGuardrail(judge(sdk, stage, "fine"))]
    await handled(sdk, stage, "max_turns", "All.", agent=agent, max_turns=1)


@answers(TICK)
async def handled_output_is_stopped_by_an_output_guardrail(sdk, stage):
    agent = ticking_agent(sdk)
    agent.output_guardrails = [sdk.OutputGuardrail(judge(sdk, stage, "no", trips=True))]
    await handled(sdk, stage, "max_turns", "All.", agent=agent, max_turns=1)


@answers(TICK)
async def handled_output_of_a_type(sdk, stage):
    agent = ticking_agent(sdk)
    agent.output_type = list[int]
    await handled(sdk, stage, "max_turns", [1, 2], agent=agent, max_turns=1)


@answers(TICK)
async def handled_output_of_a_dataclass(sdk, stage):
    agent = ticking_agent(sdk)
    agent.output_type = Score
    await handled(sdk, stage, "max_turns", Score(3), agent=agent, max_turns=1)


@answers(TICK)
async def handled_output_of_the_wrong_type(sdk, stage):
    agent = ticking_agent(sdk)
    agent.output_type = list[int]
    with warnings.catch_warnings():
        # The SDK's own way to write an output down warns of what it then refuses.
        warnings.simplefilter("ignore")
        await handled(sdk, stage, "max_turns", "no list", agent=agent, max_turns=1)


@answers(reply(PAY))
async def handler_of_max_turns_after_a_pause(sdk, stage):
    agent = sdk.Agent(name="A", tools=[pay_tool(sdk)])
    state = (await stage.go(agent, "Pay 5.", max_turns=1)).to_state()
    state.approve(state.get_interruptions()[0])
    handlers = {"max_turns": answering(stage, "That was all.")}
    await stage.go(agent, state, error_handlers=handlers)


@answers(reply(Refuse("I will not.")))
async def handler_of_a_refusal(sdk, stage):
    await handled(sdk, stage, "model_refusal", "It would not.")


@answers(reply(Refuse("I will not.")))
async def handler_of_a_refusal_lets_the_error_pass(sdk, stage):
    await handled(sdk, stage, "model_refusal", None)


@answers(TICK, reply(say("no JSON")))
async def handler_of_an_output_that_does_not_fit(sdk, stage):
    agent = ticking_agent(sdk)
    agent.output_type = Score
    await handled(sdk, stage, "invalid_final_output", Score(0), agent=agent)


@answers(reply(say("no JSON")))
async def handler_of_an_output_that_does_not_fit_lets_the_error_pass(sdk, stage):
    agent = sdk.Agent(name="A", output_type=Score)
    await handled(sdk, stage, "invalid_final_output", None, agent=agent)


@answers(reply())
async def handler_of_an_output_that_is_missing(sdk, stage):
    agent = sdk.Agent(name="A", output_type=Score)
    await handled(sdk, stage, "invalid_final_output", Score(0), agent=agent)


@answers(reply(), reply(say('{"response": {"points": 1}}')))
async def handler_of_an_output_that_is_missing_asks_again(sdk, stage):
    agent = sdk.Agent(name="A", output_type=Score)
    await handled(sdk, stage, "invalid_final_output", None, agent=agent)
