"""A model service that is asked in the wrong way, and what the screen says to do about it."""

import sys
from pathlib import Path

import pytest

from tests.fakes.delivery import HttpError
from tests.fakes.server_thread import ResponsesServerThread
from tests.terminal.pty_session import PtySession

PROGRAM = Path(__file__).with_name("agents") / "named_library.py"
REPOSITORY = str(Path(__file__).parents[2])
FILE = "from tui.agents import Agent\n\ndesk = Agent(name='Desk')\n"
WIDE = 300

ASKED = [
    (
        ["--base-url", "ROOT"],
        404,
        "answered 404 at ROOT/responses",
        (
            "Add /v1 to the end of --base-url, as most servers want it, and start Baton again; "
            "if it stays so, start it with --api chat."
        ),
    ),
    (
        ["--base-url", "ROOT/v1", "--api", "chat"],
        404,
        "answered 404 at ROOT/v1/chat/completions",
        (
            "Start Baton again without --api chat if this server speaks only Responses, "
            "else with --base-url corrected."
        ),
    ),
    (
        ["--base-url", "ROOT/v1"],
        401,
        "answered 401",
        (
            "No key was sent: set OPENAI_API_KEY, or name its variable with --api-key-env, "
            "and start Baton again."
        ),
    ),
    (
        ["--base-url", "ROOT/v1", "--api-key-env", "DESK_KEY"],
        401,
        "answered 401",
        "Correct the key in DESK_KEY, then start Baton again.",
    ),
]


@pytest.mark.parametrize(("options", "status", "what", "to_do"), ASKED)
def test_the_option_that_was_given_is_what_is_to_be_changed(
    baton, tmp_path, options, status, what, to_do
):
    (tmp_path / "desk.py").write_text(FILE)
    with ResponsesServerThread(lambda _: HttpError(status, {"detail": "No."})) as service:
        root = service.base_url.removesuffix("/v1")
        given = [option.replace("ROOT", root) for option in options]
        argv = [*baton, "run", "desk.py", "Hello", *given]
        env = {"OPENAI_API_KEY": "", "DESK_KEY": "sk-1", "PYTHONPATH": REPOSITORY}
        with PtySession(argv, env=env, cwd=tmp_path, columns=WIDE) as session:
            session.wait_for(lambda text: what.replace("ROOT", root) in text)
            session.wait_for(lambda text: to_do in text)


@pytest.mark.parametrize("library", ["tui.agents", "agents"])
def test_a_program_is_told_what_to_change_in_it(library, tmp_path):
    with ResponsesServerThread(lambda _: HttpError(404, {"detail": "No."})) as service:
        env = {"OPENAI_BASE_URL": service.base_url, "PYTHONPATH": REPOSITORY}
        argv = [sys.executable, str(PROGRAM), library]
        with PtySession(argv, env=env, cwd=tmp_path, columns=WIDE) as session:
            session.wait_for(
                lambda text: 'again with set_default_openai_api("chat_completions") in it' in text,
            )
            assert "--api" not in session.text
