"""What a run leaves behind: for the next message, and for trying it again where it failed.

Makes no events. What stays after a guardrail is in `stops`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

# A run's input is a text, items or a state of either library.
from typing import Any

from tui.host.live.fates import Fate, Fates
from tui.host.live.history import Conversation, closed, user_item
from tui.host.live.runtime import Runtime
from tui.host.live.scope import Call
from tui.host.live.shapes import ForeignResult, field
from tui.host.live.stops import NOT_CARRIED_OUT, service_called, without_answer, without_message


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A failed run, as trying it again takes it up.

    Attributes:
        run_input: What its runtime goes on from: a state, a text or items.
        before: The conversation without what the run was asked.
        after: The conversation with all that the run came to.
        has_called: Whether any of its calls was carried out.
    """

    run_input: Any
    before: Conversation
    after: Conversation
    has_called: bool = False


class Remains:
    """What is left of one run, segment by segment.

    Args:
        runtime: The library of its agent.
        fates: What became of its calls.
        start: What was said before it, or the failed run that it takes up again.
        text: What it is asked.

    Attributes:
        before: The conversation without what the run was asked.
        conversation: What a follow-up goes on from.
        first_input: What the run's first segment is given.
    """

    def __init__(
        self, runtime: Runtime, fates: Fates, start: Conversation | Unfinished, text: str
    ) -> None:
        self._runtime = runtime
        self._fates = fates
        self._result: ForeignResult | None = None
        self._calls_before = 0
        self._has_unheard = False
        if isinstance(start, Unfinished):
            self.before, self.conversation = start.before, start.after
            self._had_called, self.first_input = start.has_called, start.run_input
        else:
            self.before, self.conversation = start, start.and_then(user_item(text))
            self._had_called, self.first_input = False, start.input_with(text)
        self._input = self.first_input

    def begin_segment(self, run_input: Any) -> None:
        """Note what a segment is given."""
        self._input = run_input

    def go_on_from(self, fates: Sequence[Fate]) -> list[Any]:
        """Return the input of a run whose last turn was lost, with what its calls came to."""
        self._had_called = self._had_called or bool(fates)
        items = closed(self.conversation.items, fates)
        self.conversation = replace(self.conversation, items=items)
        return list(items)

    def steer(self, *items: Any) -> list[Any]:
        """Return the input of a run of its own that says `items` behind all that was said."""
        self.before, self._had_called = self.conversation, False
        self._calls_before = len(self._fates)
        self.conversation = self.conversation.and_then(*items)
        return list(self.conversation.items)

    def keep(self, result: ForeignResult) -> None:
        """Keep what a segment came to, also one that failed."""
        self._result = result
        self._keep(self._fates.all())

    def say(self, *items: Any) -> None:
        """Keep messages that no model was given: they stand first in what a follow-up goes on from.

        A failed run is taken up with them.
        """
        self._has_unheard = self._has_unheard or bool(items)
        self.conversation = self.conversation.and_then(*items)

    def stopped(self, stage: str, never_begun: Iterable[Call]) -> None:
        """Leave out what a guardrail stopped.

        Args:
            stage: Which kind: "input", "output", "tool_input" or "tool_output".
            never_begun: The calls that were asked for and have no answer.
        """
        match stage:
            # A resumed run is looked at for what was said meanwhile, and that was not kept.
            case "input" if not self._runtime.is_state(self._input):
                self._forget_message()
            case "output":
                self._keep((*self._fates.all(), *self._fates.withheld()))
                self._put(without_answer(self.conversation.items))
            case "tool_input":
                begun = self._fates.all()
                ids = {fate.call.call_id for fate in begun}
                stopped = [Fate(c, NOT_CARRIED_OUT) for c in never_begun if c.call_id not in ids]
                self._keep((*begun, *stopped))

    def unfinished(self) -> Unfinished:
        """Return the failed run, as trying it again takes it up."""
        return Unfinished(self._taken_up(), self.before, self.conversation, self._has_called)

    @property
    def _has_called(self) -> bool:
        return self._had_called or len(self._fates) > self._calls_before

    def _keep(self, fates: Sequence[Fate]) -> None:
        if self._result is None:
            return
        try:
            self.conversation = self.conversation.after(self._result, fates)
        except Exception:  # noqa: BLE001 - a run that failed early may have nothing to give
            return

    def _put(self, items: tuple[Any, ...]) -> None:
        if not self.conversation.is_kept_elsewhere:
            self.conversation = replace(self.conversation, items=items)

    def _forget_message(self) -> None:
        before, after = self.before.items, self.conversation.items
        if self._has_called or service_called(before, after):
            self._put(without_message(before, after))
        else:
            self.conversation = self.before

    def _taken_up(self) -> Any:
        """Return what goes on where the run failed, and asks no less of guardrails than it did."""
        keeps_message = self.conversation.has_session and not self._guardrails
        if not self._is_touched and not keeps_message:
            # The same again, guardrails included: a resumed run is not asked by them.
            return self._input
        if self._has_more or not self._has_turns or not self._is_judged:
            return list(self.conversation.items)
        try:
            return self._result.to_state() if self._result is not None else self._input
        except Exception:  # noqa: BLE001 - each library has runs of its own that it cannot resume
            return list(self.conversation.items)

    @property
    def _is_touched(self) -> bool:
        """Whether anything was done that must not be done again."""
        has_items = bool(field(self._result, "new_items"))
        return has_items or self._has_more or self._runtime.is_state(self._input)

    @property
    def _has_more(self) -> bool:
        """Whether something is to be told that no state knows."""
        return self._has_unheard or bool(self._fates.all())

    @property
    def _has_turns(self) -> bool:
        """Whether a resumed run may ask its model once more: it counts on where it stopped."""
        most = field(self._result, "max_turns")
        return most is None or field(self._result, "current_turn", 0) < most

    @property
    def _is_judged(self) -> bool:
        judged = field(self._result, "input_guardrail_results") or ()
        return not self._is_touched or len(judged) >= self._guardrails

    @property
    def _guardrails(self) -> int:
        """How many input guardrails judge the run's message."""
        config = self.before.options.get("run_config")
        kinds = (field(self.before.agent, "input_guardrails"), field(config, "input_guardrails"))
        return sum(len(each or ()) for each in kinds)
