"""A conversation whose every text tries to act on who reads it, and one of every kind of entry."""

import json

from msgspec.structs import replace

from tests.cockpit.projection.test_reduce_stories import events_of
from tests.fakes.fake_scripts import failing, nested_agent, policy_desk, refund_desk
from tests.journal.test_sqlite_store import a_run
from tui.wire import events as wire
from tui.wire.rules import Rule

BREAKOUTS = (
    "</script><script>document.title='owned'</script>"
    "</pre></details></style><img src=x onerror=\"document.title='owned'\">"
    "\"'><svg/onload=document.title='owned'> <!-- <![CDATA[ &lt;b&gt; \\</a>"
    "[go](javascript:document.title='owned') ![see](http://127.0.0.1:9/x.png) <http://127.0.0.1:9>"
    "\x1b[2J\x1b]0;owned\x07 \u202egnp.exe\u2066 \u200b\x9b31m \x00"
)
FENCES = "```\n````json\n~~~\n- a\n  ```\n<script>document.title='owned'</script>\n ```\n> <b>x</b>"
ACTS = ("\x1b", "\x07", "\x9b", "\x00", "\u202e", "\u2066", "\u200b")


def hostile_run(run_id="evil", evil=BREAKOUTS):
    """Return the events of a run that says `evil` in every text of every kind."""
    of = {"run_id": "", "agent": evil}
    rule = Rule(effect="deny", tool=evil, reason=evil, origin=evil)
    arguments = json.dumps({evil: evil})
    called = {**of, "call_id": "c", "tool": evil}
    asked = {"arguments": arguments, "arguments_hash": evil}
    return a_run(
        run_id,
        wire.ReasoningOutput(**of, item_id="r", text=evil),
        wire.MessageOutput(**of, item_id="m", text=f"{evil}\n\n{FENCES}\n{evil}"),
        wire.ToolCalled(**called, item_id="t", arguments=arguments),
        wire.ApprovalRequested(**called, **asked, path=(evil,), description=evil, rule=rule),
        wire.ApprovalDecided(
            run_id="",
            call_id="c",
            approved=True,
            reason=evil,
            by=evil,
            arguments=evil,
            arguments_hash=evil,
        ),
        wire.ToolStarted(**called, description=evil),
        wire.ToolProgress(**of, call_id="c", text=evil),
        wire.ConsoleOutput(**{**of, "call_id": "c"}, text=f"{evil}\n{FENCES}"),
        wire.ToolFinished(**called, error_type=evil, error=evil),
        wire.ToolOutput(**of, call_id="c", output=f"{FENCES}{evil}"),
        wire.CallDenied(**{**called, "call_id": "d"}, arguments=evil, rule=rule),
        wire.HandoffRequested(**{**called, "call_id": "h"}, item_id="h", arguments=arguments),
        wire.HandoffOccurred(**of, call_id="h", target=evil),
        wire.UnknownItem(**of, item_id="x", kind=evil, text=evil),
        wire.GuardrailTripped(**of, guardrail=evil, stage=evil, message=evil),
        wire.RunFailed(run_id="", error_type=evil, message=evil, advice=evil, details=evil),
        said=evil,
    )


async def every_kind():
    """Return the events of several runs, which together have every kind of entry."""
    scripts = (refund_desk, policy_desk, nested_agent, failing)
    runs = [await events_of(script) for script in scripts]
    named = [
        replace(event, run_id=f"run{number}")
        for number, events in enumerate(runs)
        for event in events
    ]
    return [*named, *hostile_run()]
