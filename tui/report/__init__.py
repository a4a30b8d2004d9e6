"""Kept runs as documents to read elsewhere: Markdown, and one page of HTML.

Knows what a run looks like, and no disk, no terminal and no host.
"""
