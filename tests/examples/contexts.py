"""Contexts for published programs that need another one than their class's own default."""

from examples.agent_patterns.agents_as_tools_conditional import AppContext

french_and_spanish = AppContext(language_preference="french_spanish")
