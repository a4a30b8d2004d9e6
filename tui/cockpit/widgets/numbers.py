"""Numbers short enough for a bar of one line. Knows no widget."""

from typing import Final

_THOUSAND: Final = 1000


def short_number(count: float) -> str:
    """Return `count` in about four cells: `7`, `2.50`, `3.1k`, `201k`, `1.5M`."""
    size = float(count)
    if not size.is_integer() and size < _THOUSAND - 0.5:
        return f"{size:.2f}"
    for unit in ("", "k", "M"):
        if size < _THOUSAND - 0.5:
            return f"{size:.0f}{unit}" if not unit or size >= 9.95 else f"{size:.1f}{unit}"
        size /= _THOUSAND
    return f"{size:.1f}G"
