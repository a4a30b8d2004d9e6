"""The kill campaign: `python -m tests.campaign`.

Kills host processes in every window, takes their runs up in others, and prints what came of it.
It ends with 1 if anything was wrong. `--only LIBRARY/PROGRAM/WHERE:N,.../TURN` plays one trial, as
the list of faults names it.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.campaign.hosts import forked_host, spawned_host
from tests.campaign.stage import stage
from tests.campaign.switches import switch_of
from tests.campaign.table import faults, table
from tests.campaign.trial import Plan
from tests.campaign.windows import plans


async def main() -> int:
    """Play the campaign that the command line names."""
    given = _given()
    open_host = spawned_host if given.spawn else forked_host
    with tempfile.TemporaryDirectory() as folder:
        async with stage(Path(folder), open_host, given.at_once) as played:
            if given.only:
                wanted = [_plan(given.only)]
            else:
                sizes = await played.sizes()
                wanted = list(
                    plans(sizes, given.in_window, given.anywhere, given.twice, given.seed)
                )
            verdicts = await played.verdicts(wanted)
    print(table(verdicts))
    print(faults(verdicts))
    return int(any(each.faults for each in verdicts))


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.campaign", description=__doc__)
    parser.add_argument("--in-window", type=int, default=24, help="kills in each window")
    parser.add_argument("--anywhere", type=int, default=204, help="kills over all events")
    parser.add_argument("--twice", type=int, default=24, help="runs that are killed twice")
    parser.add_argument("--at-once", type=int, default=3, help="trials at a time")
    parser.add_argument("--seed", type=int, default=6, help="of what is drawn")
    parser.add_argument("--spawn", action="store_true", help="start each host anew, as baton does")
    parser.add_argument("--only", default="", help="one trial")
    return parser.parse_args()


def _plan(text: str) -> Plan:
    library, program, switches, turn = text.split("/")
    chosen = tuple(filter(None, map(switch_of, switches.split(","))))
    return Plan("one", library, program, chosen, int(turn))


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
