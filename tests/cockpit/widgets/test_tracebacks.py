"""A traceback is known by its text, and the line that matters is the person's own."""

import pytest

from tui.cockpit.widgets.tracebacks import traceback_place

TITLE = "Traceback (most recent call last):\n"
OWN = '  File "/home/me/desk.py", line 7, in make\n    json.loads("{")\n'
OF_A_LIBRARY = '  File "/usr/lib/python3.11/json/decoder.py", line 355, in raw_decode\n'
INSTALLED = '  File "/venv/lib/python3.11/site-packages/x/y.py", line 1, in <module>\n'
IN_A_GROUP = (
    '  | Traceback (most recent call last):\n  |   File "/home/me/desk.py", line 9, in go\n'
)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (f"{TITLE}{OWN}ValueError", "desk.py:7 in make"),
        (f"{TITLE}{OWN}{OF_A_LIBRARY}ValueError", "desk.py:7 in make"),
        (f"{TITLE}{INSTALLED}ValueError", "y.py:1"),
        (IN_A_GROUP, "desk.py:9 in go"),
        (f"{TITLE}  ...\nRateLimitError: 429", ""),
        ("Segmentation fault", None),
        ('{"error": "File not found"}', None),
        ("", None),
    ],
)
def test_the_innermost_line_of_ones_own_is_named(text, place):
    assert traceback_place(text) == place


@pytest.mark.parametrize("room", ["agents", "providers", "responses", "mcp", "sessions"])
def test_no_line_of_the_runtime_is_ones_own(room):
    inside = f'  File "/src/tui/{room}/x.py", line 1, in y\n'
    assert traceback_place(f"{TITLE}{OWN}{inside}ValueError") == "desk.py:7 in make"
