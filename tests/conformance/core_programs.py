"""The programs that every supported openai-agents can play: nothing in them is newer."""

from __future__ import annotations

from tests.conformance.scenarios.approvals import APPROVALS
from tests.conformance.scenarios.call_ids import CALL_IDS
from tests.conformance.scenarios.endings import ENDINGS
from tests.conformance.scenarios.handoffs import HANDOFFS
from tests.conformance.scenarios.hooks import HOOKS
from tests.conformance.scenarios.messages import MESSAGES
from tests.conformance.scenarios.nested import NESTED
from tests.conformance.scenarios.parallel_agents import PARALLEL_AGENTS
from tests.conformance.scenarios.resuming import RESUMING
from tests.conformance.scenarios.tool_results import TOOL_RESULTS
from tests.conformance.scenarios.tools import TOOLS

CORE = [
    *MESSAGES,
    *TOOLS,
    *TOOL_RESULTS,
    *HANDOFFS,
    *APPROVALS,
    *CALL_IDS,
    *NESTED,
    *PARALLEL_AGENTS,
    *HOOKS,
    *RESUMING,
    *ENDINGS,
]
