"""The application: what it opens, what it keeps, and how it is left."""

import os
import subprocess
import sys
import tempfile

import pytest

from tests.captures import text_of
from tests.cockpit.desk import Desk, opened
from tests.fakes.fake_scripts import failing, plain_answer, refund_desk
from tests.fakes.fake_source import FakeAgentHost
from tui.cockpit.app import BatonApp
from tui.cockpit.clipboard import copied, lines_of
from tui.cockpit.crash_file import told_of
from tui.cockpit.home_listing import AgentChoice, HomeListing
from tui.cockpit.screens.help import HelpScreen
from tui.cockpit.screens.home import HomeScreen
from tui.cockpit.screens.run import RunScreen
from tui.cockpit.sources.base import Loss
from tui.cockpit.theme import THEMES, theme_called
from tui.cockpit.widgets.cast import TONES
from tui.cockpit.widgets.key_bar import working_keys

LISTING = HomeListing(
    (
        AgentChoice("rehearsal", "Rehearsal", "a support desk, played"),
        AgentChoice("support.py:triage", "triage", "support.py"),
    ),
    "~/project",
    "There is no key, so the rehearsal comes first.",
)


async def test_the_first_frame_waits_for_no_agent():
    host = FakeAgentHost(plain_answer)
    app = BatonApp(open_host=lambda _: host, target="x")
    assert host.starts == 0
    async with app.run_test() as pilot:
        await pilot.pause()
        assert host.starts == 1


async def test_an_agent_that_cannot_be_loaded_is_told_at_once_and_the_composer_is_ready():
    host = FakeAgentHost(plain_answer, loss=Loss("ValueError", "desk.py is broken.", "Mend it."))
    app = BatonApp(open_host=lambda _: host, target="desk.py:agent")
    async with app.run_test() as pilot:
        desk = Desk(app, pilot, host)
        await desk.until_ended()
        shown = text_of(app.screen)
        assert "✗ failed: ValueError" in shown
        assert "desk.py is broken." in shown
        assert "→ Mend it." in shown
        await desk.type("hello\n")
        await desk.until(lambda view: view.status == "completed")
        assert desk.run.text == "hello"


@pytest.mark.parametrize("action", ["pane('Timeline')", "pane('Inspector')", "write", "fork"])
async def test_a_key_of_a_screen_that_still_opens_does_nothing(action):
    async with opened(plain_answer) as desk:
        await desk.until_ended()
        opening = RunScreen(desk.conversation)
        assert not await desk.app.run_action(action, opening)
        assert await desk.app.run_action("app.help", opening)
        assert isinstance(desk.app.screen, HelpScreen)


async def test_an_agent_chosen_again_is_loaded_again():
    host = FakeAgentHost(plain_answer, loss=Loss("ValueError", "desk.py is broken."))
    app = BatonApp(open_host=lambda _: host, target="support.py:triage", list_home=lambda: LISTING)
    async with app.run_test() as pilot:
        desk = Desk(app, pilot, host)
        await desk.until_ended()
        host.loss = None
        app.on_home_screen_chosen(HomeScreen.Chosen("support.py:triage"))
        await pilot.pause()
        assert host.starts == 2
        assert desk.conversation.view.status == "idle"


async def test_a_prompt_on_the_command_line_is_the_first_message():
    async with opened(plain_answer, prompt="hello") as desk:
        await desk.until_ended()
        assert desk.run.text == "hello"


async def test_without_a_target_home_offers_what_was_found():
    async with opened(plain_answer, target=None, home=LISTING) as desk:
        await desk.app.workers.wait_for_complete()
        await desk.pilot.pause()
        shown = desk.app.export_screenshot().replace("&#160;", " ")
        assert isinstance(desk.app.screen, HomeScreen)
        assert "Agents in ~/project" in shown
        assert "a support desk, played" in shown
        assert "so the rehearsal comes first" in shown


def test_a_listing_that_never_ends_does_not_hold_the_exit():
    program = (
        "import asyncio, threading\n"
        "from tui.cockpit.daemon_work import in_daemon\n"
        "async def main():\n"
        "    waiting = in_daemon(threading.Event().wait)\n"
        "    waiting.cancel()\n"
        "asyncio.run(main())\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


async def test_enter_at_home_starts_the_chosen_agent():
    targets = []

    def open_host(target: str) -> FakeAgentHost:
        targets.append(target)
        return FakeAgentHost(plain_answer, target=target)

    app = BatonApp(open_host=open_host, list_home=lambda: LISTING)
    async with app.run_test() as pilot:
        await pilot.pause()
        await app.workers.wait_for_complete()
        await pilot.press("j", "enter")
        await pilot.pause()
        assert targets == ["support.py:triage"]
        assert isinstance(app.screen, RunScreen)


async def test_a_run_goes_on_while_home_is_shown_and_can_be_gone_back_to():
    async with opened(refund_desk, home=LISTING) as desk:
        run_screen = desk.screen
        await desk.until_asked()
        await desk.press("ctrl+o")
        assert isinstance(desk.app.screen, HomeScreen)
        assert "waits for you" in desk.app.export_screenshot().replace("&#160;", " ")
        await desk.press("enter")
        assert desk.app.screen is run_screen
        assert run_screen.conversation.view.pending


async def test_ctrl_g_at_home_shows_the_request_and_the_next_one_goes_to_it():
    async with opened(refund_desk, home=LISTING) as desk:
        await desk.until_asked()
        await desk.press("ctrl+o", "ctrl+g")
        assert desk.app.focused is desk.composer
        await desk.press("y", "ctrl+g", "y")
        await desk.until_ended()
        assert [d.approve for d in desk.run.decisions] == [True]


async def test_quitting_asks_twice_only_while_a_run_would_be_lost():
    async with opened(refund_desk) as desk:
        await desk.until_asked()
        await desk.press("ctrl+q")
        assert desk.app.is_running
        assert "would be lost" in desk.notice
        await desk.press("ctrl+q")
        assert not desk.app.is_running
    assert desk.host.closed


async def test_quitting_an_ended_run_asks_nothing():
    async with opened(plain_answer) as desk:
        await desk.until_ended()
        await desk.press("ctrl+q")
        assert not desk.app.is_running


async def test_help_lists_the_keys_that_work_where_the_focus_is():
    async with opened(plain_answer) as desk:
        await desk.until_ended()
        await desk.press("f1")
        assert isinstance(desk.app.screen, HelpScreen)
        shown = desk.app.export_screenshot().replace("&#160;", " ")
        assert "New line" in shown
        await desk.press("escape")
        assert desk.app.focused is desk.composer
        await desk.press("f3", "question_mark")
        shown = desk.app.export_screenshot().replace("&#160;", " ")
        assert "New line" not in shown
        assert "Inspect" in shown


async def test_no_pane_tells_of_keys_to_scroll_sideways():
    async with opened(plain_answer) as desk:
        await desk.until_ended()
        for key in ("f2", "f3", "f4"):
            await desk.press(key)
            told = {hint.does for hint in working_keys(desk.screen, hidden=True)}
            assert {"Up", "Page up", "Next pane"} <= told
            assert not {"Scroll Left", "Scroll Right", "Page Left", "Page Right"} & told


async def test_the_palette_holds_every_action_of_panes_and_app():
    async with opened(failing) as desk:
        await desk.until_ended()
        titles = {command.title for command in desk.app.get_system_commands(desk.screen)}
        assert {"Quit", "Home", "Keys", "Timeline", "Try again", "Change the theme"} <= titles
        assert {"Send", "Inspect", "Copy message", "Raw JSON"} <= titles
        assert "Cursor left" not in titles


async def test_a_notification_is_a_line_of_plain_text_and_covers_nothing():
    async with opened(plain_answer) as desk:
        desk.app.notify("[red]a[/red]\x1b[2J", title="Copied")
        await desk.pilot.pause()
        assert desk.notice == "Copied: [red]a[/red]␛[2J"
        assert not desk.app._notifications


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_text_can_be_read_in_every_theme(theme):
    """4.5 to 1, the contrast that WCAG asks of text."""
    from textual.color import Color

    def luminance(text: str) -> float:
        channels = (c / 255 for c in Color.parse(text).rgb)
        linear = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
        return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    def contrast(one: str, other: str) -> float:
        bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
        return (bright + 0.05) / (dark + 0.05)

    grounds = [theme.background, theme.surface, theme.panel]
    grounds += [theme.variables[name] for name in ("accent-wash", "warning-wash", "error-wash")]
    texts = [theme.foreground, theme.accent, theme.warning, theme.error, theme.success]
    texts.append(theme.variables["text-muted"])
    texts += [theme.variables[f"agent-{tone}"] for tone in range(TONES)]
    low = [(t, g) for t in texts for g in grounds if contrast(t, g) < 4.5]
    assert low == []


def test_a_theme_goes_by_its_short_name():
    assert theme_called("light").name == "baton-light"
    with pytest.raises(KeyError):
        theme_called("puce")


def test_the_screen_loads_neither_openai_nor_pydantic_nor_the_host():
    code = (
        "import sys, tui.cockpit.app\n"
        "bad = {'openai', 'pydantic', 'tui.host', 'tui.agents', 'markdown_it', 'tree_sitter'}\n"
        "print(sorted(bad & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


@pytest.mark.parametrize("size", [(20, 5), (40, 10), (100, 12), (30, 50)])
async def test_a_tiny_terminal_is_no_crash(size):
    async with opened(refund_desk, size=size) as desk:
        await desk.until_asked()
        await desk.press("f3", "f4", "f1", "escape", "ctrl+g", "escape")
        await desk.pilot.resize_terminal(120, 40)
        await desk.press("ctrl+g", "y")
        await desk.until_ended()
        assert [d.approve for d in desk.run.decisions] == [True]


async def test_a_fault_of_our_own_is_one_sentence_and_a_file(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    async with opened(plain_answer) as desk:
        kept_to_itself = "a value that nobody should read"
        try:
            raise ValueError("told\x1b[2J")
        except ValueError:
            desk.app._fatal_error()
        told = "".join(
            segment.text for part in desk.app._exit_renderables for segment in part.segments
        ).replace("\n", "")
        desk.app._exit_renderables.clear()
    (file,) = tmp_path.iterdir()
    assert "by a fault of its own: told␛[2J" in told
    assert file.name in told
    assert "Traceback" not in told
    kept = file.read_text()
    assert kept.startswith("Traceback")
    assert "ValueError: told␛[2J" in kept
    assert kept_to_itself not in kept
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_fault_is_told_even_where_no_file_can_be_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    told = told_of(ValueError("lost"))
    assert "by a fault of its own: lost" in told
    assert "could not be kept" in told


async def test_a_copied_message_goes_to_the_terminal_and_the_footer_says_so(monkeypatch):
    monkeypatch.setattr(os, "environ", {"TERM": "xterm-256color"})
    async with opened(plain_answer, prompt="hello") as desk:
        await desk.until_ended()
        await desk.press("f2", "c")
        assert desk.app.clipboard == "You said: hello"
        assert desk.notice == "Copied the message of Triage, 1 line"


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"TERM": "xterm"}, "Copied 2 lines"),
        ({"TERM": "tmux", "TMUX": "x"}, "Copied 2 lines; tmux needs its set-clipboard on"),
        ({"TERM": "linux"}, "Not copied: the Linux console takes no copies from programs"),
        (
            {"TERM_PROGRAM": "Apple_Terminal"},
            "Not copied: Terminal.app takes no copies from programs",
        ),
        ({"STY": "1.pts"}, "Not copied: GNU screen takes no copies from programs"),
    ],
)
def test_a_copy_that_a_terminal_drops_is_said(environ, said):
    assert copied(lines_of("a\nb\n"), environ) == said
