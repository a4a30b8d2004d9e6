"""Says how what one runtime did differs from what the other did."""

from __future__ import annotations

import difflib
import json


def difference(theirs: object, ours: object) -> str:
    """Return a readable difference, the SDK's lines with a minus, ours with a plus."""
    options = {"indent": 1, "ensure_ascii": False, "sort_keys": True}
    sides = [json.dumps(side, **options).splitlines() for side in (theirs, ours)]
    return "\n" + "\n".join(
        difflib.unified_diff(*sides, "openai-agents", "tui.agents", n=4, lineterm="")
    )
