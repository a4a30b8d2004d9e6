"""Function tools: what they are made of, what they are called with, and what they give back."""

from __future__ import annotations

import contextvars
import threading
from functools import partial

import pytest

from tests.agents.one_call import FAILURE_TEXT, output_of
from tui.agents import (
    Agent,
    FunctionTool,
    RunContextWrapper,
    Runner,
    ToolOutputImage,
    ToolOutputText,
    UserError,
    function_tool,
)
from tui.agents.decorators import tool as short_name
from tui.agents.models.scripted import ScriptedModel, say


async def test_a_plain_function_runs_in_a_thread_with_the_callers_context_variables():
    variable = contextvars.ContextVar("variable", default="unset")
    variable.set("kept")

    @function_tool
    def where() -> str:
        on_main = threading.current_thread() is threading.main_thread()
        return f"{on_main} {variable.get()}"

    assert (await output_of(where)).output == "False kept"


async def test_a_coroutine_runs_on_the_loop():
    @function_tool
    async def where() -> bool:
        return threading.current_thread() is threading.main_thread()

    item = await output_of(where)
    assert item.output is True
    assert item.raw_item["output"] == "True"


async def test_an_object_that_can_be_called_is_a_tool_named_after_its_class():
    class Doubler:
        """Doubles."""

        async def __call__(self, ctx: RunContextWrapper, x: int) -> int:
            """Double it.

            Args:
                x: What to double.
            """
            return 2 * x

    tool = function_tool(Doubler())
    assert (tool.name, tool.description) == ("Doubler", "Doubles.")
    assert tool.params_json_schema["properties"]["x"]["description"] == "What to double."
    assert (await output_of(tool, {"x": 4})).output == 8
    with pytest.raises(UserError, match="not a partial"):
        function_tool(partial(print, "x"))


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("text", "text"),
        (None, "None"),
        ({"a": 1}, "{'a': 1}"),
        ([], "[]"),
        (ToolOutputText("hi"), [{"type": "input_text", "text": "hi"}]),
        ({"type": "text", "text": "hi"}, [{"type": "input_text", "text": "hi"}]),
        ({"type": "text", "text": 1}, "{'type': 'text', 'text': 1}"),
        ({"type": "image"}, "{'type': 'image'}"),
        ({"type": "file", "filename": "a"}, "{'type': 'file', 'filename': 'a'}"),
        (
            [ToolOutputText("a"), ToolOutputImage(image_url="u")],
            [{"type": "input_text", "text": "a"}, {"type": "input_image", "image_url": "u"}],
        ),
        ([ToolOutputText("a"), 1], "[ToolOutputText(text='a', type='text'), 1]"),
    ],
)
async def test_values_are_sent_as_text_unless_they_are_content(value, sent):
    @function_tool
    def give():
        return value

    assert (await output_of(give)).raw_item["output"] == sent


async def test_disabled_tools_are_not_shown():
    @function_tool(is_enabled=lambda ctx, agent: ctx.context == "admin")
    def secret() -> str:
        return ""

    model = ScriptedModel([[say("a")], [say("b")]])
    agent = Agent(name="A", model=model, tools=[secret])
    await Runner.run(agent, "go", context="guest")
    await Runner.run(agent, "go", context="admin")
    assert [request.tools for request in model.requests] == [[], [secret]]


async def test_a_hand_made_tool_runs_and_its_errors_end_the_run():
    async def invoke(ctx, arguments):
        if arguments == "{}":
            raise ValueError("boom")
        return f"{ctx.tool_name} {arguments}"

    tool = FunctionTool("raw", "", {}, invoke)
    assert (await output_of(tool, '{"a":1}')).output == 'raw {"a":1}'
    with pytest.raises(UserError, match="Error running tool raw: boom"):
        await output_of(tool)


async def test_a_host_can_put_an_invoker_of_a_derived_class_in_place():
    @function_tool
    def greet(name: str) -> str:
        return f"hello {name}"

    entered = []

    class Gated(type(greet.on_invoke_tool)):
        async def __call__(self, ctx, input):
            entered.append((ctx.tool_call_id, input))
            return await super().__call__(ctx, input)

    gated = Gated.__new__(Gated)
    gated.__dict__.update(greet.on_invoke_tool.__dict__)
    greet.on_invoke_tool = gated
    assert (await output_of(greet, '{"name": "you"}')).output == "hello you"
    assert (await output_of(greet, "{}")).output == FAILURE_TEXT
    assert entered == [("c1", '{"name": "you"}'), ("c1", "{}")]


def test_the_decorator_has_a_short_name():
    assert short_name is function_tool


@pytest.mark.parametrize("name", ["custom_data_extractor", "output_type"])
def test_what_is_not_supported_is_refused_by_name(name):
    with pytest.raises(UserError, match=name):
        function_tool(**{name: [object()]})
