"""Makes texts such that a request can carry them. Knows no item's meaning.

Hardly a conversation has a text that UTF-8 has no bytes for, and to look for one in each request
takes as long as all else we do for it: who sends a request asks when that has failed.
"""

from __future__ import annotations

from tui.agents.kinds import Json, JsonObject, UserFunction, UserValue


def encodable(value: Json) -> Json:
    """Return `value` with lone surrogates, which UTF-8 has no bytes for, written as escapes."""
    match value:
        case str():
            return value if value.isascii() else _text(value)
        case dict():
            return {encodable(name): encodable(inner) for name, inner in value.items()}
        case list() | tuple():
            return [encodable(inner) for inner in value]
    return value


def _text(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


def mended(arguments: JsonObject, error: UnicodeEncodeError) -> JsonObject:
    """Return the arguments of a client's method with an encodable `extra_body`.

    Raises:
        UnicodeEncodeError: `error`, if it was not the body's.
    """
    body = encodable(arguments["extra_body"])
    if body == arguments["extra_body"]:
        raise error
    return {**arguments, "extra_body": body}


async def whole_answer(create: UserFunction, arguments: JsonObject) -> UserValue:
    """Return what a client's method that is no stream answers."""
    try:
        return await create(**arguments)
    except UnicodeEncodeError as error:
        return await create(**mended(arguments, error))
