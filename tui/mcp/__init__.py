"""Servers of the Model Context Protocol: their tools become an agent's. Needs the extra `mcp`.

The module loads without the extra; making a server of a class that needs it says what to install.
"""

from __future__ import annotations

from tui.mcp.approval import LocalMCPApprovalCallable, RequireApproval
from tui.mcp.filters import (
    ToolFilter,
    ToolFilterCallable,
    ToolFilterContext,
    ToolFilterStatic,
    create_static_tool_filter,
)
from tui.mcp.http import (
    MCPServerSse,
    MCPServerSseParams,
    MCPServerStreamableHttp,
    MCPServerStreamableHttpParams,
)
from tui.mcp.manager import MCPServerManager
from tui.mcp.server import MCPServer, MCPToolMetaContext, MCPToolMetaResolver
from tui.mcp.stdio import MCPServerStdio, MCPServerStdioParams

__all__ = [
    "LocalMCPApprovalCallable",
    "MCPServer",
    "MCPServerManager",
    "MCPServerSse",
    "MCPServerSseParams",
    "MCPServerStdio",
    "MCPServerStdioParams",
    "MCPServerStreamableHttp",
    "MCPServerStreamableHttpParams",
    "MCPToolMetaContext",
    "MCPToolMetaResolver",
    "RequireApproval",
    "ToolFilter",
    "ToolFilterCallable",
    "ToolFilterContext",
    "ToolFilterStatic",
    "create_static_tool_filter",
]
