"""Panes and fields: each draws a `RunView` and says in messages what the person did."""
