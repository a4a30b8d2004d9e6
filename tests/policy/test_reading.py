"""JSON as a rule sees it: how deep, which names stand twice, and which values a rule can carry."""

import math

import pytest

from tui.policy.reading import is_portable, read_arguments, read_json


def nested(depth):
    return '{"a":' * depth + "1" + "}" * depth


def test_what_nests_more_than_a_hundred_deep_is_not_read():
    assert read_arguments(nested(100)) is not None
    assert read_arguments(nested(101)) is None
    assert read_arguments('{"a": ' + "[" * 99 + "]" * 99 + "}") is not None
    assert read_arguments('{"a": ' + "[" * 100 + "]" * 100 + "}") is None
    with pytest.raises(ValueError, match=r"^it nests too deeply$"):
        read_json(nested(101))


@pytest.mark.parametrize(
    ("text", "twice"),
    [
        ('{"a": 1, "b": 2}', None),
        ('{"a": 1, "b": 2, "a": 3}', "a"),
        ('{"x": {"b": 1, "b": 2}, "y": 3}', "b"),
        ('{"y": 3, "x": [1, {"b": 1, "b": 2}, 5]}', "b"),
        ('{"a": {"a": 1}}', None),
    ],
)
def test_a_name_that_stands_twice_is_found_at_any_depth(text, twice):
    assert read_arguments(text).twice == twice


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (-(2**63), True),
        (-(2**63) - 1, False),
        (2**64 - 1, True),
        (2**64, False),
        (1.5, True),
        (math.inf, False),
        (math.nan, False),
        (True, True),
        (None, True),
        ("é😀", True),
        ("a\ud800", False),
        ("\udfff", False),
    ],
)
def test_a_rule_can_carry_what_every_reader_understands(value, expected):
    assert is_portable(value) is expected
