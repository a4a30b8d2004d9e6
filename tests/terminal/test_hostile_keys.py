"""Keys of every kind, without pause around the moment a request appears: nothing is decided."""

import random
import string
import time
from collections.abc import Callable

import pytest

from tests.terminal.pty_session import PtySession

AROUND_S = 0.5
PAUSE_S = 0.002
CTRL_G = "\x07"
# `?` opens a page over the request, where keys would be no danger any more.
PRINTING = "".join(key for key in string.printable.strip() if key != "?")
PASTE = "\x1b[200~y\n\x1b[201~"


def key(chance: random.Random) -> str:
    """Return one of any kind: letters above all."""
    kinds = ["y", "Y", "n", "\r", " ", PASTE, chance.choice(string.digits), click(chance)]
    return chance.choice([*kinds, *(chance.choice(PRINTING) for _ in range(6))])


def click(chance: random.Random) -> str:
    """Return a press and a release of the left button, anywhere on the screen."""
    place = f"{chance.randint(1, 120)};{chance.randint(1, 40)}"
    return f"\x1b[<0;{place}M\x1b[<0;{place}m"


def press_without_pause(pty: PtySession, chance: random.Random, until: Callable[[], bool]) -> None:
    """Press keys until it is so."""
    while not until():
        pty.type(key(chance))
        pty.read(PAUSE_S)


def is_asked(pty: PtySession) -> bool:
    """Whether the request is on the screen, be it that of the run or the inbox."""
    return "waiting for you" in pty.text or "call waits for you" in pty.text


def go_to_request(pty: PtySession) -> None:
    """Press Ctrl+G until the request has the focus: from elsewhere it leads to its screen first."""
    for _ in range(3):
        pty.type(CTRL_G)
        pty.settle()
        if "y Approve" in pty.text:
            return


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_nothing_is_decided_by_keys_that_a_request_came_between(session, restarts, seed):
    chance = random.Random(seed)
    session.type("What is wrong with db-1?\r")
    session.wait_for("probe .*running")
    press_without_pause(session, chance, until=lambda: is_asked(session))
    end = time.monotonic() + AROUND_S
    press_without_pause(session, chance, until=lambda: time.monotonic() > end)
    session.settle()
    assert restarts.read_text() == ""

    # It still waits, also if a key has led to another screen, as one that begins a fork does.
    go_to_request(session)
    session.type("y")
    session.wait_for("db-1 was restarted")
    assert restarts.read_text() == "db-1\n"
