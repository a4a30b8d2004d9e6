"""A kill in each window of each runtime, the run taken up in another process; two started anew."""

from __future__ import annotations

import pytest

from tests.campaign.hosts import forked_host, spawned_host
from tests.campaign.programs import LIBRARIES
from tests.campaign.stage import stage
from tests.campaign.switches import Switch
from tests.campaign.trial import Plan

# Of runs that are never as short as these numbers.
KILLS = (
    ("approvals", "before_started:1"),
    ("tools", "after_started:3"),
    ("nested", "before_effect:1"),
    ("tools", "after_effect:1"),
    ("nested", "asked_read:0"),
    ("approvals", "before_decided:0"),
    ("nested", "after_decided:0"),
    ("handoffs", "before_checkpoint:3"),
    ("approvals", "after_checkpoint:4"),
    ("text", "event_stamped:3"),
    ("long", "event_inserted:60"),
    ("handoffs", "event_read:12,event_read:8"),
)


def plan(library, program, switches, turn):
    return Plan("short", library, program, tuple(map(switch, switches.split(","))), turn)


def switch(text):
    where, _, number = text.partition(":")
    return Switch(where, int(number))


async def checked(verdicts):
    for each in verdicts:
        assert each.played.kills == len(each.played.plan.switches), each.played.plan
        assert not each.faults, f"{each.played.plan}: {each.faults}"


@pytest.mark.parametrize("library", LIBRARIES)
async def test_a_run_killed_in_any_window_goes_on_elsewhere(library, tmp_path):
    plans = [plan(library, *kill, turn) for turn, kill in enumerate(KILLS)]
    async with stage(tmp_path, forked_host, at_once=2) as played:
        await checked(await played.verdicts(plans))


@pytest.mark.parametrize("library", LIBRARIES)
async def test_a_host_as_the_cockpit_starts_it_goes_on_with_the_run_of_another(library, tmp_path):
    async with stage(tmp_path, spawned_host, at_once=1) as played:
        await checked([await played.verdict(plan(library, "approvals", "after_effect:1", 0))])
