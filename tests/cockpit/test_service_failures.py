"""A model service that fails, as a person sees it: the drawn screen, at the smallest size.

A real agent process asks a scripted service; each row is one way to fail. Every row must say in
one line what happened and in one what to do, keep what was said, and leave the composer ready.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from tests.cockpit.failing_program import Program, shown
from tests.fakes.delivery import Before, Cut, Delivery, HttpError, Stall, http_error
from tui.rehearsal.script import (
    Call,
    ErrorEvent,
    Incomplete,
    NoEnd,
    Refuse,
    Reply,
    reply,
    say,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

BEGUN = "The parcel left on Monday."
ANSWER = say(f"{BEGUN} It will be with you at the end of the week.")
LATE = 9  # of its events: the first sentence has arrived
GOOD = "It is at your door."


@dataclass(frozen=True)
class Row:
    """One way to fail.

    Attributes:
        answers: What the service says, in order, before it is well again.
        what: What stands in the line that says what happened; `URL` is the service's address.
        to_do: What stands in the line that says what to do.
        kept: What had arrived before.
        can_retry: Whether trying again is offered, and comes to an answer.
        good: What the service says when it is well again.
        reads: What is then read on the screen.
        read_s: How long the client waits for the next bytes.
        fields: Of the agent.
    """

    answers: tuple[Any, ...]
    what: str
    to_do: str
    kept: str = ""
    can_retry: bool = True
    good: str = GOOD
    reads: str = GOOD
    read_s: float = 60.0
    fields: str = "tools=[look, ask]"


def cut_at(act) -> tuple[Delivery]:
    return (Delivery(reply(ANSWER), (Before(LATE, act),)),)


AGAIN = "the message again"
ROWS = {
    "a wrong key": Row(
        (http_error(401, "Incorrect API key."),),
        "The model service answered 401: Incorrect API key.",
        "→ Correct the key in OPENAI_API_KEY, or give --api-key-env, then start Baton again.",
        can_retry=False,
    ),
    "no credit": Row(
        (http_error(402, "Pay first."),), "answered 402: Pay first.", "plan and billing, then send"
    ),
    "no rights": Row(
        (http_error(403, "Not you."),), "answered 403: Not you.", "See at the service"
    ),
    "no such model": Row(
        (http_error(404, "The model 'x' does not exist.", "model_not_found"),),
        "answered 404: The model 'x' does not exist.",
        "→ Load the model at http://127.0.0.1:",
    ),
    "no such route": Row(
        (HttpError(404, {"detail": "Not Found"}),),
        "answered 404 at URL/responses: Not Found",
        "→ Start Baton again with --api chat if this server speaks only Chat Completions, "
        "else with OPENAI_BASE_URL corrected.",
        can_retry=False,
    ),
    "a limit": Row(
        (http_error(429, "Slow down.", retry_after="20"),),
        "answered 429: Slow down.",
        "→ Wait 20 s, then send the message again.",
    ),
    "no quota": Row(
        (http_error(429, "You exceeded your current quota."),),
        "429: You exceeded your current quota.",
        "→ The quota is used up: see the account's plan and billing",
    ),
    "a broken service": Row(
        (http_error(500, "Oops."),),
        "answered 500: Oops.",
        "→ The fault is the service's: send the message again in a moment.",
    ),
    "broken in the second turn": Row(
        (reply(say("I look."), Call("look", "{}", "c1")), http_error(500, "Oops.")),
        "answered 500: Oops.",
        AGAIN,
        kept="I look. ⚙ look ✓",
    ),
    "too long a conversation": Row(
        (http_error(400, "The maximum context length is 8192 tokens."),),
        "answered 400: The maximum context length is 8192 tokens.",
        "→ It is too long for this model: begin a new conversation (Ctrl+N).",
        can_retry=False,
    ),
    "a cut stream": Row(
        cut_at(Cut()), "The connection to URL/responses broke midway: ", AGAIN, kept=BEGUN
    ),
    "a stalled stream": Row(
        cut_at(Stall()),
        "The model service at URL/responses sent nothing for too long.",
        AGAIN,
        kept=BEGUN,
        read_s=1.0,
    ),
    "no end": Row(
        (Reply((ANSWER,), NoEnd(after=LATE)),),
        "The model's answer broke off before its end.",
        AGAIN,
        kept=BEGUN,
    ),
    "an error in mid-stream": Row(
        (Reply((ANSWER,), ErrorEvent("Overloaded.", after=LATE)),),
        "The model service broke off its answer: Overloaded",
        AGAIN,
        kept=BEGUN,
    ),
    "an unknown tool": Row(
        (reply(say("I look."), Call("missing", "{}", "c1")),),
        "The model called the tool 'missing', which Triage lacks.",
        "name the tools in the agent's instructions.",
        kept="I look. ⚙ missing",
    ),
    "an answer of another type": Row(
        (reply(say('{"response": "perhaps"}')),),
        "The model's answer does not fit the type that the program asks for.",
        AGAIN,
        kept="perhaps",
        good='{"response": [1, 2]}',
        reads="[1, 2]",
        fields="output_type=list[int]",
    ),
    "too many turns": Row(
        tuple(reply(say(f"Look {each}."), Call("look", "{}", f"c{each}")) for each in (1, 2)),
        "The agent came to no end within 2 turns.",
        '→ Say "go on" to give it as many again, or raise max_turns in the program.',
        kept="Look 2. ⚙ look ✓",
        can_retry=False,
    ),
    "a refusal": Row(
        (reply(Refuse("I will not.")),),
        "The model refused to answer.",
        "→ Ask in other words.",
        kept="I will not.",
        can_retry=False,
    ),
    "the token limit": Row(
        (Reply((ANSWER,), Incomplete("max_output_tokens")),),
        "The model stopped at its limit of tokens.",
        "→ Ask for less at once, or raise max_tokens in the program.",
        kept=BEGUN,
        can_retry=False,
    ),
    "a tool that fails": Row(
        (reply(Call("ask", "{}", "c1")),),
        "The tool 'ask' failed: no such order",
        "correct the program and start Baton again.",
        kept="⚙ ask ✗ failed",
    ),
    "many words": Row((http_error(500, "word " * 1_000),), "(all of it is in the details)", AGAIN),
    "one long word": Row((http_error(500, "x" * 5_000),), "xxx… (all of it is in the", AGAIN),
    "words that act on a terminal": Row(
        (http_error(500, "\x1b[2J\x1b]0;owned\x07\u202egnp\r\nand more"),),
        "answered 500: ␛[2J␛]0;owned␇⟨U+202E⟩gnp",
        AGAIN,
    ),
    "a missing module": Row(
        (),
        "The program needs the module 'parcel_words', which is not there.",
        "pip install parcel_words",
        fields="instructions=instructions",
    ),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def programs(tmp_path_factory) -> AsyncIterator[Callable[[Row], Awaitable[Program]]]:
    """Return what gives the program of a row: rows of one program share its process."""
    started: dict[tuple[str, float], Program] = {}

    async def program_of(row: Row) -> Program:
        kind = (row.fields, row.read_s)
        if kind not in started:
            started[kind] = Program(
                tmp_path_factory.mktemp("program"), fields=row.fields, read_s=row.read_s
            )
            await started[kind].start()
        started[kind].answers = iter((*row.answers, reply(say(row.good))))
        return started[kind]

    yield program_of
    for program in started.values():
        await program.end()


@pytest.mark.parametrize("name", ROWS)
async def test_a_failing_service_is_told_on_the_screen_and_got_over(name, programs):
    row = ROWS[name]
    program = await programs(row)
    async with shown(program) as stage:
        assert await stage.tells(row.what.replace("URL", program.server.base_url), row.to_do)
        assert await stage.shows(row.kept)
        assert await stage.is_ready_to_write()
        assert stage.offers_retry == row.can_retry
        if row.can_retry:
            # Where something was missing in the program's surroundings, it is there now.
            (program.folder / "parcel_words.py").write_text("WORDS = 'Be brief.'\n")
            await assert_tried_again(stage, row)
        else:
            await assert_not_tried_again(stage)


async def test_after_the_last_turn_a_word_lets_the_agent_go_on_from_there(programs):
    program = await programs(ROWS["too many turns"])
    async with shown(program) as stage:
        await stage.desk.type("go on\n")
        await stage.until("completed")
        assert await stage.shows(GOOD)
    told = str(program.server.requests[-1].body["input"])
    assert told.count("on its way") == 2
    assert told.index("on its way") < told.index("go on")


async def assert_tried_again(stage, row):
    asked = len(stage.program.server.requests)
    before = list(stage.desk.conversation.view.entries)
    await stage.desk.press("ctrl+r")
    await stage.until("completed")
    assert await stage.shows(row.reads)
    assert len(stage.program.server.requests) == asked + 1
    assert not stage.offers_retry
    assert list(stage.desk.conversation.view.entries)[: len(before)] == before


async def assert_not_tried_again(stage):
    before = stage.desk.conversation.view
    await stage.desk.press("ctrl+r")
    assert not stage.desk.conversation.is_working
    assert stage.desk.conversation.view is before
