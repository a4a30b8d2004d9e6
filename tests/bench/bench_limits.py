"""What the runtime may cost at its worst: the event loop held, memory of the unread, the import."""

import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from typing import Any

from tests.bench.rounds import ROUNDS
from tests.bench.service import running_service
from tests.bench.table import Found, Row

ITEMS = 1_000
UNREAD = 100_000

_IMPORTED = """
import sys, time
began = time.process_time()
import {module}
print(time.process_time() - began, "openai" in sys.modules)
"""
_GROWN = """
import asyncio
from tests.bench.bench_limits import unread_growth_mb
print(asyncio.run(unread_growth_mb({library!r}, slow={slow})))
"""


def _child(code: str) -> list[str]:
    """Return the words that a fresh interpreter prints."""
    argv = [sys.executable, "-c", code]
    return subprocess.run(argv, check=True, capture_output=True, text=True).stdout.split()


def imports() -> Found:
    """Measure the import of `tui.agents` against that of `agents`."""
    ours, theirs, loaded = [], [], set()
    for _ in range(ROUNDS):
        seconds, has_openai = _child(_IMPORTED.format(module="tui.agents"))
        ours.append(float(seconds))
        loaded.add(has_openai)
        theirs.append(float(_child(_IMPORTED.format(module="agents"))[0]))
    own, sdk = statistics.median(ours), statistics.median(theirs)
    says = "openai is loaded" if "True" in loaded else "openai not loaded"
    both = f"{own * 1000:.0f} ms against {sdk * 1000:.0f} ms, {says}"
    return Found(f"{own / sdk:.3f}x ({both})", own / sdk <= 0.1 and loaded == {"False"})


async def _longest_hold_ms(base_url: str, bare: bool) -> float:
    """Return the longest the loop computed without a turn while a long request was made."""
    from tests.bench.libraries import LIBRARIES, client_of, service_model

    items = [{"role": "user", "content": f"message {number}"} for number in range(ITEMS)]
    async with client_of(base_url) as client:
        model = service_model(LIBRARIES["ours"], "deltas-10-event", client)
        agent = LIBRARIES["ours"].Agent(name="A", model=model)

        async def ask(what: list[Any]) -> None:
            if bare:
                events = await client.responses.create(
                    model="deltas-10-event", input=what, stream=True
                )
                async for _ in events:
                    pass
                return
            result = LIBRARIES["ours"].Runner.run_streamed(agent, what)
            async for _ in result.stream_events():
                pass

        await ask(items[:1])
        asking = asyncio.ensure_future(ask(items))
        longest = 0.0
        while not asking.done():
            # Of this thread alone: what others do on the machine is not this request's.
            before = time.thread_time()
            await asyncio.sleep(0)
            longest = max(longest, time.thread_time() - before)
        return longest * 1000


def hold() -> Found:
    """Measure how long a request with many items holds the event loop."""
    with running_service() as base_url:
        rounds = [
            tuple(asyncio.run(_longest_hold_ms(base_url, bare)) for bare in (False, True))
            for _ in range(ROUNDS)
        ]
    ours, bare = (statistics.median(side) for side in zip(*rounds, strict=True))
    return Found(f"{ours:.1f} ms (openai's own call {bare:.0f} ms)", ours <= 5)


async def unread_growth_mb(library: str, *, slow: bool) -> float:
    """Return by how much this process grew for deltas that nobody took; `slow` took one."""
    from openai.types.responses import ResponseTextDeltaEvent

    from tests.bench.libraries import LIBRARIES, scripted_model
    from tests.bench.service import message
    from tests.processes import resident_mb

    module = LIBRARIES[library]
    first, *_, last = [
        event async for event in scripted_model(module, [message(2)]).stream_response()
    ]
    emitted = asyncio.Event()

    class Talkative(module.Model):
        async def get_response(self, *_: Any, **__: Any) -> Any:
            raise NotImplementedError("it only streams")

        async def stream_response(self, *_: Any, **__: Any) -> AsyncIterator[Any]:
            yield first
            for number in range(UNREAD):
                yield ResponseTextDeltaEvent(
                    content_index=0,
                    delta="five ",
                    item_id="msg_1",
                    logprobs=[],
                    output_index=0,
                    sequence_number=number,
                    type="response.output_text.delta",
                )
                if not number % 100:
                    await asyncio.sleep(0)
            emitted.set()
            yield last

    result = module.Runner.run_streamed(module.Agent(name="A", model=Talkative()), "Go")
    events = result.stream_events()
    if slow:
        await anext(events)
    before = resident_mb("self")
    # One that waits for its reader never gets there.
    for _ in range(2 * UNREAD // 100):
        await asyncio.sleep(0)
    assert slow or emitted.is_set(), "an unread run should have gone on to its end"
    return resident_mb("self") - before


def unread() -> Found:
    """Measure the memory that deltas take which a slow consumer, or nobody, has read."""
    grown = {
        (library, slow): float(_child(_GROWN.format(library=library, slow=slow))[0])
        for library in ("ours", "sdk")
        for slow in (True, False)
    }
    worst = max(grown["ours", True], grown["ours", False])
    sdk = max(grown["sdk", True], grown["sdk", False])
    each = f"slow {grown['ours', True]:.1f}, unread {grown['ours', False]:.1f}; SDK {sdk:.0f}"
    return Found(f"{worst:.1f} MB ({each})", worst <= 5)


ROWS = (
    Row("hold", f"longest hold of the loop by a {ITEMS:,}-item request", "<= 5 ms", hold),
    Row(
        "unread", "RSS growth for 100k deltas that a slow consumer has not read", "<= 5 MB", unread
    ),
    Row("import", "`import tui.agents` against `import agents`", "<= 0.1x, no openai", imports),
)
