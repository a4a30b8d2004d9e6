"""Says what to do about a status that the model service answered.

Each advice is one sentence, and names what the person has: an option, a variable, their program.
"""

import os
import re
from typing import Final
from urllib.parse import urlsplit

from tui.host.live.opened import Opened
from tui.host.live.service_requests import (
    asked_url,
    is_too_long,
    key_sent,
    place_of,
    wait_of,
    words_of,
)
from tui.host.live.shapes import shown
from tui.host.services import KEY, NO_KEY, is_official

_AGAIN: Final = "send the message again"
_VERSION: Final = re.compile(r"/v\d")


def advice_for_status(status: int, error: BaseException, opened: Opened) -> tuple[str, bool]:
    """Return what to do, and whether sending the message again may be all of it."""
    match status:
        case 401:
            return _advice_for_key(error, opened), False
        case 402:
            return f"No credit is left: see the account's plan and billing, then {_AGAIN}.", True
        case 403:
            rights = "See at the service what rights the key and its project have"
            return f"{rights}, then {_AGAIN}.", True
        case 404 | 405:
            return _advice_for_place(error, opened)
        case 429 if "quota" in shown(error):
            return f"The quota is used up: see the account's plan and billing, then {_AGAIN}.", True
        case 429:
            return f"Wait {wait_of(error) or 'a little'}, then {_AGAIN}.", True
        case 400 | 413 | 422 if status == 413 or is_too_long(error):
            return "It is too long for this model: begin a new conversation (Ctrl+N).", False
        case 400 | 422:
            what = "Correct what it names in the program"
            return f"{what}, then {opened.anew}: the details hold more.", False
        case _ if status >= 500:
            when = f"in {wait}" if (wait := wait_of(error)) else "in a moment"
            return f"The fault is the service's: {_AGAIN} {when}.", True
    return f"{_AGAIN.capitalize()}; the details hold the service's whole answer.", True


def is_no_model(error: BaseException) -> bool:
    """Tell whether a service that says "not found" speaks of the model."""
    return "model" in words_of(error).lower()


def _advice_for_key(error: BaseException, opened: Opened) -> str:
    sent, place = key_sent(error), opened.key_from or KEY
    if sent in ("", NO_KEY):
        other = "" if opened.by_program else " or name its variable with --api-key-env,"
        return f"No key was sent: set {KEY},{other} and {opened.anew}."
    if sent is not None and sent != os.environ.get(KEY, "").strip():
        return f"Correct the key that the program gives its client, then {opened.anew}."
    other = "" if opened.by_program or opened.key_from else ", or give --api-key-env"
    return f"Correct the key in {place}{other}, then {opened.anew}."


def _advice_for_place(error: BaseException, opened: Opened) -> tuple[str, bool]:
    """Tell a model that is not there from a service that does not speak this way."""
    url = asked_url(error)
    if is_no_model(error):
        return _advice_for_model(url, opened)
    place, path = place_of(url, opened), urlsplit(url).path
    other, only = _other_api(path, opened)
    if not other:
        return f"The service has no such address: correct {place}, then {opened.anew}.", False
    if not _VERSION.search(path):
        add = f"Add /v1 to the end of {place}, as most servers want it"
        return f"{add}, and {opened.anew}; if it stays so, start it {other}.", False
    try_it = f"{opened.anew_first} {other}"
    return f"{try_it} if this server speaks only {only}, else with {place} corrected.", False


def _other_api(path: str, opened: Opened) -> tuple[str, str]:
    """Return what asks the service the other way, and what that way is called."""
    if path.endswith("/responses"):
        call = 'with set_default_openai_api("chat_completions") in it'
        return call if opened.by_program else "with --api chat", "Chat Completions"
    if path.endswith("/chat/completions"):
        where = "it" if opened.by_program else "the program"
        call = f'with set_default_openai_api("responses") in {where}'
        return "without --api chat" if opened.api == "chat" else call, "Responses"
    return "", ""


def _advice_for_model(url: str, opened: Opened) -> tuple[str, bool]:
    right = "model= in it" if opened.by_program else "name (--model)"
    rename = f"with the right {right}."
    if not is_official(url):
        service = urlsplit(url)._replace(path="").geturl()
        return f"Load the model at {service}, then {_AGAIN}; or {opened.anew} {rename}", True
    if opened.by_program or opened.has_model:
        return f"{opened.anew_first} {rename}", False
    return f"Correct the model's name in the program, or {opened.anew} {rename}", False
