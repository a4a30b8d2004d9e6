"""Fifty calls of three runs, decided in the inbox in any order, one by one and together.

The runs are real: our runtime under the host's own serving, and tools that write down what they
did. Each run's calls have the same ids as those of the others.
"""

from __future__ import annotations

import asyncio
import random
import time
from itertools import count

import pytest

from tests.cockpit.desk import DRAWN_WITHIN_S, later
from tests.fakes.fake_endpoint_process import FakeSpawn
from tui.agents import Agent, function_tool
from tui.agents.models.interface import Model, ModelRequest
from tui.agents.models.scripted import ScriptedModel, call, say
from tui.cockpit.app import BatonApp
from tui.cockpit.dialogs.inbox import InboxPanel
from tui.cockpit.dialogs.inbox_list import InboxList
from tui.cockpit.projection.view import ToolEntry
from tui.cockpit.sources.hosted import HostedAgents

CALLS = {"first": 17, "second": 17, "third": 16}


class ByMessage(Model):
    """Asks a model of its own in each conversation, by what a person said first in it."""

    def __init__(self, models: dict[str, ScriptedModel]) -> None:
        self.models = models

    async def get_response(self, *given, **options):
        return await self._model(given, options).get_response(*given, **options)

    def stream_response(self, *given, **options):
        return self._model(given, options).stream_response(*given, **options)

    def _model(self, given, options) -> ScriptedModel:
        said = ModelRequest(*given, **options).input
        return self.models[said if isinstance(said, str) else said[0]["content"]]


def conversation(name: str, calls: int) -> ScriptedModel:
    """A model that asks for this many payments at once, and is content with what it gets."""
    payments = [call("pay", {"run": name, "number": at}, f"call-{at}") for at in range(calls)]
    return ScriptedModel([payments, [say(f"{name} is done")]])


class Payments:
    """An agent whose tool pays, and what was paid."""

    def __init__(self) -> None:
        self.paid: list[tuple[str, int]] = []
        self.model = ByMessage({name: conversation(name, calls) for name, calls in CALLS.items()})

        @function_tool(needs_approval=True)
        def pay(run: str, number: int) -> str:
            """Pay."""
            self.paid.append((run, number))
            return "paid"

        self.agent = Agent(name="Payer", model=self.model, tools=[pay])


class Hands:
    """A person before the inbox."""

    def __init__(self, app: BatonApp, pilot) -> None:
        self.app = app
        self.pilot = pilot

    async def until(self, holds) -> None:
        deadline = time.monotonic() + DRAWN_WITHIN_S
        while not holds():
            assert time.monotonic() < deadline
            await self.pilot.pause()
            await asyncio.sleep(0)

    @property
    def list(self) -> InboxList:
        return self.app.screen.query_one(InboxList)

    async def tick(self, run_id: str, call_id: str) -> None:
        """Move the cursor to a call by the shortest way, wait until it is drawn, and tick it."""
        requests = list(self.list.requests)
        wanted = next(each for each in requests if each[:2] == (run_id, call_id))
        place, here = requests.index(wanted), requests.index(self.list.cursor)
        ways = [
            ["down" if place > here else "up"] * abs(place - here),
            ["home", *["down"] * place],
            ["end", *["up"] * (len(requests) - 1 - place)],
        ]
        await self.pilot.press(*min(ways, key=len))
        await self.pilot.pause()
        assert self.list.cursor == wanted
        self.app.post_message(later("space"))
        await self.pilot.pause()

    async def decide(self, key: str) -> None:
        """Press the key, and wait until what was ticked is gone from the list."""
        left = len(self.list.requests)
        ticked = len(self.app.screen.query_one(InboxPanel)._ticks.at)
        self.app.post_message(later(key))
        await self.until(lambda: len(self.list.requests) == left - ticked)
        await self.pilot.pause()


def plan(seed: int, run_ids: dict[str, str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Batches of one to five calls of any runs, in any order, each with the key that decides it."""
    chance = random.Random(seed)
    calls = [(run_ids[name], f"call-{at}") for name, many in CALLS.items() for at in range(many)]
    chance.shuffle(calls)
    batches = []
    while calls:
        size = chance.choice([1, 1, 2, 3, 5])
        batches.append((chance.choice("yn"), calls[:size]))
        calls = calls[size:]
    return batches


@pytest.mark.parametrize("seed", [1, 2026])
async def test_each_decision_reaches_its_own_call(seed):
    payments = Payments()
    host = HostedAgents("desk.py:payer", spawn=FakeSpawn(payments.agent))
    app = BatonApp(open_host=lambda _: host, target="desk.py:payer", prompt=None)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        hands = Hands(app, pilot)
        run_ids = {}
        for name, calls in CALLS.items():
            conversation = app.screen.conversation
            conversation.send(name)
            await hands.until(lambda: len(conversation.view.pending) == calls)  # noqa: B023 - asked in this round
            run_ids[name] = conversation.view.run_id
            await pilot.press("ctrl+n")
            await pilot.pause()
        await pilot.press("f6")
        await hands.until(lambda: len(hands.list.requests) == sum(CALLS.values()))
        await pilot.pause()

        approved = set()
        for key, batch in plan(seed, run_ids):
            for run_id, call_id in batch:
                await hands.tick(run_id, call_id)
            await hands.decide(key)
            approved |= set(batch) if key == "y" else set()

        runs = app._conversations.open_runs
        await hands.until(lambda: sum(run.view.status == "completed" for run in runs) == len(CALLS))
    names = {run_id: name for name, run_id in run_ids.items()}
    wanted = {(names[run_id], int(call_id.partition("-")[2])) for run_id, call_id in approved}
    assert len(payments.paid) == len(set(payments.paid)), "no call ran twice"
    assert set(payments.paid) == wanted
    for run in runs:
        for entry in run.view.entries:
            if isinstance(entry, ToolEntry):
                is_paid = (entry.run_id, entry.call_id) in approved
                assert (entry.output == "paid") is is_paid
    assert 0 < len(wanted) < sum(CALLS.values())


def test_the_plan_has_each_call_once_and_batches_of_several_runs():
    ids = {name: str(at) for at, name in zip(count(), CALLS, strict=False)}
    batches = plan(1, ids)
    calls = [each for _, batch in batches for each in batch]
    assert len(calls) == len(set(calls)) == sum(CALLS.values())
    assert any(len({run for run, _ in batch}) > 1 for _, batch in batches)
    assert any(len(batch) == 1 for _, batch in batches)
