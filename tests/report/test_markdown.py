"""The Markdown document: it tells everything of a run, and nothing in a run is Markdown or HTML."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.cockpit.projection.test_reduce_stories import events_of
from tests.fakes.fake_scripts import failing, nested_agent, policy_desk, refund_desk
from tests.journal.test_sqlite_store import DONE, a_run, message
from tests.report.hostile import ACTS, BREAKOUTS, FENCES, hostile_run
from tui.report.markdown import _quoted, markdown_of
from tui.wire.events import ReasoningOutput, ToolCalled, ToolOutput

PARSER = MarkdownIt("commonmark")
OURS = ("<details>", "<summary>", "</details>")


def text_of(report):
    return "\n".join(markdown_of(report))


def html_in(text):
    """Return the HTML, and the addresses of pictures, that a reader of Markdown would take."""
    inner = [child for token in PARSER.parse(text) for child in (token, *(token.children or ()))]
    html = [each.content for each in inner if each.type in ("html_block", "html_inline")]
    lines = [line for each in html for line in each.splitlines()]
    found = [line for line in lines if not line.startswith(OURS)]
    return found + [str(each.attrs) for each in inner if each.type == "image"]


async def test_a_refund_is_told(report):
    text = text_of(report(*await events_of(refund_desk)))
    for said in (
        "# refund A-1001\n\nWritten by Baton. Nothing in it looked like a secret",
        "## Run ",
        "- **state**: completed",
        "- **agents**: Triage → Refunds",
        "> refund A-1001",
        "<summary>Triage · reasoning · 0.2 s · +0:00.5</summary>\n\n> A refund. Billing knows",
        "### Triage · handoff to Refunds · +",
        'payload:\n\n```json\n{\n  "why": "a damaged order"\n}\n```',
        "### Refunds · tool issue_refund · ✓ done · 0.2 s",
        "- **✓ approved** by tester, after 0.5 s",
        "- **reason** too much",
        "> ## Refund on its way",
        "looking up A-1001",
    ):
        assert said in text, said


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (policy_desk, ["ran with (edited):", "- **✗ denied** by rule", "nothing is deleted"]),
        (nested_agent, ["tool score · ✓ done", "inside ask_analyst", "agent as a tool"]),
        (failing, ["· end RateLimitError · ✗ failed", "details:\n\n```text\nTraceback"]),
    ],
)
async def test_each_kind_of_story_is_told(report, script, said):
    text = text_of(report(*await events_of(script)))
    assert [each for each in said if each not in text] == []


@pytest.mark.parametrize("evil", [BREAKOUTS, FENCES, f"\\{BREAKOUTS}", "`", "</summary>\n\n# x"])
def test_nothing_in_a_run_is_html_or_fetched(report, evil):
    text = text_of(report(*hostile_run(evil=evil)))
    assert html_in(text) == []
    assert not any(character in text for character in ACTS)
    tags = [token.tag for token in PARSER.parse(text) if (token.level, token.nesting) == (0, 1)]
    assert (tags.count("h1"), tags.count("h2")) == (1, 1)


@given(
    st.lists(
        st.sampled_from(
            [
                "```",
                "~~~",
                "````js",
                " ```",
                "- ",
                "> ",
                "<b>",
                "![a](b)",
                "\\",
                "\n",
                "\n\n",
                "x",
                "    ",
                "\t",
            ]
        ),
        max_size=14,
    ).map("".join)
)
@example("\t```\n```\n<b>")
def test_whatever_is_said_stays_speech(said):
    assert html_in("\n".join(_quoted(said))) == []


def test_fences_are_longer_than_any_in_the_text_and_code_in_speech_stays_as_it_is(report):
    called = ToolCalled(
        run_id="", item_id="t", agent="Triage", call_id="c", tool="write", arguments="`````\nx"
    )
    output = ToolOutput(run_id="", agent="Triage", call_id="c", output="```\nx\n```")
    code = "```html\n<b>![x](y)\n```\n<b>"
    text = text_of(report(*a_run("a", called, output, message(code), DONE)))

    assert "``````text\n`````\nx\n``````" in text
    assert "````text\n```\nx\n```\n````" in text
    assert "> ```html\n> <b>![x](y)\n> ```\n> &#60;b>" in text


def test_reasoning_that_the_model_kept_is_said(report):
    kept = ReasoningOutput(run_id="", item_id="r", agent="Triage")
    assert "### Triage · reasoning · kept by the model" in text_of(report(*a_run("a", kept)))
