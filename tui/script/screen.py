"""The screen of a program: `python -c ... --line FD --target NAME`. Started by `tui.run` alone.

Stays out of running agents; it wires the cockpit to the program at the other end of the line.
"""

import argparse
import socket
import sys

from tui.cli_config import read_settings
from tui.cli_policy import policy_reader
from tui.cli_runs import journal_path
from tui.cockpit.app import BatonApp
from tui.cockpit.home_listing import AgentChoice, HomeListing
from tui.cockpit.sources.base import AgentHost
from tui.cockpit.sources.host_options import HostOptions
from tui.cockpit.sources.hosted import HostedAgents
from tui.cockpit.terminal import TerminalGuard
from tui.script.caller import Caller

_GONE = "baton: the program that ran the agents is gone, and its runs with it"


def main() -> None:
    """Open the cockpit until the person leaves it, or the program is gone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--line", type=int, required=True, help="descriptor of the line")
    parser.add_argument("--target", required=True, help="what the program is called")
    parser.add_argument("--theme", required=True, help="dark or light")
    parser.add_argument("--prompt", help="the first message")
    parser.add_argument("--policy", default="", help="the file with the rules")
    sys.exit(_open(parser.parse_args()))


def _open(given: argparse.Namespace) -> int:
    target = given.target
    host: AgentHost | None = None

    def open_host(_: str) -> AgentHost:
        assert host is not None
        return host

    app = BatonApp(
        open_host=open_host,
        target=target,
        prompt=given.prompt,
        theme=given.theme,
        settings=read_settings(None),
        list_home=lambda: HomeListing(
            (AgentChoice(target, target, "the program that opened this"),)
        ),
        read_policy=policy_reader(HostOptions(policy=given.policy)),
        journal=journal_path(None),
    )
    guard = TerminalGuard(app)
    caller = Caller(socket.socket(fileno=given.line), lambda: guard.leave(1, _GONE))
    host = HostedAgents(target, spawn=caller.attach)
    with guard:
        app.run()
    return 128 + guard.exit_signal if guard.exit_signal else app.return_code or 0
