"""Reads a server's `require_approval`. Asks nobody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from tui.agents.exceptions import UserError
from tui.agents.kinds import Json, JsonObject, MCPTool
from tui.agents.maybe_await import MaybeAwaitable, maybe_await
from tui.agents.run_context import RunContextWrapper

if TYPE_CHECKING:
    from tui.agents.agent_base import AgentBase
    from tui.agents.tool import ApprovalPolicy

LocalMCPApprovalCallable: TypeAlias = Callable[
    [RunContextWrapper, "AgentBase", MCPTool], MaybeAwaitable[bool]
]
"""Says of (context, agent, tool) whether a person must be asked."""

RequireApproval: TypeAlias = (
    Literal["always", "never"] | Mapping[str, Json] | LocalMCPApprovalCallable | bool | None
)
"""A word for all tools, one for each, or `{"always": {"tool_names": [...]}, "never": {...}}`."""

Policy: TypeAlias = bool | Mapping[str, bool] | LocalMCPApprovalCallable

_WORDS: Final = {"always": True, "never": False}


def read_policy(setting: RequireApproval) -> Policy:
    """Return a setting in its short form: a tool it does not name needs no approval.

    Raises:
        UserError: If it makes no sense.
    """
    if setting is None:
        return False
    if isinstance(setting, Mapping):
        if any(isinstance(entry, dict) and "tool_names" in entry for entry in setting.values()):
            return _listed(setting)
        return {
            name: _answer(word, f"require_approval[{name!r}]") for name, word in setting.items()
        }
    return setting if callable(setting) else _answer(setting, "require_approval")


def needs_approval(policy: Policy, tool: MCPTool, agent: AgentBase) -> bool | ApprovalPolicy:
    """Return what a function tool made of `tool` has as `needs_approval`."""
    if isinstance(policy, bool):
        return policy
    if isinstance(policy, Mapping):
        return policy.get(tool.name, False)

    async def ask(context: RunContextWrapper, _arguments: JsonObject, _call_id: str) -> bool:
        return bool(await maybe_await(policy(context, agent, tool)))

    return ask


def _answer(word: Json, where: str) -> bool:
    if isinstance(word, bool):
        return word
    if isinstance(word, str) and word in _WORDS:
        return _WORDS[word]
    raise UserError(
        f"Invalid require_approval value at {where}: expected 'always' or 'never', got {word!r}."
    )


def _listed(setting: Mapping[str, Json]) -> dict[str, bool]:
    if unknown := sorted(set(setting) - set(_WORDS)):
        raise UserError(f"Invalid require_approval: {unknown}; expected only 'always' and 'never'.")
    policy: dict[str, bool] = {}
    for word, answer in _WORDS.items():
        entry = setting.get(word, {})
        names = entry.get("tool_names", []) if isinstance(entry, dict) else None
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise UserError(
                f"Invalid require_approval.{word}: expected an object with tool_names, a list "
                "of strings."
            )
        for name in names:
            if policy.setdefault(name, answer) is not answer:
                raise UserError(
                    f"Invalid require_approval: {name!r} is in both 'always' and 'never'."
                )
    return policy
