"""What only servers of Chat Completions say, and what they must be told in their own way."""

from __future__ import annotations

from tests.conformance.scenario import Scenarios
from tests.conformance.scenarios.tools import weather_tool
from tui.rehearsal.script import Call, Incomplete, Refuse, Reply, Think, call, reply, say

CHAT = Scenarios()
answers = CHAT.answers
