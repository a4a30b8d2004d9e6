"""Who decided in a person's place, and by which rule: said where the request was."""

import pytest

from tests.cockpit.desk import opened
from tests.fakes.fake_scripts import opening
from tests.fakes.fake_source import FakeRun, Script, approval
from tui.wire.events import ApprovalDecided, ApprovalRequested, RunCompleted
from tui.wire.rules import Rule

RULE = Rule(effect="allow", tool="pay", origin="policy.toml:7")


def decided_by(by: str, *, approved: bool = True, rule: Rule | None = None) -> Script:
    """A request that somebody else decides at the gate "elsewhere"."""

    async def script(run: FakeRun):
        for event in [*opening(run), _request()]:
            yield event
        await run.gate("elsewhere")
        yield ApprovalDecided(run_id="", call_id="call", approved=approved, by=by, rule=rule)
        await run.gate("end")
        yield RunCompleted(run_id="")

    return script


def _request() -> ApprovalRequested:
    request = approval("Triage", "call", "pay", "{}", path=("Triage",))
    assert isinstance(request, ApprovalRequested)
    return request


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (decided_by("ada"), "ada approved pay"),
        (decided_by("ada", approved=False), "ada rejected pay"),
        (decided_by("rule", rule=RULE), "A rule approved pay: allow pay (policy.toml:7)"),
        (decided_by(""), "Somebody approved pay"),
    ],
)
@pytest.mark.parametrize("keys", [(), ("ctrl+g",), ("ctrl+g", "r"), ("ctrl+g", "Y")])
async def test_a_decision_from_elsewhere_closes_the_dialog_and_says_whose_it_was(
    script, said, keys
):
    async with opened(script, hold=True) as desk:
        await desk.until(lambda view: bool(view.pending))
        await desk.press(*keys)
        desk.run.open("elsewhere")
        await desk.until(lambda view: not view.pending)
        assert said in desk.notice
        assert not desk.panel.display
        assert desk.app.focused is desk.composer
        assert desk.run.decisions == []


async def test_the_own_decision_is_no_news():
    async def script(run: FakeRun):
        for event in opening(run):
            yield event
        async for event in run.ask(_request()):
            yield event
        yield RunCompleted(run_id="")

    async with opened(script) as desk:
        await desk.until_asked()
        await desk.press("ctrl+g", "y")
        await desk.until_ended()
        assert "approved" not in desk.notice
