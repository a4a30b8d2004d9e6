"""The door to models found by prefixes, where the Agents SDK has it."""

from __future__ import annotations

from tui.providers.multi_provider import MultiProvider, MultiProviderMap

__all__ = ["MultiProvider", "MultiProviderMap"]
