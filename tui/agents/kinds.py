"""Names for values whose type is not this package's to say. Everywhere else they are `Any`.

The openai classes cannot be named where they are used: importing them costs a third of a second,
and a user who only defines agents need not pay it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

Json: TypeAlias = Any
"""A JSON value."""

JsonObject: TypeAlias = dict[str, Any]
"""A JSON object."""

RawItem: TypeAlias = Any
"""An item in the Responses API's shape: an openai object, or a plain dict."""

RawEvent: TypeAlias = Any
"""An event of a model's stream: an openai object."""

UserValue: TypeAlias = Any
"""What the user's code gives or takes: contexts, outputs, results of tools."""

UserType: TypeAlias = Any
"""An annotation in the user's code."""

UserFunction: TypeAlias = Callable[..., Any]
"""A function of the user's, with any signature."""

MCPTool: TypeAlias = Any
"""A tool as a server of the Model Context Protocol lists it: a `mcp.types.Tool`."""
