"""A published program with a context and approvals, as a person runs it: the command, in a pty."""

from __future__ import annotations

from pathlib import Path

from tests.examples.programs import PROGRAMS
from tests.fakes.server_thread import ResponsesServerThread
from tests.terminal.pty_session import PtySession

PROGRAM = next(each for each in PROGRAMS if each.target.endswith("conditional.py:orchestrator"))


def test_a_person_talks_to_a_program_and_approves_what_it_asks_for(
    baton: tuple[str, ...], published: Path
) -> None:
    ((message, answer),) = PROGRAM.talk
    with ResponsesServerThread(PROGRAM.script) as service:
        env = {"OPENAI_BASE_URL": service.base_url, "OPENAI_API_KEY": "key"}
        command = [*baton, "run", PROGRAM.target, "--context", PROGRAM.context]
        with PtySession(command, env=env, cwd=published) as screen:
            screen.wait_for("Enter Send")
            screen.type(f"{message}\r")
            for tool in PROGRAM.approved:
                screen.wait_for(tool)
                screen.go_to_request()
                screen.type("y")
            screen.wait_for(answer)
            screen.wait_until_done()
            screen.type("\x11")
            assert screen.wait_until_ended() == 0
            assert screen.terminal_is_restored()
