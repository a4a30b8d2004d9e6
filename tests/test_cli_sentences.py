"""Everything the command says of arguments that cannot be meant: read it from top to bottom.

One voice: what is wrong, a colon, what to do. One line on standard error, exit code 2.
"""

import os
import pty
import subprocess
import sys

import pytest

from tui import cli

FILES = {
    "one.py": "from tui.agents import Agent\ntriage = Agent(name='Triage')\nlimit = 3\n",
    "two.py": "from agents import Agent\ntriage = Agent(name='T')\nrefunds = Agent(name='R')\n",
    "maker.py": "from agents import Agent\ndef make(): return Agent(name='M')\n",
    "program.py": "from agents import Agent\nasync def main():\n    a = Agent(name='A')\n",
    "starts.py": "import asyncio\nfrom agents import Agent\na = Agent('A')\nasyncio.run(go())\n",
    "empty.py": "",
    "broken.py": "x = = 1\n",
    "notes.txt": "",
    "rules.toml": "[[ruel]]\n",
    "folder.py/inner.py": "",
    "package/inner.py": "",
}

SENTENCES = [
    # Commands.
    ("fly", "'fly' is no command: the commands are demo, replay, run, resume, runs and audit"),
    ("dmeo", "'dmeo' is no command: did you mean `baton demo`?"),
    ("RUN one.py", "'RUN' is no command: did you mean `baton run`?"),
    ("help", "'help' is no command: did you mean `baton --help`?"),
    ("one.py", "'one.py' is no command: did you mean `baton run one.py`?"),
    ("a.b:c Hi", "'a.b:c' is no command: did you mean `baton run a.b:c`?"),
    # Options.
    ("--frob", "there is no option --frob: `baton --help` lists them"),
    ("-x", "there is no option -x: `baton --help` lists them"),
    ("--them light", "there is no option --them: did you mean --theme?"),
    ("--api-key sk-1", "there is no option --api-key: did you mean --api-key-env?"),
    ("--api-key=sk-1", "there is no option --api-key: did you mean --api-key-env?"),
    ("run one.py --contxt x", "there is no option --contxt: did you mean --context?"),
    ("run one.py --frob", "there is no option --frob: `baton run --help` lists them"),
    ("--speed 5 demo", "--speed belongs to `baton demo`: put it behind that"),
    ("run one.py --speed 5", "--speed belongs to `baton demo`: leave it out here"),
    ("--context a:b", "--context belongs to `baton run`: put it behind that"),
    ("--theme", "--theme needs a value: `baton --help` says which"),
    ("run one.py --context", "--context needs a value: `baton run --help` says which"),
    ("demo --speed", "--speed needs a value: `baton demo --help` says which"),
    ("--version=3", "--version takes no value: leave it out"),
    ("run", "run needs an agent: give FILE.py:NAME or MODULE:NAME"),
    (
        "run one.py one two",
        "'two' is one argument too many: put a message of several words in quotes",
    ),
    ("demo one two", "'two' is one argument too many: put a message of several words in quotes"),
    ("--approve", "there is no option --approve: did you mean --approve-all?"),
    ("--approve-al demo", "there is no option --approve-al: did you mean --approve-all?"),
    ("--approve-all=yes", "--approve-all takes no value: leave it out"),
    ("--readonly", "there is no option --readonly: did you mean --read-only?"),
    ("--policy", "--policy needs a value: `baton --help` says which"),
    ("run one.py -", "- is standard input, which is the keyboard here: add --text or --json"),
    ("demo -", "- is standard input, which is the keyboard here: add --text or --json"),
    # Their values.
    ("--policy=", "--policy: an empty name is no file: give its path"),
    ("--policy no.toml", "--policy: there is no file no.toml: check its path"),
    ("demo --policy package", "--policy: package is a folder: give a file"),
    ("--policy rules.toml", 'rules.toml:1: unknown key "ruel"; did you mean "rule"?'),
    ("--policy latin.toml", "--policy: latin.toml is not text in UTF-8: save it as that"),
    ("--policy pipe", "--policy: pipe is a pipe, which can be read once: give a file"),
    ("--theme neon", "--theme: there is no theme 'neon': choose dark or light"),
    ("--api soap", "--api: there is no API 'soap': choose responses or chat"),
    ("demo --speed 0", "--speed: '0' is no pace: give a number above 0, up to 1000"),
    ("demo --speed nan", "--speed: 'nan' is no pace: give a number above 0, up to 1000"),
    ("demo --speed fast", "--speed: 'fast' is no pace: give a number above 0, up to 1000"),
    ("--model=", "--model: an empty name is no model: give one that the service knows"),
    (
        "--base-url localhost:8000/v1",
        "--base-url: 'localhost:8000/v1' is no address: did you mean http://localhost:8000/v1?",
    ),
    (
        "--base-url ftp://x",
        "--base-url: 'ftp://x' is no address: give one such as http://localhost:8000/v1",
    ),
    ("--base-url=", "--base-url: '' is no address: give one such as http://localhost:8000/v1"),
    (
        "--base-url http://[x",
        "--base-url: 'http://[x' is no address: give one such as http://localhost:8000/v1",
    ),
    (
        "--api-key-env NO_SUCH_KEY",
        (
            "--api-key-env: NO_SUCH_KEY is not set: export it, and give the variable's name, not "
            "the key"
        ),
    ),
    (
        "--api-key-env sk-1",
        (
            "--api-key-env: the variable is not set: export it, and give the variable's name, not "
            "the key"
        ),
    ),
    (
        "--api-key-env=",
        "--api-key-env: an empty name is no variable: give the one with the key",
    ),
    # The rehearsal.
    ("--model x demo", "--model: {no_model}"),
    ("demo --model x", "--model: {no_model}"),
    ("demo --api=chat", "--api: {no_model}"),
    (
        "--base-url http://x demo",
        "--base-url: {no_model}",
    ),
    ("--api-key-env= demo", "--api-key-env: {no_model}"),
    # Files.
    ("run nothing.py", "there is no file nothing.py: give its path from {folder}"),
    ("run tow.py:triage", "there is no file tow.py: did you mean two.py?"),
    ("run {folder}/far/one.py", "there is no file {folder}/far/one.py: check its path"),
    ("run folder.py", "folder.py is a folder: give a file, as FILE.py:NAME"),
    ("run package", "package is a folder: give a file, as FILE.py:NAME"),
    ("run package/", "package is a folder: give a file, as FILE.py:NAME"),
    ("run notes.txt", "notes.txt is not a Python file: its name must end in .py"),
    ("run broken.py", "broken.py:1 is not Python: invalid syntax"),
    # Agents.
    ("run a+b", "'a+b' names no agent: give FILE.py:NAME or MODULE:NAME"),
    ("run one.py:a:b", "'one.py:a:b' names no agent: give FILE.py:NAME or MODULE:NAME"),
    ("run two.py", "two.py holds 2 agents; say which to run: try two.py:triage or two.py:refunds"),
    ("run two.py:Triage", "two.py has no 'Triage': did you mean two.py:triage?"),
    ("run two.py:desk", "two.py has no 'desk': try two.py:triage or two.py:refunds"),
    ("run one.py:limit", "one.py:limit is an int, no agent: try one.py:triage"),
    ("run program.py:main", "program.py:main returns no agent: {kept}"),
    ("run program.py", "program.py: {kept}"),
    (
        "run maker.py",
        "maker.py: no agent stands there, but functions give one: try maker.py:make",
    ),
    (
        "run empty.py",
        "empty.py: no agent was found at the top of the file; `baton` lists those of a folder",
    ),
    (
        "run starts.py",
        (
            "starts.py:4 runs the program while the file is only loaded: put asyncio.run(go()) "
            'under `if __name__ == "__main__":`'
        ),
    ),
    ("run tow:triage", "there is no module tow: did you mean two.py?"),
    (
        "run far.away:a",
        (
            "there is no module far.away: run Baton in the folder it can be imported from, or give "
            "its file, as FILE.py:NAME"
        ),
    ),
    # What makes their context.
    ("run one.py --context a.b", "--context: 'a.b' has no name: give FILE.py:NAME or MODULE:NAME"),
    (
        "run one.py --context one.py:limits",
        "--context: one.py has no 'limits': did you mean one.py:limit?",
    ),
    ("run one.py --context one.py:Desk", "--context: one.py has no 'Desk': give a name it defines"),
    ("run one.py --context tow.py:x", "--context: there is no file tow.py: did you mean two.py?"),
]
QUOTE = "put a message of several words in quotes"
NO_MODEL = "the rehearsal asks no model: leave it out, or use run"
KEPT = (
    "no agent stands at its top; main() in line 2 makes one and keeps it: let a function return "
    "it, and give program.py:FUNCTION"
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "latin.toml").write_bytes(b"# caf\xe9\n")
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli, "require_terminal", lambda: None)
    for name in ("BATON_THEME", "OPENAI_BASE_URL", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.mark.parametrize(("arguments", "sentence"), SENTENCES)
def test_wrong_arguments_are_one_line_and_exit_code_2(folder, capsys, arguments, sentence):
    names = {"folder": folder, "kept": KEPT, "quote": QUOTE, "no_model": NO_MODEL}
    assert cli.main(arguments.format(**names).split()) == 2
    captured = capsys.readouterr()
    assert captured.err == f"baton: {sentence.format(**names)}\n"
    assert captured.out == ""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["run", "a\x1b[2J\n.py"], "there is no file a␛[2J⏎.py: give its path from "),
        (["run", "one.py", "one", "\x1b]0;x\x07"], "'␛]0;x␇' is one argument too many: "),
        (["run", "one.py", "--\x1b[2J"], "there is no option --␛[2J: "),
        (["it's"], "'it's' is no command: "),
        (["--theme", ""], "--theme: there is no theme '': choose dark or light"),
        (["run", ""], "'' names no agent: "),
    ],
)
def test_what_was_typed_is_told_as_text(folder, capsys, arguments, sentence):
    assert cli.main(arguments) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"baton: {sentence}")
    assert err.count("\n") == 1


def test_a_wrong_theme_of_the_environment_names_the_variable(folder, capsys, monkeypatch):
    monkeypatch.setenv("BATON_THEME", "neon")
    assert cli.main([]) == 2
    said = "BATON_THEME: there is no theme 'neon': choose dark or light"
    assert capsys.readouterr().err == f"baton: {said}\n"


NO_TERMINAL = "is no terminal: start it in one, without pipes and files"


@pytest.mark.parametrize(
    ("lacking", "term", "sentence"),
    [
        ("stdin", "xterm", f"standard input {NO_TERMINAL}"),
        ("stdout", "xterm", f"standard output {NO_TERMINAL}"),
        ("stderr", "xterm", f"standard error {NO_TERMINAL}"),
        (
            None,
            "dumb",
            "TERM is 'dumb': name a terminal that can place text, such as xterm-256color",
        ),
        (
            None,
            "",
            "TERM is not set: name a terminal that can place text, such as xterm-256color",
        ),
    ],
)
def test_without_a_terminal_that_can_be_drawn_on_the_command_says_so(lacking, term, sentence):
    ours, theirs = pty.openpty()
    streams = {"stdin": theirs, "stdout": theirs, "stderr": theirs}
    if lacking is not None:
        streams[lacking] = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-m", "tui.cli", "demo"], env=os.environ | {"TERM": term}, **streams
    ) as process:
        os.close(theirs)
        piped = process.communicate()[1] if lacking == "stderr" else None
        code = process.wait()
    said = piped if piped is not None else os.read(ours, 4096)
    os.close(ours)
    assert code == 2
    assert said.decode().replace("\r", "") == f"baton: {sentence}\n"
