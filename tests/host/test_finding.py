"""Which agents a file shows without being run, and what is said of targets that give none."""

from __future__ import annotations

import pytest

from tui.errors import LoadError, UsageError
from tui.host.finding import Target, agents_in, check_target, parse_target

FILES = {
    "sdk": ("from agents import Agent\na = Agent(name='A')\n", ["a"]),
    "ours": ("from tui.agents import Agent\na = Agent('A')\n", ["a"]),
    "renamed": ("from agents import Agent as Bot\nbot = Bot(name='B')\n", ["bot"]),
    "module": ("import agents\na = agents.Agent(name='A')\n", ["a"]),
    "dotted module": ("import tui.agents\na = tui.agents.Agent('A')\n", ["a"]),
    "renamed module": ("import agents as sdk\na = sdk.Agent(name='A')\n", ["a"]),
    "package": ("from tui import agents\na = agents.Agent('A')\n", ["a"]),
    "submodule": ("from agents.agent import Agent\na = Agent(name='A')\n", ["a"]),
    "typed": ("from agents import Agent\na = Agent[int](name='A')\n", ["a"]),
    "annotated": ("from agents import Agent\na: Agent[int] = Agent(name='A')\n", ["a"]),
    "subclass": (
        "from agents import Agent\nclass Desk(Agent[int]): pass\ndesk = Desk(name='D')\n",
        ["desk"],
    ),
    "clone": ("from agents import Agent\na = Agent(name='A')\nb = a.clone(name='B')\n", ["a", "b"]),
    "alias": ("from agents import Agent\na = Agent(name='A')\nb = a\n", ["a", "b"]),
    "two targets": ("from agents import Agent\na = b = Agent(name='A')\n", ["a", "b"]),
    "in a try": (
        "try:\n    from agents import Agent\nexcept ImportError:\n    raise\na = Agent(name='A')\n",
        ["a"],
    ),
    "in an if": ("from agents import Agent\nif True:\n    a = Agent(name='A')\n", ["a"]),
    "in main only": (
        "from agents import Agent\nif __name__ == '__main__':\n    a = Agent(name='A')\n",
        [],
    ),
    "in a function": ("from agents import Agent\ndef main():\n    a = Agent(name='A')\n", []),
    "another library": ("from other import Agent\na = Agent(name='A')\n", []),
    "bound twice": ("from agents import Agent\na = Agent(name='A')\na = Agent(name='B')\n", ["a"]),
    "nothing": ("x = 1\n", []),
}


@pytest.mark.parametrize("name", FILES)
def test_agents_are_found_without_running_the_file(tmp_path, name):
    source, variables = FILES[name]
    file = tmp_path / "desk.py"
    file.write_text(f"{source}raise SystemExit('it was run')\n")

    assert [found.variable for found in agents_in(file)] == variables


def test_a_found_agent_has_its_name_and_line(tmp_path):
    file = tmp_path / "desk.py"
    file.write_text("from agents import Agent\n\na = Agent(name='Front desk')\nb = Agent(NAME)\n")

    found = agents_in(file)
    assert [(agent.title, agent.line) for agent in found] == [("Front desk", 3), ("", 4)]


def test_a_file_of_another_encoding_is_read_by_its_own_rules(tmp_path):
    file = tmp_path / "desk.py"
    text = "# coding: latin-1\nfrom agents import Agent\na = Agent(name='Büro')\n"
    file.write_bytes(text.encode("latin-1"))

    assert agents_in(file)[0].title == "Büro"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"def (:\n", "desk.py:1: not Python: "),
        (b"x = '\xff'\n", "not Python"),
        (b"x = \x00\n", "not Python"),
    ],
)
def test_a_file_that_is_not_python_is_said_to_be_none(tmp_path, content, sentence):
    file = tmp_path / "desk.py"
    file.write_bytes(content)

    with pytest.raises(LoadError) as caught:
        agents_in(file)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("desk.py:a", Target("desk.py", "a")),
        ("desk.py", Target("desk.py", "")),
        ("a:b/desk.py", Target("a:b/desk.py", "")),
        ("a:b/desk.py:x", Target("a:b/desk.py", "x")),
        ("pkg.mod:a", Target("pkg.mod", "a")),
        ("pkg.mod", Target("pkg.mod", "")),
    ],
)
def test_a_target_is_a_place_and_a_name(text, target):
    assert parse_target(text) == target


DESK = "from agents import Agent\nfrom os import path\na = Agent(name='A')\nb = Agent(name='B')\n"


@pytest.mark.parametrize("target", ["rehearsal", "{file}:a", "{file}:path", "pkg.mod:a"])
def test_a_target_that_may_give_an_agent_passes(tmp_path, target):
    file = tmp_path / "desk.py"
    file.write_text(DESK)

    check_target(target.format(file=file))


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        ("{file}", "say which agent of it to run: try {file}:a or {file}:b"),
        ("{file}:c", "has no 'c': try {file}:a or {file}:b"),
        ("{folder}/missing.py:a", "there is no file"),
        ("{folder}/:a", "is a folder"),
        ("what is this", "is neither FILE.py:NAME nor MODULE:NAME"),
        ("pkg.mod", "does not say which agent"),
    ],
)
def test_a_target_that_cannot_give_an_agent_gets_a_sentence(tmp_path, target, sentence):
    file = tmp_path / "desk.py"
    file.write_text(DESK)
    names = {"file": file, "folder": tmp_path}

    with pytest.raises(UsageError) as caught:
        check_target(target.format(**names))
    assert sentence.format(**names) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "how", ["globals()['c'] = 1", "def __getattr__(name): ...", "exec('c = 1')"]
)
def test_a_file_that_may_bind_any_name_passes_with_any(tmp_path, how):
    file = tmp_path / "desk.py"
    file.write_text(f"{DESK}{how}\n")

    check_target(f"{file}:c")


def test_a_file_without_agents_says_so(tmp_path):
    file = tmp_path / "desk.py"
    file.write_text("x = 1\n")

    with pytest.raises(UsageError, match="no agent was found at the top of the file"):
        check_target(f"{file}:a")
