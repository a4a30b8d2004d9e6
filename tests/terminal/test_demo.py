"""The shipped `baton demo` from its first frame to the restored terminal, by keyboard alone."""

from pathlib import Path

import pytest

from tests.terminal.pty_session import PtySession

QUIT = "\x11"
CLEAR = "\x15" * 6  # to the start of the line, line by line


@pytest.fixture
def demo(baton, tmp_path):
    with PtySession([*baton, "demo", "--speed", "20"], cwd=tmp_path) as session:
        session.wait_for("REHEARSAL")
        session.wait_for("Enter Send")
        yield session


def ask(session, text):
    session.type(f"{text}\r")
    session.wait_for("Ctrl.G decide")


def test_a_refund_is_rejected_with_a_reason_then_approved_and_nothing_typed_decides_by_accident(
    demo,
):
    ask(demo, "I want a refund for my order, it arrived broken")
    demo.wait_for(r"Triage ─▶ \[Refunds\]")
    demo.wait_for("issue_refund")

    demo.type("y n Y")
    demo.wait_for("y n Y")
    demo.type(CLEAR)
    demo.paste("y\ny\n")
    demo.settle()
    demo.paste("log \x1b[0m rest \x07")
    demo.settle()
    demo.paste("\x1b[0m yes")
    demo.settle()
    demo.type(CLEAR)
    demo.type("   \r\r")
    demo.settle()
    assert "1 waiting for you" in demo.text

    demo.go_to_request()
    demo.type("r")
    demo.wait_for("Back to the request")
    demo.type("the photo is missing")
    demo.wait_for("the photo is missing")
    demo.settle()  # the field took room from the request: it counts once it is drawn anew
    demo.type("\r")
    demo.wait_for(r"rejected ⏸ waited .*\n.* the photo is missing")
    demo.wait_for("▌ the photo is missing")
    demo.wait_for("Enter Send")
    demo.settle()

    ask(demo, "Here it is. Please ask again.")
    demo.go_to_request()
    demo.type("y")
    demo.wait_for("approved|issue_refund .* ✓")
    demo.wait_until_done()
    mapped = Path(f"/proc/{demo.process.pid}/maps").read_text()
    assert "msgspec" in mapped
    assert "pydantic_core" not in mapped
    assert "jiter" not in mapped  # what `openai` decodes with
    demo.type(QUIT)
    assert demo.wait_until_ended() == 0
    assert demo.terminal_is_restored()


def test_quitting_a_waiting_run_asks_first(demo):
    ask(demo, "I want a refund for my order, it arrived broken")
    demo.type(QUIT)
    demo.wait_for("Esc +Stay")
    assert demo.process.poll() is None
    demo.type(QUIT)
    assert demo.wait_until_ended() == 0
    assert demo.terminal_is_restored()
