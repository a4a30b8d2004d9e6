"""Which agents a file shows without being run, and what is said of targets that give none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tui.errors import LoadError, UsageError
from tui.host.finding import (
    Target,
    check_context,
    complete_target,
    look_at,
    parse_target,
)

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

    assert [found.variable for found in look_at(file).agents] == variables


def test_a_found_agent_has_its_name_and_line(tmp_path):
    file = tmp_path / "desk.py"
    file.write_text("from agents import Agent\n\na = Agent(name='Front desk')\nb = Agent(NAME)\n")

    found = look_at(file).agents
    assert [(agent.title, agent.line) for agent in found] == [("Front desk", 3), ("", 4)]


def test_a_file_of_another_encoding_is_read_by_its_own_rules(tmp_path):
    file = tmp_path / "desk.py"
    text = "# coding: latin-1\nfrom agents import Agent\na = Agent(name='Büro')\n"
    file.write_bytes(text.encode("latin-1"))

    assert look_at(file).agents[0].title == "Büro"


AGENT_IN_BYTES = b"from agents import Agent\na = Agent(name='A')\n"
READABLE = {
    "with a byte order mark": b"\xef\xbb\xbf" + AGENT_IN_BYTES,
    "with the line ends of Windows": AGENT_IN_BYTES.replace(b"\n", b"\r\n"),
    "with the line ends of an old Mac": AGENT_IN_BYTES.replace(b"\n", b"\r"),
    "without a line end": AGENT_IN_BYTES.strip(),
    "with what Python only warns of": AGENT_IN_BYTES + b"pattern = '\\d'\n",
}


@pytest.mark.parametrize("name", READABLE)
def test_agents_are_found_in_a_file(tmp_path, name):
    file = tmp_path / "desk.py"
    file.write_bytes(READABLE[name])

    assert [agent.title for agent in look_at(file).agents] == ["A"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"def (:\n", "desk.py:1 is not Python: "),
        (b"x = '\xff'\n", "is not Python"),
        (b"x = \x00\n", "is not Python"),
        (b"# coding: klingon\n", "is not Python"),
        (b"\xff\xfex\x00=\x001\x00\n\x00", "is not Python"),
    ],
)
def test_a_file_that_is_not_python_is_said_to_be_none(tmp_path, content, sentence):
    file = tmp_path / "desk.py"
    file.write_bytes(content)

    with pytest.raises(LoadError) as caught:
        look_at(file)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    "code", ["x = " + "-" * 200_000 + "1", "x = a" + ".a" * 3_000 + "()", "(" * 9_000]
)
def test_a_file_nested_too_deeply_is_one_sentence(tmp_path, code):
    file = tmp_path / "desk.py"
    file.write_text(f"{code}\n")

    with pytest.raises(UsageError, match=r"too deeply nested|not Python") as caught:
        complete_target(f"{file}:x")
    assert "\n" not in str(caught.value)


def test_only_a_regular_file_is_opened(tmp_path):
    pipe = tmp_path / "pipe.py"
    os.mkfifo(pipe)

    with pytest.raises(UsageError, match=r"pipe\.py is no regular file"):
        complete_target(f"{pipe}:a")


def test_a_file_of_a_size_that_no_person_writes_is_not_read(tmp_path):
    vast = tmp_path / "vast.py"
    with vast.open("wb") as file:
        file.truncate(1 << 40)

    with pytest.raises(UsageError, match=r"vast\.py has more than 2 MB"):
        complete_target(f"{vast}:a")


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


@pytest.mark.parametrize("target", ["rehearsal", "{file}:a", "{file}:path", "tests.host:a", "json"])
def test_a_target_that_may_give_an_agent_passes(tmp_path, target):
    file = tmp_path / "desk.py"
    file.write_text(DESK)

    assert complete_target(target.format(file=file)) == target.format(file=file)


def test_the_name_may_be_left_out_where_a_file_holds_one_agent(tmp_path):
    file = tmp_path / "desk.py"
    file.write_text(
        "from agents import Agent\ndef make(): return Agent(name='B')\na = Agent('A')\n"
    )

    assert complete_target(str(file)) == f"{file}:a"


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        ("{file}", "holds 2 agents; say which to run: try {file}:a or {file}:b"),
        ("{file}:c", "has no 'c': try {file}:a or {file}:b"),
        ("{folder}/missing.py:a", "there is no file"),
        ("{folder}/:a", "is a folder"),
        ("nosuch.mod:a", "there is no module nosuch.mod: run Baton in the folder"),
        ("nosuch", "there is no module nosuch: "),
        ("what is this", "'what is this' names no agent: give FILE.py:NAME or MODULE:NAME"),
        ("{folder}/dsek.py:a", "there is no file {folder}/dsek.py: did you mean {folder}/desk.py?"),
        ("{folder}/far/desk.py:a", "there is no file {folder}/far/desk.py: check its path"),
    ],
)
def test_a_target_that_cannot_give_an_agent_gets_a_sentence(tmp_path, target, sentence):
    file = tmp_path / "desk.py"
    file.write_text(DESK)
    names = {"file": file, "folder": tmp_path}

    with pytest.raises(UsageError) as caught:
        complete_target(target.format(**names))
    assert sentence.format(**names) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("slip", "meant"), [("Triage", "triage"), ("refund", "refunds")])
def test_a_slip_in_a_name_is_told_what_was_meant(tmp_path, slip, meant):
    file = tmp_path / "desk.py"
    file.write_text(f"{AGENT}triage = Agent(name='T')\ndef refunds(): return triage\n")

    with pytest.raises(UsageError) as caught:
        complete_target(f"{file}:{slip}")
    assert str(caught.value) == f"{file} has no '{slip}': did you mean {file}:{meant}?"


def test_of_many_agents_a_few_are_offered(tmp_path):
    file = tmp_path / "many.py"
    file.write_text(AGENT + "".join(f"a{i} = Agent(name='A')\n" for i in range(500)))

    with pytest.raises(UsageError) as caught:
        complete_target(str(file))
    assert str(caught.value) == (
        f"{file} holds 500 agents; say which to run: try {file}:a0 or {file}:a1 or {file}:a2 or "
        f"{file}:a3 or {file}:a4, or one of 495 more"
    )


def test_a_link_that_leads_to_itself_is_one_sentence(tmp_path):
    loop = tmp_path / "loop.py"
    loop.symlink_to(loop)

    with pytest.raises(UsageError, match=r"loop\.py cannot be read: "):
        complete_target(f"{loop}:a")


def test_a_slip_in_a_modules_name_is_told_what_was_meant(tmp_path, monkeypatch):
    (tmp_path / "desk.py").write_text(DESK)
    monkeypatch.chdir(tmp_path)

    with pytest.raises(UsageError, match=r"no module dsek: did you mean desk\.py\?"):
        complete_target("dsek:a")


def test_a_folder_is_no_module_but_a_package_and_a_file_beside_one_are(tmp_path, monkeypatch):
    for folder in ("bare", "package", "beside"):
        (tmp_path / folder).mkdir()
    (tmp_path / "package" / "__init__.py").touch()
    (tmp_path / "beside.py").touch()
    monkeypatch.chdir(tmp_path)

    with pytest.raises(UsageError, match="bare is a folder: give a file"):
        complete_target("bare")
    assert complete_target("package:a") == "package:a"
    assert complete_target("beside:a") == "beside:a"
    assert complete_target("bare.inner:a") == "bare.inner:a"


def test_in_a_folder_that_is_gone_there_is_no_file_and_no_module(tmp_path, monkeypatch):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()

    with pytest.raises(UsageError, match=r"no file desk\.py: the folder you are in is gone, "):
        complete_target("desk.py:a")
    with pytest.raises(UsageError, match="there is no module nosuch: "):
        complete_target("nosuch:a")
    assert complete_target("json:a") == "json:a"


@pytest.mark.parametrize(
    "how", ["globals()['c'] = 1", "def __getattr__(name): ...", "exec('c = 1')"]
)
def test_a_file_that_may_bind_any_name_passes_with_any(tmp_path, how):
    file = tmp_path / "desk.py"
    file.write_text(f"{DESK}{how}\n")

    complete_target(f"{file}:c")


AGENT = "from agents import Agent\n"
MAKERS = {
    "returns": "def make(): return Agent(name='A')",
    "returns what it named": "async def make():\n    a = Agent(name='A')\n    return a",
    "returns options too": "def make(): return Agent(name='A'), {'max_turns': 3}",
    "yields": "@contextmanager\ndef make():\n    with db():\n        yield Agent(name='A')",
    "is said to": "def make() -> 'Agent[int]': return built()",
    "is said to yield": "async def make() -> AsyncIterator[Agent]: yield built()",
    "defaults": "def make(a=1, *, b=2): return Agent(name='A')",
    "imports inside": "def make():\n    from tui.agents import Agent as B\n    return B('A')",
    "one at the top": "def make(): return top\ntop = Agent(name='A')\ndel top",
}


@pytest.mark.parametrize("name", MAKERS)
def test_functions_that_give_an_agent_are_found(tmp_path, name):
    file = tmp_path / "desk.py"
    file.write_text(f"{AGENT}{MAKERS[name]}\n")

    assert [each.name for each in look_at(file).makers] == ["make"]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (
            "def make(): return Agent(name='A')\nasync def other(): yield Agent(name='B')",
            "no agent stands there, but functions give one: try {file}:make or {file}:other",
        ),
        (
            "async def main():\n    a = Agent(name='A')\n    print(await Runner.run(a, 'Hi'))",
            (
                "main() in line 2 makes one and keeps it: let a function return it, and give "
                "{file}:FUNCTION"
            ),
        ),
        (
            "def make(city): return Agent(name=city)",
            "make() gives an agent, but takes arguments: give them defaults",
        ),
        ("def main():\n    def inner(): return Agent(name='A')", "no agent was found"),
    ],
)
def test_a_file_without_an_agent_at_its_top_says_what_to_do(tmp_path, body, sentence):
    file = tmp_path / "desk.py"
    file.write_text(f"{AGENT}{body}\n")

    with pytest.raises(UsageError) as caught:
        complete_target(str(file))
    assert str(caught.value).endswith(sentence.format(file=file)) or sentence in str(caught.value)


def test_a_function_that_gives_nothing_back_is_not_run_for_an_agent(tmp_path):
    file = tmp_path / "desk.py"
    file.write_text(f"{AGENT}a = Agent(name='A')\nasync def main():\n    print('runs')\n")

    with pytest.raises(UsageError, match=r"desk.py:main returns no agent: try .*desk.py:a$"):
        complete_target(f"{file}:main")


def test_a_file_without_agents_says_so(tmp_path):
    file = tmp_path / "desk.py"
    file.write_text("x = 1\n")

    with pytest.raises(UsageError, match="no agent was found at the top of the file"):
        complete_target(f"{file}:a")


MAIN = "async def main():\n    print(await Runner.run(a, 'Hi'))\n"
STARTS = {
    "asyncio.run(main())": 4,
    "asyncio.run(main(), debug=True)": 4,
    "result = asyncio.run(main())": 4,
    "print(Runner.run_sync(a, 'Hi').final_output)": 4,
    "result = agents.Runner.run_sync(a, 'Hi')": 4,
    "tui.run(a, 'Hi')": 4,
    "from tui import run\nrun(a)": 5,
    "from asyncio import run as go\ngo(main())": 5,
    "while True:\n    Runner.run_sync(a, input())": 5,
    "if x:\n    pass\nelse:\n    asyncio.run(main())": 7,
    "asyncio.get_event_loop().run_until_complete(main())": 4,
    "uvicorn.run(app)": 4,
    "def go():\n    asyncio.run(main())\ngo()": 6,
}


@pytest.mark.parametrize("code", STARTS)
def test_a_file_that_runs_its_program_when_it_is_loaded_is_not_loaded(tmp_path, code):
    file = tmp_path / "desk.py"
    file.write_text(f"a = 1\n{MAIN}{code}\n")

    with pytest.raises(UsageError) as caught:
        complete_target(f"{file}:a")
    assert str(caught.value).startswith(f"{file}:{STARTS[code]} runs the program")
    assert 'under `if __name__ == "__main__":`' in str(caught.value)


@pytest.mark.parametrize(
    "code",
    [
        "if __name__ == '__main__':\n    asyncio.run(main())",
        "tools = asyncio.run(load_tools())",
        "def go():\n    asyncio.run(main())",
        "go = lambda: asyncio.run(main())",
        "class Program:\n    def run(self): asyncio.run(main())",
        "run(something)",
    ],
)
def test_what_only_defines_a_program_is_loaded(tmp_path, code):
    file = tmp_path / "desk.py"
    file.write_text(f"a = build()\n{MAIN}{code}\n")

    complete_target(f"{file}:a")


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("1", "an int"),
        ("-1.5", "a float"),
        ("'agent'", "a str"),
        ("f'{a}'", "a str"),
        ("[a]", "a list"),
        ("{'a': a}", "a dict"),
        ("{a for _ in b}", "a set"),
        ("None", "None"),
    ],
)
def test_a_name_of_a_plain_value_is_no_agent(tmp_path, value, kind):
    file = tmp_path / "desk.py"
    file.write_text(f"{DESK}x: object = {value}\n")

    with pytest.raises(UsageError) as caught:
        complete_target(f"{file}:x")
    assert str(caught.value) == f"{file}:x is {kind}, no agent: try {file}:a or {file}:b"


@pytest.mark.parametrize(
    "code",
    [
        "x = a",
        "def f():\n    global x\n    x = a",
        "for x in [a]: pass",
        "with a as x: pass",
        "from b import x",
        "def x(): return a",
        "match a:\n    case [x]: pass",
        "if (x := a): pass",
        "globals()['x'] = a",
        "try:\n    x = a\nexcept Exception:\n    x = 2",
    ],
)
def test_a_name_that_may_get_another_value_passes(tmp_path, code):
    file = tmp_path / "desk.py"
    file.write_text(f"{DESK}x = None\n{code}\n")

    complete_target(f"{file}:x")


def test_a_module_is_looked_for_in_the_folder_and_not_run(tmp_path, monkeypatch):
    (tmp_path / "desk_of_folder.py").write_text("raise SystemExit('it was run')\n")
    monkeypatch.chdir(tmp_path)

    assert complete_target("desk_of_folder:a") == "desk_of_folder:a"
    assert complete_target("__main__:a") == "__main__:a"


@pytest.mark.parametrize("text", ["{file}:Ctx", "pkg.mod:make"])
def test_a_context_that_may_be_one_passes(tmp_path, text):
    file = tmp_path / "desk.py"
    file.write_text("class Ctx: ...\n")

    check_context(text.format(file=file))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{file}", "--context: '{file}' has no name: give FILE.py:NAME or MODULE:NAME"),
        ("{file}:make", "--context: {file} has no 'make': give a name it defines"),
        ("{file}:ctx", "--context: {file} has no 'ctx': did you mean {file}:Ctx?"),
        ("nowhere.py:make", "--context: there is no file nowhere.py: give its path from {cwd}"),
    ],
)
def test_a_context_that_cannot_be_one_gets_a_sentence(tmp_path, text, sentence):
    file = tmp_path / "desk.py"
    file.write_text("class Ctx: ...\n")

    with pytest.raises(UsageError) as caught:
        check_context(text.format(file=file))
    assert str(caught.value) == sentence.format(file=file, cwd=Path.cwd())
