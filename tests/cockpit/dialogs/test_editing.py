"""Arguments as a person edits them: what is shown is what is sent, and checked before."""

import json

import pytest

from tui.cockpit.dialogs.editing import edit_of, editable, fault_in

SCHEMA = json.dumps(
    {
        "type": "object",
        "properties": {"cents": {"type": "integer"}, "order": {"type": "string"}},
        "required": ["cents"],
        "additionalProperties": False,
    }
)


def test_arguments_are_laid_out_for_the_editor():
    assert editable('{"cents":5,"order":"A-1"}') == '{\n  "cents": 5,\n  "order": "A-1"\n}'


@pytest.mark.parametrize("hostile", ["\u202e", "\u200b", "\U000e0041", "\x7f", "\ufeff"])
def test_what_hides_is_written_as_an_escape_and_stays_the_same_value(hostile):
    arguments = json.dumps({"order": f"a{hostile}b"}, ensure_ascii=False)
    text = editable(arguments)
    assert hostile not in text
    assert json.loads(text) == json.loads(arguments)
    assert edit_of(text, arguments, SCHEMA) is None


def test_what_is_no_json_is_there_as_it_came():
    assert editable("rm -rf") == "rm -rf"
    assert editable("a\x1bb") == "a\\u001bb"


def test_what_is_only_laid_out_otherwise_is_no_edit():
    assert edit_of('{ "cents" : 5 }\n', '{"cents": 5}', SCHEMA) is None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('{"cents": 6}', ""),
        ('{"cents": 6.5}', "cents: 6.5 is not of type 'integer'"),
        ('{"cents": true}', "cents: True is not of type 'integer'"),
        ('{\n"cents": 6,\n}', "line 3, column 1"),
        ("[6]", "not a JSON object"),
        ('{"order": "A-1"}', "'cents' is a required property"),
        ('{"cents": 6, "cents": 7}', "stands twice"),
        ("", "not JSON"),
    ],
)
def test_an_edit_is_held_against_the_schema(text, fault):
    edit = edit_of(text, '{"cents": 5}', SCHEMA)
    assert edit is not None
    assert edit.text == text
    assert (fault in edit.fault) if fault else edit.fault == ""
    assert "\n" not in edit.fault


def test_an_expression_in_a_schema_cannot_hold_up_the_keyboard():
    slow = {"type": "string", "pattern": "^(a+)+$"}
    schema = json.dumps(
        {"type": "object", "properties": {"pattern": slow, "cents": {"type": "integer"}}}
    )
    assert fault_in(json.dumps({"pattern": "a" * 60 + "!"}), schema) == ""
    # A property of that name is a property.
    assert "not of type" in fault_in('{"pattern": 5}', schema)


@pytest.mark.parametrize("keyword", ["not", "oneOf"])
def test_an_expression_that_is_left_out_makes_no_fault(keyword):
    inner = {"type": "string", "pattern": "^x"}
    either = {"oneOf": [inner, {"type": "string", "pattern": "^y"}]}
    schema = either if keyword == "oneOf" else {"not": inner}
    assert fault_in('{"a": "y1"}', json.dumps({"properties": {"a": schema}})) == ""
    assert fault_in('{"a": 1}', '{"properties": {"a": {"not": {"type": "integer"}}}}') != ""


def test_names_that_an_expression_would_allow_are_left_to_the_tool():
    schema = json.dumps(
        {
            "type": "object",
            "patternProperties": {"^x-": {"type": "string"}},
            "additionalProperties": False,
        }
    )
    assert fault_in('{"x-a": "b"}', schema) == ""
