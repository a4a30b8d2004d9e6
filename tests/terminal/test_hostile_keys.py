"""Keys of every kind, without pause around the moment a request appears: nothing is decided."""

import random
import string
import time

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


def press_without_pause(pty: PtySession, chance: random.Random, until: float | None) -> None:
    """Press keys until `until`, or until the request is on the screen."""
    while time.monotonic() < until if until else "Waiting for you" not in pty.text:
        pty.type(key(chance))
        pty.read(PAUSE_S)


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_nothing_is_decided_by_keys_that_a_request_came_between(session, restarts, seed):
    chance = random.Random(seed)
    session.type("What is wrong with db-1?\r")
    session.wait_for("probe .*running", within_s=40)
    press_without_pause(session, chance, until=None)
    press_without_pause(session, chance, until=time.monotonic() + AROUND_S)
    session.settle()
    assert restarts.read_text() == ""
    assert "Waiting for you" in session.text
    assert "rejected" not in session.text

    session.type(CTRL_G)
    session.wait_for("y Approve")
    session.settle()
    session.type("y")
    session.wait_for("db-1 was restarted", within_s=40)
    assert restarts.read_text() == "db-1\n"
