"""The context of one tool call. Knows the call, not how it is carried out."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import uuid4

from tui.agents.exceptions import UserError
from tui.agents.items import ToolFailure
from tui.agents.kinds import Json, JsonObject, RawItem
from tui.agents.run_context import RunContextWrapper, TContext
from tui.agents.teller import Teller

if TYPE_CHECKING:
    from tui.agents.agent import Agent
    from tui.agents.invoker import ToolBody
    from tui.agents.nested import NestedRuns
    from tui.agents.response import FunctionCall
    from tui.agents.run_config import RunConfig

_REPORTS_BEGIN = threading.Lock()


@dataclass(eq=False, kw_only=True)
class ToolContext(RunContextWrapper[TContext]):
    """The context of a tool call.

    Attributes:
        tool_arguments: What the tool is run with, a JSON string: as the model wrote it, unless a
            person changed it.
        tool_call: The raw call, as the model made it; its output has the same `tool_call_id`.
        failure: What the tool raised, once it has; the model is only told a fixed text.
        edited_arguments: What a person put in place of the model's arguments, or None.
        run_id: The run's id, the same after every pause.
    """

    tool_name: str
    tool_call_id: str
    tool_arguments: str
    tool_call: RawItem = None
    agent: Agent | None = None
    run_config: RunConfig | None = None
    failure: ToolFailure | None = None
    edited_arguments: JsonObject | None = None
    run_id: str = field(default_factory=lambda: uuid4().hex)
    _nested: NestedRuns | None = field(default=None, repr=False)
    _call: FunctionCall | None = field(default=None, repr=False)
    # What a body made of a text of arguments for the policy: it need not read that anew.
    _checked: JsonObject | None = field(default=None, repr=False)
    _checked_text: str | None = field(default=None, repr=False)
    _checked_by: ToolBody | None = field(default=None, repr=False)

    @property
    def idempotency_key(self) -> str:
        """The same text whenever this call is made, for services that do a thing once a key."""
        return f"{self.run_id}/{self.tool_call_id}"

    def report(self, progress: Json) -> None:
        """Tell the hooks, with `on_tool_progress`, how far the tool is: a text, or JSON values.

        It never goes to the model. Works in async tools and in those that run in a thread. Does
        nothing once the call has ended, or outside of a run.

        Raises:
            UserError: If it cannot be written as JSON.
        """
        if self._call is None or self._call.loop is None:
            return
        try:
            json.dumps(progress)
        except (TypeError, ValueError) as error:
            raise UserError(f"A tool reports text or JSON values: {error}") from error
        if (reports := self._reports()) is not None:
            reports.add(progress)

    def edit_arguments(self, arguments: JsonObject) -> None:
        """Have the tool run with what a person put in place of the model's arguments."""
        self.edited_arguments = arguments
        self.tool_arguments = json.dumps(arguments, ensure_ascii=False)

    def _reports(self) -> Teller[Json] | None:
        """Return who tells of reports, made with the first of them; None once the call has ended.

        Few tools report, and threads of one may begin to at the same time.
        """
        assert self._call is not None
        with _REPORTS_BEGIN:
            if self._call.reports is None and self._call.loop is not None:
                self._call.reports = Teller(self._tell, self._call.loop)
            return self._call.reports

    def _last_reports(self) -> Teller[Json] | None:
        """Return who tells of reports, to be waited for; None if there were none: it takes none."""
        if self._call is None:
            return None
        with _REPORTS_BEGIN:
            if self._call.reports is None:
                self._call.loop = None
            return self._call.reports

    async def _tell(self, progress: Json) -> None:
        assert self._nested is not None
        assert self.agent is not None
        assert self._call is not None
        for hooks in self._nested.heard_by(self.agent):
            await hooks.on_tool_progress(self, self.agent, self._call.tool, progress)
