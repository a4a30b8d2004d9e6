"""What a person sees of a conversation, as plain values that can be compared between runtimes.

What the shapes of the two make different stands in `IGNORED`, and nowhere else. Times are compared
by whether they have come: whoever folds gives every event the same one.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any

from tui.cockpit.projection.view import RunView, as_plain

IGNORED: Mapping[str, str] = {
    "seq": "ours streams an agent used as a tool, the SDK tells of it when it has answered",
    "stream": "and so the requests in there differ in this",
    "details": "a traceback names the files of its runtime",
}
"""Fields that are left out, each with its reason. Ten at most."""


def picture(view: RunView) -> Any:
    """Return a view as builtin values, without the ignored fields.

    Items are named by their places: which numbers the host gives them is no part of the picture.
    """
    plain = as_plain(view)
    pages = plain["entries"]
    plain["entries"] = [*chain(*pages["full"]), *pages["last"]]
    names = {entry["item_id"]: f"entry {at}" for at, entry in enumerate(plain["entries"])}
    return renamed(without_ignored(plain), names)


def without_ignored(value: Any) -> Any:
    """Return a value without the ignored fields, wherever they stand."""
    match value:
        case dict():
            kept = {name: inner for name, inner in value.items() if name not in IGNORED}
            return {name: without_ignored(inner) for name, inner in kept.items()}
        case list() | tuple():
            return [without_ignored(inner) for inner in value]
    return value


def renamed(value: Any, names: Mapping[str, str]) -> Any:
    """Return a value with each text that has another name replaced by it, keys too."""
    match value:
        case dict():
            return {names.get(key, key): renamed(inner, names) for key, inner in value.items()}
        case list():
            return [renamed(inner, names) for inner in value]
        case str():
            return names.get(value, value)
    return value
