"""What the screen's end of the line loads, in a process of its own."""

import subprocess
import sys

HEAVY = ("textual", "rich", "openai", "pydantic", "agents", "tui.host", "tui.agents")


def test_the_screens_end_loads_no_runtime_no_host_and_no_screen():
    code = "import sys, tui.cockpit.sources.hosted; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()

    assert not set(HEAVY) & set(loaded)


def test_the_host_loads_no_runtime_and_no_screen():
    code = "import sys, tui.host.process; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()

    assert not {"textual", "rich", "openai", "pydantic", "agents", "tui.agents"} & set(loaded)
    assert not [name for name in loaded if name.startswith("tui.cockpit")]
