"""Trying again is offered only where it can help, and is done once, however often one asks."""

import pytest

from tests.captures import text_of
from tests.cockpit.desk import opened
from tests.fakes.fake_scripts import opening, plain_answer
from tests.fakes.fake_source import FakeRun, Script
from tui.wire.events import RunFailed


def failing(*, can_retry: bool = True, message: str = "It broke.") -> Script:
    """A run that fails at once."""

    async def script(run: FakeRun):
        for event in opening(run):
            yield event
        yield RunFailed(
            run_id="",
            error_type="E",
            message=message,
            advice="Mend it.",
            can_retry=can_retry,
        )

    return script


def last_lines(desk):
    """Return what the composer's line and the line of keys say."""
    return text_of(desk.app.screen).splitlines()[-2:]


async def test_where_it_cannot_help_neither_the_keys_nor_the_composer_speak_of_it():
    async with opened([failing(can_retry=False), plain_answer]) as desk:
        await desk.until_ended()
        composer, keys = last_lines(desk)
        assert "Try again" not in composer + keys
        await desk.press("ctrl+r", "f2", "r")
        assert len(desk.host.runs) == 1


@pytest.mark.parametrize("first", [True, False])
async def test_of_two_failures_at_once_the_newer_one_counts(first):
    scripts = [failing(can_retry=first), failing(can_retry=not first)]
    async with opened(scripts, prompt=None) as desk:
        desk.conversation.send("one")
        await desk.until_ended()
        # Both ends may come within one frame.
        desk.conversation.send("two")
        await desk.until(lambda view: view.run_id == desk.run.run_id and view.status == "failed")
        composer, keys = last_lines(desk)
        assert ("Try again" in composer) == ("Try again" in keys) == (not first)


async def importing(run: FakeRun):
    """A run that takes its time to begin. Gates: "imported"."""
    await run.gate("imported")
    async for event in plain_answer(run):
        yield event


async def test_asked_for_twice_it_is_done_once_and_nothing_is_queued():
    async with opened([failing(), importing], hold=True) as desk:
        await desk.until_ended()
        await desk.press("ctrl+r", "ctrl+r")
        await desk.until(lambda _: desk.run.stands_at("imported"))
        assert len(desk.host.runs) == 2
        assert desk.conversation.queued == ()
        assert "Try again" not in "".join(last_lines(desk))


async def test_what_to_do_stays_in_sight_below_a_message_of_any_length():
    async with opened(failing(message="word " * 1_000), size=(80, 24)) as desk:
        await desk.until_ended()
        shown = text_of(desk.app.screen)
        assert "› You" in shown
        assert "(all of it is in the inspector)" in shown
        assert "→ Mend it." in shown
