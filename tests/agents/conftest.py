"""What tests of runs that stop share."""

import pytest

from tui.agents import RunState


@pytest.fixture(params=["in memory", "through JSON"])
def kept(request):
    """Return what keeps a state between two runs."""

    async def keep(agent, state):
        if request.param == "in memory":
            return state
        return await RunState.from_string(agent, state.to_string())

    return keep
