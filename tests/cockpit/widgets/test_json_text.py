"""JSON is shown whole, readable, and exactly as a tool gets it; or in short on one line."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.cockpit.dialogs.arguments import repeated_keys
from tui.cockpit.widgets.json_text import arguments_in_short, payload_in_short, readable_json


def shown(arguments: str) -> str:
    return "\n".join(readable_json(arguments))


def test_an_object_is_laid_out_one_key_a_line():
    assert shown('{"order_id":"A-1","amount":12.50,"lines":[1,2],"note":{}}') == (
        '{\n  "order_id": "A-1",\n  "amount": 12.50,\n  "lines": [\n    1,\n    2\n  ],\n'
        '  "note": {}\n}'
    )


@pytest.mark.parametrize("number", ["1.00", "1e400", "123456789012345678901234567890", "-0"])
def test_a_number_stays_as_it_was_written(number):
    assert number in shown(f'{{"amount": {number}}}')


def test_repeated_keys_are_shown_and_told():
    assert shown('{"a": 1, "a": 2}').count('"a"') == 2
    assert repeated_keys('{"a": 1, "b": {"c": 1, "c": 2}, "a": 2}') == ("c", "a")


def test_escapes_are_shown_as_what_they_mean():
    assert '"Zürich 好 🎉"' in shown(r'{"city": "Z\u00fcrich \u597d \ud83c\udf89"}')


@pytest.mark.parametrize(
    ("escape", "visible"),
    [
        (r"\u202e", "⟨U+202E⟩"),
        (r"\u200b", "⟨U+200B⟩"),
        (r"\u001b[2J", "␛[2J"),
        (r"\udb40\udc41", "⟨U+E0041⟩"),
        (r"\ud800", "⟨U+D800⟩"),
    ],
)
def test_what_acts_or_hides_is_made_visible_behind_an_escape_too(escape, visible):
    assert visible in shown(f'{{"x": "{escape}"}}')


def test_a_text_cannot_pretend_to_be_a_key():
    hostile = json.dumps({"note": 'x",\n  "amount": 1'})
    assert r"\"amount\": 1" in shown(hostile)
    spelled = r'{"note": "x\u0022, \u0022amount\u0022: 1"}'
    assert r"\u0022amount\u0022" in shown(spelled)


def test_lines_of_a_string_are_lines_to_read_and_go_on_deeper():
    assert shown(json.dumps({"command": "cd /tmp\nrm x"})) == (
        '{\n  "command": "cd /tmp⏎\n    rm x"\n}'
    )


def test_what_is_no_json_is_shown_as_it_is():
    assert readable_json("not {json\x1b") == ("not {json␛",)
    assert readable_json("") == ("",)


def test_deep_nesting_is_no_crash():
    assert readable_json("[" * 100_000)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('{"b": 1, "a": 1.0, "a": 2}', '{\n  "b": 1,\n  "a": 1.0,\n  "a": 2\n}'),
        ('"\\u4e16\\u754c"', '"世界"'),
        ('"\\ud83d\\ude00"', '"😀"'),
        ('"\\u0022\\u005c\\n"', '"\\u0022\\u005c⏎\n  "'),
        ('"\\\\u4e16"', '"\\\\u4e16"'),
        ('"\\ud83d"', '"⟨U+D83D⟩"'),
        ("{cut", "{cut"),
        ("", ""),
    ],
)
def test_json_is_laid_out_and_otherwise_left_as_it_was(source, expected):
    assert "\n".join(readable_json(source)) == expected


WORDS = st.text(
    alphabet=st.characters(min_codepoint=33, max_codepoint=126, exclude_characters='"\\\\')
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORDS,
    lambda inner: st.lists(inner) | st.dictionaries(WORDS, inner),
    max_leaves=8,
)


@given(VALUES)
def test_nothing_is_lost_but_white_space(value):
    text = json.dumps(value)
    assert "".join(readable_json(text)).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    ("given", "short"),
    [
        ('{"order_id": "A-1042", "amount": 89.00}', "order_id=A-1042 amount=89.00"),
        ('{"reason": "damaged box", "n": "12"}', 'reason="damaged box" n="12"'),
        ('{"gone": null, "ok": true, "word": "true"}', 'gone=null ok=true word="true"'),
        ('{"ids": [1, "b"], "at": {"x": {"y": 2}}}', 'ids=[1, "b"] at={"x": {"y": 2}}'),
        (r'{"city": "Z\u00fcrich", "two": "a\nb"}', "city=Zürich two=a⏎b"),
        ('{"odd key": 1, "": ""}', '"odd key"=1 ""=""'),
        ("{}", ""),
        (" { } ", ""),
        ("", ""),
        ('{"order', ""),
        ('{"order_id": "A-10', "order_id=A-10"),
        ('{"note": "half an escape \\', 'note="half an escape "'),
        ('{"a": [1, {"b": "c', 'a=[1, {"b": "c'),
        ('["a", 1]', '["a", 1]'),
        ("{not json}", "{not json}"),
        ('{"a": 1} and more', '{"a": 1} and more'),
        ("plain words\nin lines", "plain words⏎in lines"),
    ],
)
def test_arguments_in_short_are_names_and_values(given, short):
    assert arguments_in_short(given) == short


def test_a_value_in_short_cannot_pretend_to_be_another():
    assert arguments_in_short(json.dumps({"a": 'x" amount=1'})) == r'a="x\" amount=1"'
    assert arguments_in_short(json.dumps({"a": "x amount=1"})) == 'a="x amount=1"'


def test_hostile_text_in_short_does_nothing():
    hostile = json.dumps({"\x1b[2J": "\u202e[red]\x07"})
    assert arguments_in_short(hostile) == '"␛[2J"="⟨U+202E⟩[red]␇"'


def test_a_payload_in_short_reads_as_a_sentence():
    assert payload_in_short('{"reason": "a damaged order"}') == "reason: a damaged order"
    assert payload_in_short('{"reason": "x y", "n": 2}') == "reason: x y · n: 2"
    assert payload_in_short("{}") == ""


@given(st.text())
def test_any_text_in_short_is_one_line(text):
    assert "\n" not in arguments_in_short(text)
    assert arguments_in_short("{" + text) is not None
