"""The page: it tells everything of a run, leads nowhere, and nothing in a run can act in it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from msgspec.structs import replace

from tests.cockpit.projection.test_reduce_stories import events_of
from tests.fakes.fake_scripts import failing, nested_agent, policy_desk, refund_desk
from tests.journal.test_sqlite_store import DONE, a_run, message
from tests.report.hostile import ACTS, BREAKOUTS, hostile_run
from tui.report.page import page_of
from tui.wire.events import RunPaused, TextDelta

OURS = """
html head meta title style body header h1 h2 h4 p button input span main section dl dt dd div b a ol
li details summary pre script
em strong code ul blockquote hr br h3 h5 h6 table thead tbody tr th td
"""
"""Tags of the page itself, and in the last line those that Markdown makes of speech."""


class Page(HTMLParser):
    """Reads a page: which tags and attributes there are, and its text as a reader sees it."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.said, self.scripts = set(), [], [], []
        self._inside = []
        self.feed(text)
        self.close()
        self.text = " ".join(" ".join(self.said).split())

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in ("meta", "input", "br", "hr"):
            self._inside.append(tag)

    def handle_endtag(self, tag):
        assert self._inside.pop() == tag

    def handle_data(self, data):
        if self._inside[-1:] == ["script"]:
            self.scripts.append(data)
        elif self._inside[-1:] != ["style"]:
            self.said.append(data)


def page(report):
    return Page("\n".join(page_of(report)))


def test_nothing_in_a_run_is_a_tag_an_attribute_or_an_address(report):
    text = "\n".join(page_of(report(*hostile_run())))
    found = Page(text)

    assert found.tags <= set(OURS.split())
    assert len(found.scripts) == 1
    assert not [each for each in found.attributes if each[1].startswith("on") or each[1] == "src"]
    links = [value for _, name, value in found.attributes if name == "href"]
    assert links
    assert all(re.fullmatch(r"#r\d+-\d+", link) for link in links)
    assert not any(character in text for character in ACTS)
    assert "␛[2J" in found.text
    assert "⟨U+202E⟩gnp.exe" in found.text
    assert found.text.count("<script>document.title='owned'</script>") > 20


def test_its_policy_lets_nothing_in_but_its_own_script(report):
    found = page(report(*a_run("a", DONE)))
    (policy,) = [
        value
        for tag, name, value in found.attributes
        if (tag, name) == ("meta", "content") and "default-src" in value
    ]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-")
    assert "http" not in policy


async def test_a_refund_is_told_with_handoff_decision_and_times(report):
    text = page(report(*await events_of(refund_desk))).text
    for said in (
        "state completed",
        "agents Triage → Refunds",
        "Triage handoff to Refunds payload",
        "Refunds printed by lookup_order looking up A-1001",
        "✓ approved by tester, after 0.5 s",
        "reason too much",
        "shown arguments with SHA-256",
        '{ "refund_id": "R-7" }',
        "Refund on its way",
    ):
        assert said in text, said


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (policy_desk, ["edited the call ran with other arguments", "ran with (edited)", "19.9"]),
        (policy_desk, ["✗ denied by rule", 'deny shell when command begins with "rm"']),
        (nested_agent, ["Analyst tool score ✓ done", "inside ask_analyst", "agent as a tool"]),
        (failing, ["✗ failed", "429, too many requests. Wait a minute", "details Traceback"]),
    ],
)
async def test_each_kind_of_story_is_told(report, script, said):
    text = page(report(*await events_of(script))).text
    assert [each for each in said if each not in text] == []


def test_a_run_without_an_end_says_what_it_waits_for_and_what_was_cut(report):
    delta = TextDelta(run_id="", item_id="m", agent="Triage", text="Half an ans")
    text = page(report(*a_run("a", delta, RunPaused(run_id="")))).text
    assert "state interrupted" in text
    assert "Triage message cut off" in text
    assert "Half an ans" in text


def test_what_was_left_out_is_said(report):
    told = report(*a_run("a", message("call Ada at sk-proj-abcdefghijklmnop1234")), words=["Ada"])
    text = page(told).text
    assert "Secrets were left out of 1 text; [redacted]" in text
    assert "call [redacted] at [redacted]" in text


def test_the_title_is_gone_through_too(report):
    text = page(report(*a_run("a", said="For Ada"), words=["Ada"])).text
    assert "Ada" not in text


def test_a_secret_that_the_title_cuts_is_left_out_of_it(report):
    said = f"{'x' * 180} Ada Lovelace, the countess"
    text = page(report(*a_run("a", said=said), words=["Ada Lovelace, the countess"])).text
    assert "Ada" not in text


def test_an_agent_that_is_called_as_the_person_is_told_apart(report):
    said = replace(message("I approve", agent="You"), at=1.0)
    text = page(report(*a_run("a", said))).text
    assert 'agent "You" message' in text


def test_a_folded_text_keeps_its_lines(report):
    text = "\n".join(page_of(report(*a_run("a", message(f"```\n\n  x\n{BREAKOUTS}\n```")))))
    assert "<pre><code>\n  x\n" in text
