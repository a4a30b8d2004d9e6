"""Makes names that a model may call of names that people gave."""

from __future__ import annotations

import re


def function_name(name: str) -> str:
    """Return `name` in lower case, everything but ASCII letters, digits and _ replaced by _."""
    return re.sub(r"[^a-zA-Z0-9_]", "_", name).lower()
