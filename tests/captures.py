"""Screens as text: renders what the cockpit shows in a few states, and keeps it under `tests/`.

`python -m tests.captures` writes the captures anew; a test compares them with what is shown.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.cockpit.desk import Desk, opened, text_of
from tests.cockpit.kept import HOUR_S, a_recording, keep
from tests.cockpit.many_calls import asking
from tests.fakes.doubt_scripts import doubtful_desk
from tests.fakes.fake_clock import FakeClock
from tests.fakes.fake_scripts import (
    failing,
    plain_answer,
    policy_desk,
    ran,
    refund_desk,
    spending_desk,
    tool,
)
from tests.fakes.fake_source import FIRST_AT, FakeRun
from tests.fakes.fake_source import approval as asked
from tui.cli_home import EXAMPLE, NO_AGENTS, NO_SERVICE
from tui.cockpit.dialogs.not_resumed import NotResumedScreen
from tui.cockpit.home_listing import AgentChoice, HomeListing
from tui.policy.file import read_policy
from tui.policy.settings import PolicyFile, Sentinel
from tui.wire.events import ApprovalDecided, CallDenied, RuleGranted, RunCompleted, RunEvent
from tui.wire.rules import Condition, Rule

FOLDER = Path(__file__).parent / "cockpit" / "captures"
SIZES = ((80, 24), (120, 40), (200, 60))
PICTURE = FOLDER / "approval.svg"  # the README shows it
PICTURE_SIZE = (110, 34)
LISTING = HomeListing(
    (
        AgentChoice("rehearsal", "The rehearsal", "a support desk; no key, no network"),
        AgentChoice("support.py:triage", "Triage", "support.py:triage"),
        AgentChoice("research.py:lead", "Lead researcher", "research.py:lead"),
    ),
    "~/project",
    NO_SERVICE,
)
EMPTY = HomeListing(LISTING.choices[:1], "~/project", NO_AGENTS, EXAMPLE)

State = Callable[[tuple[int, int]], AbstractAsyncContextManager[Desk]]


def clock() -> float:
    """A wall clock that stands: captures must not age."""
    return FIRST_AT + 9.0


@asynccontextmanager
async def home(size: tuple[int, int]) -> AsyncIterator[Desk]:
    """What `baton` opens with."""
    async with opened(plain_answer, target=None, home=LISTING, size=size, wall=clock) as desk:
        await desk.app.workers.wait_for_complete()
        await desk.pilot.pause()
        yield desk


@asynccontextmanager
async def empty_home(size: tuple[int, int]) -> AsyncIterator[Desk]:
    """What `baton` opens with in a folder without agents."""
    async with opened(plain_answer, target=None, home=EMPTY, size=size, wall=clock) as desk:
        await desk.app.workers.wait_for_complete()
        await desk.pilot.pause()
        yield desk


@asynccontextmanager
async def home_again(size: tuple[int, int]) -> AsyncIterator[Desk]:
    """Home while some conversations go on and others have ended."""
    scripts = [plain_answer, failing, refund_desk, plain_answer]
    async with opened(
        scripts, prompt="Thanks!", hold=True, home=LISTING, size=size, wall=clock
    ) as desk:
        desk.run.open("mid-answer")
        await desk.until_ended()
        await start_another(desk, "Where is my parcel? It should have come on Monday")
        desk.run.open("before the failure")
        await desk.until_ended()
        await start_another(desk, "I want a refund for order A-1001, it came damaged")
        for gate in ("thinking", "tools running"):
            desk.run.open(gate)
        await desk.until_asked()
        await start_another(desk, "顧客へのお知らせ 💶")
        await desk.until(lambda _: desk.run.stands_at("mid-answer"))
        await desk.press("ctrl+o")
        yield desk


async def start_another(desk: Desk, message: str) -> None:
    """Go home, start the agent at the end of the list, and send it `message`."""
    await desk.press("ctrl+o", "G", "enter")
    desk.conversation.send(message)


@asynccontextmanager
async def idle(size: tuple[int, int]) -> AsyncIterator[Desk]:
    """A conversation that has not begun."""
    async with opened(plain_answer, prompt=None, size=size, wall=clock) as desk:
        yield desk


@asynccontextmanager
async def running(size: tuple[int, int]) -> AsyncIterator[Desk]:
    """Two tools run beside each other, and a message is queued."""
    async with opened(refund_desk, hold=True, size=size, wall=clock) as desk:
        desk.run.open("thinking")
        await desk.until(lambda _: desk.run.stands_at("tools running"))
        desk.conversation.queue("and tell me when the money arrives")
        await desk.until_queued("and tell me when the money arrives")
        yield desk


@asynccontextmanager
async def used_up(size: tuple[int, int]) -> AsyncIterator[Desk]:
    """A budget is used up; a call stands at the gate until a person extends it."""
    async with opened(spending_desk, hold=True, size=size, wall=clock) as desk:
        await desk.until(lambda _: desk.run.stands_at("used up"))
        yield desk


@asynccontextmanager
async def stuck(size: tuple[int, int]) -> AsyncIterator[Desk]:
    """Two tools have told nothing for minutes, and everything is held because of the first."""
    clock, pausing = FakeClock(9.0), Sentinel(pauses=True)
    async with opened(refund_desk, hold=True, sentinel=pausing, size=size, wall=clock) as desk:
        for worker in [each for each in desk.app.workers if each.group == "sentinel"]:
            await worker.wait()
        desk.run.open("thinking")
        await desk.until(lambda _: desk.run.stands_at("tools running"))
        clock.now = FIRST_AT + 200.0
        desk.screen._tick()
        desk.conversation.queue("Are you still there?")
        await desk.until(lambda _: bool(desk.host.wishes))
        yield desk


@asynccontextmanager
async def approval(size: tuple[int, int]) -> AsyncIterator[Desk]:
    """A call waits; the focus is still in the composer."""
    async with opened(refund_desk, size=size, wall=clock) as desk:
        await desk.until_asked()
        yield desk


@asynccontextmanager
async def deciding(size: tuple[int, int]) -> AsyncIterator[Desk]:
    """The focus was moved to the call, and the field for a reason is open."""
    async with approval(size) as desk:
        await desk.press("ctrl+g", "r")
        await desk.type("ask the customer for a photo first")
        yield desk


@contextmanager
def in_utc() -> Iterator[None]:
    """Keep captures from the place where they are made: some times are local."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


@asynccontextmanager
async def in_doubt(size: tuple[int, int]) -> AsyncIterator[Desk]:
    """A call may have run in a process that was lost; the focus was moved to it."""
    with in_utc():
        async with opened(doubtful_desk, size=size, wall=clock) as desk:
            await desk.until_asked(2)
            await desk.press("ctrl+g")
            yield desk


@asynccontextmanager
async def resulting(size: tuple[int, int]) -> AsyncIterator[Desk]:
    """The field for what a call in doubt came to is open."""
    async with in_doubt(size) as desk:
        await desk.press("d")
        await desk.type('{"refund_id": "R-7"}')
        yield desk


@asynccontextmanager
async def taken_as_done(size: tuple[int, int]) -> AsyncIterator[Desk]:
    """A call in doubt was taken as done; the one beside it failed."""
    with in_utc():
        async with opened(doubtful_desk, hold=True, size=size, wall=clock) as desk:
            await desk.until_asked(2)
            await desk.press("ctrl+g", "d")
            await desk.type("refund R-7 is paid")
            await desk.press("enter")
            await desk.until(lambda view: len(view.pending) == 1)
            await desk.press("ctrl+g", "n")
            await desk.until(lambda _: desk.run.stands_at("the end"))
            yield desk


@asynccontextmanager
async def inbox_in_doubt(size: tuple[int, int]) -> AsyncIterator[Desk]:
    """A call in doubt, which cannot be ticked, above one that is."""
    async with in_doubt(size) as desk:
        await desk.press("f6")
        await desk.press_later("j", "space", "k")
        yield desk


WHY = "the program has changed since the run began"
CHANGES = (
    "Triage has other instructions",
    "the tool issue_refund of Refunds takes other arguments",
    "Refunds does not hand over to Letters any more",
)


@asynccontextmanager
async def not_resumed(size: tuple[int, int]) -> AsyncIterator[Desk]:
    """A kept run is not taken up: its program changed."""
    async with home(size) as desk:
        await desk.app.push_screen(NotResumedScreen(WHY, CHANGES))
        await desk.pilot.pause()
        yield desk


@asynccontextmanager
async def editing(size: tuple[int, int]) -> AsyncIterator[Desk]:
    """The arguments are open in the editor, and do not fit the tool."""
    async with approval(size) as desk:
        await desk.press("ctrl+g", "e")
        change(desk, "49.9", '"a bit"')
        # Judged once a frame, as keys come faster.
        assert await desk.comes_to_show(lambda shown: "✗ amount_eur" in shown)
        yield desk


@asynccontextmanager
async def faulty(size: tuple[int, int]) -> AsyncIterator[Desk]:
    """Back at the request with arguments that do not fit the tool."""
    async with editing(size) as desk:
        await desk.press("ctrl+s")
        yield desk


@asynccontextmanager
async def edited(size: tuple[int, int]) -> AsyncIterator[Desk]:
    """Back at the request with other arguments, to be approved as edited."""
    async with approval(size) as desk:
        await desk.press("ctrl+g", "e")
        change(desk, "49.9", "19.9")
        await desk.press("ctrl+s")
        yield desk


def change(desk: Desk, old: str, new: str) -> None:
    """Write `new` for `old` in the editor."""
    field = desk.arguments
    field.replace(field.text.replace(old, new), (0, 0), field.document.end)


@asynccontextmanager
async def always(size: tuple[int, int]) -> AsyncIterator[Desk]:
    """The page on which a rule is made, the second rule chosen, for an hour."""
    async with approval(size) as desk:
        await desk.press("ctrl+g", "Y", "down", "right", "right")
        yield desk


@asynccontextmanager
async def watching(size: tuple[int, int]) -> AsyncIterator[Desk]:
    """A request on a screen that only watches, gone to in order to read it."""
    async with opened(refund_desk, size=size, wall=clock, read_only=True) as desk:
        await desk.until_asked()
        await desk.press("ctrl+g")
        yield desk


@asynccontextmanager
async def denied(size: tuple[int, int]) -> AsyncIterator[Desk]:
    """A call that a rule denied, selected; another ran with edited arguments."""
    async with opened(policy_desk, size=size, wall=clock) as desk:
        await desk.until_ended()
        await desk.press("f3", "k", "k", "enter")
        yield desk


@asynccontextmanager
async def failed(size: tuple[int, int]) -> AsyncIterator[Desk]:
    """A run that failed with a tool running and a message cut."""
    async with opened(failing, size=size, wall=clock) as desk:
        await desk.until_ended()
        yield desk


@asynccontextmanager
async def finished(size: tuple[int, int]) -> AsyncIterator[Desk]:
    """An approved call, and the answer after it."""
    async with approval(size) as desk:
        await desk.press("ctrl+g", "y")
        await desk.until_ended()
        yield desk


REFUNDS = asking(
    ("issue_refund", {"order_id": "A-1001", "amount_eur": 49.9, "reason": "damaged 📦"}),
    ("issue_refund", {"order_id": "A-1007", "amount_eur": 1250.0, "reason": "never arrived"}),
    ("shell", {"command": "rm -rf /srv/exports/2024 && systemctl restart billing"}),
)
LETTERS = asking(
    (
        "send_email",
        {
            "to": "ada.lovelace@example.org",
            "subject": "Your order A-1001",
            "text": "Dear Ada,\n\nwe are sorry that the camera came damaged. " * 6,
        },
    ),
    ("issue_refund", {"order_id": "B-2040", "amount_eur": 12.0, "reason": "shipping"}),
    agent="Letters",
    path=("Triage", "Complaints", "Letters"),
    at=FIRST_AT + 5.0,
)


@asynccontextmanager
async def inbox(size: tuple[int, int]) -> AsyncIterator[Desk]:
    """Calls of two conversations wait; two of them are ticked."""
    async with opened([REFUNDS, LETTERS], home=LISTING, size=size, wall=clock) as desk:
        await desk.until_asked(3)
        await start_another(desk, "My camera came damaged, please write to me")
        await desk.until_asked(2)
        await desk.press("f6")
        await desk.press_later("space", "j", "space", "j")
        yield desk


GRANT = Rule(
    effect="allow",
    agent="Refunds",
    tool="issue_refund",
    arguments=(Condition(name="amount_eur", test="max", value=50),),
    until=FIRST_AT + 3600.0,
    granted=True,
    origin="granted by ada on 2023-11-14 22:13 UTC",
    rule_id="grant-1",
)
POLICY = """
[[rule]]
effect = "deny"
tool = "shell"
arguments = { command = { prefix = "rm" } }
reason = "Nothing is deleted from here."

[[rule]]
effect = "ask"
tool = "*"

# granted by ada on 2023-11-13 09:00 UTC
[[rule]]
effect = "allow"
agent = "Letters"
tool = "send_email"
granted = true
"""


def read_rules() -> PolicyFile:
    """Read the policy file of the captures."""
    return read_policy(POLICY, "policy.toml")


async def granting(run: FakeRun) -> AsyncIterator[RunEvent]:
    """A person decides two calls, a grant answers a third, the file's rule denies a fourth."""
    calls = asking(
        ("issue_refund", {"order_id": "A-1001", "amount_eur": 49.9, "reason": "damaged 📦"}),
        ("issue_refund", {"order_id": "A-1007", "amount_eur": 1250.0, "reason": "never arrived"}),
    )
    async for event in calls(run):
        if isinstance(event, RunCompleted):
            break
        yield event
    yield RuleGranted(run_id="", rule=GRANT)
    for event in tool(run, "Refunds", "issue_refund", '{"order_id": "A-1011", "amount_eur": 12}'):
        yield event
    call_id = f"{run.run_id}-issue_refund"
    yield asked("Refunds", call_id, "issue_refund", '{"order_id": "A-1011", "amount_eur": 12}')
    yield ApprovalDecided(run_id="", call_id=call_id, approved=True, by="rule", rule=GRANT)
    for event in ran(run, "Refunds", "issue_refund", "paid"):
        yield event
    command = '{"command": "rm -rf /srv/exports/2024"}'
    for event in tool(run, "Refunds", "shell", command):
        yield event
    yield CallDenied(
        run_id="",
        agent="Refunds",
        call_id=f"{run.run_id}-shell",
        tool="shell",
        arguments=command,
        rule=read_rules().rules[0],
    )
    await run.gate("the end")


@asynccontextmanager
async def decided(size: tuple[int, int]) -> AsyncIterator[Desk]:
    """A conversation in which a person and rules decided."""
    async with opened(granting, hold=True, size=size, wall=clock, read_policy=read_rules) as desk:
        await desk.until_asked(2)
        await desk.press("f6")
        await desk.press_later("space", "y")
        await desk.press("escape")
        await desk.until(lambda view: len(view.decisions) == 1)
        await desk.press("ctrl+g", "r")
        await desk.type("ask the warehouse first")
        await desk.press("enter")
        await desk.until(lambda _: desk.run.stands_at("the end"))
        yield desk


@asynccontextmanager
async def grants(size: tuple[int, int]) -> AsyncIterator[Desk]:
    """What was granted, and what the policy file says."""
    async with decided(size) as desk:
        await desk.press("f7")
        await desk.comes_to_show(lambda words: "deny shell" in words)
        yield desk


@asynccontextmanager
async def audit(size: tuple[int, int]) -> AsyncIterator[Desk]:
    """Every decision, the cursor on one that a person rejected."""
    async with decided(size) as desk:
        await desk.press("f8", "j", "j")
        yield desk


@asynccontextmanager
async def watching_inbox(size: tuple[int, int]) -> AsyncIterator[Desk]:
    """What waits, on a screen that only watches, of which nothing can be ticked."""
    async with opened([REFUNDS], size=size, wall=clock, read_only=True) as desk:
        await desk.until_asked(3)
        await desk.press("f6")
        yield desk


@asynccontextmanager
async def replaying(size: tuple[int, int]) -> AsyncIterator[Desk]:
    """A replay that stands where a call waits for a person."""
    recording = await a_recording()
    async with opened(plain_answer, target=None, replay=recording, size=size, wall=clock) as desk:
        await desk.press("space", "a")
        yield desk


@asynccontextmanager
async def replayed(size: tuple[int, int]) -> AsyncIterator[Desk]:
    """A replay at its end."""
    async with replaying(size) as desk:
        await desk.press("dollar_sign")
        yield desk


@asynccontextmanager
async def home_kept(size: tuple[int, int]) -> AsyncIterator[Desk]:
    """Home with what is kept of earlier sessions."""
    with TemporaryDirectory() as folder:
        journal = Path(folder, "journal.sqlite3")
        await keep(journal, 8, unended=(2, 4))
        async with opened(
            plain_answer, target=None, home=LISTING, journal=journal, size=size, wall=days_later
        ) as desk:
            assert await desk.comes_to_show(lambda words: "Kept from before" in words)
            await desk.pilot.pause()
            yield desk


@asynccontextmanager
async def history(size: tuple[int, int]) -> AsyncIterator[Desk]:
    """What is kept, the cursor on the second."""
    async with home_kept(size) as desk:
        await desk.press("f10")
        assert await desk.comes_to_show(lambda words: "Kept conversations · 8" in words)
        await desk.press("j")
        yield desk


@asynccontextmanager
async def history_found(size: tuple[int, int]) -> AsyncIterator[Desk]:
    """What a search found."""
    async with history(size) as desk:
        await desk.press("slash")
        await desk.type("camera")
        assert await desk.comes_to_show(lambda words: "Found in 2 places" in words)
        await desk.press("enter")
        yield desk


def days_later() -> float:
    """A wall clock that stands two days after the first kept run."""
    return FIRST_AT + 48 * HOUR_S


STATES: dict[str, State] = {
    state.__name__: state
    for state in (
        *(home, empty_home, home_again, idle),
        *(running, used_up, stuck, approval, deciding, failed, finished),
        *(in_doubt, resulting, taken_as_done, inbox_in_doubt, not_resumed),
        *(editing, faulty, edited, always, watching, denied),
        *(inbox, watching_inbox, grants, audit),
        *(replaying, replayed, home_kept, history, history_found),
    )
}


def path_of(name: str, size: tuple[int, int]) -> Path:
    """Where the capture of a state lies."""
    return FOLDER / f"{name}-{size[0]}x{size[1]}.txt"


async def write_all() -> None:
    """Write every capture."""
    FOLDER.mkdir(exist_ok=True)
    for name, state in STATES.items():
        for size in SIZES:
            async with state(size) as desk:
                path_of(name, size).write_text(text_of(desk.app.screen))
            print(path_of(name, size).name, file=sys.stderr)
    async with approval(PICTURE_SIZE) as desk:
        PICTURE.write_text(desk.app.export_screenshot(title="baton run support.py:triage"))


if __name__ == "__main__":
    asyncio.run(write_all())
