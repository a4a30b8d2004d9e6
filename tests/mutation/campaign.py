"""Makes every fault that tools can think of, one at a time, and says which no test finds.

    pip install mutmut
    python -m tests.mutation.campaign policy FOLDER

works on a copy in FOLDER, with one worker process; a second run goes on where the first stopped.
Named faults, which a person thought of, are in `named`, and what survives with its reason in
`survivors.md`.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
COPIED = ("tui", "tests", "styles", "README.md", "pyproject.toml")
SURVIVED = (0, 5, 33)  # by exit code: no test failed, none was there, none runs this line


class Campaign(NamedTuple):
    """Modules that are changed, the tests that must notice, and those of them that are too slow."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]
    left_out: tuple[str, ...] = ()


DIALOGS = "tests/cockpit/dialogs"
GATE = (
    "gate", "admission", "approvals", "requests", "rulebook", "spending", "invokers", "outputs",
)  # fmt: skip
GATE_TESTS = (
    "gate", "gate_outcomes", "gate_listings", "gate_asks_no_less", "admission", "approvals",
    "requests", "rules_at_the_gate", "told_at_the_gate", "chain", "spending", "rulebook",
    "invokers", "outputs",
)  # fmt: skip
CAMPAIGNS = {
    "policy": Campaign(("tui/policy/*.py", "tui/toml/*.py"), ("tests/policy",)),
    "focus": Campaign(
        ("tui/cockpit/dialogs/approval_rule.py", "tui/cockpit/dialogs/inbox_rule.py"),
        (f"{DIALOGS}/test_approval_rule.py", f"{DIALOGS}/test_inbox_rule.py"),
        (
            f"{DIALOGS}/test_approval_rule.py::test_nothing_is_decided_without_focus_moved",
            f"{DIALOGS}/test_inbox_rule.py::test_nothing_is_decided_without_a_tick",
        ),
    ),
    "gate": Campaign(
        tuple(f"tui/host/live/{name}.py" for name in GATE),
        tuple(f"tests/host/test_{name}.py" for name in GATE_TESTS),
    ),
}


def prepare(campaign: Campaign, folder: Path) -> None:
    """Copy the project, and write there what mutmut is to do."""
    # A test that is gone would still be found there.
    shutil.rmtree(folder / "mutants" / "tests", ignore_errors=True)
    for name in COPIED:
        source, target = ROOT / name, folder / name
        if source.is_dir():
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    # A mutant that makes a run wait for ever is found when a test gives up.
    running = folder / "tests/host/running.py"
    running.write_text(running.read_text().replace("DEADLINE_S = 60.0", "DEADLINE_S = 3.0"))
    settings = {
        "source_paths": ["tui"],
        "only_mutate": campaign.modules,
        "also_copy": ["styles", "README.md"],
        "timeout_multiplier": ["3"],
        "pytest_add_cli_args": [
            *("-p", "no:cacheprovider"),
            *(f"--deselect={test}" for test in campaign.left_out),
        ],
        "pytest_add_cli_args_test_selection": campaign.tests,
    }
    lines = [f"{key} =" + "".join(f"\n    {each}" for each in settings[key]) for key in settings]
    (folder / "setup.cfg").write_text("\n".join(["[mutmut]", *lines, ""]))


def report(folder: Path) -> str:
    """Return a line a module, and one for each mutant that survived."""
    lines, survivors = [], []
    for file in sorted((folder / "mutants").rglob("*.py.meta")):
        codes = json.loads(file.read_text())["exit_code_by_key"]
        alive = [name for name, code in codes.items() if code in SURVIVED]
        undone = sum(code is None for code in codes.values())
        module = file.relative_to(folder / "mutants").with_suffix("")
        lines.append(f"{module!s:40} {len(codes):5} mutants, {len(alive):4} alive, {undone} to do")
        survivors += alive
    return "\n".join([*(line for line in lines if " 0 mutants" not in line), *survivors])


def main(name: str, place: str, *mutants: str) -> None:
    """Run one campaign, or only those of its mutants whose names fit a glob."""
    folder = Path(place).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    prepare(CAMPAIGNS[name], folder)
    mutmut = [sys.executable, "-m", "tests.mutation.operators", "run", "--max-children", "1"]
    subprocess.run([*mutmut, *mutants], cwd=folder, check=True)
    print(report(folder))


if __name__ == "__main__":
    main(*sys.argv[1:])
