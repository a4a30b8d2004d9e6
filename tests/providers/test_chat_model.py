"""The Chat Completions model: how it is chosen, what it asks for, what goes over to Responses."""

from __future__ import annotations

import openai
import pytest

from tests.agents.telling import told
from tests.providers.chatting import chatting
from tui.agents import (
    Agent,
    ModelSettings,
    ModelTracing,
    OpenAIChatCompletionsModel,
    OpenAIProvider,
    OpenAIResponsesModel,
    RunConfig,
    Runner,
    UserError,
    set_default_openai_api,
    set_default_openai_client,
)
from tui.agents.models.interface import ModelRequest
from tui.providers.chat_request import chat_body, stream_options
from tui.providers.clients import is_official
from tui.rehearsal.script import Think, call, reply, say, think


@pytest.fixture
def chat_by_default():
    """Models that are only named speak Chat Completions."""
    set_default_openai_api("chat_completions")
    yield
    set_default_openai_api("responses")
    set_default_openai_client(None)


@pytest.mark.parametrize("streamed", [True, False])
async def test_models_that_are_only_named_can_speak_chat_completions(streamed, chat_by_default):
    async with chatting(reply(say("Hi."))) as chat:
        set_default_openai_client(chat.client)
        agent = Agent(name="A", model="local")
        if streamed:
            await told(Runner.run_streamed(agent, "Go."))
        else:
            await Runner.run(agent, "Go.")
        assert [request.path for request in chat.server.requests] == ["/v1/chat/completions"]
        assert chat.server.bodies[0]["model"] == "local"


def test_a_provider_can_say_itself_how_its_server_speaks(chat_by_default):
    assert isinstance(OpenAIProvider().get_model("m"), OpenAIChatCompletionsModel)
    assert isinstance(OpenAIProvider(use_responses=True).get_model("m"), OpenAIResponsesModel)
    set_default_openai_api("responses")
    assert isinstance(OpenAIProvider().get_model("m"), OpenAIResponsesModel)
    assert isinstance(
        OpenAIProvider(use_responses=False).get_model(None), OpenAIChatCompletionsModel
    )


def request(**settings) -> ModelRequest:
    return ModelRequest(None, "Hi", ModelSettings(**settings), [], None, [])


def body(**options) -> dict:
    official = options.pop("is_official", True)
    return chat_body(
        "m", request(**options), lambda _: False, is_official=official, is_strict=False
    )


def test_the_official_service_keeps_answers_and_tells_usage_unless_told_otherwise():
    assert body()["store"] is True
    assert body(store=False)["store"] is False
    assert "store" not in body(is_official=False)
    usage = {"stream": True, "stream_options": {"include_usage": True}}
    assert stream_options(ModelSettings(), is_official=True) == usage
    assert stream_options(ModelSettings(), is_official=False) == {"stream": True}
    unwanted = stream_options(ModelSettings(include_usage=False), is_official=True)
    assert unwanted["stream_options"] == {"include_usage": False}


@pytest.mark.parametrize(
    ("base_url", "is_its"),
    [
        ("https://api.openai.com/v1", True),
        ("http://api.openai.com/v1", False),
        ("https://api.openai.com.example/v1", False),
        ("http://127.0.0.1:8000/v1", False),
    ],
)
def test_the_official_service_is_known_by_its_address(base_url, is_its):
    assert is_official(openai.AsyncOpenAI(base_url=base_url, api_key="key")) is is_its


def test_a_conversation_kept_by_the_service_is_refused():
    asked = ModelRequest(
        None, "Hi", ModelSettings(), [], None, [], ModelTracing.DISABLED, previous_response_id="r"
    )
    with pytest.raises(UserError, match="previous_response_id"):
        chat_body("m", asked, lambda _: False, is_official=False, is_strict=False)


async def test_an_output_without_text_is_an_error_where_everything_must_be_carried():
    image = [{"type": "input_image", "image_url": "https://images.example/a.png"}]
    history = [{"type": "function_call_output", "call_id": "c1", "output": image}]
    async with chatting() as chat:
        strict = chat.model(strict_feature_validation=True)
        with pytest.raises(UserError, match="only the text"):
            await Runner.run(Agent(name="A", model=strict), history)


@pytest.mark.parametrize(
    "item",
    [
        {"type": "item_reference", "id": "m1"},
        {"type": "compaction", "encrypted_content": "x"},
        {"type": "function_call_output", "call_id": None, "output": "x"},
        {"role": "user", "content": [{"type": "input_image", "file_id": "file-1"}]},
        {"role": "user", "content": [{"type": "hologram"}]},
        {"role": "assistant", "content": [{"type": "output_audio"}]},
    ],
    ids=lambda item: item.get("type") or item["content"][0]["type"],
)
async def test_what_cannot_be_carried_is_refused_before_anything_is_sent(item):
    async with chatting() as chat:
        with pytest.raises(UserError, match="Chat Completions c"):
            await Runner.run(Agent(name="A"), [item], run_config=chat.config)
        assert chat.server.requests == []


async def test_a_program_can_say_which_reasoning_goes_back():
    async with chatting(reply(think("Hm."), say("Hi.")), reply(say("Ho."))) as chat:
        asked = []

        def always(context):
            asked.append((context.model, context.base_url, context.reasoning.origin_model))
            return True

        model = chat.model("kimi", should_replay_reasoning_content=always)
        agent = Agent(name="A", model=model)
        first = await Runner.run(agent, "Go.")
        await Runner.run(agent, [*first.to_input_list(), {"role": "user", "content": "On."}])
        assert asked == [("kimi", chat.server.base_url, "kimi")]
        assert chat.server.bodies[1]["messages"][1]["reasoning_content"] == "Hm."


@pytest.mark.parametrize("thought", [think("Hm."), Think(text="Hm.")])
async def test_a_responses_model_takes_over_without_the_traces_of_the_other_server(thought):
    script = [reply(thought, say("Asking."), call("transfer_to_b", "h1")), reply(say("B here."))]
    async with chatting(*script) as chat:
        second = Agent(name="B", model=OpenAIResponsesModel("r", chat.client))
        first = Agent(name="A", model=chat.model(), handoffs=[second])
        assert (await Runner.run(first, "Go.")).final_output == "B here."
        sent = chat.server.bodies[1]["input"]
        assert [item.get("type") for item in sent] == [
            None,
            "message",
            "function_call",
            "function_call_output",
        ]
        assert not any({"id", "provider_data"} & item.keys() for item in sent)


async def test_what_a_responses_model_said_goes_to_a_chat_model():
    script = [reply(think("Hm."), say("Asking."), call("transfer_to_b", "h1")), reply(say("B."))]
    async with chatting(*script) as chat:
        second = Agent(name="B", model=chat.model())
        first = Agent(name="A", model=OpenAIResponsesModel("r", chat.client), handoffs=[second])
        assert (await Runner.run(first, "Go.")).final_output == "B."
        user, asking, output = chat.server.bodies[1]["messages"]
        assert (user["role"], asking["content"], output["role"]) == ("user", "Asking.", "tool")
        assert asking["tool_calls"][0]["id"] == output["tool_call_id"] == "h1"


async def test_the_request_and_its_headers_carry_an_id():
    async with chatting(reply(say("Hi."))) as chat:
        result = Runner.run_streamed(Agent(name="A"), "Go.", run_config=chat.config)
        await told(result)
        assert result.raw_responses[0].request_id == "req_0"


async def test_settings_of_the_run_reach_the_request():
    async with chatting(reply(say("Hi."))) as chat:
        config = RunConfig(
            model_provider=chat.config.model_provider,
            model="other",
            model_settings=ModelSettings(extra_headers={"X-Team": "red"}),
        )
        await Runner.run(Agent(name="A"), "Go.", run_config=config)
        got = chat.server.requests[0]
        assert (got.body["model"], got.headers["x-team"]) == ("other", "red")
