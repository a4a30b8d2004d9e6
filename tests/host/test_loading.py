"""Loading in this process: what is given back, and the sentences of what goes wrong."""

from __future__ import annotations

import io
import sys
from contextlib import AsyncExitStack

import pytest

from tui.errors import LoadError
from tui.host.loading import Wanted, import_wanted
from tui.host.opening import open_agent

FAKE = "from tests.fakes.fake_runtime import Agent\n"


@pytest.fixture(autouse=True)
def _restored(monkeypatch, tmp_path):
    """What loading changes for a process that ends with it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "argv", list(sys.argv))
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    known = set(sys.modules)
    yield
    for name in set(sys.modules) - known:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


async def opened(target, **wanted):
    """Load a target and leave at once what was entered for it."""
    imported = import_wanted(Wanted(target, **wanted))
    async with AsyncExitStack() as kept:
        return await open_agent(imported, kept)


def a_file(folder, text, name="desk.py"):
    file = folder / name
    file.write_text(text)
    return file


async def test_an_agent_of_a_file_is_given_with_its_library(tmp_path):
    file = a_file(tmp_path, f"{FAKE}agent = Agent('Desk')\n")
    loaded = await opened(f"{file}:agent")

    assert loaded.agent.name == "Desk"
    assert loaded.runtime.library.__name__ == "tests.fakes.fake_runtime"
    assert not loaded.rehearsal


async def test_a_file_finds_its_neighbours_and_what_the_current_folder_holds(tmp_path):
    (tmp_path / "inner").mkdir()
    a_file(tmp_path, "NAME = 'of the folder'\n", "shop_names.py")
    a_file(tmp_path / "inner", "GREETING = 'hello'\n", "desk_words.py")
    text = f"{FAKE}from shop_names import NAME\nfrom desk_words import GREETING\n"
    a_file(tmp_path / "inner", f"{text}agent = Agent(f'{{GREETING}} {{NAME}}')\n")

    assert (await opened("inner/desk.py:agent")).agent.name == "hello of the folder"


async def test_a_module_is_found_from_the_current_folder(tmp_path):
    (tmp_path / "shop").mkdir()
    a_file(tmp_path / "shop", "NAME = 'Shop'\n", "names.py")
    a_file(tmp_path / "shop", f"{FAKE}from .names import NAME\nagent = Agent(NAME)\n", "desk.py")

    assert (await opened("shop.desk:agent")).agent.name == "Shop"


async def test_a_file_named_like_a_module_it_needs_hides_nothing(tmp_path):
    file = a_file(tmp_path, f"import json\n{FAKE}agent = Agent(json.dumps('x'))\n", "json.py")

    assert (await opened(f"{file}:agent")).agent.name == '"x"'


async def test_a_file_named_like_the_library_it_uses_hides_nothing(tmp_path):
    file = a_file(tmp_path, "from agents import Agent\nagent = Agent(name='A')\n", "agents.py")

    assert (await opened(f"{file}:agent")).agent.name == "A"


async def test_dataclasses_and_annotations_of_a_file_find_their_module(tmp_path):
    text = (
        "from __future__ import annotations\nfrom dataclasses import dataclass\n"
        "import typing\n@dataclass\nclass Order:\n    number: int\n"
        f"assert typing.get_type_hints(Order)\n{FAKE}agent = Agent('Desk')\n"
    )

    assert (await opened(f"{a_file(tmp_path, text)}:agent")).agent.name == "Desk"


async def test_the_rehearsal_is_loaded_by_name():
    loaded = await opened("rehearsal", speed=5)

    assert loaded.rehearsal
    assert loaded.target == "rehearsal"
    assert loaded.runtime.library.__name__ == "tui.agents"


@pytest.mark.parametrize(
    ("text", "target", "sentence"),
    [
        ("agent = 1\n", "desk.py:agent", "desk.py:agent is not an agent but of type int"),
        ("agent = 1\n", "desk.py:other", "desk.py has no 'other'"),
        ("agent = 1\n", "desk.py", "desk.py: no agent was found"),
        (f"{FAKE}agent = Agent\n", "desk.py:agent", "is not an agent but of type type"),
        ("import missing_thing\n", "desk.py:agent", "desk.py needs the module 'missing_thing'"),
        ("1 / 0\n", "desk.py:agent", "desk.py could not be loaded: ZeroDivisionError"),
        (
            "raise SystemExit(3)\n",
            "desk.py:agent",
            "desk.py calls sys.exit(3) while it is only loade",
        ),
        ("raise SystemExit\n", "desk.py:agent", "desk.py calls sys.exit() while it is only loaded"),
        (
            "exit('Set a key first')\n",
            "desk.py:agent",
            "ends itself while it is loaded: Set a key fir",
        ),
        (
            "import desk_bad\n",
            "desk.py:agent",
            "could not be loaded: desk_bad.py:1 is not Python: inv",
        ),
        ("input()\n", "desk.py:agent", "asks for input while it is only loaded"),
        ("x = (\n", "desk.py:agent", "desk.py:1 is not Python"),
        ("agent = 1\n", "nothing.py:agent", "there is no file nothing.py"),
        ("agent = 1\n", "shop.missing:agent", "there is no module shop.missing"),
        ("import missing_thing\n", "desk:agent", "desk needs the module 'missing_thing'"),
        ("agent = 1\n", "desk:other", "desk has no 'other': no agent was found"),
        (f"{FAKE}one = Agent('A')\n", "desk:other", "try desk:one"),
    ],
)
async def test_what_gives_no_agent_gets_a_sentence(tmp_path, text, target, sentence):
    a_file(tmp_path, text)
    a_file(tmp_path, "def (:\n", "desk_bad.py")

    with pytest.raises(LoadError) as caught:
        await opened(target)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "target", "advice"),
    [
        (
            "raise SystemExit(3)\n",
            "desk.py:agent",
            'Put what calls it under `if __name__ == "__main',
        ),
        (
            "exit('Set a key first')\n",
            "desk.py:agent",
            "See to what it says, then send your message",
        ),
        ("input()\n", "desk.py:agent", 'Put what asks under `if __name__ == "__main__":`, then'),
        ("agent = 1\n", "desk.py:other", "Start Baton again with another name, or add this one"),
        ("agent = 1\n", "nothing.py:agent", "Start Baton again with another name, or add this"),
        ("agent = 1\n", "shop.missing:agent", "Start Baton again with another name, or add"),
    ],
)
async def test_what_to_do_is_said_where_it_is_not_to_correct_the_file(
    tmp_path, text, target, advice
):
    a_file(tmp_path, text)

    with pytest.raises(LoadError) as caught:
        await opened(target)
    assert advice in caught.value.advice


async def test_a_failure_names_the_line_and_keeps_its_traceback(tmp_path):
    file = a_file(tmp_path, "\n\n1 / 0\n")

    with pytest.raises(LoadError) as caught:
        await opened(f"{file}:agent")
    assert "(at desk.py:3)" in str(caught.value)
    assert "ZeroDivisionError" in caught.value.details


async def test_a_file_that_failed_can_be_loaded_after_it_was_corrected(tmp_path):
    file = a_file(tmp_path, "1 / 0\n")
    with pytest.raises(LoadError):
        await opened(f"{file}:agent")
    file.write_text(f"{FAKE}agent = Agent('Desk')\n")

    assert (await opened(f"{file}:agent")).agent.name == "Desk"
