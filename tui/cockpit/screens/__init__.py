"""Whole screens: panes put together, messages turned into commands."""
