"""Which commands a prefix covers, as tables."""

import shlex

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.json import encode

from tui.policy.commands import plain_words, simple_commands
from tui.policy.facts import Call
from tui.policy.matching import covers
from tui.wire.rules import Condition, Rule

UNTIMED = settings(deadline=None)  # how fast it is, no test says


def covered(effect, prefix, command, test="prefix"):
    rule = Rule(effect=effect, arguments=(Condition(name="command", test=test, value=prefix),))
    return covers(rule, Call("A", "shell", encode({"command": command}).decode()), 0.0)


@pytest.mark.parametrize(
    "command",
    [
        "git status",
        "git status -s",
        "  git   status ",
        "git\tstatus",
        "git 'status'",
        'git "status" -s',
        "git status a[b]*",
        r"git stat\us",
    ],
)
def test_an_allowed_prefix_covers_one_plain_command_of_its_words(command):
    assert covered("allow", "git status", command)


NOT_ALLOWED = [
    "git statusx",
    "git",
    "gitstatus",
    "/tmp/git status",
    "GIT status",
    "git 'status -s'",
    "git status; rm x",
    "git status && rm x",
    "git status & rm x",
    "git status | sh",
    "git status `rm x`",
    "git status $(rm x)",
    "git status $HOME",
    "git status > x",
    "git status < x",
    "(git status)",
    "{ git status; }",
    "git status {a,b}",
    "git status ';'",  # quoted, but who knows by whom it is read
    "git status\nrm x",
    "git status\rrm x",
    "git status \\\n rm",
    "git status 'x",
    'git status "x',
    "git status \\",
    "FOO=1 git status",
    "PATH+=x git status",
    "a[0]=1 git status",
    "sudo git status",
    "git status \x1b[2J",
    "git status \u2028rm",
    "git status \u202e",
    "git\u00a0status",
    "",
    "   ",
    ["git", "status"],
    5,
    None,
]


@pytest.mark.parametrize("command", NOT_ALLOWED)
def test_an_allowed_prefix_covers_nothing_else(command):
    assert not covered("allow", "git status", command)


@pytest.mark.parametrize("prefix", ["", " ", "FOO=1 git", "git;", "git 'x", "$x", 5, None])
def test_an_allowed_prefix_that_is_no_plain_words_covers_nothing(prefix):
    for command in ("", "git", "FOO=1 git", prefix, f"{prefix} x"):
        assert not covered("allow", prefix, command)


def test_the_very_text_a_person_saw_may_be_compound():
    assert covered("allow", "git status; ls", "git status; ls", test="is")
    assert not covered("allow", "git status; ls", "git status;  ls", test="is")


DENIED = [
    "rm",
    "rm -rf /",
    "  rm x",
    "RM x",
    "/bin/rm x",
    "'rm' x",
    'r"m" x',
    r"\rm x",
    r"r\m x",
    "r\\\nm x",
    "ls; rm x",
    "ls && rm x",
    "ls || rm x",
    "ls | rm",
    "ls & rm x",
    "ls &rm x",
    "ls\nrm x",
    "ls\r\nrm x",
    "(rm x)",
    "( ls; (rm x) )",
    "echo $(rm x)",
    "echo `rm x`",
    'echo "$(rm x)"',
    'echo "`rm x`"',
    'echo "a $(echo "b $(rm x)") c"',
    'echo "$(ls; (rm x))"',
    "cat <(rm x)",
    "FOO=1 rm x",
    "A=1 B=$(ls) rm x",
    "A='x y' rm x",
    "X=$(rm x)",
    "sudo rm x",
    "sudo -u root rm x",
    "/usr/bin/sudo -u root /bin/rm x",
    "env FOO=1 rm x",
    "env -i rm x",
    "command rm x",
    "exec rm x",
    "nohup rm x &",
    "time rm x",
    "timeout 5 rm x",
    "nice -n 5 sudo rm x",
    "xargs rm",
    "find . -exec rm {} +",
    "bash -c 'rm x'",
    "sudo sh -c \"ls; rm 'x'\"",
    "bash -c \"bash -c 'rm x'\"",
    "eval 'rm x'",
    "if true; then rm x; fi",
    "! rm x",
    "{ rm x; }",
    "f() { rm x; }",
    ">out rm x",
    "2>/dev/null rm x",
    "ls >x;rm y",
    "ls >&2 | rm y",
    "ls >(rm y)",
    "ls & >x rm y",
    "for f in *; do rm $f; done",
    # not to be split, or not to be known: the word is enough
    "rm 'x",
    "echo 'x; rm y",
    'echo "x; rm y',
    "echo $(ls rm",
    "echo ) ls rm",
    "ls \\",  # nothing is behind the backslash, and "rm" is not in it: see below
    "echo # '\nrm x #'",
    "cat <<E\n'\nE\nrm x '",
    'echo "$(case x in x) rm x;; esac)"',
    "x=rm; $x y",
    "{rm,-rf,y}",
    "/bin/r? x",
    "/bin/r[m] x",
    "echo `echo \\`rm x\\``",
    "eval \"r''m\" x",
    "eval \"r''m\"",
    "x=rm eval $x y",
    "rm>x y",
    "cat <<E\n'\nE\nr\\m x '",
    "bash -c \"cat <<E\n'\nE\nrm x '\"",
    "$(echo rm) x",
    "`echo rm` x",
    'echo $(ls `ls "`; printf rm)',  # a quote is still open where the substitution ends
    "$'rm' x",
    r"eval $'ls\x0arm y'",
    'sudo $x "rm" y',
    "r''m 'x",
    ["rm", "-rf", "/"],
    ["ls", "rm -rf /"],
    ["bash", "-c", "rm x"],
    "function f { rm x; }; f",
    "fish -c 'rm x'",
    "strace rm x",
    "flock f rm x",
    "pkexec rm x",
    "toybox rm x",
    "r$@m x",
    "/bin/r${x}m y",
    "r$(echo m) x",
    "sudo r{m,n} x",
    r"$'\x72m' x",
    r"$'\162\155' x",
]
DENIED.remove("ls \\")


@pytest.mark.parametrize("command", DENIED)
@pytest.mark.parametrize("effect", ["deny", "ask"])
def test_a_denied_prefix_finds_its_command_wherever_a_shell_would(effect, command):
    assert covered(effect, "rm", command)


NOT_DENIED = [
    "ls",
    "ls \\",
    "rmdir x",
    "echo rm",
    "echo 'ls; rm x'",
    'git commit -m "fix; rm old | things & more"',
    r"echo \; rm",
    "echo 'x' rm",
    "npm rm x",
    "git rm x",
    "ls > rmx",
    "ls > rm",
    "echo $HOME/rm",
    "(cd x; make perm)",
    "(cd x; echo rm)",
    "X=$(ls) echo rm",
    "echo `ls` rm",
    "nice echo rm-x",
    '"" rm x',
    "x" * 201,
    "x" * 199 + "*",
    "if [ -f $x ]; then npm run format; fi",
    "$x alarm",
    "$x$y z",
    "run-$(uname) x",
    r"$'\x' x",
    "diff <(sort a) rm",
    "echo 'it''s' rm",
    "make -C x rm",
    "",
    5,
    None,
    {"rm": "rm"},
    ["ls", "-l"],
]


@pytest.mark.parametrize("command", NOT_DENIED)
def test_a_denied_prefix_leaves_other_commands_alone(command):
    assert not covered("deny", "rm", command)


@pytest.mark.parametrize(
    ("prefix", "command", "expected"),
    [
        ("git push", "ls; git push origin", True),
        ("git push", "git pushx", False),
        ("git push", "git 'push' x", True),
        ("git push", "git", False),
        ("git push", ["git", "push", "x"], True),
        ("git push", ["git", 5, "push"], True),
        ("git push", "eval 'g\\it' push", True),
        ("[a]", "[a] x", True),
        ("git push", "git >x push", True),
        ("git push", "git 2>&1 push", True),
        ("git push", "git &>x push", True),
        ("git push", "git >>x 2>|y push", True),
        ("git push", "git '>' x push", False),
        ("git push", "git > push", False),
        ("git push", "echo push; git pull", False),
        ("/bin/rm", "rm x", True),
        ("rm -rf", "rm -rf x", True),
        ("rm -rf", "rm x -rf", False),
        ("", "anything", True),
        ("rm 'x", "rm 'x", True),
        (5, "anything", True),
    ],
)
def test_a_denied_prefix_is_whole_words(prefix, command, expected):
    assert covered("deny", prefix, command) is expected


WORDS = st.sampled_from(["ls", "-l", "'a b'", '"c d"', "rm", "x", "\\;", "a'b'c"])
JOINERS = st.sampled_from([" ; ", "&&", "|", "\n", " || ", "&"])


@UNTIMED
@given(st.lists(st.lists(WORDS, min_size=1, max_size=4), min_size=1, max_size=4), JOINERS)
def test_joined_commands_are_found_one_by_one(commands, joiner):
    text = joiner.join(" ".join(words) for words in commands)
    found = simple_commands(text)
    assert found.is_split
    assert found.is_named
    assert len(found.words) == len(commands)
    assert [len(words) for words in found.words] == [len(words) for words in commands]


@UNTIMED
@given(st.text(alphabet="rm x;&|'\"`$(){}\\\n#<>=", max_size=40))
def test_what_an_allow_takes_for_plain_is_one_command_for_a_deny(text):
    words = plain_words(text)
    if words is not None:
        assert simple_commands(text).words[0][: len(words)] == words
        assert covered("deny", shlex.quote(words[0]), text)


@UNTIMED
@given(st.text(max_size=60))
def test_no_text_is_too_odd_to_be_read(text):
    simple_commands(text)
    plain_words(text)
    covered("deny", "rm", text)


def nested(command, depth):
    for _ in range(depth):
        command = f"sh -c {shlex.quote(command)}"
    return command


def test_what_is_nested_too_deeply_to_be_read_is_taken_for_what_is_denied():
    assert not covered("deny", "rm", nested("echo rm", 4))
    assert covered("deny", "rm", nested("echo rm", 5))
    assert covered("deny", "rm", nested("rm", 4))


def test_a_glob_too_long_to_be_tried_is_taken_for_what_is_denied():
    assert covered("deny", "rm", "x" * 200 + "*")


def test_assignments_alone_are_no_command():
    assert simple_commands("A=1 B=2").words == ()


def test_hostile_length_costs_no_more_than_its_length():
    covered("deny", "rm", "xargs " + "a " * 20_000)
    covered("deny", "rm", "sudo " * 20_000 + "'a b'")
    covered("deny", "rm", "$(" * 20_000)
    covered("deny", "rm", "sh -c '" * 2_000)
    covered("allow", "rm", "%25" * 20_000, test="like")
