"""How the run that was started last ended, told in the terminal."""

import pytest

from tests.fakes.fake_endpoint import endpoint_pair
from tui.script.last_run import LastRun
from tui.wire.commands import Cancel
from tui.wire.events import RunCancelled, RunCompleted, RunFailed, RunStarted


def started(run_id):
    return RunStarted(run_id=run_id, agent="Desk", target="desk.py")


def failed(run_id, message="No key."):
    return RunFailed(run_id=run_id, error_type="OpenAIError", message=message)


COMPLETED = RunCompleted(run_id="1", final_output="Done.")
CANCELLED = RunCancelled(run_id="1")


@pytest.mark.parametrize(
    ("events", "told"),
    [
        ((), ""),
        ((started("1"), COMPLETED), ""),
        ((started("1"), failed("1")), "the last run failed: No key."),
        ((started("1"), CANCELLED), "the last run was cancelled"),
        ((started("1"),), "the last run was cut off"),
        ((started("1"), failed("1"), started("2")), "the last run was cut off"),
        ((started("1"), started("2"), failed("2"), COMPLETED), "the last run failed: No key."),
        ((started("0"), failed("0"), started("1"), COMPLETED), ""),
    ],
)
def test_what_did_not_come_to_an_answer_is_told(events, told):
    _, host = endpoint_pair()
    last_run = LastRun(host)
    for event in events:
        last_run.write(event)
    assert last_run.mishap == told
    assert host.written == list(events)


def test_what_is_told_stays_one_line_and_never_acts_on_the_terminal():
    _, host = endpoint_pair()
    last_run = LastRun(host)
    last_run.write(started("1"))
    last_run.write(failed("1", "It said\n\x1b]0;owned\x07 no."))
    assert last_run.mishap.isprintable()


async def test_it_is_the_line_in_both_directions():
    screen, host = endpoint_pair()
    last_run = LastRun(host)
    screen.write(Cancel(run_id="1"))
    assert await last_run.read() == Cancel(run_id="1")
    last_run.write(CANCELLED)
    await last_run.drain()
    last_run.close()
    assert (await screen.read()).run_id == "1"
    assert await screen.read() is None
