"""The host process: `python -m tui.host --line FD TARGET`. Started by the screen, not by hand.

Stays out of serving: it only says what the arguments mean.
"""

import argparse
import sys

from tui.host.loading import Wanted
from tui.host.process import run_host


def main() -> None:
    """Run the host until its screen closes the line."""
    parser = argparse.ArgumentParser(prog="python -m tui.host", description=__doc__)
    parser.add_argument("--line", type=int, required=True, help="descriptor of the host's socket")
    parser.add_argument("--speed", type=float, default=1.0, help="the rehearsal's pace")
    parser.add_argument("--context", default="", help="what makes the context of the runs")
    parser.add_argument("--model", default="", help="the model of all agents")
    parser.add_argument("--api", default="", help="chat or responses")
    parser.add_argument("--address-from", default="", help="the option with the service's address")
    parser.add_argument("--key-from", default="", help="the variable with the key")
    parser.add_argument("--policy", default="", help="the file with the rules")
    parser.add_argument("--approve-all", default="", choices=["yes"], help="ask nobody")
    parser.add_argument("--journal", default="", help="the file that the runs are kept in")
    parser.add_argument("target", help="FILE.py:NAME, package.module:NAME or rehearsal")
    given = parser.parse_args()
    wanted = Wanted(
        given.target,
        context=given.context,
        model=given.model,
        api=given.api,
        address_from=given.address_from,
        key_from=given.key_from,
        speed=given.speed,
        policy=given.policy,
        approve_all=bool(given.approve_all),
        journal=given.journal,
    )
    sys.exit(run_host(given.line, wanted))


if __name__ == "__main__":
    main()
