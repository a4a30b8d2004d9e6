"""JSON of any size and depth is laid out step by step; what is folded is skipped and counted."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.cockpit.widgets.json_lines import ALL_LEVELS, JsonLayout, levels_to_open
from tui.cockpit.widgets.json_text import pretty_json

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


def joined(pieces) -> str:
    """The lines of pieces, as whoever shows them puts them below each other."""
    text = ""
    for piece in pieces:
        if piece is not None:
            text += piece.text if piece.goes_on or not text else f"\n{piece.text}"
    return text


def laid_out(source: str, *folded: int) -> str:
    """The text with the objects and lists folded that begin at these places."""
    return joined(JsonLayout(source, lambda start, _: start in folded).pieces())


def all_folded(source: str) -> str:
    return joined(JsonLayout(source, lambda _start, _depth: True).pieces())


@given(VALUES, st.booleans())
def test_it_is_laid_out_as_json_is_everywhere(value, is_spaced):
    text = json.dumps(value, indent=1 if is_spaced else None, ensure_ascii=False)
    assert joined(JsonLayout(text).pieces()) == pretty_json(text)


def test_what_can_be_folded_has_a_mark_and_the_outermost_has_none():
    assert laid_out('{"a": {"b": [1]}, "c": [], "d": {}}') == (
        '{\n▾ "a": {\n  ▾ "b": [\n      1\n    ]\n  },\n  "c": [],\n  "d": {}\n}'
    )


def test_what_is_folded_shows_how_it_begins_and_how_much_of_it_there_is():
    source = json.dumps({"a": {"b": 1}, "rows": ["x, y", [1, 2], {}], "one": [0]})
    assert all_folded(source) == (
        '{\n▸ "a": {"b": 1}\n▸ "rows": ["x, y", [1, 2], {}] 3 items\n▸ "one": [0] 1 item\n}'
    )


def test_a_glance_at_what_is_folded_ends_where_it_would_be_long():
    row = all_folded(json.dumps({"words": [f"word {n}" for n in range(1_000)]})).split("\n")[1]
    assert row.startswith('▸ "words": ["word 0", "word 1", ')
    assert row.endswith("…] 1,000 items")
    assert len(row) < 100


def test_lines_can_be_had_from_any_head_on():
    source = '{"a": [1, {"b": 2}], "c": [3]}'
    layout = JsonLayout(source, lambda _start, _depth: False)
    (whole,) = layout.pieces()
    assert [source[head.start :][:3] for head in whole.heads] == ['"a"', '{"b', '"c"']
    for head in whole.heads:
        assert joined(layout.pieces(head.start, head.depth)) == whole.text[head.at :]


def test_escapes_are_shown_as_what_they_mean_or_as_they_came():
    source = r'{"city": "Z\u00fcrich", "two": "a\nb", "quote": "\""}'
    shown = '{\n  "city": "Zürich",\n  "two": "a⏎\n    b",\n  "quote": "\\""\n}'
    assert joined(JsonLayout(source).pieces()) == shown
    raw = joined(JsonLayout(source, decodes=False).pieces())
    assert raw == '{\n  "city": "Z\\u00fcrich",\n  "two": "a\\nb",\n  "quote": "\\""\n}'


@pytest.mark.parametrize("words", ["plain ", "line\n", 'quo"te', "back\\slash", "世界 🎉", "\x1b["])
def test_a_string_of_any_length_is_whole(words):
    long = words * 5_000
    for value in (long, {"key": long, "after": [long]}, {long: 1}):
        shown = joined(JsonLayout(json.dumps(value)).pieces())
        assert shown.count(words.split("\n")[0].replace("\\", "\\\\").replace('"', '\\"')) >= 5_000
        assert shown.rstrip("]}\n ")[-1] in '"1'


def test_what_lies_behind_a_long_string_that_is_folded_away_is_found():
    source = json.dumps({"a": ["[" * 20_000, '"' * 20_000], "b": 1})
    assert all_folded(source).endswith(' 2 items\n  "b": 1\n}')


@pytest.mark.parametrize("nodes", ["[]", '{"a":', "[1,"])
def test_ten_thousand_levels_are_no_crash(nodes):
    opener, closer = {"[]": ("[", "]"), '{"a":': ('{"a":', "}"), "[1,": ("[1,", "]")}[nodes]
    source = opener * 10_000 + "0" + closer * 10_000
    assert joined(JsonLayout(source).pieces()).count(closer) == 10_000
    assert all_folded(source).count("\n") <= 4


@given(st.text(st.sampled_from('{}[]",:\\ \n1aé"')))
def test_what_is_no_json_after_all_is_shown_with_all_its_words(source):
    shown = joined(JsonLayout(source, decodes=False).pieces())
    for word in ("1", "a", "é", "\\"):
        assert shown.count(word) == source.count(word)
    all_folded(source)


def test_a_line_end_that_may_not_stand_in_a_string_begins_no_line_that_looks_like_one():
    assert joined(JsonLayout('["a\n  \\"b\\": 1"]').pieces()) == '[\n  "a⏎\n      \\"b\\": 1"\n]'


@pytest.mark.parametrize(
    ("value", "levels"),
    [
        (1, ALL_LEVELS),
        ({"a": {"b": {"c": 1}}}, ALL_LEVELS),
        ([{"id": n} for n in range(20)], ALL_LEVELS),
        ([{"id": n} for n in range(40)], 1),
        ({"rows": [{"id": n} for n in range(30)]}, ALL_LEVELS),
        ({"rows": [{"id": n} for n in range(40)]}, 2),
        ({"a": {"b": {"c": list(range(10_000))}}, "rest": list(range(99))}, 1),
        ({"a": {"b": {"c": list(range(10_000))}}, "rest": [[0]] * 30}, 3),
        (list(range(200)), 1),
        ("x" * 200_000, 1),
    ],
)
def test_as_many_levels_are_open_as_a_hundred_lines_can_show(value, levels):
    assert levels_to_open(json.dumps(value)) == levels
