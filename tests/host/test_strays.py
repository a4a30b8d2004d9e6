"""What a host has started in other process groups is ended; the rest is not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from tui.host.strays import from_proc, from_ps

PROGRAM = """
import signal, subprocess, sys
from tui.host.strays import end_strays

WAITS = "import signal; print(1, flush=True); signal.pause()"
STAYS = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + WAITS

def started(code, **options):
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, **options)
    child.stdout.readline()
    return child

own = started(WAITS)
strays = [started(code, start_new_session=True) for code in (WAITS, STAYS)]
end_strays()
print([stray.wait() for stray in strays], own.poll())
own.kill()
"""


def test_strays_are_asked_to_end_and_then_made_to():
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        check=True,
        capture_output=True,
        text=True,
        start_new_session=True,
    )

    assert ran.stdout == "[-15, -9] None\n"


LISTS = [
    pytest.param(listing, marks=pytest.mark.skipif(not is_there, reason="not of this system"))
    for listing, is_there in ((from_proc, sys.platform == "linux"), (from_ps, shutil.which("ps")))
]


@pytest.mark.parametrize("listing", LISTS)
def test_every_process_is_listed_with_its_parent_and_group(listing):
    assert (os.getpid(), os.getppid(), os.getpgrp()) in set(listing())
