"""A person is called through the terminal that they have, and it is given back as it was."""

import os
import re
import shutil
import signal

import pytest

from tests.processes import children
from tests.terminal.pty_session import PtySession

OSC9 = b"\x1b]9;Baton: Refunds asks to call issue_refund\x07"
OSC777 = b"\x1b]777;notify;Baton;Refunds asks to call issue_refund\x07"
ASK = "I want a refund for order A-1001, it came damaged\r"
TITLES = re.compile(rb"\x1b\]2;([^\x07]*)\x07|\x1b\[(2[23]);2t")


def titles(session):
    """What was done to the title, in order: "22" keeps it, "23" gives it back."""
    return [(set_to or stack).decode() for set_to, stack in TITLES.findall(bytes(session.output))]


@pytest.fixture
def settings(tmp_path):
    """A folder for settings, with no file in it."""
    folder = tmp_path / "settings" / "baton"
    folder.mkdir(parents=True)
    return folder


def demo(baton, settings, *options, speed="20", **more):
    environ = {"XDG_CONFIG_HOME": str(settings.parent), "TMUX": "", **more.pop("env", {})}
    return PtySession([*baton, *options, "demo", "--speed", speed], env=environ, **more)


def ask(session):
    session.wait_for("Enter Send")
    session.type(ASK)
    session.wait_for("waiting for you")
    session.settle()


def test_the_terminal_is_told_and_its_title_given_back(baton, settings):
    with demo(baton, settings) as session:
        ask(session)
        session.wait_for(lambda _: OSC9 in session.output)
        session.wait_for(lambda _: OSC777 in session.output)
        session.type("\x11\x11")
        session.wait_until_ended()
        assert titles(session) == ["22", "Baton", "(1) Baton", "", "23"]
        assert session.terminal_is_restored()


def test_a_killed_cockpit_gives_the_title_back_too(baton, settings):
    with demo(baton, settings) as session:
        ask(session)
        session.process.send_signal(signal.SIGTERM)
        session.wait_until_ended()
        assert titles(session)[-1] == "23"


def test_what_is_off_leaves_the_terminal_alone(baton, settings):
    ways = ("bell", "osc9", "osc777", "title")
    off = "".join(f"{way} = false\n" for way in ways)
    (settings / "config.toml").write_text(f"[attention]\n{off}")
    with demo(baton, settings) as session:
        ask(session)
        session.type("\x11\x11")
        session.wait_until_ended()
        assert titles(session) == []
        assert not re.search(rb"\x1b\](9|777);", session.output)


def test_a_command_is_told_what_waits(baton, settings, tmp_path):
    told = tmp_path / "told"
    # The command is no shell's: this one is a shell by its own wish.
    words = f'command = ["sh", "-c", "echo $BATON_EVENT $BATON_TOOL $BATON_WAITING > {told}"]'
    (settings / "config.toml").write_text(f"[attention]\n{words}\n")
    with demo(baton, settings) as session:
        ask(session)
        session.wait_for(lambda _: told.exists() and bool(told.read_text()))
        assert told.read_text() == "request issue_refund 1\n"


@pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux")
def test_it_passes_tmux_to_the_terminal_around_it(baton, settings, tmp_path):
    command = " ".join([*baton, "demo", "--speed", "20"])
    config = tmp_path / "tmux.conf"
    config.write_text("set -g allow-passthrough on\nset -g set-titles on\n")
    tmux = ["tmux", "-S", str(tmp_path / "socket"), "-f", str(config), "new-session", command]
    environ = {"XDG_CONFIG_HOME": str(settings.parent), "TMUX": ""}
    with PtySession(tmux, env=environ) as session:
        ask(session)
        session.wait_for(lambda _: OSC9 in session.output)
        session.type("\x11\x11")
        session.wait_until_ended()


def test_a_host_that_stands_still_is_told_as_a_silent_model(baton, settings):
    rules = settings / "policy.toml"
    rules.write_text("[sentinel]\nmodel_silence_s = 1\ntool_silence_s = 1\n")
    # Slow enough that it still speaks when its process is stopped.
    with demo(baton, settings, speed="4") as session:
        session.wait_for("Enter Send")
        session.type("Where is my parcel? It should have come on Monday\r")
        session.wait_for("● ")
        (host,) = children(session.process.pid)
        os.kill(host, signal.SIGSTOP)
        try:
            session.wait_for(r"⚠ .+: no word (of \S+ )?for [1-9]")
        finally:
            os.kill(host, signal.SIGCONT)
        session.wait_until_done()
