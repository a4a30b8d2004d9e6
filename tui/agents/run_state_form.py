"""The JSON form of a `RunState`, field by field, and its check. Reads and writes no state.

Version 1. A state of any version that was ever released can be read: who adds a field makes it
`NotRequired`, or raises `VERSION` and keeps a reader of the older form.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Literal, NotRequired

from typing_extensions import TypedDict

from tui.agents.exceptions import UserError
from tui.agents.kinds import Json, JsonObject

if TYPE_CHECKING:
    from pydantic import TypeAdapter

SCHEMA = "tui.agents/run-state"
VERSION = 1


class RawForm(TypedDict):
    """An item in the Responses API's shape.

    Attributes:
        value: The item.
        is_object: Whether it was an openai object; else it was a plain dict.
    """

    value: JsonObject
    is_object: bool


class ItemForm(TypedDict):
    """An item of the run; which of the optional fields there are depends on its type.

    Attributes:
        type: The item's `type`.
        agent: The name of the agent that was in control.
        raw: The item in the Responses API's shape.
        source: Of a handoff's output: the name of the agent that handed over.
        target: Of a handoff's output: the name of the agent that took over.
        description: Of a tool call: what the tool says of itself.
        output: Of a tool's output: its value, or the text that the model got if that is no JSON.
        failure: Of a tool's output: what the tool raised, or null.
        edited_arguments: Of a tool's output: what a person had it run with, or null.
        tool_name: Of a request for approval: the tool's name.
        params_json_schema: Of a request for approval: the schema of the tool's arguments.
        input_id: Of input that was added while the run was stopped: its own id.
    """

    type: str
    agent: str
    raw: RawForm
    source: NotRequired[str]
    target: NotRequired[str]
    description: NotRequired[str | None]
    output: NotRequired[Json]
    failure: NotRequired[FailureForm | None]
    edited_arguments: NotRequired[JsonObject | None]
    tool_name: NotRequired[str | None]
    params_json_schema: NotRequired[JsonObject | None]
    input_id: NotRequired[str]


class FailureForm(TypedDict):
    """What a tool raised.

    Attributes:
        error_type: The name of the exception's class.
        message: Its text.
    """

    error_type: str
    message: str


class InputDetailsForm(TypedDict):
    """Of the input tokens, how many went through the prompt cache.

    Attributes:
        cached_tokens: How many came from it.
        cache_write_tokens: How many went into it.
    """

    cached_tokens: int
    cache_write_tokens: int


class OutputDetailsForm(TypedDict):
    """Of the output tokens, what they were.

    Attributes:
        reasoning_tokens: How many were reasoning.
    """

    reasoning_tokens: int


class TokensForm(TypedDict):
    """The tokens of a model request.

    Attributes:
        input_tokens: How many went in.
        output_tokens: How many came out.
        total_tokens: Both, as the service counts them.
        input_tokens_details: What the input was.
        output_tokens_details: What the output was.
    """

    input_tokens: int
    output_tokens: int
    total_tokens: int
    input_tokens_details: InputDetailsForm
    output_tokens_details: OutputDetailsForm


class UsageForm(TokensForm):
    """Tokens summed over requests.

    Attributes:
        requests: How many requests.
        request_usage_entries: Each of them.
    """

    requests: int
    request_usage_entries: list[TokensForm]


class ResponseForm(TypedDict):
    """A response of the model.

    Attributes:
        output: Its items: each the index of the run's item that holds it, or the item itself.
        usage: What it cost.
        response_id: The service's id of it.
        request_id: The service's id of the HTTP request.
    """

    output: list[int | RawForm]
    usage: UsageForm
    response_id: str | None
    request_id: str | None


class InterruptionForm(TypedDict):
    """Where a request for approval stands.

    Attributes:
        call_id: The key in `nested` of the run that makes the request; null is this run.
        at: Its index: among the items of this run, or among the nested run's own `interruptions`.
    """

    call_id: str | None
    at: int


class DecisionForm(TypedDict):
    """What a person decided.

    Attributes:
        approved: Whether the call may run.
        message: What the model reads of a refusal; null is a fixed text.
        arguments: What the tool is run with in place of the model's arguments, or null.
    """

    approved: bool
    message: str | None
    arguments: JsonObject | None


class CallDecisionForm(DecisionForm):
    """What was decided of one call.

    Attributes:
        call_id: The call.
    """

    call_id: str


class StandingDecisionForm(DecisionForm):
    """What was decided of all calls that an agent makes of a tool.

    Attributes:
        agent: The agent's name.
        tool: The tool's name.
    """

    agent: str
    tool: str


class ApprovalsForm(TypedDict):
    """What was decided about tool calls.

    Attributes:
        calls: Decisions of single calls.
        standing: Decisions of all calls of a tool.
    """

    calls: list[CallDecisionForm]
    standing: list[StandingDecisionForm]


class ContextForm(TypedDict):
    """The run's context.

    Attributes:
        value: The caller's object as JSON, or null.
        is_written: Whether `value` is that object: one that is no JSON object is left out, and
            must be given again.
        usage: What the run has spent, nested runs included.
        approvals: What was decided about its calls.
        tool_input: The arguments that the run was called with, if it is a tool with `parameters`.
    """

    value: Json
    is_written: bool
    usage: UsageForm
    approvals: ApprovalsForm
    tool_input: Json


class ServerForm(TypedDict):
    """What the service keeps of the conversation.

    Attributes:
        conversation_id: The service's conversation, or null.
        previous_response_id: The response that the next request follows, or null.
        known_items: How many of the items that the model sees it knows; null is nothing at all.
        asked_items: How many it was last told or knew before.
    """

    conversation_id: str | None
    previous_response_id: str | None
    known_items: int | None
    asked_items: int


class AnswerForm(TypedDict):
    """The answer that an output guardrail has checked.

    Attributes:
        agent: The name of the agent that gave it.
        agent_output: The answer.
    """

    agent: str
    agent_output: Json


class FindingForm(TypedDict):
    """What the guardrail of a run has found.

    Attributes:
        output_info: What it says of its check.
        tripwire_triggered: Whether it ended the run.
    """

    output_info: Json
    tripwire_triggered: bool


class FoundForm(TypedDict):
    """The result of a guardrail.

    Attributes:
        guardrail: Its name.
        found: What it has found.
    """

    guardrail: str
    found: FindingForm


class AnswerFoundForm(FoundForm):
    """The result of an output guardrail.

    Attributes:
        of: What it has checked.
    """

    of: AnswerForm


class ToolFindingForm(TypedDict):
    """What the guardrail of a tool has found.

    Attributes:
        output_info: What it says of its check.
        behavior: What became of the call.
    """

    output_info: Json
    behavior: JsonObject


class ToolFoundForm(TypedDict):
    """The result of a tool's guardrail.

    Attributes:
        guardrail: Its name.
        found: What it has found.
    """

    guardrail: str
    found: ToolFindingForm


class GuardrailResultsForm(TypedDict):
    """What guardrails have found, each kind in order.

    Attributes:
        input: Of the run's input.
        output: Of its final output.
        tool_input: Of the arguments of calls.
        tool_output: Of the outputs of tools.
    """

    input: list[FoundForm]
    output: list[AnswerFoundForm]
    tool_input: list[ToolFoundForm]
    tool_output: list[ToolFoundForm]


class StateForm(TypedDict):
    """A stopped run.

    Attributes:
        schema: Says what this is: `tui.agents/run-state`.
        version: The version of this form.
        run_id: Names the run, over all its pauses.
        current_agent: The name of the agent in control.
        original_input: What the run was started with, or what a handoff's filter made of it.
        items: All items, oldest first.
        model_items: What the model sees of them: each an index among `items`, or an item that a
            handoff's filter made; null is all.
        responses: The model's responses, oldest first.
        pending_response: The index of the response whose calls wait for decisions, or null.
        interruptions: The requests for approval that the run waits for.
        nested: The stopped runs of agents used as tools, by the id of the call they answer.
        tools: The tools that wait to run: a SHA-256 of the schema of each, by name.
        context: The caller's object, what was spent and what was decided.
        tool_users: The names of the agents that have used a tool.
        current_turn: How many turns were settled.
        max_turns: How many model calls the run may make; null is any number.
        pending_input: Messages that go in before the next model call.
        server: What the service keeps of the conversation, or null.
        saved_items: How many of the items the run's session has.
        is_final: Whether the run had come to its output.
        guardrail_results: What guardrails have found.
    """

    schema: Literal["tui.agents/run-state"]
    version: Literal[1]
    run_id: str
    current_agent: str
    original_input: str | list[JsonObject]
    items: list[ItemForm]
    model_items: list[int | ItemForm] | None
    responses: list[ResponseForm]
    pending_response: int | None
    interruptions: list[InterruptionForm]
    nested: dict[str, StateForm]
    tools: dict[str, str]
    context: ContextForm
    tool_users: list[str]
    current_turn: int
    max_turns: int | None
    pending_input: list[JsonObject]
    server: ServerForm | None
    saved_items: int
    is_final: bool
    guardrail_results: GuardrailResultsForm


def checked(data: Json) -> JsonObject:
    """Return what was read as a `StateForm`, without what that does not name.

    Raises:
        UserError: If it is none, of another version, or damaged.
    """
    from pydantic import ValidationError

    if not isinstance(data, Mapping):
        raise UserError(f"This is no run state: it is a JSON {type(data).__name__}, no object.")
    if data.get("schema") != SCHEMA:
        raise UserError(f"This is no run state: its schema is {data.get('schema')!r}.")
    if data.get("version") != VERSION:
        raise UserError(
            f"Run state schema version is not supported: {data.get('version')!r}; this is {VERSION}"
        )
    try:
        form: JsonObject = _adapter().validate_python(dict(data), strict=True)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise damaged(f"{place}: {first['msg']}") from error
    return form


def damaged(why: str) -> UserError:
    """Return the error that says what is wrong with a state's form."""
    return UserError(f"This run state is damaged: {why}.")


@cache
def _adapter() -> TypeAdapter[Json]:
    from pydantic import TypeAdapter

    return TypeAdapter(StateForm)
