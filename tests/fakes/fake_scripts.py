"""Scripts for `FakeAgentHost`: a support desk, a failure, a nested agent and a long run."""

import json
from collections.abc import AsyncIterator

from tests.fakes.fake_source import FakeRun, Script, approval
from tui.wire.events import (
    AgentChanged,
    ApprovalDecided,
    ArgumentsDelta,
    BudgetExtended,
    BudgetReached,
    CallDenied,
    CallHeld,
    ConsoleOutput,
    HandoffOccurred,
    HandoffRequested,
    MessageOutput,
    ReasoningDelta,
    ReasoningOutput,
    RunCompleted,
    RunEvent,
    RunFailed,
    RunStarted,
    TextDelta,
    ToolCalled,
    ToolFinished,
    ToolOutput,
    ToolStarted,
    UsageReported,
    UserMessage,
)
from tui.wire.rules import Condition, Rule

REFUND_ARGUMENTS = '{"order_id": "A-1001", "amount_eur": 49.9, "reason": "damaged 📦"}'
REFUND_SCHEMA = json.dumps(
    {
        "type": "object",
        "properties": {
            "order_id": {"type": "string"},
            "amount_eur": {"type": "number", "exclusiveMinimum": 0},
            "reason": {"type": "string"},
        },
        "required": ["order_id", "amount_eur"],
        "additionalProperties": False,
    }
)
ANSWER = """## Refund on its way

| order | amount | state |
| --- | --- | --- |
| A-1001 | 49,90 € | refunded |

- money in *3 days* 💶
- 顧客へのお知らせ: 返金しました

```python
refund("A-1001")
```
"""
EVIL = "\x1b[2J\x1b]0;owned\x07 \u202egnp.exe [red]markup[/red]"


def opening(run: FakeRun, agent: str = "Triage") -> list[RunEvent]:
    """The first two events of a run: it begins, and the person spoke."""
    return [
        RunStarted(run_id="", agent=agent, target="support.py:triage", continues=run.continues),
        UserMessage(run_id="", item_id=f"{run.run_id}-user", text=run.text),
    ]


def tool(
    run: FakeRun, agent: str, name: str, arguments: str, within: str | None = None
) -> list[RunEvent]:
    """A call whose arguments arrive in two deltas and then whole."""
    ids = {"item_id": f"{run.run_id}-i-{name}", "call_id": f"{run.run_id}-{name}"}
    half = len(arguments) // 2
    return [
        ArgumentsDelta(run_id="", **ids, agent=agent, tool=name, text=part, within=within)
        for part in ("", arguments[:half], arguments[half:])
    ] + [ToolCalled(run_id="", **ids, agent=agent, tool=name, arguments=arguments, within=within)]


def ran(
    run: FakeRun, agent: str, name: str, output: str, within: str | None = None, error: str = ""
) -> list[RunEvent]:
    """A call that starts, ends, and gives the model its output."""
    of = {"run_id": "", "agent": agent, "call_id": f"{run.run_id}-{name}", "within": within}
    error_type = "ValueError" if error else ""
    return [
        ToolStarted(**of, tool=name),
        ToolFinished(**of, tool=name, error_type=error_type, error=error),
        ToolOutput(**of, output=output),
    ]


def said(
    run: FakeRun, agent: str, item: str, text: str, pieces: int = 4, within: str | None = None
) -> list[RunEvent]:
    """A message that streams in `pieces` and then stands whole."""
    of = {"run_id": "", "item_id": f"{run.run_id}-m-{item}", "agent": agent, "within": within}
    size = max(1, len(text) // pieces)
    deltas = [TextDelta(**of, text=text[at : at + size]) for at in range(0, len(text), size)]
    return [*deltas, MessageOutput(**of, text=text)]


def thought(run: FakeRun, agent: str, item: str, text: str) -> list[RunEvent]:
    """Reasoning that streams in one delta and then stands whole."""
    of = {"run_id": "", "item_id": f"{run.run_id}-r-{item}", "agent": agent}
    return [ReasoningDelta(**of, text=text), ReasoningOutput(**of, text=text)]


def handed_over(run: FakeRun, source: str, target: str, payload: str = "{}") -> list[RunEvent]:
    """A handoff that is asked for and occurs."""
    name = f"transfer_to_{target.lower()}"
    call_id = f"{run.run_id}-{name}"
    return [
        HandoffRequested(
            run_id="",
            item_id=f"{run.run_id}-i-{name}",
            agent=source,
            call_id=call_id,
            tool=name,
            arguments=payload,
        ),
        HandoffOccurred(run_id="", agent=source, call_id=call_id, target=target),
        AgentChanged(run_id="", agent=target),
    ]


def used(agent: str, tokens_in: int = 900, tokens_out: int = 120) -> RunEvent:
    """The tokens of one model response."""
    return UsageReported(run_id="", agent=agent, input_tokens=tokens_in, output_tokens=tokens_out)


async def refund_desk(run: FakeRun) -> AsyncIterator[RunEvent]:
    """Reasoning, a handoff, two parallel tools, a refund that must be approved, a Markdown answer.

    Gates: "thinking", "tools running", "before the answer". A rejection changes the answer.
    """
    for event in opening(run):
        yield event
    await run.gate("thinking")
    payload = '{"why": "a damaged order"}'
    for event in [
        *thought(run, "Triage", "plan", "A refund. Billing knows the order, Refunds pays."),
        used("Triage"),
        *handed_over(run, "Triage", "Refunds", payload),
        *tool(run, "Refunds", "lookup_order", '{"order_id": "A-1001"}'),
        *tool(run, "Refunds", "check_policy", '{"days": 12}'),
        *tool(run, "Refunds", "issue_refund", REFUND_ARGUMENTS),
        used("Refunds", 2_000, 80),
        ran(run, "Refunds", "lookup_order", "")[0],
        ran(run, "Refunds", "check_policy", "")[0],
    ]:
        yield event
    await run.gate("tools running")
    order = json.dumps({"order": "A-1001", "items": ["camera", "bag"], "total_eur": 49.9})
    lookup, check = f"{run.run_id}-lookup_order", f"{run.run_id}-check_policy"
    yield ConsoleOutput(run_id="", text="looking up A-1001\n", agent="Refunds", call_id=lookup)
    for event in ran(run, "Refunds", "lookup_order", order)[1:]:
        yield event
    yield ConsoleOutput(run_id="", text=EVIL + "\n", agent="Refunds", call_id=check)
    for event in ran(run, "Refunds", "check_policy", EVIL)[1:]:
        yield event
    call_id = f"{run.run_id}-issue_refund"
    request = approval(
        "Refunds",
        call_id,
        "issue_refund",
        REFUND_ARGUMENTS,
        path=("Triage", "Refunds"),
        description="Pay money back to the customer. This cannot be undone.",
        schema=REFUND_SCHEMA,
    )
    async for event in run.ask(request):
        yield event
    verdict = run.verdict(call_id)
    if verdict.approve:
        for event in ran(run, "Refunds", "issue_refund", '{"refund_id": "R-7"}'):
            yield event
    else:
        refusal = verdict.reason or "Tool execution was not approved."
        yield ran(run, "Refunds", "issue_refund", refusal)[-1]
    await run.gate("before the answer")
    answer = ANSWER if verdict.approve else f"No refund: {verdict.reason or 'it was declined'}."
    for event in said(run, "Refunds", "answer", answer):
        yield event
    yield used("Refunds", 2_400, 200)
    yield RunCompleted(run_id="", final_output=answer)


async def policy_desk(run: FakeRun) -> AsyncIterator[RunEvent]:
    """A rule denies one call and asks for another, which somebody approves as edited."""
    for event in opening(run):
        yield event
    command = '{"command": "rm -rf build && make"}'
    for event in [
        *tool(run, "Triage", "issue_refund", REFUND_ARGUMENTS),
        *tool(run, "Triage", "shell", command),
    ]:
        yield event
    refund = f"{run.run_id}-issue_refund"
    yield approval("Triage", refund, "issue_refund", REFUND_ARGUMENTS, path=("Triage",))
    less = REFUND_ARGUMENTS.replace("49.9", "19.9")
    yield ApprovalDecided(run_id="", call_id=refund, approved=True, by="ada", arguments=less)
    for event in ran(run, "Triage", "issue_refund", '{"refund_id": "R-7"}'):
        yield event
    deletes = Condition(name="command", test="prefix", value="rm")
    rule = Rule(
        effect="deny",
        tool="shell",
        arguments=(deletes,),
        reason="nothing is deleted by agents",
        origin="policy.toml:12",
    )
    shell = f"{run.run_id}-shell"
    yield CallDenied(
        run_id="", agent="Triage", call_id=shell, tool="shell", arguments=command, rule=rule
    )
    yield ran(run, "Triage", "shell", "Denied by rule: deny shell (policy.toml:12).")[-1]
    for event in said(run, "Triage", "answer", "The refund is on its way; nothing was deleted."):
        yield event
    yield RunCompleted(run_id="", final_output="done")


async def spending_desk(run: FakeRun) -> AsyncIterator[RunEvent]:
    """One tool ran, the next is held at the gate: a budget is used up. Gate: "used up"."""
    call_id = f"{run.run_id}-check_policy"
    for event in [
        *opening(run),
        *handed_over(run, "Triage", "Refunds", '{"why": "a damaged order"}'),
        *tool(run, "Refunds", "lookup_order", '{"order_id": "A-1001"}'),
        *ran(run, "Refunds", "lookup_order", '{"order": "A-1001"}'),
        *tool(run, "Refunds", "check_policy", '{"days": 12}'),
        used("Refunds", 190_000, 11_400),
        BudgetReached(run_id="", what="tokens", limit=200_000, used=201_400, of="Refunds"),
        CallHeld(run_id="", agent="Refunds", call_id=call_id, tool="check_policy", why="budget"),
    ]:
        yield event
    await run.gate("used up")
    yield BudgetExtended(run_id="", what="tokens", limit=400_000, of="Refunds")
    for event in ran(run, "Refunds", "check_policy", "12 days are fine"):
        yield event
    yield RunCompleted(run_id="")


async def plain_answer(run: FakeRun) -> AsyncIterator[RunEvent]:
    """One agent, one message. Gates: "mid-answer"."""
    for event in opening(run):
        yield event
    events = said(run, "Triage", "answer", f"You said: {run.text}")
    yield events[0]
    await run.gate("mid-answer")
    for event in events[1:]:
        yield event
    yield used("Triage", 100, 20)
    yield RunCompleted(run_id="", final_output=f"You said: {run.text}")


async def failing(run: FakeRun) -> AsyncIterator[RunEvent]:
    """A message is cut and a tool left running when the run fails. Gates: "before the failure"."""
    for event in opening(run):
        yield event
    for event in tool(run, "Triage", "lookup_order", '{"order_id": "A-1001"}'):
        yield event
    yield ran(run, "Triage", "lookup_order", "")[0]
    yield said(run, "Triage", "answer", "I will look into that for you.")[0]
    await run.gate("before the failure")
    yield RunFailed(
        run_id="",
        error_type="RateLimitError",
        message="The model refused: 429, too many requests.",
        advice="Wait a minute, or raise the limit of the key.",
        details=(
            "Traceback (most recent call last):\n"
            '  File "/home/me/project/support.py", line 41, in answer\n'
            "    return await model(question)\n"
            "RateLimitError: 429"
        ),
    )


async def nested_agent(run: FakeRun) -> AsyncIterator[RunEvent]:
    """An agent used as a tool, with a tool of its own. Gates: "inside"."""
    for event in opening(run):
        yield event
    outer = f"{run.run_id}-ask_analyst"
    for event in tool(run, "Triage", "ask_analyst", '{"input": "Is A-1001 fraud?"}'):
        yield event
    yield ran(run, "Triage", "ask_analyst", "")[0]
    yield AgentChanged(run_id="", agent="Analyst", within=outer)
    for event in tool(run, "Analyst", "score", '{"order_id": "A-1001"}', within=outer):
        yield event
    await run.gate("inside")
    for event in [
        *ran(run, "Analyst", "score", "0.02", within=outer),
        *said(run, "Analyst", "verdict", "No fraud.", within=outer),
        *ran(run, "Triage", "ask_analyst", "No fraud.")[1:],
        *said(run, "Triage", "answer", "The order is fine."),
    ]:
        yield event
    yield RunCompleted(run_id="", final_output="The order is fine.")


async def two_approvals(run: FakeRun) -> AsyncIterator[RunEvent]:
    """Two calls of one turn wait for a person at once."""
    for event in opening(run):
        yield event
    names = {"issue_refund": REFUND_ARGUMENTS, "close_account": '{"customer": "C-9"}'}
    for name, arguments in names.items():
        for event in tool(run, "Triage", name, arguments):
            yield event
    requests = [
        approval("Triage", f"{run.run_id}-{name}", name, arguments, path=("Triage",))
        for name, arguments in names.items()
    ]
    async for event in run.ask(*requests):
        yield event
    for name in names:
        ran_or_not = ran(run, "Triage", name, "done")
        approved = run.verdict(f"{run.run_id}-{name}").approve
        for event in ran_or_not if approved else ran_or_not[-1:]:
            yield event
    for event in said(run, "Triage", "answer", "Both are dealt with."):
        yield event
    yield RunCompleted(run_id="", final_output="Both are dealt with.")


def long_run(calls: int = 200, text_size: int = 20_000) -> Script:
    """A run of many calls and one long message. Gates: "before the text"."""

    async def script(run: FakeRun) -> AsyncIterator[RunEvent]:
        for event in opening(run):
            yield event
        for number in range(calls):
            name = f"step_{number}"
            for event in [
                *tool(run, "Triage", name, json.dumps({"n": number})),
                *ran(run, "Triage", name, f"result {number}"),
            ]:
                yield event
        await run.gate("before the text")
        text = "All steps are done, and this is a long account of them.\n\n" * (text_size // 58)
        for event in said(run, "Triage", "answer", text, pieces=text_size // 5):
            yield event
        yield RunCompleted(run_id="", final_output=text)

    return script
