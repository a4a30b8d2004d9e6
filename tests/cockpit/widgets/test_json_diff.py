"""What differs between two JSON texts: the lines that went and came, and one around them."""

import json

from tui.cockpit.widgets.json_diff import change_text, changes


def diff(before: str, after: str) -> list[str]:
    return [change_text(change) for change in changes(before, after)]


def test_a_changed_value_is_told_with_the_lines_around_it():
    assert diff('{"a": 1, "b": 2, "c": 3, "d": 4}', '{"a": 1, "b": 2, "c": 9, "d": 4}') == [
        "⋯",
        '    "b": 2,',
        '-   "c": 3,',
        '+   "c": 9,',
        '    "d": 4',
        "⋯",
    ]


def test_the_same_value_written_otherwise_is_no_change():
    assert diff('{"a":1}', '{ "a": 1 }') == []


def test_lines_between_two_changes_are_left_out():
    before = {f"k{n}": n for n in range(9)}
    after = before | {"k1": "x", "k7": "y"}
    told = diff(json.dumps(before), json.dumps(after))
    assert told.count("⋯") == 3
    assert '+   "k7": "y",' in told
    assert not any('"k4"' in line for line in told)


def test_what_acts_on_a_terminal_is_shown_and_not_sent():
    assert all("\x1b" not in line for line in diff('{"a": "x"}', '{"a": "\\u001b[2J"}'))


def test_thousands_of_lines_that_differ_cost_little():
    before, after = json.dumps(list(range(3000))), json.dumps([n + 0.5 for n in range(3000)])
    told = diff(before, after)
    assert (sum(line[0] == "-" for line in told), sum(line[0] == "+" for line in told)) == (
        3000,
        3000,
    )
