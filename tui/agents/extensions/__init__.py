"""Small helpers for handoffs, at the paths of the Agents SDK."""
