"""Where the policy file lies unless a person names another. Looks at no disk."""

from collections.abc import Mapping
from typing import Final

FILE: Final = "policy.toml"


def config_folder(environ: Mapping[str, str]) -> str:
    """Return Baton's folder for settings, "" where the environment names no home."""
    base = environ.get("XDG_CONFIG_HOME", "")
    # The standard says to ignore a path that is not absolute.
    if base.startswith("/"):
        return f"{base.rstrip('/')}/baton"
    home = environ.get("HOME", "")
    return f"{home.rstrip('/')}/.config/baton" if home.startswith("/") else ""


def policy_place(environ: Mapping[str, str]) -> str:
    """Return the policy file that is read, and that kept rules go into; "" for none."""
    folder = config_folder(environ)
    return f"{folder}/{FILE}" if folder else ""
