"""Where growing texts are cut: the same wherever the pieces they came in ended."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.cockpit.widgets.test_markdown_lines import lines_of, shown
from tui.cockpit.projection.pages import LongText
from tui.cockpit.widgets.lines import line_width
from tui.cockpit.widgets.markdown.blocks import ENOUGH, MOST
from tui.cockpit.widgets.markdown.document import Document, characters

LINES = st.sampled_from([
    "", "", "", "text **bold** `code`", "# Title", "- item", "  - nested", "1. one", "1. two",
    "   inside the item", "```python", "```", "~~~", '"""doc', "x = 1  # c", "| a | b |",
    "|---|---|", "| 1 | 2 |", "> quote", "> - q", "---", "你好，世界", "👩‍👩‍👧 emoji ✅",
    "    indented", "\t- tab", "a | b", "\x1b[31mred", "\u202eback", "- ```sh", "  ```", " ",
    "<br>", "\r", "word " * 30, "x" * 300,
])  # fmt: skip
KEPT_IN_EMOJI = "\u200d\ufe0f"
TEXTS = st.one_of(
    st.lists(LINES, max_size=40).map("\n".join),
    st.lists(LINES, min_size=60, max_size=120).map("\n".join),
    st.builds("{0}\n{1}{2}".format, LINES, st.sampled_from(["y " * 4500, "z" * 8200]), LINES),
    st.text(alphabet="ab *_`~#>-|1.[]()\n\t你👩\u200d\ufe0f", max_size=200),
)


def streamed(text: str, ends: list[int]) -> Document:
    """The document of a text that came in pieces, looked at after each."""
    live = LongText()
    document = Document(live)
    at = 0
    for end in [*sorted(min(end, len(text)) for end in ends), len(text)]:
        live = live.append(text[at:end])
        assert document.grow(live)
        at = end
    return document


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.lists(st.integers(0, 3000), max_size=12), st.integers(8, 90))
def test_any_pieces_of_a_text_give_the_lines_of_the_whole(
    text: str, ends: list[int], width: int
) -> None:
    whole, grown = Document(text), streamed(text, ends)
    assert [grown.block(n) for n in range(len(grown))] == [
        whole.block(n) for n in range(len(whole))
    ]
    for n in range(len(whole)):
        assert grown.lay_out(n, width) == whole.lay_out(n, width)


@settings(max_examples=50, deadline=None)
@given(TEXTS, st.integers(1, 90))
def test_lines_fit_and_hold_nothing_that_acts_on_a_terminal(text: str, width: int) -> None:
    for line in lines_of(text, width):
        for run, _ in line:
            assert all(sign.isprintable() or sign in KEPT_IN_EMOJI for sign in run)
            assert "\x1b" not in run
            assert "\u202e" not in run
            assert "\n" not in run
        if width >= 20:
            assert line_width(line) <= width
            assert cell_len("".join(run for run, _ in line)) <= width


@settings(max_examples=50, deadline=None)
@given(TEXTS)
def test_blocks_tile_the_text_and_none_is_too_large(text: str) -> None:
    document = Document(text)
    end = document.block(0).begin if len(document) else len(text)
    assert not text[:end].strip()
    for n in range(len(document)):
        assert document.block(n).begin == end
        end = document.block(n).end
        assert len(text[document.block(n).begin : end].rstrip()) <= MOST
    assert end == len(text)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["alpha", "beta", "你", "1234567"]), max_size=300))
def test_no_word_of_a_paragraph_is_lost(words: list[str]) -> None:
    text = " ".join(words)
    assert shown(text, 30).replace("\n", " ").replace(" ", "") == text.replace(" ", "")


def test_a_giant_list_is_cut_and_its_numbers_go_on() -> None:
    text = "".join(f"1. item {n}\n   - under {n}\n" for n in range(1000))
    document = Document(text)
    assert len(document) > 10
    lines = shown(text).splitlines()
    assert lines[:2] == ["1. item 0", "   ◦ under 0"]
    assert lines[-2:] == ["1000. item 999", "      ◦ under 999"]
    assert len(lines) == 2000


def test_a_giant_fence_stays_a_fence_in_every_block() -> None:
    code = "\n".join(f"value_{n} = {n}" for n in range(5000))
    text = f"```python\n{code}\n```\nafter"
    document = Document(text)
    assert len(document) > 20
    lines = shown(text).splitlines()
    assert lines[0] == "▏ python"
    assert lines[1:-1] == [f"▏ {line}" for line in code.splitlines()]
    assert lines[-1] == "after"


def test_a_docstring_across_a_cut_is_still_one() -> None:
    body = "\n".join(f"line {n}" for n in range(400))
    looks = lines_of(f'```py\n"""\n{body}\n"""\nx = 1\n```')
    assert ("line 399", "fence string") in looks[-3]
    assert ("x ", "fence") in looks[-1] or ("x", "fence") in looks[-1]


def test_a_giant_table_keeps_its_columns_in_every_block() -> None:
    rows = "".join(f"| row {n} | {n} |\n" for n in range(500))
    text = f"| Name of the row | Number |\n|---|--:|\n{rows}"
    assert len(Document(text)) > 3
    lines = shown(text).splitlines()
    assert len(lines) == 502
    assert {line.index("│") for line in lines if "│" in line} == {16}
    assert lines[-1] == "row 499         │    499"


def test_one_endless_line_is_cut_between_words() -> None:
    text = "word " * 10_000
    document = Document(text)
    assert all(
        document.block(n).end - document.block(n).begin <= MOST for n in range(len(document))
    )
    assert set(shown(text).split()) == {"word"}
    assert len(shown(text).split()) == 10_000


def test_growing_never_touches_blocks_that_are_settled() -> None:
    live, document = LongText(), None
    before: list = []
    for n in range(400):
        live = live.append(
            f"Paragraph {n} with **bold**.\n\n- a\n- b\n\n" if n % 3 else "more text "
        )
        if document is None:
            document = Document(live)
            continue
        document.grow(live)
        assert [document.block(k) for k in range(min(document.settled, len(before)))] == before[
            : document.settled
        ]
        before = [document.block(k) for k in range(len(document))]


def test_a_settled_text_equal_to_the_streamed_one_takes_its_place() -> None:
    text = "one **two**\n\nthree " * 2000
    document = streamed(text, [10, 5000, 9000])
    assert document.take_whole(text)
    assert not document.take_whole(text + "!")


def test_a_shorter_text_is_not_taken_for_a_grown_one() -> None:
    assert not Document("abc").grow("ab")


@pytest.mark.parametrize("begin", [0, 1, 4095, 4096, 5000, 8191, 9000])
def test_characters_of_a_long_text_are_found_anywhere(begin: int) -> None:
    text = "".join(chr(33 + n % 90) for n in range(9500))
    live = LongText().append(text[:100]).append(text[100:])
    assert characters(live, begin, begin + 300) == text[begin : begin + 300]
    assert characters(live, begin, begin) == ""


def test_what_a_person_wrote_is_shown_as_written() -> None:
    text = "  # not a **title**\n\n\n- x\n" + "y\n" * ENOUGH
    document = Document(text, literal=True)
    lines = [line for n in range(len(document)) for line in document.lay_out(n, 40)]
    texts = ["".join(run for run, _ in line) for line in lines]
    assert texts[:5] == ["  # not a **title**", "", "", "- x", "y"]
    assert len(texts) == 4 + ENOUGH
