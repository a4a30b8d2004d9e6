"""Which model is used when none is named, and with which settings. Calls no model."""

from __future__ import annotations

import os
import re

from tui.agents.model_settings import ModelSettings
from tui.agents.models.interface import Model

DEFAULT_MODEL_VARIABLE = "OPENAI_DEFAULT_MODEL"
_DEFAULT_MODEL = "gpt-5.6-luna"

_DATE = r"(-\d{4}-\d{2}-\d{2})?"
_CHAT = re.compile(r"gpt-5(\.[1-3])?-chat-latest")
_EFFORTS = (
    (re.compile(rf"gpt-5{_DATE}|gpt-5\.2-codex"), "low"),
    (re.compile(rf"gpt-5\.[24]-pro{_DATE}"), "medium"),
    (re.compile(rf"gpt-5\.3-codex|gpt-5\.[12456]{_DATE}"), "none"),
    (re.compile(rf"gpt-5\.4-(mini|nano){_DATE}|gpt-5\.6-(sol|terra|luna){_DATE}"), "none"),
)


def get_default_model() -> str:
    """Return the name of the model for agents that name none."""
    return os.environ.get(DEFAULT_MODEL_VARIABLE, _DEFAULT_MODEL).lower()


def get_default_model_settings(model: str | None = None) -> ModelSettings:
    """Return the settings a model of this name starts from; without a name, the default model's."""
    name = get_default_model() if model is None else model
    if not name.startswith("gpt-5") or _CHAT.fullmatch(name):
        return ModelSettings()
    for pattern, effort in _EFFORTS:
        if pattern.fullmatch(name):
            return ModelSettings(reasoning={"effort": effort}, verbosity="low")
    return ModelSettings(verbosity="low")


def implicit_settings(model: str | Model | None) -> ModelSettings:
    """Return the settings of an agent that names this model and no settings."""
    if isinstance(model, Model):
        return ModelSettings()
    return get_default_model_settings(model)
