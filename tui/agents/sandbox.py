"""Sandbox agents: none here. Whoever imports a name is told so."""

from tui.agents.unsupported import absent

__getattr__ = absent(__name__, "run what needs a sandbox as a function tool that starts one")
