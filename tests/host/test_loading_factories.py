"""What a name may stand for: an agent, or what gives one; what is entered is left in one task."""

from __future__ import annotations

import asyncio
import sys
from contextlib import AsyncExitStack

import pytest

from tests.host.test_loading import FAKE, _restored, a_file, opened
from tui.errors import LoadError
from tui.host.loading import Wanted, import_wanted
from tui.host.opening import open_agent

__all__ = ["_restored"]

ENTERED = """
from contextlib import asynccontextmanager, contextmanager
import asyncio

log = []

def note(word):
    log.append((word, asyncio.current_task()))

"""
FORMS = {
    "an agent": "agent = Agent('Desk')",
    "a function": "def agent(): return Agent('Desk')",
    "a lambda": "agent = lambda: Agent('Desk')",
    "an async function": "async def agent(): return Agent('Desk')",
    "an async context manager": "@asynccontextmanager\nasync def agent(): yield Agent('Desk')",
    "a context manager": "@contextmanager\ndef agent(): yield Agent('Desk')",
    "an object that is entered": (
        "class Desk:\n"
        "    async def __aenter__(self): return Agent('Desk')\n"
        "    async def __aexit__(self, *_): pass\n"
        "agent = Desk()"
    ),
    "a class that is entered": (
        "class agent:\n"
        "    async def __aenter__(self): return Agent('Desk')\n"
        "    async def __aexit__(self, *_): pass"
    ),
    "an async function that gives what is entered": (
        "@asynccontextmanager\nasync def desk(): yield Agent('Desk')\n"
        "async def agent(): return desk()"
    ),
}


@pytest.mark.parametrize("form", FORMS)
async def test_each_form_gives_the_agent(tmp_path, form):
    a_file(tmp_path, f"{FAKE}{ENTERED}{FORMS[form]}\n")

    assert (await opened("desk.py:agent")).agent.name == "Desk"


@pytest.mark.parametrize(
    "form",
    [
        "def agent(): return Agent('Desk'), {'max_turns': 3}",
        "@asynccontextmanager\nasync def agent(): yield Agent('Desk'), dict(max_turns=3)",
        "agent = Agent('Desk'), {'max_turns': 3}",
    ],
)
async def test_with_the_agent_may_come_what_its_runner_takes(tmp_path, form):
    text = f"from tui.agents import Agent\n{ENTERED}{form}\n".replace("'Desk'", "name='Desk'")
    a_file(tmp_path, text)
    loaded = await opened("desk.py:agent")

    assert (loaded.agent.name, loaded.options) == ("Desk", {"max_turns": 3})


async def test_what_was_entered_is_left_in_the_same_task_last_first(tmp_path):
    text = (
        f"{FAKE}{ENTERED}"
        "@asynccontextmanager\nasync def agent():\n"
        "    note('in')\n    yield Agent('Desk')\n    note('out')\n"
        "@asynccontextmanager\nasync def memory():\n"
        "    note('context in')\n    yield log\n    note('context out')\n"
    )
    a_file(tmp_path, text)
    imported = import_wanted(Wanted("desk.py:agent", context="desk.py:memory"))
    async with AsyncExitStack() as kept:
        loaded = await open_agent(imported, kept)
        log = loaded.options["context"]
        assert [word for word, _ in log] == ["in", "context in"]

    assert [word for word, _ in log] == ["in", "context in", "context out", "out"]
    assert {task for _, task in log} == {asyncio.current_task()}


CONTEXTS = {
    "a function": "def make(): return 'memory'",
    "an async function": "async def make(): return 'memory'",
    "an async context manager": "@asynccontextmanager\nasync def make(): yield 'memory'",
    "a class": "class make(str):\n    def __new__(cls): return 'memory'",
    "an object": "make = 'memory'",
}


@pytest.mark.parametrize("form", CONTEXTS)
async def test_each_form_gives_the_context(tmp_path, form):
    a_file(tmp_path, f"{FAKE}agent = Agent('Desk')\n")
    a_file(tmp_path, f"{ENTERED}{CONTEXTS[form]}\n", "desk_memory.py")

    for context in ("desk_memory.py:make", "desk_memory:make"):
        loaded = await opened("desk.py:agent", context=context)
        assert loaded.options == {"context": "memory"}


READY_MADE = {
    "called with arguments": "class Memory:\n    def __call__(self, text): return text",
    "called without": "class Memory:\n    def __call__(self): return 'called'",
    "entered": (
        "class Memory:\n    def __enter__(self): return 'entered'\n    def __exit__(self, *_): pass"
    ),
    "entered by await": (
        "class Memory:\n"
        "    async def __aenter__(self): return 'entered'\n"
        "    async def __aexit__(self, *_): pass"
    ),
    "awaited": "class Memory:\n    def __await__(self): return iter(())",
}


@pytest.mark.parametrize("form", READY_MADE)
async def test_a_ready_made_context_is_given_as_it_is_whatever_it_can_do(tmp_path, form):
    a_file(tmp_path, f"{FAKE}{READY_MADE[form]}\nmake = Memory()\nagent = Agent('Desk')\n")
    loaded = await opened("desk.py:agent", context="desk.py:make")

    assert type(loaded.options["context"]).__name__ == "Memory"


async def test_a_lock_as_a_context_is_not_held(tmp_path):
    a_file(tmp_path, f"import threading\n{FAKE}make = threading.Lock()\nagent = Agent('Desk')\n")
    loaded = await opened("desk.py:agent", context="desk.py:make")

    assert not loaded.options["context"].locked()


@pytest.mark.parametrize(
    "form",
    [
        "make = functools.partial(dict, a=1)",
        "make = functools.cache(lambda: {'a': 1})",
        "class Maker:\n    def memory(self): return {'a': 1}\nmake = Maker().memory",
    ],
    ids=["partial", "cached", "method"],
)
async def test_what_is_a_function_in_all_but_type_makes_the_context(tmp_path, form):
    a_file(tmp_path, f"import functools\n{FAKE}{form}\nagent = Agent('Desk')\n")
    loaded = await opened("desk.py:agent", context="desk.py:make")

    assert loaded.options["context"] == {"a": 1}


RAISED = {
    "KeyboardInterrupt": "raise KeyboardInterrupt",
    "CancelledError": "raise asyncio.CancelledError",
    "GeneratorExit": "raise GeneratorExit",
    "BaseException": "raise BaseException('no')",
}


@pytest.mark.parametrize("define", ["def", "async def"])
@pytest.mark.parametrize("name", RAISED)
async def test_whatever_a_factory_raises_is_an_error_that_names_its_line(tmp_path, name, define):
    text = f"import asyncio\n{FAKE}{define} agent():\n    {RAISED[name]}\n"
    text += "    return Agent('Desk')\n"
    line = text[: text.index("raise")].count("\n") + 1
    a_file(tmp_path, text)

    with pytest.raises(LoadError, match=rf"{name}.*\(at .*desk\.py:{line}\)"):
        await opened("desk.py:agent")


async def test_an_interrupt_in_a_file_is_an_error_that_names_its_line(tmp_path):
    a_file(tmp_path, f"{FAKE}raise KeyboardInterrupt\n")

    with pytest.raises(LoadError, match=r"KeyboardInterrupt \(at .*desk\.py:\d+\)"):
        await opened("desk.py:agent")


async def test_a_wish_to_end_while_a_factory_runs_stays_one(tmp_path):
    waits = "await asyncio.Event().wait(); return Agent('Desk')"
    a_file(tmp_path, f"import asyncio\n{FAKE}async def agent(): {waits}\n")
    opening = asyncio.ensure_future(opened("desk.py:agent"))
    await asyncio.sleep(0)
    opening.cancel()

    with pytest.raises(asyncio.CancelledError):
        await opening


async def test_an_asked_for_context_wins_over_the_factorys(tmp_path):
    text = f"{FAKE}def agent(): return Agent('Desk'), {{'context': 1, 'session': 2}}\nmake = 3\n"
    a_file(tmp_path, text)
    loaded = await opened("desk.py:agent", context="desk.py:make")

    assert loaded.options == {"context": 3, "session": 2}


OURS = "from tui.agents import Agent\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (f"{FAKE}def agent() -> Agent: return 1", "gives no agent but something of type int"),
        (f"{FAKE}def agent(a) -> Agent: return 1", "cannot be called without arguments (missing a"),
        (f"{FAKE}async def agent(): yield Agent('A')", "decorate it with contextlib.asyncconte"),
        (f"{FAKE}def agent(): yield Agent('A')", "decorate it with contextlib.contextmanager"),
        (f"{FAKE}def agent(): return Agent('A'), 1, 2", "gives a tuple of 3: give the agent, or a"),
        (f"{FAKE}def agent(): return print('Hi')", "gives no agent but something of type NoneType"),
        (
            f"{OURS}def find(): ...\nagent = Agent(name='A', tools=[find])",
            "desk.py:agent: find among the tools of A is a plain function: decorate it with @funct",
        ),
        (
            (
                "from agents import Agent\ndef find(): ...\nb = Agent(name='B', tools=[find])\n"
                "agent = Agent(name='A', handoffs=[b])"
            ),
            "desk.py:agent: find among the tools of B is a plain function: decorate it with @funct",
        ),
        (
            "from agents import Agent\ndef agent(): return Agent(name='A'), {'sesion': 1}",
            "an option that Runner.run_streamed does not take: got an unexpected keyword arg",
        ),
        (
            (
                f"{OURS}b = Agent(name='B')\nc = Agent(name='C', handoffs=[b, Agent(name='B')])\n"
                "agent = Agent(name='A', handoffs=[b, c])"
            ),
            "desk.py:agent leads to two agents of one name: A → B and A → C → B; ",
        ),
        (
            f"{OURS}agent = Agent(name='A', tools=[Agent(name='A').as_tool('a', 'a')])",
            "two agents of one name: A and A → A; ",
        ),
        (
            (
                "from agents import Agent, handoff\n"
                "agent = Agent(name='A', handoffs=[handoff(Agent(name='A'))])"
            ),
            "two agents of one name: A and A → A; ",
        ),
    ],
)
async def test_what_gives_no_agent_to_run_gets_a_sentence(tmp_path, text, sentence):
    a_file(tmp_path, f"{text}\n")

    with pytest.raises(LoadError) as caught:
        await opened("desk.py:agent")
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


async def test_an_agent_reached_by_two_ways_is_one_agent(tmp_path):
    text = (
        f"{OURS}b = Agent(name='B')\nagent = Agent(name='A', handoffs=[b], "
        "tools=[b.as_tool('b', 'b')])\nb.handoffs.append(agent)\n"
    )
    a_file(tmp_path, text)

    assert (await opened("desk.py:agent")).agent.name == "A"


async def test_what_was_entered_is_left_when_the_context_fails(tmp_path):
    text = (
        f"{FAKE}{ENTERED}"
        "@asynccontextmanager\nasync def agent():\n"
        "    try:\n        yield Agent('Desk')\n    finally:\n        note('out')\n"
        "def make():\n    assert not log\n    raise ValueError(id(log))\n"
    )
    a_file(tmp_path, text)
    imported = import_wanted(Wanted("desk.py:agent", context="desk.py:make"))
    with pytest.raises(LoadError, match=r"desk.py:make could not be loaded: ValueError"):
        async with AsyncExitStack() as kept:
            await open_agent(imported, kept)

    log = sys.modules["desk"].log
    assert [word for word, _ in log] == ["out"]
