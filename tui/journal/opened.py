"""How the host of a kept run was opened, so that another one can be: what is no secret of it."""

import os
from collections.abc import Mapping
from typing import Final

import msgspec

# What decides which service and which model: never a key.
_NAMED: Final = ("OPENAI_BASE_URL", "OPENAI_DEFAULT_MODEL")


class HowOpened(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a host was told, as `HostOptions` names it.

    Attributes:
        folder: Where it was started: names of files are meant from there.
        environment: What of it decides which model is asked. What may hold a password is not in it.
    """

    folder: str = ""
    context: str = ""
    model: str = ""
    api: str = ""
    address_from: str = ""
    key_from: str = ""
    speed: float = 1.0
    policy: str = ""
    environment: dict[str, str] = {}


def named_in(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return what of the environment is kept."""
    # An address may carry a name and a password.
    return {
        name: environ[name] for name in _NAMED if environ.get(name) and "@" not in environ[name]
    }


def written(opened: HowOpened) -> str:
    """Return it as text."""
    return msgspec.json.encode(opened).decode()


def read(text: str) -> HowOpened:
    """Return what was written; what cannot be read says nothing."""
    try:
        return msgspec.json.decode(text, type=HowOpened)
    except (msgspec.DecodeError, UnicodeError):
        return HowOpened()
