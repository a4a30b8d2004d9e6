"""Scripts of runs whose process was lost: calls that began in it and left no result."""

from collections.abc import AsyncIterator

from msgspec.structs import replace

from tests.fakes.fake_scripts import (
    REFUND_ARGUMENTS,
    REFUND_SCHEMA,
    handed_over,
    opening,
    ran,
    said,
    tool,
)
from tests.fakes.fake_source import FIRST_AT, FakeRun, approval
from tui.wire.events import (
    ApprovalDecided,
    ApprovalRequested,
    RunCompleted,
    RunEvent,
    RunRecovered,
)

BEGAN_AT = FIRST_AT + 4.0
EMAIL_ARGUMENTS = '{"to": "ada@example.org", "subject": "Your refund"}'


def refund_asked(run: FakeRun, **more: object) -> ApprovalRequested:
    """The request for the refund; with `in_doubt_since` what became of it is asked."""
    return approval(
        "Refunds",
        f"{run.run_id}-issue_refund",
        "issue_refund",
        REFUND_ARGUMENTS,
        path=("Triage", "Refunds"),
        description="Pay money back to the customer. This cannot be undone.",
        schema=REFUND_SCHEMA,
        **more,
    )


def lost(run: FakeRun) -> list[RunEvent]:
    """A refund that was approved and began, and whose process was lost."""
    call_id = f"{run.run_id}-issue_refund"
    return [
        *opening(run),
        *handed_over(run, "Triage", "Refunds", '{"why": "a damaged order"}'),
        *tool(run, "Refunds", "issue_refund", REFUND_ARGUMENTS),
        refund_asked(run),
        ApprovalDecided(run_id="", call_id=call_id, approved=True, by="ada"),
        replace(ran(run, "Refunds", "issue_refund", "")[0], at=BEGAN_AT),
        RunRecovered(run_id=""),
    ]


def ended(run: FakeRun, name: str, output: str = "paid") -> list[RunEvent]:
    """What comes of a call that was in doubt, as a person said."""
    answer = next(each for each in run.answers if each.call_id == f"{run.run_id}-{name}")
    if answer.approve and answer.result is None:
        return ran(run, "Refunds", name, output)
    told = answer.result if answer.approve else f"It was begun and stopped. {answer.reason}"
    return ran(run, "Refunds", name, told)[-1:]


async def doubtful_desk(run: FakeRun) -> AsyncIterator[RunEvent]:
    """A refund is in doubt; beside it an ordinary call waits. Gate: "the end"."""
    for event in [*lost(run), *tool(run, "Refunds", "send_email", EMAIL_ARGUMENTS)]:
        yield event
    email = approval(
        "Refunds", f"{run.run_id}-send_email", "send_email", EMAIL_ARGUMENTS, schema="{}"
    )
    async for event in run.ask(refund_asked(run, in_doubt_since=BEGAN_AT), email):
        yield event
    for event in [*ended(run, "issue_refund"), *ended(run, "send_email", "sent")]:
        yield event
    await run.gate("the end")
    for event in said(run, "Refunds", "answer", "All is told."):
        yield event
    yield RunCompleted(run_id="", final_output="All is told.")


async def doubt_alone(run: FakeRun) -> AsyncIterator[RunEvent]:
    """A refund is in doubt, and nothing else waits. Gate: "the end"."""
    for event in lost(run):
        yield event
    async for event in run.ask(refund_asked(run, in_doubt_since=BEGAN_AT)):
        yield event
    for event in ended(run, "issue_refund"):
        yield event
    await run.gate("the end")
    yield RunCompleted(run_id="", final_output="All is told.")


async def lost_while_asked(run: FakeRun) -> AsyncIterator[RunEvent]:
    """A person is asked whether a refund may run, and then what became of it. Gate: "lost"."""
    for event in [*opening(run), *tool(run, "Refunds", "issue_refund", REFUND_ARGUMENTS)]:
        yield event
    yield refund_asked(run)
    await run.gate("lost")
    yield RunRecovered(run_id="")
    async for event in run.ask(refund_asked(run, in_doubt_since=BEGAN_AT)):
        yield event
    yield RunCompleted(run_id="")
