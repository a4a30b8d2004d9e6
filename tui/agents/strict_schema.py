"""Rewrites a JSON schema to the strict form that structured outputs need. Builds no schemas."""

from __future__ import annotations

import copy
from urllib.parse import unquote

from tui.agents.exceptions import UserError
from tui.agents.kinds import Json, JsonObject

# A server's schema may be made to have no end.
_MAX_DEPTH = 100
_MAX_NODES = 100_000

# These may stand beside a `$ref` without narrowing what it accepts.
_HARMLESS_BESIDE_REF = (
    {"$anchor", "$comment", "$defs", "$schema", "definitions", "readOnly", "writeOnly"}
    | {"default", "deprecated", "description", "examples", "title"}
    | {"contentEncoding", "contentMediaType", "contentSchema"}
)

_OPEN_OBJECT = (
    "additionalProperties should not be set for object types. This could be because "
    "you're using an older version of Pydantic, or because you configured additional "
    "properties to be allowed. If you really need this, update the function or output tool "
    "to not use a strict schema."
)


def ensure_strict_json_schema(
    schema: JsonObject, *, must_accept_the_same: bool = False
) -> JsonObject:
    """Return a strict copy of `schema`: closed objects, all properties required.

    Args:
        schema: The schema.
        must_accept_the_same: Whether an object that names no properties is open: closed, it would
            accept less. A schema that refers to a part of itself may have such an object.

    Raises:
        UserError: If the schema cannot be made strict, or is too large or too deep.
    """
    if not schema:
        return {"additionalProperties": False, "type": "object", "properties": {}, "required": []}
    root = copy.deepcopy(schema)
    strict = _Strictness(root, must_accept_the_same).apply(root, ())
    if isinstance(strict.get("anyOf"), list):
        raise UserError("The root of a strict JSON schema must not use `anyOf`.")
    return strict


class _Strictness:
    def __init__(self, root: JsonObject, must_accept_the_same: bool) -> None:
        self._root = root
        self._must_accept_the_same = must_accept_the_same
        self._nodes_left = _MAX_NODES

    def apply(self, node: Json, path: tuple[str, ...]) -> JsonObject:
        """Make a node, found by the keys of `path`, and all below it strict, and return it."""
        self._nodes_left -= 1
        if len(path) > _MAX_DEPTH or self._nodes_left < 0:
            raise UserError("JSON schema is too deep or too large to convert to a strict schema.")
        if not isinstance(node, dict):
            raise TypeError(f"A JSON schema must be a dictionary, not {node!r}.")
        for name in ("$defs", "definitions"):
            for key, definition in (node.get(name) or {}).items():
                self.apply(definition, (*path, name, key))
        self._close(node, path)
        match node.get("allOf"):
            case [entry]:
                del node["allOf"]
                node.pop("additionalProperties", None)
                target = self._follow(entry["$ref"]) if "$ref" in entry else entry
                return self._join(node, target, (*path, "allOf"))
        self._descend(node, path)
        if node.get("default", ...) is None:
            del node["default"]
        if "$ref" not in node:
            return node
        if len(node) > 1:
            _check_siblings(node)
            return self._join(node, self._follow(node.pop("$ref")), (*path, "$ref"))
        if self._must_accept_the_same:
            raise UserError("JSON schema refers to a part of itself.")
        return node

    def _close(self, node: JsonObject, path: tuple[str, ...]) -> None:
        properties, others = node.get("properties"), node.get("additionalProperties", ...)
        if node.get("type") is None and isinstance(properties, dict):
            node["type"] = "object"
        kind = node.get("type")
        is_object = kind == "object" or (isinstance(kind, list) and "object" in kind)
        if (is_object or kind is None) and others not in (..., False):
            raise UserError(f"{_OPEN_OBJECT} They are set at /{'/'.join(path)} of the schema.")
        if is_object and self._must_accept_the_same and not properties and others is not False:
            raise UserError("JSON schema has an object without properties, which strict is empty.")
        if is_object:
            node["additionalProperties"] = False

    def _descend(self, node: JsonObject, path: tuple[str, ...]) -> None:
        properties = node.get("properties")
        if isinstance(properties, dict):
            node["required"] = list(properties)
            for name, child in properties.items():
                properties[name] = self.apply(child, (*path, "properties", name))
        if isinstance(node.get("items"), dict):
            node["items"] = self.apply(node["items"], (*path, "items"))
        if isinstance(node.get("oneOf"), list):
            # Structured outputs know no nested oneOf; anyOf does the same for tagged unions.
            node["anyOf"] = [*node.get("anyOf", []), *node.pop("oneOf")]
        for name in ("anyOf", "allOf"):
            if isinstance(node.get(name), list):
                node[name] = [self.apply(variant, (*path, name)) for variant in node[name]]

    def _join(self, node: JsonObject, target: JsonObject, path: tuple[str, ...]) -> JsonObject:
        # What stands beside a reference wins over what it points to.
        node.update({**copy.deepcopy(target), **node})
        return self.apply(node, path)

    def _follow(self, ref: Json) -> JsonObject:
        if not isinstance(ref, str) or not ref.startswith("#/"):
            raise ValueError(f"Unexpected $ref format {ref!r}; Does not start with #/")
        target: Json = self._root
        for part in unquote(ref[2:]).split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
        if not isinstance(target, dict):
            raise TypeError(f"Expected `$ref: {ref}` to resolve to a dictionary, not {target!r}")
        return target


def _check_siblings(node: JsonObject) -> None:
    narrowing = node.keys() - {"$ref"} - _HARMLESS_BESIDE_REF
    if narrowing:
        raise UserError(
            "JSON schema contains a `$ref` with incompatible sibling keyword(s) "
            f"({', '.join(sorted(narrowing))}) that cannot be merged "
            "without changing its accepted values."
        )
