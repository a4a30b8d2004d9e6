"""Sessions: what they store, what they share with the SDK's, and what goes wrong."""

from __future__ import annotations

import asyncio
import gc
import sqlite3
import subprocess
import sys
import threading

import agents as sdk
import pytest

from tests.fakes.milestone import DEADLINE_S
from tui.agents import (
    Agent,
    RunConfig,
    Runner,
    Session,
    SessionABC,
    SessionSettings,
    SQLiteSession,
    UserError,
    function_tool,
)
from tui.agents.models.scripted import ScriptedModel, call, say
from tui.sessions import sqlite_session

HI = {"role": "user", "content": "Hi 終 🙅"}
HELLO = {"role": "assistant", "content": [{"type": "output_text", "text": "Hello"}]}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "talk.db"


def item(number):
    return {"role": "user", "content": str(number)}


def threads_of_sessions():
    return [thread for thread in threading.enumerate() if "SQLiteSession" in thread.name]


def ended(threads):
    for thread in threads:
        thread.join(DEADLINE_S)
    assert threads
    assert not any(thread.is_alive() for thread in threads)


@pytest.mark.parametrize(
    ("first", "second"), [(SQLiteSession, sdk.SQLiteSession), (sdk.SQLiteSession, SQLiteSession)]
)
async def test_a_file_of_either_runtime_is_read_and_continued_by_the_other(first, second, path):
    written, read = first("a", path), second("a", path)
    await written.add_items([HI, HELLO])
    await read.add_items([item(1)])
    assert await read.get_items() == await written.get_items() == [HI, HELLO, item(1)]
    assert await read.pop_item() == item(1)
    await read.clear_session()
    assert await written.get_items() == []
    written.close()
    read.close()


async def test_both_runtimes_make_the_same_tables(tmp_path):
    made = []
    for kind in (SQLiteSession, sdk.SQLiteSession):
        path = tmp_path / kind.__module__
        session = kind("a", path)
        await session.add_items([HI])
        session.close()
        with sqlite3.connect(path) as file:
            rows = file.execute("SELECT type, name, tbl_name, sql FROM sqlite_master")
            made.append(sorted((*row[:3], " ".join((row[3] or "").split())) for row in rows))
            made[-1].append(file.execute("PRAGMA journal_mode").fetchall())
        file.close()
    plain = [str(tables).replace("( ", "(").replace(" )", ")") for tables in made]
    assert plain[0] == plain[1]


async def test_sessions_of_one_file_keep_apart_and_wait_for_one_another(path):
    sessions = [SQLiteSession(name, path) for name in "abcd"]
    await asyncio.gather(*(s.add_items([item(n)]) for n in range(9) for s in sessions))
    for session in sessions:
        assert await session.get_items() == [item(n) for n in range(9)]
        session.close()


async def test_a_limit_counts_what_can_be_read(path):
    session = SQLiteSession("a", path, session_settings=SessionSettings(limit=2))
    await session.add_items([item(n) for n in range(4)])
    with sqlite3.connect(path) as file:
        file.execute("UPDATE agent_messages SET message_data = '{broken' WHERE id = 4")
    file.close()
    assert await session.get_items() == [item(1), item(2)]
    assert await session.get_items(limit=1) == [item(2)]
    assert await session.get_items(limit=0) == []
    assert await session.get_items(limit=-1) == [item(0), item(1), item(2)]
    assert await session.pop_item() == item(2)
    assert await session.get_items() == [item(0), item(1)]
    session.close()


async def test_a_damaged_file_is_an_error_that_names_it(path):
    path.write_bytes(b"This is a letter, not a database. " * 100)
    session = SQLiteSession("a", path)
    with pytest.raises(UserError, match=r"session 'a' in .*talk\.db: file is not a database"):
        await session.get_items()
    result = Runner.run_streamed(Agent(name="A"), "Hi", session=session)
    with pytest.raises(UserError, match="not a database"):
        async for _ in result:
            pass
    assert result.status == "failed"
    session.close()


async def test_a_folder_that_is_not_there_is_an_error_that_names_the_file(tmp_path):
    session = SQLiteSession("a", tmp_path / "none" / "talk.db")
    with pytest.raises(UserError, match=r"none/talk\.db: unable to open database file"):
        await session.add_items([HI])
    session.close()


async def test_a_locked_file_is_an_error_until_it_is_free(path, monkeypatch):
    monkeypatch.setattr(sqlite_session, "LOCK_TIMEOUT_S", 0)
    other = SQLiteSession("b", path)
    await other.add_items([HI])
    other.close()
    session, file = SQLiteSession("a", path), sqlite3.connect(path)
    file.execute("BEGIN IMMEDIATE")
    with pytest.raises(UserError, match="database is locked"):
        await session.add_items([HI])
    file.rollback()
    await session.add_items([HI])
    file.execute("BEGIN IMMEDIATE")
    with pytest.raises(UserError, match="database is locked"):
        await session.add_items([item(1), item(2)])
    file.close()
    assert await session.get_items() == [HI]
    session.close()


async def test_the_event_loop_goes_on_while_a_file_is_locked(path):
    session = SQLiteSession("a", path)
    await session.add_items([HI])
    file = sqlite3.connect(path)
    file.execute("BEGIN IMMEDIATE")
    adding = asyncio.create_task(session.add_items([HELLO]))
    for _ in range(100):
        await asyncio.sleep(0)
    assert not adding.done()
    file.close()
    await adding
    assert await session.get_items() == [HI, HELLO]
    session.close()


async def test_what_was_begun_is_done_although_its_task_is_cancelled(path):
    session = SQLiteSession("a", path)
    adding = asyncio.create_task(session.add_items([HI, HELLO]))
    await asyncio.sleep(0)
    adding.cancel()
    with pytest.raises(asyncio.CancelledError):
        await adding
    assert await session.get_items() == [HI, HELLO]
    session.close()


async def test_a_closed_session_says_so_and_leaves_no_thread(path):
    session = SQLiteSession("a", path)
    await session.add_items([HI])
    working = threads_of_sessions()
    session.close()
    session.close()
    ended(working)
    with pytest.raises(RuntimeError, match="SQLiteSession is closed"):
        await session.get_items()


async def test_a_forgotten_session_leaves_no_thread():
    session = SQLiteSession("a")
    await session.add_items([HI])
    working = threads_of_sessions()
    del session
    gc.collect()
    ended(working)


def test_a_session_lives_longer_than_an_event_loop():
    agent = Agent(name="A", model=ScriptedModel([[say("Hello")], [say("Hello")]]))
    session = SQLiteSession("a")
    for text in ("Hi", "Hi again"):
        Runner.run_sync(agent, text, session=session)
    assert len(asyncio.run(session.get_items())) == 4
    session.close()


async def test_a_session_that_comes_after_a_pause_has_the_call_with_its_output():
    @function_tool(needs_approval=True)
    def pay() -> str:
        return "paid"

    agent = Agent(name="A", model=ScriptedModel([[call("pay")], [say("ok")]]), tools=[pay])
    state = (await Runner.run(agent, "Pay.")).to_state()
    state.approve(state.get_interruptions()[0])
    session = SQLiteSession("a")
    await Runner.run(agent, state, session=session)
    kinds = [item["type"] for item in await session.get_items()]
    assert kinds == ["function_call", "function_call_output", "message"]
    session.close()


async def test_a_tool_that_fails_the_run_leaves_what_its_siblings_did_in_the_session():
    @function_tool(failure_error_function=None)
    async def burn() -> str:
        raise ValueError("no")

    @function_tool
    async def look() -> str:
        return "seen"

    turn = [call("look", call_id="l1"), call("burn", call_id="b1")]
    agent = Agent(name="A", model=ScriptedModel([turn]), tools=[burn, look])
    session = SQLiteSession("a")
    with pytest.raises(UserError, match="Error running tool burn"):
        await Runner.run(agent, "Go.", session=session)
    kept = await session.get_items()
    assert [item.get("call_id") for item in kept] == [None, "l1", "l1"]
    session.close()


def test_a_session_of_ones_own_must_have_all_methods():
    class Half(SessionABC):
        async def get_items(self, limit=None):
            return []

    with pytest.raises(TypeError, match="abstract"):
        Half()
    assert isinstance(SQLiteSession("a"), Session)
    assert not isinstance(object(), Session)


def test_settings_of_a_run_go_before_those_of_a_session():
    own = SessionSettings(limit=2)
    assert own.resolve(SessionSettings(limit=3)).to_dict() == {"limit": 3}
    assert own.resolve(SessionSettings()) is own.resolve(None) is own
    assert RunConfig(session_settings=own).session_settings is own


def test_the_session_stands_where_the_sdk_has_it_and_is_loaded_late():
    code = (
        "import sys, tui.agents, tui.agents.memory\n"
        "names = [dir(tui.agents), dir(tui.agents.memory)]\n"
        "assert all('SQLiteSession' in each for each in names)\n"
        "assert 'sqlite3' not in sys.modules and 'tui.sessions' not in sys.modules\n"
        "from tui.agents.memory.sqlite_session import SQLiteSession\n"
        "assert SQLiteSession is tui.agents.SQLiteSession is tui.agents.memory.SQLiteSession\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
