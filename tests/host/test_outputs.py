"""What a model reads before a result: as a line of a text, or as a part before other parts."""

from types import SimpleNamespace

import pytest

from tui.host.live.outputs import said_before

LINE = {"type": "text", "text": "(changed)"}
IMAGE = {"type": "image", "image_url": "data:,x"}
FILE = {"type": "file", "file_data": "x"}
TEXT = {"type": "text", "text": "paid"}


class ToolOutputImage(SimpleNamespace):
    """A part as the SDK's own class."""


@pytest.mark.parametrize(
    ("result", "said"),
    [
        ("paid", "(changed)\npaid"),
        ("", "(changed)\n"),
        (5, "(changed)\n5"),
        (None, "(changed)\nNone"),
        (b"text", "(changed)\nb'text'"),
        ({"a": 1}, "(changed)\n{'a': 1}"),
        ([], "(changed)\n[]"),
        (["paid"], "(changed)\n['paid']"),
        (SimpleNamespace(type="text"), "(changed)\nnamespace(type='text')"),
        ({"type": "other"}, "(changed)\n{'type': 'other'}"),
        (TEXT, [LINE, TEXT]),
        (IMAGE, [LINE, IMAGE]),
        (FILE, [LINE, FILE]),
        ([TEXT, IMAGE], [LINE, TEXT, IMAGE]),
        ((TEXT, FILE), [LINE, TEXT, FILE]),
        ([TEXT, 5], f"(changed)\n{[TEXT, 5]}"),
    ],
)
def test_a_line_stands_before_a_result_of_any_kind(result, said):
    assert said_before("(changed)", result) == said


def test_a_text_is_left_as_it_is_and_what_has_none_is_named():
    class Broken:
        def __str__(self):
            raise ValueError

    assert said_before("(changed)", "\ud800") == "(changed)\n\ud800"
    said = said_before("(changed)", Broken())
    assert said == "(changed)\n<output that cannot be shown: ValueError>"


def test_a_part_may_be_an_object_of_the_runtime():
    image = ToolOutputImage(type="image")
    assert said_before("(changed)", image) == [LINE, image]
