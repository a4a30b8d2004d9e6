r"""JSON as people read it: laid out in lines, or in short. Knows no widget and no width.

Laid out, only white space outside strings is new: numbers, keys, their order and repeated keys
stay as a tool gets them. In a string `\u` escapes are shown as the character they mean, made
visible where it could act or hide; `\"` and `\\` stay escaped, so no text can pretend to be
structure.
"""

import re
from functools import lru_cache
from typing import Final

import msgspec

from tui.plain import Plain, plain, plain_line

_ESCAPE: Final = re.compile(
    r"\\u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|\\u(?P<code>[0-9a-fA-F]{4})|\\(?P<short>.)",
    re.DOTALL,
)
_ESCAPED: Final = re.compile(r"\\(?:u(?P<half>[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.DOTALL)
_HALF_A_PAIR: Final = re.compile(r"\\u[dD][89a-fA-F]")
_STAND_IN: Final = "\uf8ff"
_KEPT: Final = frozenset('"\\')
_SHORT: Final = {"/": "/", "b": "\b", "f": "\f", "n": "⏎\n", "r": "\r", "t": "\t"}
_INDENT: Final = "  "
_WHITE_SPACE: Final = " \t\n\r"
_CHECKER: Final = msgspec.json.Decoder(msgspec.Raw)
_DECODED_UP_TO: Final = 1_000_000
"""Characters; beyond that escapes stay, as to decode them would be felt at the keyboard."""

_REMEMBERED: Final = 256
"""Texts; a pane asks for those on the screen again with each frame."""

# A string that is not closed ends a text in flight, or one that was cut.
_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?$)|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_BARE: Final = re.compile(r"[^\s\"'=,:·{}\[\]\\]+")
_LOOKS_LIKE_ANOTHER_TYPE: Final = re.compile(r"true|false|null|-?[\d.]+(?:[eE][+-]?\d+)?")


def readable_json(text: str) -> tuple[Plain, ...]:
    """Return `text`, which should be JSON, as lines to read; as it is if it is none.

    Line ends inside strings end the line after a `⏎`, and the string goes on deeper.
    """
    return tuple(plain(line) for line in pretty_json(text).split("\n"))


def pretty_json(text: str) -> str:
    """Return `text` laid out as `readable_json` does, but as untrusted as it came."""
    laid_out = _laid_out(text)
    if laid_out is None:
        return text
    if len(laid_out) > _DECODED_UP_TO or "\\" not in laid_out:
        return laid_out
    return "\n".join(_decoded_line(line) if "\\" in line else line for line in laid_out.split("\n"))


def is_json(text: str) -> bool:
    """Whether `text` is JSON."""
    try:
        return _is_checked(text)
    except RecursionError:
        return False


def may_be_json(text: str) -> bool:
    """Whether `text` is JSON as far as can be told: what nests by the thousand is not checked."""
    try:
        return _is_checked(text)
    except RecursionError:
        return text.lstrip(_WHITE_SPACE)[:1] in ("{", "[")


def decoded(text: str) -> str:
    """Return a piece of JSON with its escapes shown as what they mean, but for quotes."""
    return _ESCAPE.sub(_meant, text)


@lru_cache(_REMEMBERED)
def arguments_in_short(text: str) -> Plain:
    """Return a JSON object as `order_id=A-1042 amount=89.0`, safe to show; "" if it is empty.

    The text may be cut off. What is no object is returned as it is, on one line.
    """
    return _in_short(text, "=", " ")


@lru_cache(_REMEMBERED)
def values_in_short(text: str) -> Plain:
    """Return a JSON object as `A-1042 89.0`, where its names have no room; else as above."""
    pairs = _pairs(text)
    if pairs is None:
        return plain_line(text.strip())
    return plain_line(" ".join(_value(tokens, quoted=True) for _, tokens in pairs))


@lru_cache(_REMEMBERED)
def payload_in_short(text: str) -> Plain:
    """Return a JSON object as `reason: a damaged order · priority: 2`; else as above."""
    return _in_short(text, ": ", " · ")


def _in_short(text: str, binder: str, separator: str) -> Plain:
    pairs = _pairs(text)
    if pairs is None:
        return plain_line(text.strip())
    quoted = binder == "="
    words = (f"{_key(key)}{binder}{_value(tokens, quoted=quoted)}" for key, tokens in pairs)
    return plain_line(separator.join(words))


def _is_checked(text: str) -> bool:
    try:
        _CHECKER.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError):
        may_be = len(text) <= _DECODED_UP_TO and _HALF_A_PAIR.search(text) is not None
        return may_be and _laid_out(text) is not None
    return True


def _laid_out(text: str) -> str | None:
    laid_out = _formatted(text)
    if laid_out is not None or _STAND_IN in text:
        return laid_out
    # Half a surrogate pair is JSON to the tools, but not to what formats here.
    laid_out = _formatted(_ESCAPED.sub(_stood_in, text))
    return None if laid_out is None else laid_out.replace(_STAND_IN, "\\u")


def _formatted(text: str) -> str | None:
    try:
        return msgspec.json.format(text.encode(), indent=len(_INDENT)).decode()
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return None


def _stood_in(match: re.Match[str]) -> str:
    return f"{_STAND_IN}{match['half']}" if match["half"] else match[0]


def _decoded_line(line: str) -> str:
    depth = len(line) - len(line.lstrip(" "))
    return decoded(line).replace("\n", f"\n{' ' * depth}{_INDENT}")


def _meant(match: re.Match[str]) -> str:
    if match["high"]:
        pair = bytes.fromhex(match["high"] + match["low"])
        return pair.decode("utf-16-be")
    if match["short"]:
        return _SHORT.get(match["short"], match[0])
    character = chr(int(match["code"], 16))
    # A quote or a backslash spelled as a number would otherwise look like the string's own end.
    return match[0] if character in _KEPT else _SHORT["n"] if character == "\n" else character


def _pairs(text: str) -> list[tuple[str, list[str]]] | None:
    """Return the keys of an object and the tokens of their values, None if it is no object."""
    tokens = _TOKEN.findall(text)
    if not tokens or tokens[0] != "{":
        return None
    pairs: list[tuple[str, list[str]]] = []
    place = 1
    while place < len(tokens) and tokens[place] != "}":
        if not tokens[place].startswith('"'):
            return None
        if place + 1 == len(tokens):
            return pairs  # Only the key was written so far.
        if tokens[place + 1] != ":":
            return None
        end = _end_of_value(tokens, place + 2)
        pairs.append((tokens[place], tokens[place + 2 : end]))
        place = end + 1 if tokens[end : end + 1] == [","] else end
    return pairs if place >= len(tokens) - 1 else None


def _end_of_value(tokens: list[str], place: int) -> int:
    depth = 0
    while place < len(tokens):
        if depth == 0 and tokens[place] in (",", "}"):
            return place
        depth += (tokens[place] in ("{", "[")) - (tokens[place] in ("}", "]"))
        place += 1
    return place


def _key(token: str) -> str:
    inner = _one_line(_inner(token))
    return inner if _BARE.fullmatch(inner) else f'"{inner}"'


def _value(tokens: list[str], *, quoted: bool) -> str:
    if len(tokens) != 1 or not tokens[0].startswith('"'):
        spaced = {",": ", ", ":": ": "}
        return "".join(spaced.get(token, _one_line(token)) for token in tokens)
    inner = _one_line(_inner(tokens[0]))
    if not quoted:
        return inner
    if _BARE.fullmatch(inner) and not _LOOKS_LIKE_ANOTHER_TYPE.fullmatch(inner):
        return inner
    return f'"{inner}"'


def _one_line(text: str) -> str:
    return plain_line(decoded(text).replace("\n", ""))


def _inner(token: str) -> str:
    is_closed = len(token) > 1 and token.endswith('"')
    return token[1:-1] if is_closed else token[1:].removesuffix("\\")
