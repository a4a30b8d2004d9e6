"""The text of a policy file with a grant more, or with one less. Touches no file."""

from typing import Final

from msgspec import structs

from tui.errors import PolicyError
from tui.policy.file import read_policy
from tui.policy.settings import PolicyFile
from tui.toml.lines import lines_of

GRANTED: Final = "granted by "
"""How the origin of a grant begins, and with it the comment above it in a file."""


def with_rule(text: str, name: str, written: str) -> str:
    """Return the text of the file called `name` with the rule that `as_toml` gave behind it.

    Raises:
        PolicyError: If the text is at fault, or would be.
    """
    read_policy(text, name)
    between = "" if not text else "\n" if text.endswith("\n") else "\n\n"
    longer = f"{text}{between}{written}"
    read_policy(longer, name)
    return longer


def without_grant(text: str, name: str, rule_id: str) -> str:
    """Return the text without the grants of that name, all else as it was; the same if none is.

    Raises:
        PolicyError: If the text is at fault, or one cannot be taken out without touching more.
    """
    while True:
        before = read_policy(text, name)
        number = _number_of(before, rule_id)
        if number is None:
            return text
        shorter = _without_block(text, number)
        if shorter is None or not _says(shorter, name, _said(before, number)):
            where = before.rules[number].origin
            raise PolicyError(f"{where}: this rule is part of more; take it out by hand")
        text = shorter


def _number_of(policy: PolicyFile, rule_id: str) -> int | None:
    ids = (number for number, rule in enumerate(policy.rules) if rule.rule_id == rule_id)
    return next(ids, None)


def _says(text: str, name: str, wanted: PolicyFile) -> bool:
    """Tell whether a text says just that; one at fault, which is on no disk, says nothing."""
    try:
        return _said(read_policy(text, name)) == wanted
    except PolicyError:
        return False


def _said(policy: PolicyFile, without: int | None = None) -> PolicyFile:
    """Return what a file says, but for one rule, wherever it says it."""
    rules = (rule for number, rule in enumerate(policy.rules) if number != without)
    return policy._replace(rules=tuple(structs.replace(rule, origin="") for rule in rules))


def _without_block(text: str, number: int) -> str | None:
    """Return the text without the lines of the `number`th `[[rule]]` and the comment we wrote."""
    path = ("rule", number)
    body = text.removeprefix("\ufeff")
    places = lines_of(body.replace("\r\n", "\n"))
    lines = body.split("\n")
    first = places[path] - 1
    if not lines[first].lstrip().startswith("[["):
        return None
    others = (line - 1 for each, line in places.items() if each[:2] != path)
    end = min((line for line in others if line > first), default=len(lines))
    # What stands right above the next table belongs to that.
    while end > first + 1 and lines[end - 1].strip()[:1] in ("", "#"):
        end -= 1
    if first and lines[first - 1].startswith(f"# {GRANTED}"):
        first -= 1
    if first and not lines[first - 1].strip():
        first -= 1
    mark = text[: len(text) - len(body)]
    return mark + "\n".join(lines[:first] + lines[end:])
