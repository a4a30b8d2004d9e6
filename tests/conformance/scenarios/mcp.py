"""Tools of MCP servers: listed, filtered, named, called, approved, and what their answers become.

The servers are real: over HTTP on loopback, and one that is a process.
"""

from __future__ import annotations

import importlib
import sys
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import mcp.types as t

from tests.conformance.scenario import Scenarios
from tests.fakes import mcp_process
from tests.fakes.mcp_service import FakeToolService, Served, text
from tui.rehearsal.script import Call, call, reply, say

MCP = Scenarios()
answers = MCP.answers

CITY = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
WEATHER = Served("weather", lambda arguments: f"sunny in {arguments['city']}", CITY)
ASK = call("weather", "c1", city="Rome")
DONE = reply(say("Done."))


@asynccontextmanager
async def served(sdk, *tools, page_size=100, **options):
    """Yield a server of the runtime's, connected to a service with these tools."""
    options = {"name": "tools", "client_session_timeout_seconds": 60, **options}
    library = importlib.import_module(f"{sdk.__name__}.mcp")
    async with (
        FakeToolService(*tools, page_size=page_size) as service,
        library.MCPServerStreamableHttp({"url": service.url}, **options) as server,
    ):
        server.service = service
        yield server


def own_tool(sdk, name="clock"):
    return sdk.function_tool(name_override=name)(noon)


def noon() -> str:
    """Tell the time."""
    return "noon"


async def once(sdk, stage, *tools, config=None, **options):
    """Run an agent with these tools of a server once, and write down what the server heard."""
    async with served(sdk, *tools, **options) as server:
        agent = sdk.Agent(name="A", mcp_servers=[server], mcp_config=config or {})
        result = await stage.go(agent, "Go.")
        note_heard(stage, server)
    return result


def note_heard(stage, *servers):
    """Write down what servers heard; calls of one turn come in any order."""
    stage.note(heard=[sorted(map(repr, server.service.heard)) for server in servers])


@answers(reply(ASK, call("clock", "c2")), DONE)
async def a_servers_tools_come_before_the_agents_own(sdk, stage):
    async with served(sdk, WEATHER, Served("other")) as server:
        agent = sdk.Agent(name="A", tools=[own_tool(sdk)], mcp_servers=[server])
        await stage.go(agent, "Weather?")
        stage.note(heard=server.service.heard, listings=server.service.listings)


@answers(reply(call("clock", "c1")), DONE)
async def a_server_and_the_agent_have_a_tool_of_one_name(sdk, stage):
    async with served(sdk, Served("clock", "midnight")) as server:
        agent = sdk.Agent(name="A", tools=[own_tool(sdk)], mcp_servers=[server])
        await stage.go(agent, "What time is it?")


@answers(reply(call("echo", "c1", word="日本")), reply(call("pid", "c2")))
async def a_server_that_is_a_process(sdk, stage):
    library = importlib.import_module(f"{sdk.__name__}.mcp")
    command = {"command": sys.executable, "args": [str(Path(mcp_process.__file__))]}
    async with library.MCPServerStdio(
        command,
        client_session_timeout_seconds=60,
        tool_filter=library.create_static_tool_filter(["echo", "pid"], ["pid"]),
    ) as server:
        stage.note(name=server.name.partition(" ")[0])
        agent = sdk.Agent(name="A", mcp_servers=[server])
        await stage.go(agent, "Go.")


PICTURE = t.ImageContent(type="image", data="aGk=", mime_type="image/png")
SOUND = t.AudioContent(type="audio", data="aGk=", mime_type="audio/wav")
LINK = t.ResourceLink(type="resource_link", name="notes", uri="file://notes")


@answers(
    reply(*(call(name, f"c-{name}") for name in ("picture", "several", "sound", "nothing", "bad"))),
    DONE,
)
async def answers_of_every_kind(sdk, stage):
    await once(
        sdk,
        stage,
        Served("picture", t.CallToolResult(content=[PICTURE])),
        Served(
            "several",
            t.CallToolResult(content=[t.TextContent(type="text", text="look"), PICTURE, LINK]),
        ),
        Served("sound", t.CallToolResult(content=[SOUND])),
        Served("nothing", t.CallToolResult(content=[])),
        Served("bad", text("no such order", is_error=True)),
    )


STRUCTURED = {"degrees": 21, "wind": None}


@answers(reply(*(call(name, f"c-{name}") for name in ("table", "bare", "bad"))), DONE)
async def structured_answers_where_they_are_wanted(sdk, stage):
    await once(
        sdk,
        stage,
        Served("table", text("21", structured_content=STRUCTURED)),
        Served("bare", text("only text")),
        Served("bad", text("went wrong", structured_content=STRUCTURED, is_error=True)),
        use_structured_content=True,
    )


@answers(reply(call("table", "c1")), DONE)
async def structured_answers_where_they_are_not(sdk, stage):
    await once(sdk, stage, Served("table", text("21", structured_content=STRUCTURED)))


@answers(reply(call("picture", "c1")))
async def a_servers_tool_that_ends_the_run(sdk, stage):
    async with served(sdk, Served("picture", t.CallToolResult(content=[PICTURE]))) as server:
        agent = sdk.Agent(name="A", mcp_servers=[server], tool_use_behavior="stop_on_first_tool")
        await stage.go(agent, "Go.")


BROKEN = Served("broken", RuntimeError("the disk is full"))


@answers(reply(call("broken", "c1")), DONE)
async def an_error_of_a_server_is_told_to_the_model(sdk, stage):
    await once(sdk, stage, BROKEN)


@answers(reply(call("broken", "c1")), DONE)
async def an_error_of_a_server_in_the_agents_words(sdk, stage):
    config = {"failure_error_function": lambda context, error: f"no: {type(error).__name__}"}
    await once(sdk, stage, BROKEN, config=config)


@answers(reply(call("broken", "c1")), DONE)
async def an_error_of_a_server_in_its_own_words(sdk, stage):
    config = {"failure_error_function": None}
    words = {"failure_error_function": lambda context, error: "it is broken"}
    await once(sdk, stage, BROKEN, config=config, **words)


@answers(reply(call("broken", "c1")))
async def an_error_of_a_server_that_ends_the_run(sdk, stage):
    await once(sdk, stage, BROKEN, failure_error_function=None)


@answers(
    reply(
        Call("weather", "{", call_id="c1"),
        Call("weather", "[1]", call_id="c2"),
        Call("weather", "", call_id="c3"),
        Call("weather", "{}", call_id="c4"),
    ),
    DONE,
)
async def arguments_that_are_wrong(sdk, stage):
    config = {"failure_error_function": lambda context, error: str(error)}
    await once(sdk, stage, WEATHER, config=config)


NAMES = ("read", "write", "delete")


def files():
    return [Served(name) for name in NAMES]


@answers(reply(call("read", "c1")), DONE, modes=("streamed",))
async def only_the_allowed_tools(sdk, stage):
    await once(sdk, stage, *files(), tool_filter={"allowed_tool_names": ["read", "write"]})


@answers(reply(call("delete", "c1")), modes=("streamed",))
async def a_blocked_tool_is_unknown(sdk, stage):
    await once(sdk, stage, *files(), tool_filter={"blocked_tool_names": ["delete"]})


@answers(reply(call("read", "c1")), DONE)
async def tools_chosen_by_a_function(sdk, stage):
    async def wanted(context, tool):
        stage.note(agent=context.agent.name, server=context.server_name, tool=tool.name)
        if tool.name == "write":
            raise ValueError("cannot say")
        tool.name = "changed"
        return tool.description is None

    named = Served("delete", listed={"description": "Delete it."})
    await once(sdk, stage, *files()[:2], named, tool_filter=wanted, cache_tools_list=True)


@answers(reply(call("read", "c1")), reply(call("write", "c2")), DONE)
async def tools_listed_once_and_on_several_pages(sdk, stage):
    async with served(sdk, *files(), page_size=1, cache_tools_list=True) as server:
        agent = sdk.Agent(name="A", mcp_servers=[server])
        await stage.go(agent, "Go.")
        stage.note(listings=server.service.listings)
        server.invalidate_tools_cache()
        await server.list_tools()
        stage.note(listings=server.service.listings, cached=[x.name for x in server.cached_tools])


@answers(reply(say("Hm.")), modes=("streamed",))
async def what_a_server_says_of_its_tools(sdk, stage):
    await once(
        sdk,
        stage,
        Served("titled", listed={"title": "A title"}),
        Served("annotated", listed={"annotations": t.ToolAnnotations(title="Noted")}),
        Served("both", listed={"title": "A title", "description": "A description."}),
        Served("empty", schema={"type": "object"}),
    )


@answers(reply(call("tagged", "c1", a="x")), DONE, modes=("streamed",))
async def strict_schemas_as_far_as_they_can_be(sdk, stage):
    properties = {"a": {"type": "string"}, "b": {"type": "integer", "default": None}}
    open_object = {"type": "object", "properties": properties, "additionalProperties": True}
    deep = {"type": "object", "properties": {"x": open_object}, "required": []}
    await once(
        sdk,
        stage,
        WEATHER,
        Served("tagged", schema={"type": "object", "properties": properties}),
        Served("open", schema=open_object),
        Served("deep", schema=deep),
        Served("empty", schema={"type": "object"}),
        Served("closed", schema={"type": "object", "additionalProperties": False}),
        Served("inside", schema={"type": "object", "properties": {"x": {"type": "object"}}}),
        Served("refers", schema=REFERRING),
        config={"convert_schemas_to_strict": True},
    )


REFERRING = {
    "type": "object",
    "properties": {"x": {"$ref": "#/$defs/X"}},
    "$defs": {"X": {"type": "object", "properties": {"y": {"type": "string"}}}},
}
LONG = "a_tool_with_a_name_that_is_much_too_long_for_what_a_model_may_be_told_of_it"


@answers(reply(call("mcp_one__read", "c1")), DONE, modes=("streamed",))
async def tools_named_with_their_server(sdk, stage):
    async with AsyncExitStack() as kept:
        one, two, three = [
            await kept.enter_async_context(served(sdk, *tools, name=name))
            for name, tools in [
                ("one", [Served("read", "one"), Served(LONG), Served("a b"), Served("a-b")]),
                ("two!", [Served("read", "two"), Served("é"), Served("a_b"), Served("a b")]),
                ("two?", [Served("read", "three"), Served("taken")]),
            ]
        ]
        agent = sdk.Agent(
            name="A",
            tools=[own_tool(sdk, "mcp_two__taken")],
            handoffs=[sdk.handoff(sdk.Agent(name="B"), tool_name_override="mcp_one__a-b")],
            mcp_servers=[one, two, three],
            mcp_config={"include_server_in_tool_names": True},
        )
        await stage.go(agent, "Go.")
        note_heard(stage, one, two, three)


async def with_approval(sdk, stage, decide, tools=(WEATHER,), **options):
    """Run until nobody must be asked any more, deciding by `decide(state, item)`."""
    async with served(sdk, *tools, **options) as server:
        agent = sdk.Agent(name="A", mcp_servers=[server])
        result = await stage.go(agent, "Go.")
        while result is not None and result.interruptions:
            state = result.to_state()
            for item in state.get_interruptions():
                decide(state, item)
            result = await stage.go(agent, state)
        note_heard(stage, server)


def yes(state, item):
    state.approve(item)


def no(state, item):
    state.reject(item)


@answers(reply(ASK), DONE)
async def a_call_that_a_person_allows(sdk, stage):
    await with_approval(sdk, stage, yes, require_approval="always")


@answers(reply(ASK), DONE)
async def a_call_that_a_person_turns_down(sdk, stage):
    await with_approval(sdk, stage, no, require_approval=True)


@answers(reply(ASK), DONE)
async def calls_that_nobody_is_asked_of(sdk, stage):
    await with_approval(sdk, stage, no, require_approval="never")


FILES = [call(name, f"c-{name}") for name in NAMES]


@answers(reply(*FILES), DONE)
async def approval_by_the_tools_name(sdk, stage):
    names = {"delete": "always", "write": True, "read": "never"}
    await with_approval(sdk, stage, yes, files(), require_approval=names)


@answers(reply(*FILES), DONE)
async def approval_by_lists_of_names(sdk, stage):
    lists = {"always": {"tool_names": ["delete"]}, "never": {"tool_names": ["read"]}}
    await with_approval(sdk, stage, no, files(), require_approval=lists)


@answers(reply(call("read", "c1"), call("delete", "c2"), Call("delete", "{", call_id="c3")), DONE)
async def approval_by_a_function(sdk, stage):
    async def asks(context, agent, tool):
        stage.note(asked=tool.name, agent=agent.name)
        return tool.name == "delete"

    await with_approval(sdk, stage, yes, files(), require_approval=asks)


@answers(reply(ASK), DONE)
async def what_is_said_about_a_call(sdk, stage):
    async def about(call):
        stage.note(tool=call.tool_name, server=call.server_name, arguments=call.arguments)
        return {"user": "ann", "version": 1}

    tagged = Served("weather", "sunny", CITY, {"_meta": {"version": 2}})
    await once(sdk, stage, tagged, tool_meta_resolver=about)


@answers(reply(ASK, call("weather", "c2", city="Nowhere")), DONE)
async def guardrails_of_a_server_check_every_tool_of_it(sdk, stage):
    @sdk.tool_input_guardrail
    def no_nowhere(data):
        if "Nowhere" in data.context.tool_arguments:
            return sdk.ToolGuardrailFunctionOutput.reject_content("There is no such place.")
        return sdk.ToolGuardrailFunctionOutput.allow()

    @sdk.tool_output_guardrail
    def no_sun(data):
        stage.note(output=data.output)
        return sdk.ToolGuardrailFunctionOutput.reject_content("Not to be told.")

    guards = {"tool_input_guardrails": [no_nowhere], "tool_output_guardrails": [no_sun]}
    await once(sdk, stage, WEATHER, **guards)


@answers(reply(call("ask_sub", "c0", input="Rome")), reply(ASK), reply(say("Sunny.")), DONE)
async def a_servers_tool_inside_an_agent_used_as_a_tool(sdk, stage):
    async with served(sdk, WEATHER, require_approval="always") as server:
        inner = sdk.Agent(name="Sub", mcp_servers=[server])
        agent = sdk.Agent(name="A", tools=[inner.as_tool("ask_sub", "Ask.")])
        state = (await stage.go(agent, "Weather?")).to_state()
        state.approve(state.get_interruptions()[0])
        await stage.go(agent, state)


@answers(reply(ASK), DONE)
async def hooks_hear_of_a_servers_tool(sdk, stage):
    class Hooks(sdk.RunHooks):
        async def on_tool_start(self, context, agent, tool):
            stage.note(start=tool.name, agent=agent.name)

        async def on_tool_end(self, context, agent, tool, result):
            stage.note(end=tool.name, result=result)

    async with served(sdk, WEATHER) as server:
        await stage.go(sdk.Agent(name="A", mcp_servers=[server]), "Go.", hooks=Hooks())
