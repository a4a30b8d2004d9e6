"""Faults that a policy must never have, each with the test that finds it.

`python -m tests.policy.mutants` makes each in a copy of the package, runs its test there, and says
whether it was found; it ends with 1 if one was not.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
PACKAGE = HERE.parents[1] / "tui"


class Mutant(NamedTuple):
    """A fault: in `module`, `old` becomes `new`; `test` of `tests/policy` must fail."""

    fault: str
    module: str
    old: str
    new: str
    test: str


MATCHING = "test_matching.py"
COMMANDS = "test_commands.py"
NOTHING_ELSE = f"{COMMANDS}::test_an_allowed_prefix_covers_nothing_else"
WHEREVER = f"{COMMANDS}::test_a_denied_prefix_finds_its_command_wherever_a_shell_would"
HOLDS = f"{MATCHING}::test_a_condition_holds_surely_for_an_allow_and_maybe_for_a_deny"
ORDER = "test_judging.py::test_deny_then_granted_then_ask_then_allowed"

MUTANTS = (
    Mutant(
        "deny no longer beats what a person granted",
        "judging.py",
        '        ("deny", everything),\n        ("allow", granted),\n',
        '        ("allow", granted),\n        ("deny", everything),\n',
        ORDER,
    ),
    Mutant(
        "a deny that a person granted is not heard",
        "judging.py",
        '("deny", everything)',
        '("deny", rules)',
        ORDER,
    ),
    Mutant(
        "the file's allow answers the file's ask",
        "judging.py",
        '        ("ask", everything),\n        ("allow", rules),\n',
        '        ("allow", rules),\n        ("ask", everything),\n',
        ORDER,
    ),
    Mutant(
        "an expired rule still covers",
        "matching.py",
        "rule.until and not now < rule.until",
        "False",
        f"{MATCHING}::test_a_rule_ends_at_its_time_and_not_before",
    ),
    Mutant(
        "a rule covers at the very time it ends",
        "matching.py",
        "not now < rule.until",
        "not now <= rule.until",
        f"{MATCHING}::test_a_rule_ends_at_its_time_and_not_before",
    ),
    Mutant(
        "a rule of one conversation covers another",
        "matching.py",
        "rule.run and rule.run != call.run",
        "False",
        f"{MATCHING}::test_a_rule_of_one_conversation_is_for_no_other",
    ),
    Mutant(
        "an allow takes arguments in which a name stands twice",
        "matching.py",
        "reading is None or reading.twice is not None",
        "reading is None",
        HOLDS,
    ),
    Mutant(
        "a deny lets unreadable arguments pass",
        "matching.py",
        "    if call.reading is None:\n        return True",
        "    if call.reading is None:\n        return False",
        HOLDS,
    ),
    Mutant(
        "names of agents are told without their case",
        "matching.py",
        "fnmatchcase(call.agent, rule.agent)",
        "fnmatchcase(call.agent.lower(), rule.agent.lower())",
        f"{MATCHING}::test_names_are_globs_that_tell_case",
    ),
    Mutant(
        "a deny sees only the last of values under one name",
        "cautious.py",
        "for key, inner in value:",
        "for key, inner in dict(value).items():",
        HOLDS,
    ),
    Mutant(
        "a deny does not look into arrays",
        "cautious.py",
        "    if isinstance(value, list):\n        for each in value:",
        "    if False:\n        for each in value:",
        HOLDS,
    ),
    Mutant(
        "a deny does not take text for a number",
        "cautious.py",
        "if not isinstance(value, str):\n        return value",
        "if True:\n        return value",
        HOLDS,
    ),
    Mutant(
        "a deny does not tidy a path",
        "cautious.py",
        "    texts |= {_tidied(each) for each in texts}\n",
        "",
        HOLDS,
    ),
    Mutant("true is 1", "strict.py", " and not isinstance(value, bool)", "", HOLDS),
    Mutant(".. is covered by a like", "strict.py", " or climbs(value)", "", HOLDS),
    Mutant("control characters are covered by a like", "strict.py", "hides(value) or ", "", HOLDS),
    Mutant(
        "a compound command is covered by a like",
        "strict.py",
        " or (is_command_text and plain_words(value) is None)",
        "",
        HOLDS,
    ),
    Mutant(
        "a prefix is not whole words",
        "strict.py",
        "words[: len(first)] == first",
        "value.startswith(wanted)",
        NOTHING_ELSE,
    ),
    Mutant(
        "a compound command is covered by a prefix",
        "commands.py",
        "    if is_compound(text):\n        return None\n",
        "",
        NOTHING_ELSE,
    ),
    Mutant(
        "a line end is covered by a prefix",
        "commands.py",
        ' or hides(text.replace("\\t", " "))',
        "",
        NOTHING_ELSE,
    ),
    Mutant(
        "an assignment in front is covered by a prefix",
        "commands.py",
        " or _ASSIGNMENT.match(words[0])",
        "",
        f"{COMMANDS}::test_an_allowed_prefix_that_is_no_plain_words_covers_nothing",
    ),
    Mutant(
        "a denied command hides behind an assignment",
        "commands.py",
        "if not _ASSIGNMENT.match(word)",
        "if True",
        WHEREVER,
    ),
    Mutant(
        "a denied command hides behind sudo",
        "commands.py",
        "program(words[0]) not in RUNNERS",
        "True",
        WHEREVER,
    ),
    Mutant(
        "a denied command hides behind its folder",
        "commands.py",
        'word.rpartition("/")[2].casefold()',
        "word.casefold()",
        WHEREVER,
    ),
    Mutant(
        "a denied command hides in a substitution in quotes",
        "commands.py",
        r"(?P<quote>\")|(?P<opens>\$\()|(?P<tick>`)",
        r"(?P<quote>\")|(?P<opens>\0)|(?P<tick>\0)",
        WHEREVER,
    ),
    Mutant(
        "a denied command hides where quotes cannot be told",
        "commands.py",
        "scan.is_balanced and not _UNSURE.search(text)",
        "True",
        WHEREVER,
    ),
    Mutant(
        "a reference in a schema is fetched",
        "arguments.py",
        "(schema, registry=Registry())",
        "(schema)",
        "test_arguments.py::test_a_reference_elsewhere_is_never_fetched",
    ),
    Mutant(
        "a rule of one conversation is kept for all",
        "writing.py",
        "if rule.run:",
        "if False:",
        "test_file.py::test_what_a_file_cannot_say_is_not_written",
    ),
    Mutant(
        "a time without a zone is taken",
        "rule_table.py",
        "until.tzinfo is None",
        "False",
        "test_file.py::test_a_fault_is_told_with_its_line_and_what_to_do",
    ),
    Mutant(
        "a misspelt test becomes no condition",
        "rule_table.py",
        "            raise _no_test(table, name, key)",
        "            continue",
        "test_file.py::test_a_fault_is_told_with_its_line_and_what_to_do",
    ),
)


def fails(tests: Iterable[str], mutant: Mutant | None = None) -> bool:
    """Tell whether one of the tests fails on a copy of the package, changed by the mutant.

    Raises:
        RuntimeError: If they did not run.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "tui"
        shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "agents"))
        if mutant:
            module = copy / "policy" / mutant.module
            module.write_text(module.read_text().replace(mutant.old, mutant.new))
        pytest = [sys.executable, "-P", "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
        ended = subprocess.run(
            [*pytest, "-o", f"pythonpath={folder}", *(str(HERE / test) for test in tests)],
            cwd=PACKAGE.parent,
            env={**os.environ, "PYTHONPATH": folder},
            capture_output=True,
            text=True,
            check=False,
        )
    if ended.returncode not in (0, 1):
        raise RuntimeError(f"the tests did not run: {ended.stdout}{ended.stderr}")
    return ended.returncode == 1


def main() -> int:
    """Print what became of each mutant; return 1 if one survived."""
    # Only what passes without a fault can tell that there is one.
    if fails(sorted({mutant.test for mutant in MUTANTS})):
        print("the tests fail without any mutant")
        return 1
    survivors = 0
    for mutant in MUTANTS:
        killed = fails([mutant.test], mutant)
        survivors += not killed
        print(f"{'killed  ' if killed else 'SURVIVED'}  {mutant.fault}", flush=True)
    print(f"{len(MUTANTS) - survivors} killed, {survivors} survived")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
