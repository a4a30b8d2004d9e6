"""Servers over HTTP: what is asked of them, asked again, and what goes wrong."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from tests.fakes.mcp_service import FakeToolService, HttpApp, Served, fuller_server, text
from tui.agents import Agent, Runner, RunState, UserError
from tui.agents.models.scripted import ScriptedModel, call, say
from tui.mcp import MCPServer, MCPServerSse, MCPServerStreamableHttp, connection

CITY = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
WEATHER = Served("weather", lambda arguments: f"sunny in {arguments['city']}", CITY)


def server(service, **options):
    options = {"name": "tools", "client_session_timeout_seconds": 60, **options}
    return MCPServerStreamableHttp({"url": service.url}, **options)


def an_agent(*turns, servers, **options):
    return Agent(name="A", model=ScriptedModel(turns), mcp_servers=list(servers), **options)


async def test_calls_of_one_turn_are_made_at_the_same_time():
    both = asyncio.Barrier(2)

    async def meet(arguments):
        await both.wait()
        return "met"

    async with FakeToolService(Served("meet", meet)) as service, server(service) as opened:
        agent = an_agent([call("meet"), call("meet")], [say("done")], servers=[opened])
        result = await Runner.run(agent, "go")

    assert result.final_output == "done"


async def test_an_answer_that_takes_too_long_is_told_to_the_model():
    async def never(arguments):
        await asyncio.Event().wait()

    limit = {"client_session_timeout_seconds": 0.2, "cache_tools_list": True}
    async with (
        FakeToolService(Served("wait", never)) as service,
        server(service, **limit) as opened,
    ):
        agent = an_agent([call("wait")], [say("done")], servers=[opened])
        result = await Runner.run(agent, "go")

    (output,) = [item for item in result.new_items if item.type == "tool_call_output_item"]
    assert output.failure.error_type == "MCPError"
    assert "timed out" in output.failure.message


async def test_a_cancelled_call_leaves_the_server_as_it_is():
    begun = asyncio.Event()

    async def wait(arguments):
        begun.set()
        await asyncio.Event().wait()

    async with FakeToolService(Served("wait", wait), WEATHER) as service, server(service) as opened:
        task = asyncio.create_task(opened.call_tool("wait", {}))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await opened.call_tool("weather", {"city": "Rome"})).content[0].text


async def test_a_failed_call_is_made_again_as_often_as_it_may_be():
    answers = [RuntimeError("busy"), RuntimeError("busy"), text("free")]
    retries = {"max_retry_attempts": 2, "retry_backoff_seconds_base": 0}
    tried = Served("try", lambda arguments: answers.pop(0))
    async with FakeToolService(tried) as service, server(service, **retries) as opened:
        assert (await opened.call_tool("try", {})).content[0].text == "free"
        answers += [RuntimeError("busy")] * 3
        with pytest.raises(Exception, match="Internal server error"):
            await opened.call_tool("try", {})

    assert len(service.heard) == 6


async def test_a_server_that_goes_away_is_a_tool_error():
    async with FakeToolService(WEATHER) as service, server(service) as opened:
        await service.stop()
        with pytest.raises(UserError, match="'weather' on MCP server 'tools': connection lost"):
            await opened.call_tool("weather", {"city": "Rome"})


async def test_a_listing_may_have_as_many_pages_as_are_allowed():
    async with FakeToolService(WEATHER, Served("b"), Served("c"), page_size=1) as service:
        async with server(service, max_list_pages=3) as opened:
            assert len(await opened.list_tools()) == 3
        async with server(service, max_list_pages=2) as opened:
            with pytest.raises(UserError, match="max_list_pages"):
                await opened.list_tools()


async def test_a_listing_that_begins_anew_is_an_error():
    async with FakeToolService(WEATHER, page_size=0) as service, server(service) as opened:
        with pytest.raises(UserError, match="repeated cursor"):
            await opened.list_tools()


async def test_who_changes_a_listed_tool_changes_nothing_that_is_remembered():
    once = {"cache_tools_list": True}
    async with FakeToolService(WEATHER) as service, server(service, **once) as opened:
        for tools in (await opened.list_tools(), opened.cached_tools):
            tools[0].input_schema.clear()
        (again,) = await opened.list_tools()

    assert again.input_schema == CITY
    assert service.listings == 1


async def test_a_filter_that_asks_needs_somebody_who_asks():
    every = {"tool_filter": lambda context, tool: True}
    async with FakeToolService(WEATHER) as service, server(service, **every) as opened:
        with pytest.raises(UserError, match="run_context and agent"):
            await opened.list_tools()


async def test_two_servers_with_a_tool_of_one_name_are_an_error():
    async with FakeToolService(WEATHER) as service, server(service) as a, server(service) as b:
        with pytest.raises(UserError, match=r"'weather'.*include_server_in_tool_names"):
            await Runner.run(an_agent([say("unreached")], servers=[a, b]), "go")


async def test_a_pending_call_is_saved_and_made_by_another_process_with_a_server_of_its_own():
    asked, done = [call("weather", {"city": "Rome"})], [say("It is sunny.")]
    async with FakeToolService(WEATHER) as service:
        async with server(service, require_approval="always") as opened:
            paused = await Runner.run(an_agent(asked, servers=[opened]), "go")
        saved = paused.to_state().to_string()
        assert service.heard == []
        async with server(service, require_approval="always") as opened:
            agent = an_agent(done, servers=[opened])
            state = await RunState.from_string(agent, saved)
            state.approve(state.get_interruptions()[0])
            result = await Runner.run(agent, state)

    assert result.final_output == "It is sunny."
    assert service.heard == [("weather", {"city": "Rome"}, {})]


@pytest.mark.parametrize("kind", [MCPServerStreamableHttp, MCPServerSse])
async def test_prompts_and_resources_can_be_asked_for(kind):
    made = fuller_server(str.upper)
    app = made.sse_app() if kind is MCPServerSse else made.streamable_http_app()
    async with HttpApp(app) as http:
        path = "sse" if kind is MCPServerSse else "mcp"
        limits = {"timeout": timedelta(seconds=60), "sse_read_timeout": 60}
        address = {"url": f"http://127.0.0.1:{http.port}/{path}", **limits}
        async with kind(address, client_session_timeout_seconds=60) as opened:
            shout = await opened.call_tool("shout", {"word": "hello"})
            prompts = await opened.list_prompts()
            greeting = await opened.get_prompt("greet", {"name": "Ann"})
            resources = await opened.list_resources()
            templates = await opened.list_resource_templates()
            read = await opened.read_resource("file://readme")
            assert opened.session is not None

    assert shout.content[0].text == "HELLO"
    assert [prompt.name for prompt in prompts.prompts] == ["greet"]
    assert greeting.messages[0].content.text == "Greet Ann."
    assert [each.uri for each in resources.resources] == ["file://readme"]
    assert [each.uri_template for each in templates.resource_templates] == ["file://pages/{number}"]
    assert read.contents[0].text == "read me"


@asynccontextmanager
async def failing_service(status):
    async def answer(scope, receive, send):
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": status, "headers": []})
            await send({"type": "http.response.body"})

    async with HttpApp(answer) as http:
        yield f"http://ann:secret@127.0.0.1:{http.port}/mcp?key=secret"


@pytest.mark.parametrize("kind", [MCPServerStreamableHttp, MCPServerSse])
async def test_a_server_that_fails_at_the_start_says_how_without_secrets(kind):
    async with failing_service(503) as url:
        with pytest.raises(UserError, match="HTTP error 503") as raised:
            await kind({"url": url}).connect()

    shown = f"{raised.value} {raised.value.__cause__}"
    assert "127.0.0.1" in shown
    assert "secret" not in shown


async def test_a_server_that_is_not_there_says_so():
    async with HttpApp(None) as http:
        gone = {"url": f"http://127.0.0.1:{http.port}/mcp"}
    with pytest.raises(UserError, match="Could not reach the server"):
        await MCPServerStreamableHttp(gone).connect()


async def test_headers_and_a_client_of_the_users_are_used():
    import httpx2

    made = []

    def make(headers=None, timeout=None, auth=None):
        made.append(headers)
        return httpx2.AsyncClient(headers=headers, timeout=timeout, auth=auth)

    async with FakeToolService(WEATHER) as service:
        address = {"url": service.url, "headers": {"x-key": "k"}, "httpx_client_factory": make}
        async with MCPServerStreamableHttp(address) as opened:
            await opened.list_tools()

    assert made == [{"x-key": "k"}]


async def test_leaving_ends_in_time_whatever_the_transport_does(monkeypatch):
    monkeypatch.setattr(connection, "_CLOSE_S", 0.05)

    class Clinging(MCPServerStreamableHttp):
        @asynccontextmanager
        async def create_streams(self):
            async with super().create_streams() as streams:
                try:
                    yield streams
                finally:
                    await asyncio.Event().wait()

    async with FakeToolService(WEATHER) as service, Clinging({"url": service.url}) as opened:
        await opened.list_tools()


async def test_a_server_of_the_users_own_kind_gives_tools():
    class Fixed(MCPServer):
        name = "fixed"

        async def connect(self):
            self.is_open = True

        async def cleanup(self):
            self.is_open = False

        async def list_tools(self, run_context=None, agent=None):
            from mcp.types import Tool

            return [Tool(name="where", input_schema={})]

        async def call_tool(self, tool_name, arguments):
            return text(f"{tool_name} {arguments}") if self.is_open else text("closed")

    async with Fixed() as opened:
        agent = an_agent([call("where")], [say("done")], servers=[opened])
        result = await Runner.run(agent, "go")

    (output,) = [item for item in result.new_items if item.type == "tool_call_output_item"]
    assert output.output == {"type": "text", "text": "where {}"}
    assert not opened.is_open
