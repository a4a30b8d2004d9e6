"""Values over a real socket pair: split anywhere, larger than a buffer, and cut off."""

from __future__ import annotations

import asyncio
import socket

import pytest

from tui.errors import WireError
from tui.wire.commands import Say
from tui.wire.endpoint import StreamEndpoint
from tui.wire.events import ToolOutput
from tui.wire.frames import Hello, downward_reader, encode_frame, upward_reader


async def ends():
    ours, theirs = socket.socketpair()
    return (
        await StreamEndpoint.over(ours, upward_reader()),
        await StreamEndpoint.over(theirs, downward_reader()),
    )


async def test_values_go_both_ways_and_the_end_is_none():
    screen, host = await ends()
    screen.write(Hello())
    screen.write(Say(run_id="r", text="hi"))
    host.write(Hello())
    assert isinstance(await host.read(), Hello)
    assert (await host.read()).text == "hi"
    assert isinstance(await screen.read(), Hello)

    host.close()
    assert await screen.read() is None
    assert await screen.read() is None
    screen.close()


async def test_a_value_larger_than_every_buffer_arrives_whole():
    screen, host = await ends()
    output = "x" * 5_000_000
    host.write(ToolOutput(run_id="r", agent="A", call_id="c", output=output))
    draining = asyncio.ensure_future(host.drain())

    assert (await screen.read()).output == output
    await draining
    host.close()
    screen.close()


async def test_an_end_inside_a_frame_is_an_error():
    ours, theirs = socket.socketpair()
    screen = await StreamEndpoint.over(ours, upward_reader())
    theirs.sendall(encode_frame(Hello())[:-3])
    theirs.close()

    with pytest.raises(WireError, match="cut off"):
        await screen.read()
    screen.close()


async def test_what_is_written_to_a_closed_line_is_dropped():
    screen, host = await ends()
    screen.close()
    await screen.wait_closed()
    screen.write(Hello())
    assert await host.read() is None
    host.write(Hello())
    await host.drain()
    host.close()
    await host.wait_closed()
