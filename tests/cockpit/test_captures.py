"""What is on the screen at three sizes: as captured, the same in both themes, whole and not empty.

`python -m tests.captures` writes the captures anew.
"""

import pytest
from textual.containers import Container, Horizontal, Vertical
from textual.geometry import Region
from textual.screen import Screen
from textual.widget import Widget

from tests.captures import SIZES, STATES, path_of, text_of

CONTAINERS = (Container, Horizontal, Vertical)
CASES = [
    pytest.param(name, size, id=f"{name}-{size[0]}x{size[1]}") for name in STATES for size in SIZES
]


def shown_widgets(screen: Screen[object]) -> list[Widget]:
    """The widgets that draw: all that are displayed, but for boxes and Textual's own layers."""
    return [
        widget
        for widget in screen.walk_children(Widget)
        if not isinstance(widget, CONTAINERS)
        and "-textual-system" not in widget.classes
        and not (widget.id or "").startswith("textual-")
        and all(node.display for node in (widget, *widget.ancestors) if isinstance(node, Widget))
    ]


def is_whole(screen: Screen[object], widget: Widget) -> bool:
    place = screen.find_widget(widget)
    return place.region.area > 0 and place.visible_region == place.region


def letters_in(lines: list[str], region: Region) -> str:
    # Cells, not characters; a wide character moves what is behind it, which is no matter here.
    return "".join(line[region.x : region.right] for line in lines[region.y : region.bottom])


@pytest.mark.parametrize(("name", "size"), CASES)
async def test_a_screen_is_whole_and_as_captured_in_both_themes(name, size):
    async with STATES[name](size) as desk:
        screen = desk.app.screen
        dark = text_of(screen)
        lines = dark.split("\n")
        widgets = shown_widgets(screen)
        assert len(widgets) >= 3
        assert [widget for widget in widgets if not is_whole(screen, widget)] == []
        empty = [w for w in widgets if not letters_in(lines, w.content_region).strip(" ─━▌│┃")]
        assert empty == []
        assert all(len(line) <= size[0] for line in lines)
        assert dark == path_of(name, size).read_text()
        desk.app.action_toggle_theme()
        await desk.pilot.pause()
        assert text_of(screen) == dark
