"""Forms of the documents that the SDK itself refuses, and our runtime takes.

`test_blocks` holds that they run; this holds that the README may say what it says of the SDK.
"""

from __future__ import annotations

import agents
import pytest

from tests.agents.telling import told
from tests.seeds.playing import play, play_text, text_of
from tests.seeds.serving import THEIRS, serving
from tui.rehearsal.script import reply, say

NO_CONTEXT_MANAGER = "does not support the asynchronous context manager protocol"
GREETING = reply(say("Hello."))


@pytest.mark.parametrize("block", ["002_2_tokens", "002_3_tool_calls"])
def test_async_with_is_a_type_error_there(block):
    with pytest.raises(TypeError, match=NO_CONTEXT_MANAGER):
        play(block, lambda _: GREETING, THEIRS)


def test_async_with_is_a_type_error_there_also_after_a_blocking_run():
    with pytest.raises(TypeError, match=NO_CONTEXT_MANAGER):
        play("002_1_run_or_run_streamed", lambda _: GREETING, THEIRS)


def test_async_with_is_a_type_error_there_also_around_handoffs():
    program = text_of("002_6_handoffs", THEIRS) + "\nawait stream_with_handoffs()\n"
    with pytest.raises(TypeError, match=NO_CONTEXT_MANAGER):
        play_text(program, lambda _: GREETING, THEIRS, {})


async def test_a_result_is_neither_iterable_itself_nor_has_it_a_result_there():
    async with serving(agents, [GREETING]):
        result = agents.Runner.run_streamed(agents.Agent(name="A"), "Hi")
        assert not hasattr(result, "__aiter__")
        await told(result)
        assert not hasattr(result, "result")


def test_agents_cannot_be_run_by_themselves_there():
    assert not hasattr(agents.Agent, "run_streamed")
