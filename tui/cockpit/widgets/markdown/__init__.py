"""Markdown that grows at its end, cut into blocks and laid out in lines. Knows no widget."""
