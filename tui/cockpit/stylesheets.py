"""Where the style sheets lie: beside the package in a checkout, inside it in a wheel."""

from pathlib import Path

from tui.errors import BatonError

_PACKAGE = Path(__file__).resolve().parent.parent


def style_sheets() -> list[Path]:
    """Return every sheet, in the order of their names.

    Raises:
        BatonError: If the installation carries none.
    """
    for folder in (_PACKAGE / "styles", _PACKAGE.parent / "styles"):
        if sheets := sorted(folder.glob("*.tcss")):
            return sheets
    raise BatonError("the style sheets are missing: install baton-tui again")
