"""Where a file lies decides how it is imported; where its code fails is what the person reads."""

from __future__ import annotations

import asyncio
import sys

import pytest

from tests.host.test_loading import FAKE, _restored, a_file, opened
from tui.errors import LoadError
from tui.host.loading import Wanted, import_wanted

__all__ = ["_restored"]


def a_package(folder, *names):
    for name in names:
        folder = folder / name
        folder.mkdir()
        (folder / "__init__.py").touch()
    return folder


async def test_a_file_of_a_package_is_imported_as_its_part(tmp_path):
    folder = a_package(tmp_path, "shop_app", "desks")
    a_file(tmp_path / "shop_app", "NAME = 'Shop'\n", "names.py")
    text = f"{FAKE}from ..names import NAME\nimport shop_app.names\nagent = Agent(__name__)\n"
    file = a_file(folder, text)

    assert (await opened(f"{file}:agent")).agent.name == "shop_app.desks.desk"


async def test_relative_imports_need_no_init_file(tmp_path):
    folder = tmp_path / "research"
    (folder / "inner").mkdir(parents=True)
    a_file(folder, "NAME = 'Shop'\n", "names.py")
    file = a_file(folder / "inner", f"{FAKE}from ..names import NAME\nagent = Agent(NAME)\n")

    assert (await opened(f"{file}:agent")).agent.name == "Shop"


async def test_a_file_that_is_meant_to_be_run_from_above_finds_what_lies_there(tmp_path):
    (tmp_path / "samples" / "desk_app").mkdir(parents=True)
    a_file(tmp_path / "samples", "NAME = 'Shop'\n", "shared.py")
    text = f"{FAKE}from samples.shared import NAME\nagent = Agent(NAME)\n"
    file = a_file(tmp_path / "samples" / "desk_app", text)

    assert (await opened(f"{file}:agent")).agent.name == "Shop"


async def test_a_package_named_like_the_library_it_uses_hides_nothing(tmp_path):
    folder = a_package(tmp_path, "agents")
    file = a_file(folder, "from agents import Agent\nagent = Agent(name='A')\n")

    assert (await opened(f"{file}:agent")).agent.name == "A"


async def test_a_file_is_imported_from_a_folder_that_is_gone(tmp_path, monkeypatch):
    file = a_file(tmp_path, f"{FAKE}agent = Agent('Desk')\n")
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()

    assert (await opened(f"{file}:agent")).agent.name == "Desk"


async def test_a_file_and_its_context_are_the_same_module(tmp_path):
    text = (
        f"{FAKE}class Memory: ...\n"
        "def check(memory): return isinstance(memory, Memory)\n"
        "def make():\n    agent = Agent('Desk')\n    agent.check = check\n    return agent\n"
    )
    file = a_file(tmp_path, text)
    loaded = await opened(f"{file}:make", context="desk.py:Memory")

    assert loaded.agent.check(loaded.options["context"])


async def test_the_name_may_be_left_out_of_a_module_too(tmp_path):
    a_file(tmp_path, "from tui.agents import Agent\nfront = Agent(name='Desk')\n", "shop_desk.py")
    loaded = await opened("shop_desk")

    assert (loaded.target, loaded.agent.name) == ("shop_desk:front", "Desk")


async def test_a_module_with_several_agents_lists_them(tmp_path):
    text = "from tui.agents import Agent\na = Agent(name='A')\nb = Agent(name='B')\n"
    a_file(tmp_path, text, "shop_desk.py")

    with pytest.raises(LoadError, match=r"holds 2 agents; .*try shop_desk:a or shop_desk:b"):
        await opened("shop_desk")


async def test_a_file_that_runs_its_program_is_not_run(tmp_path):
    text = "import asyncio\nasync def main(): raise SystemExit('it was run')\nasyncio.run(main())\n"
    a_file(tmp_path, text)

    with pytest.raises(LoadError, match=r"desk.py:3 runs the program while"):
        await opened("desk.py:agent")
    with pytest.raises(LoadError, match=r"desk:3 runs the program while"):
        await opened("desk:agent")


async def test_an_agent_may_be_made_by_a_loop_of_the_files_own(tmp_path):
    text = (
        f"import asyncio\n{FAKE}async def build(): return Agent('Desk')\n"
        "agent = asyncio.run(build())\n"
    )
    a_file(tmp_path, text)
    # As the host does it: where no loop runs.
    imported = await asyncio.to_thread(import_wanted, Wanted("desk.py:agent"))
    assert imported.agent.value.name == "Desk"


async def failure_of(target, **wanted):
    with pytest.raises(LoadError) as caught:
        await opened(target, **wanted)
    return caught.value


async def test_a_traceback_begins_with_the_persons_own_frame(tmp_path):
    a_file(tmp_path, "def fail():\n    return 1 / 0\n", "desk_words.py")
    file = a_file(tmp_path, "import desk_words\n\ndesk_words.fail()\n")
    error = await failure_of(f"{file}:agent")
    frames = [line for line in error.details.splitlines() if line.startswith("  File")]

    assert frames[0].startswith(f'  File "{file}", line 3')
    assert "importlib" not in error.details
    assert "tui/host" not in error.details
    assert "(at desk_words.py:2)" in str(error)


async def test_a_failure_inside_a_library_names_the_persons_line(tmp_path):
    file = a_file(tmp_path, "import json\n\njson.loads('{')\n")
    error = await failure_of(f"{file}:agent")

    assert "(at desk.py:3)" in str(error)
    assert "decoder.py" in error.details


async def test_a_factorys_failure_names_its_line(tmp_path):
    file = a_file(tmp_path, "async def make():\n    return int('no')\n")
    error = await failure_of(f"{file}:make")

    assert str(error).startswith(f"{file}:make could not be loaded: ValueError: invalid")
    assert str(error).endswith("(at desk.py:2)")
    assert error.details.splitlines()[1].startswith(f'  File "{file}", line 2')


async def test_a_place_outside_the_current_folder_is_given_whole(tmp_path, monkeypatch):
    file = a_file(tmp_path, "1 / 0\n")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    error = await failure_of(f"{file}:agent")

    assert f"(at {file}:1)" in str(error)


@pytest.mark.parametrize("library", ["agents", "tui.agents"])
async def test_a_neighbour_that_runs_an_agent_is_told_what_it_does(tmp_path, monkeypatch, library):
    # As the host process has it; no model is asked in no turns.
    monkeypatch.setenv("OPENAI_AGENTS_DISABLE_TRACING", "1")
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    text = (
        f"from {library} import Agent, Runner\nimport asyncio\n"
        "asyncio.run(Runner.run(Agent(name='A'), 'hi', max_turns=0))\n"
    )
    a_file(tmp_path, text, "desk_runs.py")
    file = a_file(tmp_path, "import desk_runs\n")
    # As the host does it: where no loop runs.
    with pytest.raises(LoadError) as caught:
        await asyncio.to_thread(import_wanted, Wanted(f"{file}:agent"))

    assert "desk.py runs an agent while it is only loaded: MaxTurnsExceeded" in str(caught.value)
    assert "(at desk_runs.py:3)" in str(caught.value)
    assert 'under `if __name__ == "__main__":`' in caught.value.advice


async def test_a_group_of_failures_is_told_by_the_one_inside(tmp_path):
    text = "def make():\n    inner = [ConnectionError('refused')]\n    return fail(inner)\n"
    text += "def fail(inner):\n    raise ExceptionGroup('a', [ExceptionGroup('b', inner)])\n"
    error = await failure_of(f"{a_file(tmp_path, text)}:make")

    assert "could not be loaded: ConnectionError: refused (at " in str(error)
    assert "ExceptionGroup" in error.details


async def test_a_neighbour_that_is_not_python_is_named(tmp_path):
    a_file(tmp_path, "def (:\n", "desk_words.py")
    error = await failure_of(f"{a_file(tmp_path, 'import desk_words')}:agent")

    assert "desk_words.py:1 is not Python: invalid syntax" in str(error)
    assert "desk_words.py" in error.details


@pytest.mark.parametrize(
    ("name", "distribution"), [("dotenv", "python-dotenv"), ("no_such_thing", "no_such_thing")]
)
async def test_a_missing_package_is_told_with_how_to_install_it(tmp_path, name, distribution):
    file = a_file(tmp_path, f"\nfrom {name}.sub import thing\n")
    error = await failure_of(f"{file}:agent")

    expected = f"{file} needs the module '{name}', which is not there (at desk.py:2)"
    assert str(error) == expected
    assert f"{sys.executable} -m pip install {distribution}. " in error.advice


async def test_a_missing_part_of_a_package_is_no_missing_package(tmp_path):
    error = await failure_of(f"{a_file(tmp_path, 'import json.nothing')}:agent")

    assert "could not be loaded: ModuleNotFoundError: No module named 'json.nothing'" in str(error)
