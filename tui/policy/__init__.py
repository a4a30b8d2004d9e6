"""Which tool calls are allowed, asked about or denied: rules, grants, scopes, budgets.

Pure: knows no clock, no disk and no terminal. What time it is, and what a file says, is given.
"""
