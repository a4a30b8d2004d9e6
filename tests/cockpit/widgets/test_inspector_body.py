"""What is folded in the inspector: what is open at first, and what a person opens and folds."""

import json

import pytest

from tui.cockpit.projection.pages import LongText
from tui.cockpit.widgets.inspector_body import Body
from tui.cockpit.widgets.inspector_parts import Part

TRACEBACK = (Part("heading", "Traceback, 2 lines", folds=True), Part("code", "one\ntwo"))
SMALL = '{"a": {"b": 1}}'
LONG = json.dumps({"first": {"x": [1, 2]}, "rows": [{"id": n} for n in range(120)]})


def of(*parts: Part, width: int = 80) -> Body:
    body = Body(width)
    body.show(parts)
    return measured(body)


def measured(body: Body) -> Body:
    assert body.index(lambda: False)
    return body


def rows(body: Body) -> list[str]:
    return [body.row(index)[0] for index in range(body.row_count)]


def turned(body: Body, row: int) -> list[str]:
    """The rows after what can be folded on one of them was turned."""
    fold = body.fold_at(body.offset(row))
    assert fold is not None, "nothing can be folded there"
    body.turn(fold)
    return rows(measured(body))


def a_json(source: str, name: str = "Output") -> tuple[Part, Part]:
    return Part("heading", name), Part("code", source, "json")


def test_a_section_that_folds_is_folded_until_it_is_opened():
    body = of(Part("failure", "It failed."), *TRACEBACK)
    assert rows(body) == ["It failed.", "", "▸ Traceback, 2 lines"]
    assert turned(body, 2) == ["It failed.", "", "▾ Traceback, 2 lines", "one", "two"]
    assert turned(body, 2) == ["It failed.", "", "▸ Traceback, 2 lines"]


def test_what_follows_a_folded_section_is_shown():
    body = of(*TRACEBACK, Part("heading", "Call id"), Part("quiet", "c"))
    assert rows(body) == ["▸ Traceback, 2 lines", "", "Call id", "c"]
    assert turned(body, 0)[-3:] == ["", "Call id", "c"]


def test_short_json_is_open_and_can_be_folded():
    body = of(*a_json(SMALL))
    assert rows(body) == ["Output", "{", '▾ "a": {', '    "b": 1', "  }", "}"]
    assert turned(body, 2) == ["Output", "{", '▸ "a": {"b": 1}', "}"]


def test_long_json_shows_its_first_level_and_what_is_opened_shows_the_next():
    body = of(*a_json(LONG))
    assert [row[:10] for row in rows(body)] == ["Output", "{", '▸ "first":', '▸ "rows": ', "}"]
    opened = turned(body, 2)
    assert opened[2:5] == ['▾ "first": {', '  ▸ "x": [1, 2] 2 items', "  },"]
    assert turned(body, 3)[3:6] == ['  ▾ "x": [', "      1,", "      2"]


def test_a_fold_leaves_what_is_above_alone_and_is_found_at_the_same_place():
    body = of(*a_json(LONG))
    fold = body.fold_at(body.offset(3))
    above = rows(body)[:3]
    turned(body, 3)
    assert rows(body)[:3] == above
    assert body.fold_at(body.offset(3)) == fold
    assert len(rows(body)) == 3 + 120 + 3


def test_all_can_be_opened_and_then_all_folded():
    body = of(*a_json(LONG), *TRACEBACK)
    body.turn_all()
    assert not any("▸" in row for row in rows(measured(body)))
    body.turn_all()
    assert not any("▾" in row for row in rows(measured(body)))
    assert "one" not in rows(body)


def test_after_one_was_folded_by_hand_all_opens_all():
    body = of(*a_json(SMALL))
    body.turn_all()
    turned(measured(body), 2)
    body.turn_all()
    assert '▾ "a": {' in rows(measured(body))


def test_what_was_opened_stays_open_when_another_text_comes_above_or_below():
    body = of(*a_json(LONG, "Arguments"))
    opened = turned(body, 2)
    body.show((*a_json(SMALL, "Reason"), *a_json(LONG, "Arguments"), *a_json(LONG)))
    shown = rows(measured(body))
    assert shown[7 : 7 + len(opened)] == opened
    assert shown[-4:] == rows(of(*a_json(LONG)))[1:]


def test_another_thing_begins_with_nothing_opened():
    body = of(*a_json(LONG))
    before = rows(body)
    turned(body, 2)
    body.forget()
    body.show(a_json(LONG))
    assert rows(measured(body)) == before


def test_another_width_keeps_what_is_folded_and_where_it_is():
    body = of(*a_json(LONG))
    turned(body, 2)
    folds = [body.fold_from(0, step) for step in range(3)]
    body.resize(20)
    measured(body)
    assert [body.fold_from(0, step) for step in range(3)] == folds
    assert body.row(body.row_at(folds[1].offset))[0].startswith("  ▸ ")
    assert body.row(body.row_at(folds[2].offset))[0].startswith("▸ ")


def test_folds_are_found_one_after_the_other():
    body = of(*a_json(LONG))
    first, second = body.fold_from(0), body.fold_from(0, 1)
    assert body.fold_from(first.offset, 1) == second
    assert body.fold_from(second.offset, -1) == first
    assert body.fold_from(first.offset, -1) is None
    assert body.fold_from(second.offset, 1) is None
    assert body.fold_at(0) is None


def test_raw_json_has_every_level_and_every_escape_and_folds_nothing():
    body = of(Part("code", r'{"a":{"b":"\n"}}', "raw json"))
    assert rows(body) == ["{", '  "a": {', r'    "b": "\n"', "  }", "}"]
    assert not body.can_fold


def test_a_text_that_grows_goes_on_where_it_stood():
    text = LongText().append("one ")
    parts = (Part("heading", "Arguments"), Part("code", text))
    body = of(*parts)
    assert body.grow((parts[0], Part("code", text.append("two"))))
    assert rows(measured(body)) == ["Arguments", "one two"]
    assert not body.grow(a_json(SMALL))
    assert rows(body) == ["Arguments", "one two"]


def test_a_text_that_grew_before_it_was_laid_out_is_there_once():
    text = LongText().append("one ")
    body = Body(60)
    body.show((Part("heading", "Arguments"), Part("code", text)))
    assert body.grow((Part("heading", "Arguments"), Part("code", text.append("two"))))
    assert rows(measured(body)) == ["Arguments", "one two"]


HUGE = {
    "a list of a hundred thousand": json.dumps(list(range(100_000))),
    "rows of an answer": json.dumps({"rows": [{"id": n, "tags": ["a"]} for n in range(20_000)]}),
    "one string": json.dumps({"text": "line\n" * 200_000}),
    "ten thousand levels": "[" * 10_000 + "]" * 10_000,
}


@pytest.mark.parametrize("name", HUGE)
def test_what_is_huge_is_laid_out_step_by_step_and_each_step_is_small(name):
    body = Body(60)
    body.show(a_json(HUGE[name]))
    steps, rows_before = 0, 0
    # Over at once: a single step each time.
    while not body.index(lambda: True):
        assert body.row_count - rows_before <= 1_000
        steps, rows_before = steps + 1, body.row_count
    assert steps > 10
    assert rows(body)[:2] == ["Output", HUGE[name][0]]
