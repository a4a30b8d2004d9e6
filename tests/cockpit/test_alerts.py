"""What makes a terminal call its person, as sequences; no name acts on the terminal."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.cockpit.alerts import KEEP_TITLE, RESTORE_TITLE, alert, title
from tui.cockpit.settings import AttentionSettings

ALL = AttentionSettings()
OFF = AttentionSettings(bell=False, osc9=False, osc777=False, title=False)
XTERM = {"TERM": "xterm-256color"}
TMUX = {"TERM": "tmux-256color", "TMUX": "/tmp/tmux,1,0"}


@pytest.mark.parametrize(
    ("settings", "sequence"),
    [
        (OFF, ""),
        (OFF._replace(bell=True), "\x07"),
        (OFF._replace(osc9=True), "\x1b]9;Baton: A asks\x07"),
        (OFF._replace(osc777=True), "\x1b]777;notify;Baton;A asks\x07"),
        (ALL, "\x07\x1b]777;notify;Baton;A asks\x07\x1b]9;Baton: A asks\x07"),
    ],
)
def test_each_way_is_off_by_its_own_setting(settings, sequence):
    assert alert("A asks", settings, XTERM) == sequence


@pytest.mark.parametrize(
    "environ",
    [
        {"TERM": "xterm-kitty"},
        {"TERM": "xterm-ghostty"},
        {"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"},
    ],
)
def test_a_terminal_that_shows_both_forms_gets_one(environ):
    assert alert("A asks", ALL, environ) == "\x07\x1b]777;notify;Baton;A asks\x07"
    assert "]9;" in alert("A asks", ALL._replace(osc777=False), environ)


def test_notifications_pass_tmux_and_its_bell_is_its_own():
    passed = alert("A asks", OFF._replace(bell=True, osc9=True), TMUX)
    assert passed == "\x07\x1bPtmux;\x1b\x1b]9;Baton: A asks\x07\x1b\\"


def test_over_ssh_the_terminal_is_told_as_any_other():
    assert alert("A", ALL, {**XTERM, "SSH_TTY": "/dev/pts/1"}) == alert("A", ALL, XTERM)


@given(st.text())
def test_no_control_character_of_a_name_gets_into_a_sequence(words):
    sequence = alert(words, ALL, XTERM)
    inside = re.fullmatch(r"\x07\x1b]777;notify;Baton;(.*)\x07\x1b]9;Baton: (.*)\x07", sequence)
    assert inside is not None
    for said in inside.groups():
        assert not re.search(r"[\x00-\x1f\x7f-\x9f;\u202a-\u202e\u2066-\u2069]", said)
        assert len(said) <= 160


def test_a_name_cannot_end_the_passage_through_tmux():
    passed = alert("\x1b\\\x1b]0;owned\x07", OFF._replace(osc9=True), TMUX)
    assert passed.count("\x1b\\") == 1
    assert passed.count("\x1b]") == 1


@pytest.mark.parametrize(("waiting", "shown"), [(0, "Baton"), (1, "(1) Baton"), (12, "(12) Baton")])
def test_the_title_counts_what_waits(waiting, shown):
    assert title(waiting) == f"\x1b]2;{shown}\x07"


def test_the_title_is_kept_and_given_back():
    assert KEEP_TITLE == "\x1b[22;2t"
    assert RESTORE_TITLE.endswith("\x1b[23;2t")
