"""Puts the model a person asked for in the place of the agents' own, and chooses its API.

Stays out of keys and addresses: those are in the environment, where both libraries look.
"""

import dataclasses
import inspect
import os
from collections.abc import Mapping
from types import ModuleType

# A run's options are whatever its runner takes.
from typing import Any

from tui.host.live.shapes import field

# The SDK keeps it so in a provider: no public name tells it.
_API_FIELD = "_use_responses"
_APIS = {"chat": "chat_completions", "responses": "responses"}


def choose_api(api: str, library: ModuleType) -> None:
    """Have models that are only named spoken to by "chat" (Chat Completions) or "responses"."""
    library.set_default_openai_api(_APIS[api])


def with_api(library: ModuleType, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return a run's options so that the API that was chosen holds for a `run_config` in it too.

    One that was made before has asked already how models are spoken to.
    """
    given = field(options.get("run_config"), "model_provider")
    if not _is_default(given, library):
        return dict(options)
    return _with_config(library, options, model_provider=type(given)())


def with_model(model: str, library: ModuleType, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return a run's options with `model` as the model of all its agents.

    Args:
        model: Its name as the service knows it.
        library: The agents library.
        options: What the runs are given so far; a `run_config` in it is kept but for the model,
            and for a provider that the program did not choose.
    """
    given = field(options.get("run_config"), "model_provider")
    is_free = given is None or _is_default(given, library)
    of_names = _provider(model, library, given) if is_free else {}
    return _with_config(library, options, model=model, **of_names)


def with_usage(library: ModuleType, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return a run's options that ask for the usage of each request, unless they say otherwise.

    Chat Completions tell it only to who asks, and the libraries ask only the official service.
    """
    config = options.get("run_config")
    given = field(config, "model_settings")
    if field(given, "include_usage") is not None:
        return dict(options)
    asked = library.ModelSettings(include_usage=True)
    if isinstance(given, Mapping):
        asked = {**given, "include_usage": True}
    elif given is not None:
        asked = given.resolve(asked)
    return _with_config(library, options, model_settings=asked)


def _with_config(library: ModuleType, options: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    config = options.get("run_config")
    if isinstance(config, Mapping):
        return {**options, "run_config": {**config, **changes}}
    if config is not None:
        return {**options, "run_config": dataclasses.replace(config, **changes)}
    return {**options, "run_config": library.RunConfig(**changes)}


def _provider(model: str, library: ModuleType, given: Any) -> dict[str, Any]:
    """Return a provider for names like "Qwen/Qwen3-8B", whose first part one may take for its own.

    The Agents SDK reads what stands before the slash as the name of a provider.
    """
    provider = getattr(library, "MultiProvider", None)
    if "/" not in model or provider is None:
        return {}
    modes: dict[str, Any] = {"unknown_prefix_mode": "model_id"}
    if os.environ.get("OPENAI_BASE_URL"):
        modes["openai_prefix_mode"] = "model_id"
    if not modes.keys() <= inspect.signature(provider).parameters.keys():
        return {}
    if given is not None:
        modes["openai_use_responses"] = field(given.openai_provider, _API_FIELD)
    return {"model_provider": provider(**modes)}


def _is_default(provider: Any, library: ModuleType) -> bool:
    """Whether a provider is what a `run_config` has that names none; its API may be any."""
    kind = getattr(library, "MultiProvider", None)
    if kind is None or type(provider) is not kind:
        return False
    return _settings(provider) == _settings(kind())


def _settings(provider: Any) -> dict[str, Any]:
    own = {name: value for name, value in vars(provider).items() if name != "openai_provider"}
    names = vars(field(provider, "openai_provider"))
    return own | {name: value for name, value in names.items() if name != _API_FIELD}
