"""The rules on the screen: what was granted, what the policy file says, and taking a grant back."""

from collections.abc import AsyncIterator

from tests.captures import start_another
from tests.cockpit.desk import opened, text_of
from tests.cockpit.screens.test_home import LISTING
from tests.fakes.fake_scripts import opening, plain_answer, tool
from tests.fakes.fake_source import FakeRun, approval
from tui.cockpit.screens.grants import GrantsScreen
from tui.cockpit.screens.home import HomeScreen
from tui.cockpit.widgets.key_bar import working_keys
from tui.errors import UsageError
from tui.policy.file import read_policy
from tui.wire.events import ApprovalDecided, RuleGranted, RuleRevoked, RunCompleted, RunEvent
from tui.wire.rules import Rule

GRANT = Rule(
    effect="allow",
    tool="issue_refund",
    agent="Refunds",
    granted=True,
    origin="granted by ada on 2026-11-29 18:00 UTC",
    rule_id="grant-1",
)
FILE = """
[[rule]]
effect = "deny"
tool = "shell"
arguments = { command = { prefix = "rm" } }
reason = "Nothing is deleted here."

# granted by ada on 2026-11-28 09:00 UTC
[[rule]]
effect = "allow"
tool = "send_email"
granted = true
"""


def policy(text: str = FILE):
    return lambda: read_policy(text, "policy.toml")


def gone():
    raise UsageError("there is no file policy.toml: check its path")


def in_turn(*readings):
    """Reads what each of these does, one after the other."""
    left = iter(readings)

    def read():
        return next(left)()

    return read


async def granted(run: FakeRun) -> AsyncIterator[RunEvent]:
    """A grant that answers a call. Gates: "asked back", "the end"."""
    for event in opening(run):
        yield event
    yield RuleGranted(run_id="", rule=GRANT)
    for event in tool(run, "Refunds", "issue_refund", "{}"):
        yield event
    yield approval("Refunds", f"{run.run_id}-issue_refund", "issue_refund", "{}")
    yield ApprovalDecided(
        run_id="", call_id=f"{run.run_id}-issue_refund", approved=True, by="rule", rule=GRANT
    )
    await run.gate("asked back")
    yield RuleRevoked(run_id="", rule_id="grant-1", by="ada")
    await run.gate("the end")
    yield RunCompleted(run_id="", final_output="Done.")


def keys(desk) -> set[str]:
    return {hint.does for hint in working_keys(desk.app.screen, hidden=True)}


async def test_grants_and_written_rules_stand_with_where_they_come_from_and_what_they_answered():
    async with opened(granted, hold=True, read_policy=policy()) as desk:
        await desk.until(lambda view: bool(view.decisions))
        await desk.press("f7")
        assert isinstance(desk.app.screen, GrantsScreen)
        assert await desk.comes_to_show(lambda words: "deny shell" in words)
        shown = text_of(desk.app.screen)
        assert "✓ allow issue_refund for Refunds" in shown
        assert "answered 1 call" in shown
        assert "granted by ada on 2026-11-29 18:00 UTC" in shown
        await desk.press("j")
        assert "policy.toml:2, written by hand" in text_of(desk.app.screen)
        assert "Nothing is deleted here." in text_of(desk.app.screen)


async def test_a_key_takes_a_grant_back_and_it_goes_when_its_event_comes():
    async with opened(granted, hold=True, read_policy=policy()) as desk:
        await desk.until(lambda view: bool(view.decisions))
        await desk.press("f7", "x")
        assert desk.host.wishes == ["revoke grant-1"]
        assert "⊘ taken back" in text_of(desk.app.screen)
        assert "Take it back" not in keys(desk)
        desk.run.open("asked back")
        assert await desk.comes_to_show(lambda words: "allow issue_refund" not in words)


async def test_what_is_written_by_hand_cannot_be_taken_back_and_what_was_kept_can():
    async with opened(granted, hold=True, read_policy=policy()) as desk:
        await desk.until(lambda view: bool(view.decisions))
        await desk.press("f7")
        await desk.comes_to_show(lambda words: "deny shell" in words)
        await desk.press("j")
        assert "Take it back" not in keys(desk)
        await desk.press("x", "j", "x")
        kept = read_policy(FILE, "policy.toml").rules[1].rule_id
        assert desk.host.wishes == [f"revoke {kept}"]
        assert "⊘ asked to be taken out" in text_of(desk.app.screen)


async def test_a_kept_grant_goes_once_the_file_is_read_without_it():
    # The first reading is the sentinel's, at the start.
    reading = in_turn(policy(), policy(), policy(FILE.partition("# granted")[0]))
    async with opened(granted, hold=True, read_policy=reading) as desk:
        await desk.until(lambda view: bool(view.decisions))
        await desk.press("f7")
        await desk.comes_to_show(lambda words: "send_email" in words)
        await desk.press("G", "x")
        assert await desk.comes_to_show(lambda words: "send_email" not in words)


async def test_without_an_agent_process_a_kept_grant_stays_and_it_is_said():
    async with opened(
        plain_answer, target=None, prompt=None, home=LISTING, read_policy=policy()
    ) as desk:
        assert isinstance(desk.app.screen, HomeScreen)
        await desk.press("f7")
        await desk.comes_to_show(lambda words: "send_email" in words)
        await desk.press("G", "x")
        assert "No agent process runs" in desk.notice


async def test_a_file_at_fault_is_said_and_the_rules_of_before_stay():
    reading = in_turn(policy(), policy(), policy("[[rule]]\n"), gone)
    async with opened(granted, hold=True, read_policy=reading) as desk:
        await desk.until(lambda view: bool(view.decisions))
        await desk.press("f7")
        await desk.comes_to_show(lambda words: "deny shell" in words)
        await desk.press("r")
        assert await desk.comes_to_show(lambda words: "policy.toml:1:" in words)
        assert "deny shell" in text_of(desk.app.screen)
        await desk.press("r")
        assert await desk.comes_to_show(lambda words: "there is no file" in words)


async def test_nothing_is_granted_and_there_is_no_file():
    async with opened(plain_answer) as desk:
        await desk.until_ended()
        await desk.press("f7")
        shown = text_of(desk.app.screen)
        assert "none" in shown
        assert "no policy file" in shown
        assert not {"Take it back", "Up"} & keys(desk)


async def test_a_screen_that_only_watches_takes_nothing_back():
    async with opened(granted, hold=True, read_only=True) as desk:
        await desk.until(lambda view: bool(view.decisions))
        await desk.press("f7", "x")
        assert desk.host.wishes == []
        assert "Take it back" not in keys(desk)


async def test_a_grant_of_several_conversations_of_one_agent_stands_once():
    async with opened([granted, granted], hold=True, home=LISTING) as desk:
        await desk.until(lambda view: bool(view.decisions))
        await desk.press("ctrl+n")
        desk.conversation.send("once more")
        await desk.until(lambda view: bool(view.decisions))
        await desk.press("f7")
        shown = text_of(desk.app.screen)
        assert shown.count("✓ allow issue_refund") == 1
        assert "answered 2 calls" in shown


async def test_a_grant_for_one_conversation_says_which():
    async with opened(plain_answer, prompt="Pay A-1001 back", home=LISTING) as desk:
        await desk.until_ended()
        first = desk.host.runs[0].run_id
        rule = Rule(effect="allow", tool="t", run=first, granted=True, origin="x", rule_id="g")
        desk.host.script = _granting(rule)
        await start_another(desk, "Something else")
        await desk.until(lambda view: bool(view.grants))
        await desk.press("f7")
        assert "began with “Pay A-1001 back”" in text_of(desk.app.screen)


def _granting(rule: Rule):
    async def script(run: FakeRun) -> AsyncIterator[RunEvent]:
        for event in opening(run):
            yield event
        yield RuleGranted(run_id="", rule=rule)
        await run.gate("for ever")

    return script
