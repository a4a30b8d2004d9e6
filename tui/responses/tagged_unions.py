"""Has a union of models go by their `type`: to try all of openai's takes thirty times as long."""

from __future__ import annotations

from collections.abc import Mapping

from tui.agents.kinds import Json

_OPAQUE = frozenset({"cls", "config", "default", "metadata", "serialization"})


def with_tagged_unions(schema: Json) -> Json:
    """Return a core schema that takes the same, and looks at one choice of a union only.

    A union is left alone where not each choice is a model that must have a `type` of its own.
    Models whose own validators are made keep those: pydantic puts them in.
    """
    definitions = {each["ref"]: each for each in schema.get("definitions", ())}
    return _tagged(schema, definitions)


def _tagged(schema: Json, definitions: Mapping[str, Json]) -> Json:
    if isinstance(schema, list):
        return [_tagged(part, definitions) for part in schema]
    if not isinstance(schema, dict):
        return schema
    made = {
        name: part if name in _OPAQUE else _tagged(part, definitions)
        for name, part in schema.items()
    }
    if made.get("type") == "union" and (choices := _by_tag(made["choices"], definitions)):
        return {"type": "tagged-union", "discriminator": "type", "choices": choices}
    return made


def _by_tag(choices: list[Json], definitions: Mapping[str, Json]) -> dict[str, Json] | None:
    found: dict[str, Json] = {}
    for choice in choices:
        tags = _tags(choice, definitions)
        if not tags or found.keys() & tags:
            return None
        found.update(dict.fromkeys(tags, choice))
    return found


def _tags(choice: Json, definitions: Mapping[str, Json]) -> list[str]:
    if not isinstance(choice, dict):
        return []
    if choice["type"] == "definition-ref":
        choice = definitions[choice["schema_ref"]]
    if choice["type"] != "model" or choice["schema"]["type"] != "model-fields":
        return []
    field = choice["schema"]["fields"].get("type", {}).get("schema", {})
    tags: list[str] = field["expected"] if field.get("type") == "literal" else []
    return tags
