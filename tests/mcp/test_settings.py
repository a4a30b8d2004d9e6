"""What servers are given: approval policies, filters, wrong arguments, and no package at all."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tui.agents import Agent, UserError
from tui.agents.mcp import MCPServerStdio, MCPServerStreamableHttp, create_static_tool_filter
from tui.mcp.connected import backoff_s
from tui.mcp.server import shown_name


@pytest.mark.parametrize(
    ("setting", "complaint"),
    [
        ("sometimes", "at require_approval: expected 'always' or 'never', got 'sometimes'"),
        (3, "got 3"),
        ({"delete": "perhaps"}, r"require_approval\['delete'\]"),
        ({"always": {"tool_names": ["a"]}, "often": {}}, "often"),
        ({"always": {"tool_names": "a"}}, "require_approval.always"),
        ({"always": {"tool_names": [1]}}, "list of strings"),
        ({"always": {"tool_names": []}, "never": "a"}, "require_approval.never"),
        ({"always": {"tool_names": ["a"]}, "never": {"tool_names": ["a"]}}, "'a' is in both"),
    ],
)
def test_a_policy_that_makes_no_sense_is_an_error(setting, complaint):
    with pytest.raises(UserError, match=complaint):
        MCPServerStdio({"command": "x"}, require_approval=setting)


@pytest.mark.parametrize(
    ("option", "complaint"),
    [
        ({"client_session_timeout_seconds": -1}, "client_session_timeout_seconds"),
        ({"max_list_pages": 0}, "max_list_pages"),
    ],
)
def test_numbers_that_make_no_sense_are_errors(option, complaint):
    with pytest.raises(ValueError, match=complaint):
        MCPServerStdio({"command": "x"}, **option)


def test_what_is_not_supported_is_refused_by_name():
    with pytest.raises(UserError, match="MCPServerStdio: custom_data_extractor not supported"):
        MCPServerStdio({"command": "x"}, custom_data_extractor=print)


def test_a_filter_by_name_has_the_lists_it_was_given():
    assert create_static_tool_filter() is None
    assert create_static_tool_filter(["a"]) == {"allowed_tool_names": ["a"]}
    assert create_static_tool_filter([], ["b"]) == {
        "allowed_tool_names": [],
        "blocked_tool_names": ["b"],
    }


@pytest.mark.parametrize("wrong", [{"mcp_servers": ()}, {"mcp_config": []}])
def test_an_agent_wants_a_list_of_servers_and_a_dict(wrong):
    (name,) = wrong
    with pytest.raises(TypeError, match=f"Agent {name} must be a"):
        Agent(name="A", **wrong)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("stdio: npx", "stdio: npx"),
        ("http tools", "http tools"),
        ("sse: http://a:b@host:1/x?k=s#f", "sse: http://host:1/x"),
        ("https://user@host/x", "https://host/x"),
    ],
)
def test_a_name_is_shown_without_secrets(name, shown):
    assert shown_name(name) == shown


def test_waits_between_retries_grow_up_to_the_longest():
    assert [backoff_s(tried, 0.5, 3) for tried in range(4)] == [0.5, 1, 2, 3]
    assert backoff_s(5, 1, None) == 32
    assert backoff_s(100_000, 1, 60) == 60


def test_an_address_names_its_server():
    server = MCPServerStreamableHttp({"url": "http://host/mcp"})
    assert server.name == "streamable_http: http://host/mcp"


WITHOUT = """
import sys
sys.modules["mcp"] = None
from tui.agents import Agent, UserError
from tui.agents.mcp import *
assert create_static_tool_filter(["a"])
Agent(name="A")
for kind, given in [(MCPServerStdio, "command"), (MCPServerStreamableHttp, "url"),
                    (MCPServerSse, "url")]:
    try:
        kind({given: "x"})
    except UserError as error:
        print(error)
"""


def test_without_the_package_everything_else_works_and_a_server_says_what_to_install():
    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT], check=True, capture_output=True, text=True
    )

    assert ran.stdout.splitlines() == [
        f"{kind} needs the mcp package, version 2 or newer: pip install 'baton-tui[mcp]'"
        for kind in ("MCPServerStdio", "MCPServerStreamableHttp", "MCPServerSse")
    ]


def test_the_names_are_there_without_loading_the_package():
    code = "import sys, tui.agents.mcp; print('mcp' in sys.modules, 'openai' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert ran.stdout.split() == ["False", "False"]
