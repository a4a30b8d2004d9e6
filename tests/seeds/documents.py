"""Cuts the code out of the documents. Runs none of it."""

from __future__ import annotations

import re
from pathlib import Path

SEEDS = Path(__file__).parents[2].parent / "shared" / "seeds"

_FENCED = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)

# This page came without fences: each block stands between the line before and the heading after.
_UNFENCED = {
    "002": (
        ("Runner.run() waits for", "StreamEvent Types"),
        ("Token-by-Token Streaming", "Streaming Tool Call Events"),
        ("Streaming Tool Call Events", "Accessing the Final Result After Streaming"),
        ("Accessing the Final Result After Streaming", "FastAPI SSE Endpoint"),
        ("FastAPI SSE Endpoint", "Streaming with Multi-Agent Handoffs"),
        ("Streaming with Multi-Agent Handoffs", "Common Streaming Mistakes"),
    )
}


def code_in(document: str) -> list[list[str]]:
    """Return the blocks of a document, in order, as lines; without their marks."""
    (path,) = SEEDS.glob(f"{document}_*.txt")
    text = path.read_text(encoding="utf-8")
    if document not in _UNFENCED:
        return [block.splitlines() for block in _FENCED.findall(text)]
    lines = text.splitlines()
    spans = [(_line(lines, before), _line(lines, after)) for before, after in _UNFENCED[document]]
    return [lines[before + 1 : after] for before, after in spans]


def prose_in(document: str) -> list[str]:
    """Return the lines of a document that stand in none of its blocks."""
    (path,) = SEEDS.glob(f"{document}_*.txt")
    text = path.read_text(encoding="utf-8")
    if document not in _UNFENCED:
        return _FENCED.sub("", text).splitlines()
    code = {line for block in code_in(document) for line in block}
    return [line for line in text.splitlines() if line not in code]


def has_indentation(document: str) -> bool:
    """Tell whether the document kept its indentation."""
    return document not in _UNFENCED


def _line(lines: list[str], beginning: str) -> int:
    return next(index for index, line in enumerate(lines) if line.startswith(beginning))
