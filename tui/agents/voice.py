"""Voice pipelines: none here. Whoever imports a name is told so."""

from tui.agents.unsupported import absent

__getattr__ = absent(__name__, "Baton shows text; run voice pipelines with openai-agents")
