"""What is said of calls that nobody saw begin: their tool is out of reach, or it never ran.

Knows no foreign shape, and not how a tool is reached.
"""

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from tui.wire.events import ToolCalled, ToolOutput


class Unseen:
    """The tools and the calls of one run, as far as the gate sees them.

    Args:
        note: Tells the person something, in a sentence.
    """

    def __init__(self, note: Callable[[str], None]) -> None:
        self._note = note
        self._noted: set[str] = set()
        self._is_gated: dict[tuple[str, str], bool] = {}
        self._listed_whole: set[str] = set()
        # None once a call was seen to begin.
        self._calls: dict[str, ToolCalled | None] = {}

    def has_tools(self, agent: str, tools: Mapping[str, bool], *, is_all: bool) -> None:
        """Learn the tools of an agent, each with whether its calls pass the gate."""
        for tool, is_gated in tools.items():
            self._is_gated[agent, tool] = is_gated
            if not is_gated:
                self.out_of_reach(f"{tool} of {agent}")
        if is_all:
            self._listed_whole.add(agent)
        else:
            self._listed_whole.discard(agent)

    def out_of_reach(self, what: str) -> None:
        """Say once of these tools that their calls do not pass the gate."""
        if what not in self._noted:
            self._noted.add(what)
            self._note(f"not gated, so its start and end are not seen: {what}")

    def called(self, call: ToolCalled) -> None:
        """Note that a call was asked for, perhaps once more with other arguments."""
        self._calls.setdefault(call.call_id, call)

    def began(self, call_id: str) -> None:
        """Note that a call was seen to begin, or is no tool's."""
        self._calls[call_id] = None

    def answered(self, output: ToolOutput) -> ToolOutput:
        """Return the output of a call with what is known of whether it ran."""
        call = self._calls.pop(output.call_id, None)
        if call is None:
            return output
        is_gated = self._is_gated.get((call.agent, call.tool))
        if is_gated or (is_gated is None and call.agent in self._listed_whole):
            return replace(output, not_run=True)
        self.out_of_reach(f"{call.tool} of {call.agent}")
        return output
