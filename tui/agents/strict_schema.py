"""Rewrites a JSON schema to the strict form that structured outputs need. Builds no schemas."""

from __future__ import annotations

import copy
from urllib.parse import unquote

from tui.agents.exceptions import UserError
from tui.agents.kinds import Json, JsonObject

_MAX_DEPTH = 100
_MAX_NODES = 100_000

# These may stand beside a `$ref` without narrowing what it accepts.
_HARMLESS_BESIDE_REF = frozenset(
    {
        "$anchor",
        "$comment",
        "$defs",
        "$schema",
        "contentEncoding",
        "contentMediaType",
        "contentSchema",
        "default",
        "definitions",
        "deprecated",
        "description",
        "examples",
        "readOnly",
        "title",
        "writeOnly",
    }
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
        """Make one node and all below it strict, in place, and return it.

        Args:
            node: The node.
            path: The keys that lead to it, those of what it refers to not told apart.
        """
        self._spend(len(path))
        if not isinstance(node, dict):
            raise TypeError(f"A JSON schema must be a dictionary, not {node!r}.")
        for name in ("$defs", "definitions"):
            for key, definition in (node.get(name) or {}).items():
                self.apply(definition, (*path, name, key))
        is_open = not node.get("properties") and node.get("additionalProperties") is not False
        _close_object(node, path)
        if self._must_accept_the_same and is_open and _is_object(node):
            raise UserError("JSON schema has an object without properties, which strict is empty.")
        self._descend(node, path)
        if _is_single_all_of(node):
            return self._merge_all_of(node, path)
        if node.get("default", ...) is None:
            del node["default"]
        if "$ref" in node and len(node) > 1:
            return self._inline_ref(node, path)
        if self._must_accept_the_same and "$ref" in node:
            raise UserError("JSON schema refers to a part of itself.")
        return node

    def _spend(self, depth: int) -> None:
        self._nodes_left -= 1
        if depth > _MAX_DEPTH or self._nodes_left < 0:
            raise UserError("JSON schema is too deep or too large to convert to a strict schema.")

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
            if isinstance(node.get(name), list) and not _is_single_all_of(node, name):
                node[name] = [self.apply(variant, (*path, name)) for variant in node[name]]

    def _merge_all_of(self, node: JsonObject, path: tuple[str, ...]) -> JsonObject:
        entry = node.pop("allOf")[0]
        target = self._follow_ref(entry) if "$ref" in entry else entry
        node.pop("additionalProperties", None)
        merged = {**self.apply(copy.deepcopy(target), (*path, "allOf")), **node}
        node.clear()
        node.update(merged)
        return self.apply(node, (*path, "allOf"))

    def _inline_ref(self, node: JsonObject, path: tuple[str, ...]) -> JsonObject:
        narrowing = set(node) - {"$ref"} - _HARMLESS_BESIDE_REF
        if narrowing:
            raise UserError(
                "JSON schema contains a `$ref` with incompatible sibling keyword(s) "
                f"({', '.join(sorted(narrowing))}) that cannot be merged "
                "without changing its accepted values."
            )
        target = self._follow_ref(node)
        del node["$ref"]
        # What stands beside the reference wins over what it points to.
        merged = {**copy.deepcopy(target), **node}
        node.update(merged)
        return self.apply(node, (*path, "$ref"))

    def _follow_ref(self, node: JsonObject) -> JsonObject:
        ref = node["$ref"]
        if not isinstance(ref, str) or not ref.startswith("#/"):
            raise ValueError(f"Unexpected $ref format {ref!r}; Does not start with #/")
        target: Json = self._root
        for part in unquote(ref[2:]).split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
        if not isinstance(target, dict):
            raise TypeError(f"Expected `$ref: {ref}` to resolve to a dictionary, not {target!r}")
        return target


def _close_object(node: JsonObject, path: tuple[str, ...]) -> None:
    kind = node.get("type")
    if kind is None and isinstance(node.get("properties"), dict):
        kind = node["type"] = "object"
    is_object = _is_object(node)
    closed = node.get("additionalProperties", False) is False
    if (is_object or kind is None) and not closed:
        raise UserError(f"{_OPEN_OBJECT} They are set at /{'/'.join(path)} of the schema.")
    if is_object:
        node["additionalProperties"] = False


def _is_object(node: JsonObject) -> bool:
    kind = node.get("type")
    return kind == "object" or (isinstance(kind, list) and "object" in kind)


def _is_single_all_of(node: JsonObject, name: str = "allOf") -> bool:
    entries = node.get("allOf")
    return name == "allOf" and isinstance(entries, list) and len(entries) == 1
