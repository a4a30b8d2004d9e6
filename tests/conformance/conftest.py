"""What every test here needs: no settings from outside, and none left behind."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def settings_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tracing off, the default model unnamed, and each runtime's default client given back."""
    monkeypatch.setenv("OPENAI_AGENTS_DISABLE_TRACING", "1")
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    monkeypatch.delenv("OPENAI_DEFAULT_MODEL", raising=False)
    # Neither runtime has a word for "no default client any more".
    monkeypatch.setattr("agents.models._openai_shared._default_openai_client", None)
    monkeypatch.setattr("tui.providers.clients._defaults.client", None)
