"""Text of any length is wrapped bit by bit, and every row is what wrapping it whole would give."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.cockpit.widgets.wrapped_text import WrappedText, wrapped
from tui.plain import plain

WIDTHS = st.integers(4, 40)
LINES = st.text(st.sampled_from("ab  世éжω▸…⏎👩‍🔬\u200d\x1b\t\u202e\u00ad\u0300⚠️"), max_size=120)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", [""]),
        ("short", ["short"]),
        ("one two three four", ["one two", "three four"]),
        ("unbreakablelongword", ["unbreakabl", "elongword"]),
        ("世界世界世界", ["世界世界世", "界"]),
        ("one 世界 three 界", ["one 世界", "three 界"]),
        ("exactly 10", ["exactly 10"]),
        ("exactly 10 ", ["exactly 10"]),
    ],
)
def test_a_line_wraps_into(text, rows):
    assert wrapped(text, 10) == rows


@given(LINES, WIDTHS)
def test_rows_fit_and_lose_nothing_but_the_spaces_they_broke_at(text, width):
    text = plain(text).expandtabs()
    rows = wrapped(text, width)
    assert all(cell_len(row) <= width for row in rows)
    assert "".join(rows).replace(" ", "") == text.replace(" ", "")


def of(*texts: str, width: int = 10) -> WrappedText:
    whole = WrappedText(width)
    for text in texts:
        whole.add(text, "text")
    return whole


def rows_of(text: WrappedText) -> list[str]:
    return [text.row(index)[0] for index in range(text.row_count)]


def indexed(text: WrappedText) -> WrappedText:
    assert text.index(lambda: False)
    return text


def test_lines_become_rows_and_say_how_they_look():
    text = WrappedText(10)
    text.add("Heading", "heading")
    text.add("one\ntwo three four\n", "text")
    indexed(text)
    assert rows_of(text) == ["Heading", "one", "two three", "four", ""]
    assert [text.row(index)[1] for index in range(3)] == ["heading", "text", "text"]


def test_what_could_act_is_made_visible_and_tabs_become_spaces():
    rows = rows_of(indexed(of("\x1b[2J\ta\r\nb", width=20)))
    assert rows == ["␛[2J    a", "b"]


@given(st.lists(LINES, max_size=8), WIDTHS, st.integers(1, 5))
def test_indexing_bit_by_bit_gives_the_same_rows(lines, width, pieces_a_time):
    whole = indexed(of("\n".join(lines), width=width))
    bitwise = of("\n".join(lines), width=width)
    while True:
        taken = iter(range(pieces_a_time))
        if bitwise.index(lambda taken=taken: next(taken, None) is None):
            break
    assert rows_of(bitwise) == rows_of(whole)


@given(st.text(st.sampled_from("ab \n世"), max_size=80), st.integers(0, 80), WIDTHS)
def test_a_text_that_grew_has_the_rows_of_one_that_came_whole(text, cut, width):
    grown = indexed(of(text[:cut], width=width))
    grown.extend(text[cut:])
    assert rows_of(indexed(grown)) == rows_of(indexed(of(text, width=width)))


def test_a_line_of_a_million_characters_is_whole_and_every_row_fits():
    line = "".join(str(number) for number in range(200_000))
    text = indexed(of(line, width=80))
    assert "".join(rows_of(text)) == line


def test_a_row_and_its_offset_in_the_text_find_each_other():
    text = indexed(of("one two three four\nfive", "six", width=10))
    offset = text.offset(2)
    assert text.row(2)[0] == "five"
    assert text.row_at(offset) == 2
    assert of("one", width=10).row_at(offset) is None, "not measured that far"


def test_an_offset_means_the_same_in_a_text_that_grew_and_in_another_width():
    grown = of("one two three four\nfi", width=10)
    indexed(grown).extend("ve\nsix")
    whole = indexed(of("one two three four\nfive\nsix", width=40))
    assert indexed(grown).offset(2) == whole.offset(1)
    assert whole.row_at(grown.offset(3)) == 2


@given(st.lists(st.text(st.sampled_from("ab \n世"), max_size=30), min_size=1, max_size=4), WIDTHS)
def test_another_width_gives_the_rows_of_a_text_that_came_in_it(texts, width):
    grown = indexed(of(texts[0], width=10))
    for text in texts[1:]:
        grown.extend(text)
        grown.index(lambda: False)
    grown.add("below", "text")
    other = indexed(grown.rewrapped(width))
    assert rows_of(other) == rows_of(indexed(of("".join(texts), "below", width=width)))
    assert other.offset(other.row_count - 1) == indexed(grown).offset(grown.row_count - 1)


@given(st.lists(LINES, min_size=1, max_size=8), st.integers(0, 7), WIDTHS)
def test_what_is_cut_leaves_what_is_above_and_the_next_part_begins_there(lines, cut, width):
    text = indexed(of("head", "\n".join(lines), "tail", width=width))
    rows = rows_of(text)
    row = next(row for row in range(1, len(rows)) if text.offset(row) == _offset_of(lines, cut))
    offset = text.offset(row)
    text.cut(offset)
    assert rows_of(text) == rows[:row]
    assert text.is_whole
    assert text.next_offset == offset
    text.add("else", "text")
    assert rows_of(indexed(text)) == [*rows[:row], "else"]
    assert text.offset(row) == offset


def _offset_of(lines: list[str], number: int) -> int:
    return len("head\n") + sum(len(line) + 1 for line in lines[: number % len(lines)])


def test_a_cut_can_begin_at_the_first_line():
    text = indexed(of("one\ntwo"))
    text.cut(0)
    assert (text.row_count, text.next_offset, text.is_whole) == (0, 0, True)
