"""Shows the calls of a run that wait for a person, each once, with who asks and how it came there.

Stays out of what is decided.
"""

# Agents, tools and approval items are of either library.
from typing import Any

from tui.host.live.approvals import Approvals, Request, call_id_of
from tui.host.live.calls import CallWatch
from tui.host.live.normalize import Ledger, call_arguments
from tui.host.live.scope import INSIDE, Call
from tui.host.live.shapes import field, name_of, text_field
from tui.host.live.teller import Teller


class Requests:
    """The requests of one run.

    Attributes:
        approvals: What was shown and decided.
    """

    def __init__(self, ledger: Ledger, calls: CallWatch, teller: Teller) -> None:
        self.approvals = Approvals(ledger.run_id)
        self._ledger = ledger
        self._calls = calls
        self._teller = teller
        self._path: list[str] = []

    @property
    def active_agent(self) -> str:
        """The agent that has the control."""
        return self._path[-1] if self._path else ""

    def gained_control(self, agent: str) -> None:
        """Note that the control passed to `agent`."""
        if agent != self.active_agent:
            self._path.append(agent)

    def show(self, item: Any, agent: Any, tool: Any = None) -> None:
        """Tell of a call that waits, unless exactly that was told."""
        call = self._call_of(item, agent)
        if self.approvals.is_shown(call):
            return
        tool = tool or _tool_named(agent, call.tool)
        path = tuple(self._path) if call.agent == self.active_agent else (*self._path, call.agent)
        if call.within is not None and not self._calls.shows_nested:
            self._teller.announce(call)
        request = Request(call, path, text_field(tool, "description"))
        self._teller.tell_of_call(call, self.approvals.request(request))

    def _call_of(self, item: Any, agent: Any) -> Call:
        call_id = call_id_of(item)
        known, inside = self._ledger.calls.get(call_id), INSIDE.get()
        within = self._calls.around(agent) if inside is None else inside.call_id
        return Call(
            agent=name_of(agent),
            call_id=call_id,
            tool=text_field(item, "tool_name") or text_field(item, "name"),
            arguments=text_field(item, "arguments") or call_arguments(field(item, "raw_item")),
            within=known.within if known is not None else within,
        )


def _tool_named(agent: Any, name: str) -> Any:
    tools = field(agent, "tools") or ()
    return next((tool for tool in tools if name_of(tool) == name), None)
