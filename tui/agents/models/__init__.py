"""Models: what the runtime asks of them. Those that speak to a service are in `tui.providers`."""

from __future__ import annotations

from tui.agents.models.defaults import get_default_model, get_default_model_settings
from tui.agents.models.interface import Model, ModelProvider, ModelTracing

__all__ = [
    "Model",
    "ModelProvider",
    "ModelTracing",
    "get_default_model",
    "get_default_model_settings",
]
