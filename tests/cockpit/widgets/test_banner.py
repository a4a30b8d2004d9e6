"""What stands on every screen, in words, the gravest first, in whatever width there is."""

import pytest
from rich.cells import cell_len

from tui.cockpit.projection.overview import Overview
from tui.cockpit.projection.view import UsedUp
from tui.cockpit.widgets.banner_text import APPROVE_ALL, HELD, READ_ONLY, banner_lines
from tui.cockpit.widgets.numbers import short_number

TOKENS = UsedUp(what="tokens", limit=200_000, used=201_400, of="Refunds")
COST = UsedUp(what="cost", limit=2.5, used=2.53)


def said(overview: Overview, *used_up: UsedUp, width: int = 120) -> list[str]:
    lines = banner_lines(overview, used_up, width)
    return ["".join(text for text, _ in line).strip() for line in lines]


def test_it_is_silent_while_nothing_stands():
    assert said(Overview()) == []


@pytest.mark.parametrize(
    ("overview", "words"),
    [
        (Overview(approves_all=True), APPROVE_ALL),
        (Overview(only_watches=True), READ_ONLY),
        (Overview(is_held=True), f"{HELD}  F9 releases"),
        (Overview(is_held=True, running_calls=1), f"{HELD}, 1 still runs  F9 releases"),
        (Overview(is_held=True, running_calls=3), f"{HELD}, 3 still run  F9 releases"),
        (Overview(alarms=("quiet for 2 m: model",)), "⚠ quiet for 2 m: model"),
    ],
)
def test_each_part_says_what_holds_and_which_key(overview, words):
    assert said(overview) == [words]


def test_budgets_say_whose_they_are_and_how_far():
    assert said(Overview(), TOKENS, COST) == [
        (
            "⚠ Refunds used 201k of 200k tokens · ⚠ This run used 2.53 of 2.50 cost"
            "  F12 gives as much again"
        )
    ]


def test_approve_all_comes_first_and_is_whole_in_a_narrow_terminal():
    everything = Overview(
        is_held=True, running_calls=2, approves_all=True, alarms=("quiet for 9 m: tool",)
    )
    lines = said(everything, TOKENS, width=40)
    assert lines[0] == APPROVE_ALL
    assert max(map(cell_len, lines)) <= 40


def test_a_screen_that_only_watches_names_no_keys_that_do_nothing():
    words = said(Overview(is_held=True, only_watches=True), TOKENS, width=200)
    assert not [line for line in words if "F9" in line or "F12" in line]


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "0"),
        (7, "7"),
        (999, "999"),
        (1_000, "1.0k"),
        (3_070, "3.1k"),
        (201_400, "201k"),
        (1_500_000, "1.5M"),
        (2.5, "2.50"),
        (1_200.5, "1.2k"),
    ],
)
def test_numbers_are_short(count, shown):
    assert short_number(count) == shown
