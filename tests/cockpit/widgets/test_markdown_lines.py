"""Markdown as lines of text: what a person reads, at a width."""

from textwrap import dedent

import pytest

from tui.cockpit.widgets.lines import Line
from tui.cockpit.widgets.markdown.document import Document
from tui.cockpit.widgets.markdown.inline import inline


def lines_of(text: str, width: int = 40) -> list[Line]:
    document = Document(text)
    return [line for place in range(len(document)) for line in document.lay_out(place, width)]


def shown(text: str, width: int = 40) -> str:
    """What a text looks like, without its styles; spaces at the ends of lines go away."""
    lines = lines_of(dedent(text), width)
    return "\n".join("".join(run for run, _ in line).rstrip() for line in lines)


def picture(text: str) -> str:
    return dedent(text).strip("\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one\ntwo", "one two"),
        ("one  \ntwo", "one\ntwo"),
        ("one\\\ntwo", "one\ntwo"),
        ("你好\n世界", "你好世界"),
        ("one\n\n\n\ntwo", "one\n\ntwo"),
        ("\n\n one", "one"),
        ("# Title\ntext", "Title\ntext"),
        ("## Title ##", "Title"),
        ("#hashtag", "#hashtag"),
        ("a\n---\nb", f"a\n{'─' * 40}\nb"),
        ("* * *", "─" * 40),
        ("a\tb", "a   b"),
        ("one\r\n\r\ntwo\r\n", "one\n\ntwo"),
    ],
)
def test_paragraphs_headings_and_rules(text: str, expected: str) -> None:
    assert shown(text) == expected


def test_words_wrap_and_hang_under_their_list_item() -> None:
    text = "- one two three four five\n- six"
    assert shown(text, 12) == "• one two\n  three four\n  five\n• six"


def test_a_word_longer_than_a_line_is_cut() -> None:
    assert shown("x" * 25, 10) == "x" * 10 + "\n" + "x" * 10 + "\n" + "x" * 5


def test_lists_nest_and_number_themselves() -> None:
    text = """\
        1. one
           - deep
             more of deep
               1) deeper
        1. two
        1. three
        """
    expected = """
        1. one
           ◦ deep more of deep
             1. deeper
        2. two
        3. three
        """
    assert shown(text) == picture(expected)


def test_loose_lists_keep_numbering_and_indented_paragraphs() -> None:
    text = """\
        1. one

           still one

        1. two

        outside

        7. seven
        """
    expected = """
        1. one

           still one

        2. two

        outside

        7. seven
        """
    assert shown(text) == picture(expected)


def test_tasks_show_whether_they_are_done() -> None:
    assert shown("- [x] done\n- [ ] open") == "☑ done\n☐ open"


def test_quotes_hold_lists_and_quotes() -> None:
    text = "> said\n> - a\n> - b\n>\n> > deeper\n\nafter"
    assert shown(text) == "▌ said\n▌ • a\n▌ • b\n▌\n▌ ▌ deeper\n\nafter"


def test_a_hundred_nested_quotes_are_shown_without_a_fall() -> None:
    assert "x" in shown(">" * 100 + " x")


def test_fences_keep_lines_indents_and_marks() -> None:
    text = "before\n```python\ndef f():\n    return **1**\n\n\n# no heading\n```\nafter"
    expected = """
        before
        ▏ python
        ▏ def f():
        ▏     return **1**
        ▏
        ▏
        ▏ # no heading
        after
        """
    assert shown(text) == picture(expected)


def test_a_fence_inside_an_item_stands_under_its_text_and_the_list_goes_on() -> None:
    text = "1. run\n   ```sh\n   ls\n     -l\n   ```\n2. done"
    assert shown(text) == "1. run\n   ▏ sh\n   ▏ ls\n   ▏   -l\n2. done"


def test_a_longer_fence_holds_a_shorter_one() -> None:
    assert shown("````\n```\nx\n```\n````\ny") == "▏ ```\n▏ x\n▏ ```\ny"


def test_a_long_line_of_code_is_cut_and_none_of_it_is_lost() -> None:
    assert shown(f"```\n{'a' * 18}\n```", 12) == f"▏ {'a' * 10}\n▏ {'a' * 8}"


def test_tables_align_their_columns_and_wrap_their_cells() -> None:
    text = """\
        | Item | Qty | Price |
        |:-----|:---:|------:|
        | Lamp 电灯 | 1 | 9.90 |
        | a long long description | 12 | 3 |
        | short |
        """
    expected = """
        Item              │ Qty │ Price
        ──────────────────┼─────┼──────
        Lamp 电灯         │  1  │  9.90
        a long long       │ 12  │     3
        description       │     │
        short             │     │
        """
    assert shown(text, 31) == picture(expected)


def test_a_table_right_below_a_paragraph_is_a_table() -> None:
    assert shown("see:\na | b\n--|--\n1 | 2\nafter") == "see:\na │ b\n──┼──\n1 │ 2\nafter"


def test_a_bar_in_a_sentence_makes_no_table() -> None:
    assert shown("this | that\nor else") == "this | that or else"


def test_a_table_with_more_columns_than_cells_is_clipped() -> None:
    row = "|".join("abcdefghij")
    assert all(len(line) <= 12 for line in shown(f"{row}\n{'|'.join('-' * 10)}\n{row}", 12).split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", [("plain", "")]),
        ("a **b** c", [("a ", ""), ("b", "strong"), (" c", "")]),
        ("*a* _b_", [("a", "emphasis"), (" ", ""), ("b", "emphasis")]),
        ("***both***", [("both", "strong emphasis")]),
        ("**a *b* c**", [("a ", "strong"), ("b", "strong emphasis"), (" c", "strong")]),
        ("~~gone~~", [("gone", "strike")]),
        ("snake_case_name", None),
        ("2 * 3 * 4", None),
        ("**open", None),
        ("a * b", None),
        ("`a *b*`", [("a *b*", "code")]),
        ("`` a`b ``", [("a`b", "code")]),
        ("`open", None),
        (r"\*no\*", "*no*"),
        ("[l](http://u)", [("l", "link"), (" (http://u)", "url")]),
        ("[**l**](u)", [("l", "link strong"), (" (u)", "url")]),
        ("[http://u](http://u)", [("http://u", "link")]),
        ("![alt](u.png)", [("alt", "link"), (" (u.png)", "url")]),
        ("[no link]", None),
        ("see https://x.y/z_a_b.", [("see ", ""), ("https://x.y/z_a_b", "link"), (".", "")]),
        ("<https://x.y>", [("https://x.y", "link")]),
        ("a<br>b", "a\nb"),
        ("[red]x[/red]", None),
    ],
)
def test_inline_marks(text: str, expected: list[tuple[str, str]] | str | None) -> None:
    runs = inline(text)
    if isinstance(expected, list):
        assert [(run, " ".join(dict.fromkeys(look.split()))) for run, look in runs] == expected
        return
    assert "".join(run for run, _ in runs) == (text if expected is None else expected)
    assert {look for _, look in runs} == {""}


@pytest.mark.parametrize(
    "text",
    ["`" * 3 + "a`" * 4000, "*a " * 3000, "[" * 8000, "[a](" * 2000, "**" * 4000, "_*~~" * 2000,
     "a" + " " * 8000 + "b", "# " + " " * 8000 + "x", "|-" + " " * 8000 + "x\n|-" + " " * 8000,
     "`a``b" * 1500, "<https://" * 900, "- " * 4000],
)  # fmt: skip
def test_hostile_marks_are_all_shown_and_soon(text: str) -> None:
    assert shown(text).strip()


def test_code_is_highlighted_and_a_docstring_goes_on_over_lines() -> None:
    looks = {
        run.strip(): look
        for line in lines_of('```py\ndef f(n=1):\n    """one\n    two"""\n    return "s"  # c\n```')
        for run, look in line
    }
    assert looks["def"] == "fence keyword"
    assert looks["1"] == "fence number"
    assert looks['"""one'] == looks['two"""'] == "fence string"
    assert looks['"s"'] == "fence string"
    assert looks["# c"] == "fence comment"
    assert looks["f"] == "fence"


def test_a_diff_shows_what_was_added_and_removed() -> None:
    looks = {run: look for line in lines_of("```diff\n+a\n-b\n c\n```") for run, look in line}
    assert (looks["+a"], looks["-b"], looks[" c"]) == ("fence added", "fence removed", "fence")
