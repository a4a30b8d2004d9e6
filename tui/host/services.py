"""Which model service the environment names, and whether it is asked with a key.

Stays out of what a library makes of it. Light enough for the command line.
"""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

KEY: Final = "OPENAI_API_KEY"
BASE_URL: Final = "OPENAI_BASE_URL"

NO_KEY: Final = "none"
"""The openai client is not made without a key; a server of one's own may ask for none."""

_OFFICIAL_HOST: Final = "api.openai.com"


def needs_no_key(environ: Mapping[str, str]) -> bool:
    """Whether no key is given, and a service is named that may ask for none."""
    return not environ.get(KEY) and _is_own_server(environ.get(BASE_URL, "").strip())


def is_official(url: str) -> bool:
    """Whether an address is the official service's, which is asked by nobody without a key."""
    return urlsplit(url).hostname == _OFFICIAL_HOST


def _is_own_server(address: str) -> bool:
    try:
        return bool(address) and not is_official(address)
    except ValueError:
        # The client tells what is wrong with it.
        return True
