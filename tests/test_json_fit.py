"""What of a value is said not to fit, and what of a schema is left to the tool."""

from __future__ import annotations

from itertools import count

import pytest

from tui.json_fit import misfit

DIGITS = 10**400


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ({"multipleOf": 0}, 5),
        ({"multipleOf": 0.1}, DIGITS),
        ({"multipleOf": "two"}, 5),
        ({"minimum": "two"}, 5),
        ({"maximum": 5}, 10**5_000),
        ({"type": "string", "pattern": "(?<name>a)"}, "b"),
        ({"type": "string", "pattern": "a{99999999999999999999}"}, "b"),
        ({"type": "strin"}, 5),
        ({"$ref": "https://elsewhere.example/schema.json"}, 5),
        ({"$ref": "#/anyOf/x"}, 5),
        ({"$ref": "#/properties/a"}, 5),
        ({"allOf": [{"$ref": "#/properties/a"}, {"$ref": "#/properties/a"}]}, 5),
        ({"required": True}, {}),
        ({"patternProperties": {"(": {}}, "additionalProperties": False}, {"b": 1}),
        ({"properties": ["no schema"]}, {"b": 1}),
        ({"uniqueItems": True}, [1, 1]),
    ],
    ids=count(),
)
def test_what_cannot_be_followed_is_left_to_the_tool(rule, value):
    assert misfit({"a": value}, {"properties": {"a": rule}}) is None


@pytest.mark.parametrize(
    "schema",
    [
        {"$schema": 7},
        {"$schema": "http://[bad"},
        {"$schema": "urn:unheard-of"},
        {"$id": 7},
        {"$ref": "#"},
        {"properties": 5},
        {"anyOf": 5},
    ],
)
def test_what_is_no_schema_is_left_to_the_tool(schema):
    assert misfit({"a": 1}, schema) is None


@pytest.mark.parametrize(
    "other",
    [
        {"type": "string", "pattern": r"^\p{L}+$"},
        {"type": "any"},
        {"$ref": "https://elsewhere.example/schema.json"},
        {"required": True},
        {"multipleOf": 0},
    ],
)
def test_what_cannot_be_followed_hides_no_other_fault(other):
    amount = {"type": "integer", "maximum": 100}
    value = {"name": 0.5, "amount": "a million"}
    if other.get("type") == "string":
        value["name"] = "b"
    for properties in (
        {"name": other, "amount": amount},
        {"amount": amount, "name": other},
    ):
        fault = misfit(value, {"type": "object", "properties": properties})
        assert fault == "amount: 'a million' is not of type 'integer'"


@pytest.mark.parametrize(
    ("divisor", "value", "fits"),
    [
        (0.01, 19.99, True),
        (0.1, 0.3, True),
        (0.01, 19.995, False),
        (5, 10, True),
        (5, 11, False),
        (0.5, 1.5, True),
        (5, True, True),
        (5, "text", True),
        (1e-7, 3e-7, True),
    ],
)
def test_a_multiple_is_one_as_it_is_written(divisor, value, fits):
    said = misfit({"a": value}, {"properties": {"a": {"multipleOf": divisor}}})
    assert said == (None if fits else f"a: {value} is not a multiple of {divisor}")


def test_a_fault_is_one_line_however_much_does_not_fit():
    said = misfit({"a": ["\n"] * 1_000_000}, {"properties": {"a": {"type": "string"}}})
    assert len(said) == 200
    assert "\n" not in said
