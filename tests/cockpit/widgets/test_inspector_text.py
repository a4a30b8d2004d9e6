"""What the inspector says of each kind of entry: all of it, in a fixed order."""

import pytest
from msgspec.structs import replace

from tests.cockpit.projection.folding import (
    RUN,
    asked,
    begun,
    called,
    decided,
    finished,
    fold,
    handed,
    handing,
    message,
    output,
    started,
    text,
    thinking,
    writing,
)
from tui.cockpit.widgets.inspector_text import body_of, facts_of, raw_body, title_of
from tui.wire.events import (
    AgentChanged,
    CallDenied,
    ConsoleOutput,
    GuardrailTripped,
    ReasoningOutput,
    RunCancelled,
    RunCompleted,
    RunFailed,
    ToolProgress,
    UnknownItem,
    UserMessage,
)
from tui.wire.rules import Rule

CALL = [started(), writing("c", '{"a":'), called("c", '{"a": 1}')]


def facts(*events, place: int = 0, now: float = 10.0) -> dict[str, str]:
    view = fold(*events)
    return dict(facts_of(view, place, now))


def body(*events, place: int = 0) -> list[tuple[str, str]]:
    view = fold(*events)
    return [(part.look, str(part.text)) for part in body_of(view.entries[place], view)]


def title(*events, place: int = 0) -> str:
    view = fold(*events)
    return title_of(view.entries[place])


def test_a_call_says_whose_it_is_and_how_long_everything_took():
    assert facts(*CALL, begun("c"), finished("c"), output("c")) == {
        "state": "✓ done",
        "agent": "A",
        "written": "in 1.0 s",
        "ran": "1.0 s",
    }


def test_an_answer_that_no_model_wrote_has_a_title_of_its_own():
    events = [
        *CALL,
        begun("c"),
        finished("c"),
        output("c"),
        RunCompleted(run_id=RUN, final_output="42"),
    ]
    assert title(*events, place=1) == "» final answer of A"


def test_a_running_call_counts_on_and_says_how_far_it_is():
    progress = ToolProgress(run_id=RUN, agent="A", call_id="c", text="3 of 9")
    shown = facts(*CALL, begun("c"), progress, now=8.0)
    assert (shown["ran"], shown["progress"]) == ("5.0 s so far", "3 of 9")


def test_waiting_for_the_person_is_told_apart_from_running():
    assert facts(*CALL, asked("c"), now=8.0)["waited"] == "5.0 s for you so far"
    decided_call = facts(*CALL, asked("c"), decided("c", False, "no"))
    assert decided_call["waited"] == "1.0 s for you"
    assert decided_call["decided"] == "rejected, by me"
    assert decided_call["state"] == "✗ rejected"


def test_a_call_inside_an_agent_says_inside_which():
    inner = called("c", within="o")
    assert facts(started(), called("o", tool="ask_analyst"), inner, place=1)["inside"] == (
        "ask_analyst"
    )


def test_an_agent_used_as_a_tool_says_who_is_at_work():
    inside = AgentChanged(run_id=RUN, agent="Sub", within="o")
    shown = facts(started(), called("o"), begun("o"), inside)
    assert shown["agent inside"] == "Sub"


def test_a_call_shows_reason_arguments_error_and_output_in_this_order():
    shown = body(
        *CALL, asked("c"), decided("c", True, "go on"), begun("c"), finished("c", "no"), output("c")
    )
    assert shown == [
        ("heading", "Reason given"),
        ("text", "go on"),
        ("heading", "Arguments"),
        ("code", "{}"),
        ("heading", "Error"),
        ("failure", "ValueError: no"),
        ("heading", "Output"),
        ("code", "42"),
        ("heading", "About the tool"),
        ("text", "Pay money back."),
        ("heading", "Call id"),
        ("quiet", "c"),
    ]


RULE = Rule(effect="deny", tool="t", origin="policy.toml:3", reason="not on Sundays")
RULE_WORDS = "deny t (policy.toml:3): not on Sundays"


def test_an_edited_call_shows_what_was_edited_before_both_arguments():
    edited = replace(decided("c"), arguments='{"a": 2}')
    shown = body(started(), called("c", '{"a": 1}'), asked("c", arguments='{"a": 1}'), edited)
    assert shown[:6] == [
        ("heading", "What was edited"),
        ("code", '  {\n-   "a": 1\n+   "a": 2\n  }'),
        ("heading", "Arguments, as edited"),
        ("code", '{"a": 2}'),
        ("heading", "Arguments, as the model gave them"),
        ("code", '{"a": 1}'),
    ]
    assert facts(*CALL, asked("c"), edited)["decided"] == "approved as edited, by me"


def test_a_denied_call_names_its_rule_and_stays_denied_when_the_model_reads_so():
    denied = CallDenied(run_id=RUN, agent="A", call_id="c", tool="t", arguments="{}", rule=RULE)
    for story in ([*CALL, denied], [*CALL, denied, output("c", "Denied by rule")]):
        assert body(*story)[:2] == [("heading", "Denied by a rule"), ("text", RULE_WORDS)]
        assert facts(*story)["state"] == "✗ denied by a rule"


def test_a_rule_that_answered_in_a_persons_place_is_named():
    by_rule = replace(decided("c", False), rule=RULE, by="rule")
    assert body(*CALL, asked("c"), by_rule)[:2] == [
        ("heading", "Decided by a rule"),
        ("text", RULE_WORDS),
    ]
    assert facts(*CALL, asked("c"), by_rule)["decided"] == "rejected, by a rule"


def test_arguments_in_flight_are_shown_as_they_come():
    assert body(started(), writing("c", '{"a":')) == [("heading", "Arguments"), ("code", '{"a":')]


def forms(*events, place: int = 0) -> list[tuple[str, str]]:
    view = fold(*events)
    return [(part.form, str(part.text)) for part in body_of(view.entries[place], view)]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ('{"b":[1,2]}', "json"),
        ("42", "json"),
        ('{"half a pair": "\\ud83d"}', "json"),
        ("[" * 10_000 + "]" * 10_000, "json"),
        ("not {json", "text"),
        ("{cut", "text"),
        ("Sunny, 22 degrees", "text"),
    ],
)
def test_json_is_laid_out_and_other_text_is_left_alone(text, form):
    assert forms(*CALL, output("c", text))[-3] == (form, text)


def test_an_empty_output_says_so():
    assert body(*CALL, output("c", ""))[-3] == ("quiet", "Nothing: the output is empty.")


def test_a_handoff_shows_its_payload_or_why_it_did_not_happen():
    assert title(started(), handing("h"), handed("h")) == "◆ handoff A → B"
    assert body(started(), handing("h", '{"a":1}'), handed("h"))[:2] == [
        ("heading", "Payload"),
        ("code", '{"a":1}'),
    ]
    assert forms(started(), handing("h", '{"a":1}'), handed("h"))[1][0] == "json"
    ignored = [started(), handing("h"), output("h", "only one at a time")]
    assert facts(*ignored)["state"] == "✗ did not happen"
    assert body(*ignored)[-4:-2] == [("heading", "Answer"), ("text", "only one at a time")]


@pytest.mark.parametrize(
    ("event", "says", "shown"),
    [
        (message("m", "Hello\nthere"), "» A", [("text", "Hello\nthere")]),
        (text("m", "Hel"), "» A", [("text", "Hel")]),
        (thinking("r", "Hm"), "✦ reasoning of A", [("text", "Hm")]),
        (
            ReasoningOutput(run_id=RUN, item_id="r", agent="A"),
            "✦ reasoning of A",
            [("quiet", "The model kept it to itself.")],
        ),
        (UserMessage(run_id=RUN, item_id="u", text="hi"), "› You", [("text", "hi")]),
        (
            UserMessage(run_id=RUN, item_id="u", text="hi", steering=True),
            "› You, steering",
            [("text", "hi")],
        ),
        (
            ConsoleOutput(run_id=RUN, text="x\n"),
            "▤ printed by the agent process",
            [("console", "x\n")],
        ),
        (
            UnknownItem(run_id=RUN, item_id="w", agent="A", kind="web", text='{"a":1}'),
            "? unknown item: web",
            [("code", '{"a":1}')],
        ),
        (
            GuardrailTripped(run_id=RUN, agent="A", guardrail="pii", stage="output", message="no"),
            "⚠ guardrail pii",
            [("failure", "no")],
        ),
        (RunCancelled(run_id=RUN), "■ the run was cancelled", []),
        (RunCancelled(run_id=RUN, mode="forked"), "↳ forked here", []),
        (
            RunFailed(run_id=RUN, error_type="E", message="m", advice="do x", details="tb"),
            "✗ the run failed: E",
            [
                ("failure", "m"),
                ("heading", "What to do"),
                ("text", "do x"),
                ("heading", "Details"),
                ("code", "tb"),
            ],
        ),
    ],
)
def test_each_kind_says(event, says, shown):
    assert title(started(), event) == says
    assert body(started(), event) == shown


def test_console_output_of_a_call_names_its_tool():
    printed = ConsoleOutput(run_id=RUN, text="x", call_id="c", agent="A")
    assert facts(started(), called("c", tool="lookup"), printed, place=1)["call"] == "lookup"


def test_the_raw_view_is_the_whole_entry_as_json():
    view = fold(started(), text("m", "half"))
    (part,) = raw_body(view.entries[0], view)
    assert part.form == "raw json"
    assert '"type":"message"' in str(part.text)
    assert '"text":"half"' in str(part.text)


TRACEBACK = """\
Traceback (most recent call last):
  File "/home/me/desk.py", line 3, in <module>
    import desk_words
  File "/home/me/desk_words.py", line 2, in words
    raise ValueError("no words")
ValueError: no words
"""


@pytest.mark.parametrize(
    ("details", "heading"),
    [
        (TRACEBACK, "Traceback, 6 lines: desk_words.py:2 in words"),
        ('  File "desk.py", line 1\n    x = (\n', "Traceback, 2 lines: desk.py:1"),
        ("a\nb\nc\nd", "Details, 4 lines"),
    ],
)
def test_what_is_long_below_a_failure_is_folded_under_a_line_that_says_what_it_is(details, heading):
    view = fold(started(), RunFailed(run_id=RUN, error_type="E", message="m", details=details))
    *_, head, text = body_of(view.entries[0], view)
    assert (head.look, head.text, head.folds) == ("heading", heading, True)
    assert text == ("code", details.strip("\n"), "text", False)
