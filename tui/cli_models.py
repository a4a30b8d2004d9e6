"""What the command line and the environment say about models, for the agent process.

Keys and addresses go through its environment, where both libraries look; no key is ever shown.
"""

import argparse
import os
from collections.abc import Mapping
from urllib.parse import urlsplit

from tui.cockpit.sources.host_options import HostOptions
from tui.errors import UsageError
from tui.host.services import BASE_URL, KEY, NO_KEY, needs_no_key

APIS = ("responses", "chat")
DEFAULT_MODEL = "OPENAI_DEFAULT_MODEL"


def add_model_options(parser: argparse.ArgumentParser, *, default: str | None) -> None:
    """Add the options about models to a parser."""
    group = parser.add_argument_group("models")
    group.add_argument(
        "--model", metavar="NAME", default=default, help="use this model for all agents"
    )
    group.add_argument(
        "--api",
        type=_api,
        metavar="|".join(APIS),
        default=default,
        help="how the models are spoken to: chat for a server without the Responses API",
    )
    group.add_argument(
        "--base-url",
        metavar="URL",
        default=default,
        help=f"the model service, such as http://localhost:8000/v1 (default: ${BASE_URL})",
    )
    group.add_argument(
        "--api-key-env",
        metavar="VARIABLE",
        default=default,
        help=f"the environment variable that holds the key (default: {KEY})",
    )


def model_options(
    given: argparse.Namespace, environ: Mapping[str, str] = os.environ
) -> HostOptions:
    """Return what the agent process is told of models.

    Raises:
        UsageError: If an option cannot be meant.
    """
    added = {}
    if given.base_url is not None:
        added[BASE_URL] = _checked_url(given.base_url)
    if given.api_key_env is not None:
        added[KEY] = _key_in(given.api_key_env, environ)
    if given.model is not None:
        # Agents that name no model take their settings by it too.
        added[DEFAULT_MODEL] = _checked_model(given.model)
    if needs_no_key({**environ, **added}):
        added[KEY] = NO_KEY
    return HostOptions(
        model=given.model or "",
        api=given.api or "",
        address_from="" if given.base_url is None else "--base-url",
        key_from=given.api_key_env or "",
        environment=added,
    )


def refuse_model_options(given: argparse.Namespace) -> None:
    """Raise UsageError if the rehearsal is told of models: its agents ask none."""
    for name in ("model", "api", "base_url", "api_key_env"):
        if getattr(given, name) is not None:
            raise UsageError(rehearsal_asks_none(f"--{name.replace('_', '-')}"))


def rehearsal_asks_none(option: str) -> str:
    """Return what is said of an option about models before or behind `demo`."""
    return f"{option}: the rehearsal asks no model: leave it out, or use run"


def has_service(environ: Mapping[str, str], added: Mapping[str, str]) -> bool:
    """Whether there is a key, or an address, that agents can ask a model with."""
    return any(said.get(name) for said in (added, environ) for name in (KEY, BASE_URL))


def _api(name: str) -> str:
    if name in APIS:
        return name
    raise argparse.ArgumentTypeError(f"there is no API '{name}': choose {' or '.join(APIS)}")


def _checked_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        is_address = False
    if not is_address:
        raise UsageError(f"--base-url: '{url}' is no address: {_address_like(url)}")
    return url


def _address_like(url: str) -> str:
    if url and "://" not in url:
        return f"did you mean http://{url}?"
    return "give one such as http://localhost:8000/v1"


def _checked_model(name: str) -> str:
    if not name.strip():
        raise UsageError("--model: an empty name is no model: give one that the service knows")
    return name


def _key_in(variable: str, environ: Mapping[str, str]) -> str:
    if environ.get(variable):
        return environ[variable]
    if not variable:
        raise UsageError("--api-key-env: an empty name is no variable: give the one with the key")
    # What looks like a key must not be repeated where others may read it.
    named = variable if variable.isidentifier() and variable.isupper() else "the variable"
    raise UsageError(
        f"--api-key-env: {named} is not set: export it, and give the variable's name, not the key"
    )
