"""Pure questions that panes ask of a view. Knows no clock: ages get `now`, in UTC seconds."""

from tui.cockpit.projection.pages import LongText
from tui.cockpit.projection.view import (
    AnyEntry,
    Approval,
    ConsoleEntry,
    Decided,
    EndEntry,
    MessageEntry,
    NoticeEntry,
    ReasoningEntry,
    RetryEntry,
    RunView,
    UnknownEntry,
    UserEntry,
)


def is_running(view: RunView) -> bool:
    """Whether a run is under way, be it waiting for a person."""
    return view.status in ("running", "waiting")


def active_agent(view: RunView) -> str:
    """Return the agent that has the control, or had it last; "" before the first run."""
    return view.path[-1] if view.path else ""


def nested_agents(view: RunView) -> tuple[str, ...]:
    """Return the agents at work inside tool calls, each once, in the order they began."""
    return tuple(dict.fromkeys(view.active_within.values()))


def waiting_by_agent(view: RunView) -> dict[str, int]:
    """Return how many calls of each agent wait for a person; agents without one are left out."""
    counts: dict[str, int] = {}
    for request in view.pending:
        counts[request.agent] = counts.get(request.agent, 0) + 1
    return counts


def waiting_for_person(view: RunView) -> int:
    """Return how many things wait for the person: each pending call, and the budgets together."""
    return len(view.pending) + bool(view.used_up)


def is_forked(view: RunView) -> bool:
    """Whether the view ends where a copy of a run was made that nobody has gone on with yet."""
    end = view.entries[-1] if view.status == "cancelled" and view.entries else None
    return isinstance(end, EndEntry) and end.how == "forked"


def in_doubt(view: RunView) -> int:
    """Return how many of the pending calls may have run already."""
    return sum(request.in_doubt_since is not None for request in view.pending)


def answer_to_doubt(of: Approval | Decided) -> str:
    """Return what a person said of a call in doubt, in words; "" before they did."""
    if of.approved is None:
        return ""
    if not of.approved:
        return "failed"
    return "run again" if of.result is None else "taken as done"


def waits_since(view: RunView) -> float | None:
    """Return since when the run has been waiting for the person, None if it does not."""
    asked = [request.requested_at for request in view.pending]
    return min((*asked, *(budget.at for budget in view.used_up)), default=None)


def message_to_retry(view: RunView) -> str | None:
    """Return what to try again after a failure, None where that cannot help."""
    if view.status != "failed" or not view.entries:
        return None
    end = view.entries[-1]
    if isinstance(end, EndEntry) and not end.can_retry:
        return None
    return asked_of_run(view) or None


def asked_of_run(view: RunView) -> str:
    """Return what the newest run was asked, "" if nothing is known."""
    for place in range(len(view.entries) - 1, view.first_item_of_run - 1, -1):
        match view.entries[place]:
            case UserEntry(steering=False, text=text) | RetryEntry(text=text):
                return text
    return ""


def elapsed_s(view: RunView, now: float) -> float:
    """Return how long the newest run took, or has been under way; 0 before the first."""
    if view.started_at is None:
        return 0.0
    end = now if view.ended_at is None else view.ended_at
    return max(0.0, end - view.started_at)


def tokens(view: RunView) -> int:
    """Return the tokens of the conversation, in and out, of all agents."""
    return sum(tally.input_tokens + tally.output_tokens for tally in view.tallies)


def place_of(view: RunView, item_id: str, hint: int | None = None) -> int | None:
    """Return where the item stands in `view.entries`, None if nowhere.

    Args:
        view: Where to look.
        item_id: What to look for.
        hint: Where it stood before; entries never move, so this spares the search.
    """
    if hint is not None and hint < len(view.entries) and view.entries[hint].item_id == item_id:
        return hint
    place = view.open_items.get(item_id)
    if place is not None:
        return place
    backwards = range(len(view.entries) - 1, -1, -1)
    return next((at for at in backwards if view.entries[at].item_id == item_id), None)


def text_of(view: RunView, entry: AnyEntry) -> str | LongText:
    """Return what `entry` says: the text in flight while it is, "" for kinds without text."""
    live = view.live.get(entry.item_id)
    if live is not None:
        return live
    match entry:
        case MessageEntry() | ReasoningEntry() | UserEntry() | ConsoleEntry():
            return entry.text
        case UnknownEntry() | NoticeEntry():
            return entry.text
    return ""
