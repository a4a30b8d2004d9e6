"""What is said of arguments that a person edits."""

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tui.policy.arguments import fault_of

REFUND = {
    "type": "object",
    "properties": {
        "cents": {"type": "integer", "maximum": 5000},
        "order": {"$ref": "#/$defs/Order"},
        "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "a b": {"type": "string"},
        "parts": {"type": "array", "items": {"type": "object", "required": ["id"]}},
    },
    "required": ["cents"],
    "additionalProperties": False,
    "$defs": {
        "Order": {
            "type": "object",
            "properties": {
                "lines": {"type": "array", "items": {"type": "string"}},
                "a b": {"type": "string"},
            },
        }
    },
}


@pytest.mark.parametrize(
    "text",
    [
        '{"cents": 12}',
        ' {"cents": 12.0, "note": null, "order": {"lines": ["a"]}}\n',
        '{"cents": 1, "parts": [{"id": 1}]}',
    ],
)
def test_arguments_that_fit_have_no_fault(text):
    assert fault_of(text, REFUND) is None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('{"cents": 12.5}', "cents: 12.5 is not of type 'integer'"),
        ('{"cents": true}', "cents: True is not of type 'integer'"),
        ('{"cents": 9999}', "cents: 9999 is greater than the maximum of 5000"),
        ('{"cents": 1, "order": {"lines": ["a", 5]}}', "order.lines[1]: 5 is not of type 'string'"),
        ('{"cents": 1, "a b": 5}', "[\"a b\"]: 5 is not of type 'string'"),
        ('{"cents": 1, "order": {"a b": 5}}', "order[\"a b\"]: 5 is not of type 'string'"),
        ('{"cents": 1, "parts": [{"id": 1}, {}]}', "parts[1]: 'id' is a required property"),
        ("{}", "'cents' is a required property"),
        (
            '{"cents": 1, "x": 1}',
            "Additional properties are not allowed ('x' was unexpected)",
        ),
        ("", "not JSON: Expecting value at line 1, column 1"),
        ('{"cents": 1,\n  cents}', "not JSON: Expecting property name enclosed in double quotes"),
        ('{"cents": "NaN",\n "x": -Infinity}', "not JSON: -Infinity is no JSON value at line 2"),
        ('{"cents": 1e999}', "not JSON: 1e999 is too large for a number"),
        ("[1]", "not a JSON object at line 1, column 1; write all arguments in {}"),
        ("\n  5", "not a JSON object at line 2, column 3"),
        ("[" * 5000 + "]" * 5000, "not JSON: it nests too deeply"),
        ('{"cents": 1, "cents": 2}', "cents: it stands twice"),
        ('{"cents": 1, "order": {"x": 1, "x": 2}}', "x: it stands twice"),
    ],
)
def test_a_fault_says_what_and_where(text, fault):
    assert fault_of(text, REFUND).startswith(fault)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ('{"cents": 1,\n  cents}', "double quotes at line 2, column 3"),
        ('{"cents": 1,\n\n "x": NaN\n}\n', "NaN is no JSON value at line 3, column 7"),
        ("[" * 5000 + "]" * 5000, "not JSON: it nests too deeply"),
    ],
)
def test_a_syntax_fault_has_line_and_column_where_it_has_a_place(text, end):
    assert fault_of(text, REFUND).endswith(end)


def test_a_fault_is_one_short_line():
    fault = fault_of(json.dumps({"note": ["a\nb"] * 5000, "cents": 1}), REFUND)
    assert len(fault) <= 200
    assert len(fault.splitlines()) == 1


def test_a_fault_is_cut_where_it_is_longer_than_200_characters():
    said = ": it stands twice, and a tool gets only the last"
    whole = "n" * (200 - len(said))
    assert fault_of(f'{{"{whole}": 1, "{whole}": 2}}', {}) == f"{whole}{said}"
    assert fault_of(f'{{"n{whole}": 1, "n{whole}": 2}}', {}) == f"n{whole}{said[:-2]}…"


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"type": "strin"},
        {"properties": {"a": {"pattern": "(?<x"}}},
        {"properties": {"a": {"$ref": "#/nowhere"}}},
        {"$ref": "#"},
        {"$ref": "#/x", "x": 5},
        {"$ref": "#/x", "x": {"properties": 5}},
        {"$ref": "#/x", "x": {"type": "strin"}},
        {"properties": 5},
        {"$schema": "urn:unheard-of"},
        {"properties": {"a": {"format": "uuid"}}},
    ],
)
def test_a_schema_that_cannot_be_followed_is_left_to_the_tool(schema):
    assert fault_of('{"a": "x"}', schema) is None


def test_what_is_found_before_it_cannot_be_followed_is_told():
    schema = {"required": ["b"], "properties": {"a": {"$ref": "#/nowhere"}}}
    assert fault_of('{"a": "x"}', schema) == "'b' is a required property"


def test_a_reference_elsewhere_is_never_fetched():
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            url = f"http://127.0.0.1:{server.server_port}/schema.json"
            assert fault_of('{"a": 1}', {"properties": {"a": {"$ref": url}}}) is None
            assert fault_of('{"a": 1}', {"$schema": url, "$ref": "other.json", "$id": url}) is None
        finally:
            server.shutdown()
            thread.join()
    assert asked == []


def test_the_validator_is_loaded_only_where_arguments_are_checked():
    code = "import sys, tui.policy.arguments; sys.exit('jsonschema' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
