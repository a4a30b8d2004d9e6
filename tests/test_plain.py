import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.plain import Plain, plain, plain_line

FAMILY = "👨‍👩‍👧"


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[31mred", "␛[31mred"),
        ("\x1b]0;title\x07", "␛]0;title␇"),
        ("\x00\x08\x0c\x7f", "␀␈␌␡"),
        ("\x9b31m\x85", "⟨U+009B⟩31m⟨U+0085⟩"),
        ("a\u202eb\u2066c", "a⟨U+202E⟩b⟨U+2066⟩c"),
        ("pay\u200bpal\ufeff", "pay⟨U+200B⟩pal⟨U+FEFF⟩"),
        ("a\u200db", "a⟨U+200D⟩b"),
        ("\U000e0041\U000e007f", "⟨U+E0041⟩⟨U+E007F⟩"),
        ("a\u2028b", "a⟨U+2028⟩b"),
        ("x\ufe0f", "x⟨U+FE0F⟩"),
        ("\ud800", "⟨U+D800⟩"),
        ("one\rtwo", "one␍two"),
    ],
)
def test_what_acts_or_hides_is_shown(hostile, shown):
    assert plain(hostile) == shown


@pytest.mark.parametrize(
    "text", ["", "plain", "a\n\tb", "日本語 – déjà", FAMILY, "❤️", "1️⃣", "👩🏽‍💻", "[bold]x[/]"]
)
def test_what_only_shows_stays(text):
    assert plain(text) == text


def test_a_windows_line_end_is_one_line_end():
    assert plain("a\r\nb") == "a\nb"


def test_a_joiner_needs_an_emoji_on_both_sides():
    assert plain("👨\u200d") == "👨⟨U+200D⟩"
    assert plain("\u200d👨") == "⟨U+200D⟩👨"


def test_one_line_text_has_no_line_ends_and_no_tabs():
    assert plain_line("a\r\nb\tc") == "a⏎b c"


@given(st.text(alphabet=st.characters(codec=None)))
def test_no_control_or_format_character_survives(text):
    shown = plain(text)
    assert isinstance(shown, Plain)
    for character in shown:
        category = unicodedata.category(character)
        assert category != "Cs"
        if category in {"Cc", "Cf", "Zl", "Zp"}:
            assert character in "\n\t\u200d" or ord(character) in PRINTED_FORMAT_CHARACTERS


# Format characters that draw a glyph of their own (number signs over digits and the like).
PRINTED_FORMAT_CHARACTERS = {
    *range(0x600, 0x606),
    0x6DD,
    0x70F,
    0x890,
    0x891,
    0x8E2,
    0x110BD,
    0x110CD,
    *range(0x13430, 0x13440),
}


@given(st.text())
def test_made_plain_twice_is_made_plain_once(text):
    assert plain(str(plain(text))) == plain(text)
