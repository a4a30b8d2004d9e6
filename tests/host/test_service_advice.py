"""What to do about a model service is said in the words of how the agents were opened."""

from types import SimpleNamespace

import pytest

from tui.host.live.failures import run_failed
from tui.host.live.opened import BY_COMMAND, Opened

OWN = "http://127.0.0.1:8900"
CHAT = Opened(api="chat")
BASE_URL = Opened(address_from="--base-url")
PROGRAM = Opened(by_program=True)


class FakeStatusError(Exception):
    """What a client raises when a service answers with a status."""

    def __init__(self, status, words, url, key=None):
        super().__init__(f"Error code: {status}")
        headers = {} if key is None else {"authorization": f"Bearer {key}"}
        self.status_code = status
        self.body = {"detail": words}
        self.request = SimpleNamespace(url=url, headers=headers)


def failed(status, words, url, opened=BY_COMMAND, key=None):
    return run_failed("run", FakeStatusError(status, words, url, key), opened)


@pytest.fixture(autouse=True)
def _bare(monkeypatch):
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


ADDRESSES = [
    (
        "/v1",
        "/responses",
        BY_COMMAND,
        (
            "Start Baton again with --api chat if this server speaks only Chat Completions, "
            "else with OPENAI_BASE_URL corrected."
        ),
    ),
    (
        "/v1",
        "/responses",
        BASE_URL,
        (
            "Start Baton again with --api chat if this server speaks only Chat Completions, "
            "else with --base-url corrected."
        ),
    ),
    (
        "/v1/",
        "/responses",
        PROGRAM,
        (
            'Start the program again with set_default_openai_api("chat_completions") in it '
            "if this server speaks only Chat Completions, else with OPENAI_BASE_URL corrected."
        ),
    ),
    (
        "/v1",
        "/chat/completions",
        CHAT,
        (
            "Start Baton again without --api chat if this server speaks only Responses, "
            "else with OPENAI_BASE_URL corrected."
        ),
    ),
    (
        "/v1",
        "/chat/completions",
        BY_COMMAND,
        (
            'Start Baton again with set_default_openai_api("responses") in the program '
            "if this server speaks only Responses, else with OPENAI_BASE_URL corrected."
        ),
    ),
    (
        "/v1",
        "/chat/completions",
        PROGRAM,
        (
            'Start the program again with set_default_openai_api("responses") in it '
            "if this server speaks only Responses, else with OPENAI_BASE_URL corrected."
        ),
    ),
    (
        "",
        "/responses",
        BASE_URL,
        (
            "Add /v1 to the end of --base-url, as most servers want it, and start Baton again; "
            "if it stays so, start it with --api chat."
        ),
    ),
    (
        "/api/",
        "/responses",
        PROGRAM,
        (
            "Add /v1 to the end of OPENAI_BASE_URL, as most servers want it, and start the program "
            'again; if it stays so, start it with set_default_openai_api("chat_completions") in it.'
        ),
    ),
    (
        "",
        "/chat/completions",
        CHAT,
        (
            "Add /v1 to the end of OPENAI_BASE_URL, as most servers want it, and start Baton "
            "again; if it stays so, start it without --api chat."
        ),
    ),
    (
        "/v1",
        "/images",
        BASE_URL,
        "The service has no such address: correct --base-url, then start Baton again.",
    ),
]


@pytest.mark.parametrize(("base", "route", "opened", "advice"), ADDRESSES)
@pytest.mark.parametrize("status", [404, 405])
def test_a_wrong_address_is_shown_with_its_likely_fault_first(
    monkeypatch, status, base, route, opened, advice
):
    monkeypatch.setenv("OPENAI_BASE_URL", f" {OWN}{base}")
    url = f"{OWN}{base.rstrip('/')}{route}"
    told = failed(status, "Not Found", url, opened)
    assert told.message == f"The model service answered {status} at {url}: Not Found"
    assert told.advice == advice
    assert not told.can_retry


@pytest.mark.parametrize(
    ("named", "asked", "place"),
    [
        ("http://LOCALHOST:80/v1", "http://localhost/v1", "--base-url"),
        ("https://localhost/v1", "https://localhost:443/v1", "--base-url"),
        ("http://ada:pass@localhost:1/v1", "http://localhost:1/v1", "--base-url"),
        ("http://localhost:no/v1", "http://localhost:1/v1", "--base-url"),
        ("http://localhost:1/v1", "http://localhost:2/v1", "the client's base_url"),
        ("http://localhost:1/v1", "http://localhost:1/v2", "the client's base_url"),
        ("", "http://localhost:1/v1", "the client's base_url"),
    ],
)
def test_what_is_to_be_corrected_is_where_the_request_went_by(monkeypatch, named, asked, place):
    monkeypatch.setenv("OPENAI_BASE_URL", named)
    told = failed(404, "Not Found", f"{asked}/responses", BASE_URL)
    assert f"else with {place} corrected" in told.advice


KEYS = [
    (
        "none",
        BY_COMMAND,
        (
            "No key was sent: set OPENAI_API_KEY, or name its variable with --api-key-env, "
            "and start Baton again."
        ),
    ),
    ("none", PROGRAM, "No key was sent: set OPENAI_API_KEY, and start the program again."),
    (
        "sk-env",
        BY_COMMAND,
        "Correct the key in OPENAI_API_KEY, or give --api-key-env, then start Baton again.",
    ),
    (
        "sk-env",
        Opened(key_from="MY_KEY"),
        "Correct the key in MY_KEY, then start Baton again.",
    ),
    ("sk-env", PROGRAM, "Correct the key in OPENAI_API_KEY, then start the program again."),
    (
        "sk-own",
        BY_COMMAND,
        "Correct the key that the program gives its client, then start Baton again.",
    ),
    (
        "sk-own",
        PROGRAM,
        "Correct the key that the program gives its client, then start the program again.",
    ),
    (
        None,
        BY_COMMAND,
        "Correct the key in OPENAI_API_KEY, or give --api-key-env, then start Baton again.",
    ),
]


@pytest.mark.parametrize(("sent", "opened", "advice"), KEYS)
def test_a_key_is_corrected_where_it_comes_from(monkeypatch, sent, opened, advice):
    monkeypatch.setenv("OPENAI_API_KEY", "none" if sent == "none" else "sk-env")
    told = failed(401, "Incorrect API key provided.", f"{OWN}/v1/responses", opened, sent)
    assert told.message == "The model service answered 401: Incorrect API key provided."
    assert told.advice == advice
    assert not told.can_retry


OFFICIAL = "https://api.openai.com"
NAMES = [
    (
        OWN,
        BY_COMMAND,
        (
            f"Load the model at {OWN}, then send the message again; "
            "or start Baton again with the right name (--model)."
        ),
    ),
    (
        OWN,
        PROGRAM,
        (
            f"Load the model at {OWN}, then send the message again; "
            "or start the program again with the right model= in it."
        ),
    ),
    (
        OFFICIAL,
        BY_COMMAND,
        (
            "Correct the model's name in the program, "
            "or start Baton again with the right name (--model)."
        ),
    ),
    (OFFICIAL, Opened(has_model=True), "Start Baton again with the right name (--model)."),
    (OFFICIAL, PROGRAM, "Start the program again with the right model= in it."),
]


@pytest.mark.parametrize(("service", "opened", "advice"), NAMES)
def test_a_model_is_named_where_it_can_be(service, opened, advice):
    told = failed(404, "The model 'x' does not exist.", f"{service}/v1/responses", opened)
    assert told.message == "The model service answered 404: The model 'x' does not exist."
    assert told.advice == advice


OTHERS = [
    FakeStatusError(400, "Bad tool.", f"{OWN}/v1/responses"),
    FakeStatusError(401, "Bad key.", f"{OWN}/v1/responses"),
    RuntimeError("Something"),
    type("UserError", (Exception,), {})("Something"),
    type("OpenAIError", (Exception,), {})("Set api_key or OPENAI_API_KEY"),
    ModuleNotFoundError("No module named 'no_such_words'", name="no_such_words"),
]


@pytest.mark.parametrize("error", OTHERS, ids=lambda error: type(error).__name__)
def test_a_program_is_told_of_no_option_of_the_command(error):
    advice = run_failed("run", error, PROGRAM).advice
    assert "--" not in advice
    assert "Baton" not in advice
    assert "program" in advice


LOOPS = [
    RuntimeError("Event loop is closed"),
    RuntimeError("<Event> is bound to a different event loop"),
    RuntimeError("Task got Future attached to a different loop"),
]


@pytest.mark.parametrize("error", LOOPS, ids=str)
@pytest.mark.parametrize(
    ("opened", "advice"),
    [
        (BY_COMMAND, "give Baton an async function that opens it and returns the agent."),
        (PROGRAM, "await tui.run_async in the loop that it was opened in."),
    ],
)
def test_what_belongs_to_another_loop_is_opened_in_the_loop_of_the_run(error, opened, advice):
    told = run_failed("run", error, opened)
    assert told.message == f"Something the agents use belongs to another event loop: {error}"
    assert told.advice == f"Send the message again; if it stays so, {advice}"
    assert told.can_retry
