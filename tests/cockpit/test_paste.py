import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events

from tui.cockpit.paste import PasteFilter, PasteSafeParser

START, END = "\x1b[200~", "\x1b[201~"
PIECES = ["\x1b", "[0m", "y", "\x07", "\r", "\n", "[", "2", "0", "~", START, "a", "é", "\x1b[32m"]


def messages(pieces):
    parser = PasteSafeParser()
    return [message for piece in pieces for message in parser.feed(piece)]


def cut(text, step):
    return [text[start : start + step] for start in range(0, len(text), step)]


@pytest.mark.parametrize(
    "pasted",
    [
        "log \x1b[0m rest \x07",
        "\x1b[0m yes",
        "ok? \x1b[32myes\x1b[0m",
        "\x1b",
        "\x1b[20",
        "\x1b]11;rgb:0/0/0\x07y",
        "y\ny\n",
    ],
)
@pytest.mark.parametrize("step", [1, 2, 3, 7, 4096])
def test_a_paste_presses_no_key_at_any_split(pasted, step):
    got = messages(cut(START + pasted + END, step))
    assert [type(message) for message in got] == [events.Paste]
    assert got[0].text == pasted.replace("\x1b", "␛")


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=12), st.integers(1, 30))
def test_whatever_is_pasted_nothing_of_it_is_a_key(pieces, step):
    got = messages(cut(START + "".join(pieces) + "." + END, step))
    assert [type(message) for message in got] == [events.Paste]


def test_an_end_inside_the_pasted_text_types_nothing():
    got = messages([START + "a" + END + "\x07y" + END])
    assert [type(message) for message in got] == [events.Paste]


def test_keys_before_and_behind_a_paste_stay_keys():
    got = messages(cut("a" + START + "b" + END + "c", 5))
    assert [getattr(message, "key", None) for message in got] == ["a", None, "c"]


@given(st.text(alphabet=st.sampled_from("ab\x1b[~012")), st.integers(1, 9))
def test_without_a_paste_everything_passes_at_once(text, step):
    passing = PasteFilter()
    if START not in text:
        assert "".join(passing.take(piece) for piece in cut(text, step)) == text
