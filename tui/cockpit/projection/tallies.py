"""What each agent used up, counted as events come. Knows no event and no entry."""

from msgspec.structs import replace

from tui.cockpit.projection.view import AgentTally, RunView


def counted(
    view: RunView,
    agent: str,
    *,
    requests: int = 0,
    input_tokens: int = 0,
    output_tokens: int = 0,
    tool_calls: int = 0,
    tool_errors: int = 0,
) -> RunView:
    """Return `view` with the numbers added to what `agent` used up so far."""
    old = next((tally for tally in view.tallies if tally.name == agent), AgentTally(name=agent))
    new = replace(
        old,
        requests=old.requests + requests,
        input_tokens=old.input_tokens + input_tokens,
        output_tokens=old.output_tokens + output_tokens,
        tool_calls=old.tool_calls + tool_calls,
        tool_errors=old.tool_errors + tool_errors,
    )
    if old not in view.tallies:
        return replace(view, tallies=(*view.tallies, new))
    return replace(view, tallies=tuple(new if t is old else t for t in view.tallies))
