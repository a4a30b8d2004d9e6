"""Refuses, by name, what the Agents SDK knows and this runtime does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NoReturn

from tui.agents.exceptions import UserError

_AT_THE_SERVICE: Final = "it runs at the model's service; make a function tool that does it"
HOSTED_TOOLS: Final = {
    **dict.fromkeys(("ApplyPatchTool", "LocalShellTool", "ShellTool"), _AT_THE_SERVICE),
    **dict.fromkeys(("CodeInterpreterTool", "ComputerTool", "CustomTool"), _AT_THE_SERVICE),
    **dict.fromkeys(("FileSearchTool", "ToolSearchTool", "WebSearchTool"), _AT_THE_SERVICE),
    "ImageGenerationTool": _AT_THE_SERVICE,
    "HostedMCPTool": "give the agent `mcp_servers=[MCPServerStreamableHttp(...)]` instead",
}
"""Tools of the Agents SDK that are refused when one is made, each with what to do."""

SESSIONS: Final = {
    "OpenAIConversationsSession": "give the run a `conversation_id` instead",
    "OpenAIResponsesCompactionSession": (
        "use a `SQLiteSession(..., session_settings=SessionSettings(limit=...))` instead"
    ),
}
"""Sessions of the Agents SDK, likewise."""

_RETRIES = "give the client `max_retries`: `set_default_openai_client(AsyncOpenAI(max_retries=3))`"
SETTINGS: Final = dict.fromkeys(("ModelRetryBackoffSettings", "ModelRetrySettings"), _RETRIES)
"""Settings of the Agents SDK, likewise."""

_TRACES = "it traces nothing; hear of a run by `RunHooks`, or leave it out"
TRACING: Final = {
    **dict.fromkeys(("add_trace_processor", "set_trace_processors"), _TRACES),
    **dict.fromkeys(("set_trace_provider", "set_tracing_export_api_key"), _TRACES),
}
"""What asks for traces to be kept or uploaded, likewise."""

_FILTERS: Final = "give the handoff an `input_filter` of your own"
FUNCTIONS: Final = {
    "run_demo_loop": "open the agent in the cockpit: `baton run FILE.py`, or `tui.run(agent)`",
    "enable_verbose_stdout_logging": "use `logging.basicConfig(level=logging.DEBUG)`",
    "retry_policies": _RETRIES,
    **dict.fromkeys(("default_handoff_history_mapper", "nest_handoff_history"), _FILTERS),
    "tool_namespace": "give each tool a name of its own",
    "resolve_computer": _AT_THE_SERVICE,
    "dispose_resolved_computers": _AT_THE_SERVICE,
}
"""Functions of the Agents SDK, likewise."""


def refuse(where: str, **arguments: object) -> None:
    """Raise a `UserError` that names what is set: an argument ignored would be a silent lie."""
    names = sorted(name for name, value in arguments.items() if value)
    if names:
        raise UserError(f"{where}: {', '.join(names)} not supported by tui.agents; leave it out.")


def refusing(names: Mapping[str, str], module: str) -> Callable[[str], Callable[..., NoReturn]]:
    """Return a module's `__getattr__`: `names` can be imported, who uses one is told what to do."""

    def __getattr__(name: str) -> Callable[..., NoReturn]:  # noqa: N807
        if name not in names:
            raise AttributeError(f"module {module!r} has no attribute {name!r}")

        def refused(*_: object, **__: object) -> NoReturn:
            raise UserError(f"{name} is not supported by tui.agents: {names[name]}.")

        return refused

    return __getattr__


def absent(module: str, instead: str) -> Callable[[str], NoReturn]:
    """Return the `__getattr__` of a module of the Agents SDK that has nothing here.

    Whoever imports a name from it is told at once: nothing built on it could run.
    """

    def __getattr__(name: str) -> NoReturn:  # noqa: N807
        if name.startswith("__"):
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        raise UserError(f"{module}.{name} is not supported by tui.agents: {instead}.")

    return __getattr__
