"""The rehearsal takes its time, and `speed` shortens all of it alike."""

import pytest

from tests.rehearsal.playing import FakeSleep
from tui.rehearsal.pace import Pace
from tui.rehearsal.service import RehearsalService

HELLO = {"input": "Hello", "stream": True, "instructions": "none of the desk's"}


async def slept_by_stream(speed: float) -> list[float]:
    sleep = FakeSleep()
    service = RehearsalService(Pace(speed, sleep), now=lambda: 0.0)
    assert [frame async for frame in service.stream(HELLO)]
    return sleep.slept_s


async def test_text_comes_at_a_reader_s_pace():
    slept = await slept_by_stream(1.0)
    assert len(slept) > 20
    assert 0.5 < sum(slept) < 5


async def test_five_times_the_speed_takes_a_fifth_of_the_time():
    slow, fast = await slept_by_stream(1.0), await slept_by_stream(5.0)
    assert sum(slow) == pytest.approx(5 * sum(fast))


async def test_tools_take_their_time_too():
    sleep = FakeSleep()
    await Pace(5.0, sleep).wait(1.0)
    assert sleep.slept_s == [0.2]


@pytest.mark.parametrize("speed", [0, -1, float("nan")])
def test_a_speed_that_makes_no_sense_is_refused(speed):
    with pytest.raises(ValueError, match="above 0"):
        Pace(speed)
