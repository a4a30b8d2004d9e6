"""A person is told what needs them, wherever they are in the cockpit or outside it."""

from textual import events

from tests.cockpit.desk import opened
from tests.fakes.fake_alarms import FakeAlarms
from tests.fakes.fake_scripts import failing, plain_answer, refund_desk, two_approvals
from tui.cockpit.alarms import TerminalAlarms
from tui.cockpit.attention import Cause, Notice
from tui.cockpit.settings import AttentionSettings


class FakeTerminal:
    def __init__(self) -> None:
        self.sent: list[str] = []
        self.counts: list[int] = []

    def send(self, sequence: str) -> None:
        self.sent.append(sequence)

    def show_count(self, waiting: int) -> None:
        self.counts.append(waiting)


async def test_requests_that_come_together_are_one_notice():
    alarms = FakeAlarms()
    async with opened(two_approvals, hold=True, alarms=alarms) as desk:
        await desk.until_asked(2)
        await desk.press("ctrl+g", "y")
        await desk.until(lambda view: len(view.pending) == 1)
        assert len(alarms.told) == 1
        assert alarms.counts[-1] == 1


async def test_the_count_follows_what_waits_to_its_end():
    alarms = FakeAlarms()
    async with opened(refund_desk, alarms=alarms) as desk:
        await desk.until_asked()
        await desk.press("ctrl+g", "y")
        await desk.until_ended()
        assert alarms.told == ["Refunds asks to call issue_refund"]
        assert alarms.counts == [0, 1, 0]


async def test_a_request_is_told_at_home_too():
    alarms = FakeAlarms()
    async with opened(refund_desk, hold=True, alarms=alarms) as desk:
        conversation = desk.conversation
        await desk.press("ctrl+o")
        for gate in ("thinking", "tools running"):
            desk.run.open(gate)
        while not conversation.view.pending:
            await desk.pilot.pause()
        await desk.pilot.pause(0.1)
        assert alarms.told == ["Refunds asks to call issue_refund"]


async def test_an_end_is_told_to_who_looks_elsewhere_only():
    for has_focus, told in ((True, []), (False, ["Triage is done"])):
        alarms = FakeAlarms()
        async with opened(plain_answer, hold=True, alarms=alarms) as desk:
            if not has_focus:
                desk.app.post_message(events.AppBlur())
                await desk.pilot.pause()
            desk.run.open("mid-answer")
            await desk.until_ended()
            assert alarms.told == told


async def test_a_failure_is_told_by_its_kind():
    alarms = FakeAlarms()
    async with opened(failing, hold=True, alarms=alarms) as desk:
        desk.app.post_message(events.AppBlur())
        desk.run.open("before the failure")
        await desk.until_ended()
        assert [words.partition(":")[0] for words in alarms.told] == ["Triage failed"]


def alarms_on(terminal, settings=AttentionSettings(), works=None):  # noqa: B008 - a frozen value
    works = [] if works is None else works
    return TerminalAlarms(
        settings, terminal, start_work=works.append, say=lambda _: None, environ={"TERM": "xterm"}
    )


NOTICE = Notice((Cause("k", "request", "A asks"),))


def test_the_title_is_written_when_the_count_changes():
    terminal = FakeTerminal()
    alarms = alarms_on(terminal)
    for waiting in (0, 0, 1, 1, 2):
        alarms.show_count(waiting)
    assert terminal.counts == [0, 1, 2]


def test_what_is_off_writes_nothing_and_runs_nothing():
    terminal, works = FakeTerminal(), []
    off = AttentionSettings(bell=False, osc9=False, osc777=False, title=False)
    alarms = alarms_on(terminal, off, works)
    alarms.call(NOTICE, 1)
    alarms.show_count(1)
    assert (terminal.sent, terminal.counts, works) == ([], [], [])


def test_a_command_is_run_beside_the_screens():
    works = []
    alarms = alarms_on(FakeTerminal(), AttentionSettings(command=("true",)), works)
    alarms.call(NOTICE, 1)
    assert len(works) == 1
    works[0].close()
