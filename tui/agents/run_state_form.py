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
from tui.agents.kinds import Json, JsonObject, UserType

if TYPE_CHECKING:
    from pydantic import TypeAdapter

SCHEMA = "tui.agents/run-state"
VERSION = 1


class RawForm(TypedDict):
    """An item in the Responses API's shape."""

    value: JsonObject  # The item.
    is_object: bool  # Whether it was an openai object; else it was a plain dict.


class FailureForm(TypedDict):
    """What a tool raised."""

    error_type: str  # The name of the exception's class.
    message: str  # Its text.


class ItemForm(TypedDict):
    """An item of the run; the optional fields are those of its type."""

    type: str  # The item's `type`.
    agent: str  # The name of the agent that was in control.
    raw: RawForm  # The item in the Responses API's shape.
    source: NotRequired[str]  # handoff_output_item: the name of the agent that handed over.
    target: NotRequired[str]  # handoff_output_item: the name of the agent that took over.
    description: NotRequired[str | None]  # tool_call_item: what the tool says of itself.
    output: NotRequired[Json]  # tool_call_output_item: its value, or its text if that is no JSON.
    failure: NotRequired[FailureForm | None]  # tool_call_output_item: what the tool raised.
    edited_arguments: NotRequired[JsonObject | None]  # tool_call_output_item: a person's, or null.
    tool_name: NotRequired[str | None]  # tool_approval_item: the tool's name.
    params_json_schema: NotRequired[JsonObject | None]  # tool_approval_item: the tool's.
    input_id: NotRequired[str]  # input_item: its own id.


class TokensForm(TypedDict):
    """The tokens of a model request."""

    input_tokens: int  # How many went in.
    output_tokens: int  # How many came out.
    total_tokens: int  # Both, as the service counts them.
    input_tokens_details: dict[str, int]  # Of the input: cached_tokens, cache_write_tokens.
    output_tokens_details: dict[str, int]  # Of the output: reasoning_tokens.


class UsageForm(TokensForm):
    """Tokens summed over requests."""

    requests: int  # How many requests.
    request_usage_entries: list[TokensForm]  # Each of them.


class ResponseForm(TypedDict):
    """A response of the model."""

    output: list[int | RawForm]  # Each the index of the run's item that holds it, or the item.
    usage: UsageForm  # What it cost.
    response_id: str | None  # The service's id of it.
    request_id: str | None  # The service's id of the HTTP request.


class InterruptionForm(TypedDict):
    """Where a request for approval stands."""

    call_id: str | None  # The key in `nested` of the run that makes it; null is this run.
    at: int  # Its index: among this run's items, or the nested run's own `interruptions`.


class DecisionForm(TypedDict):
    """What a person decided."""

    approved: bool  # Whether the call may run.
    message: str | None  # What the model reads of a refusal; null is a fixed text.
    arguments: JsonObject | None  # What the tool is run with in place of the model's arguments.


class CallDecisionForm(DecisionForm):
    """What was decided of one call."""

    call_id: str  # The call.
    tool: NotRequired[str | None]  # Its tool; without it, whatever has the id.
    asked: NotRequired[str | None]  # SHA-256 of its arguments; without it, whatever has the id.


class StandingDecisionForm(DecisionForm):
    """What was decided of all calls that an agent makes of a tool."""

    agent: str  # The agent's name.
    tool: str  # The tool's name.


class ApprovalsForm(TypedDict):
    """What was decided about tool calls."""

    calls: list[CallDecisionForm]  # Decisions of single calls.
    standing: list[StandingDecisionForm]  # Decisions of all calls of a tool.


class ContextForm(TypedDict):
    """The run's context."""

    value: Json  # The caller's object, or null.
    is_written: bool  # Whether `value` is it; what is no JSON object must be given again.
    usage: UsageForm  # What the run has spent, nested runs included; or the run around counts it.
    approvals: ApprovalsForm  # What was decided about its calls.
    tool_input: Json  # The arguments of a run that is a tool with `parameters`.


class ServerForm(TypedDict):
    """What the service keeps of the conversation."""

    conversation_id: str | None  # The service's conversation.
    previous_response_id: str | None  # The response that the next request follows.
    known_items: int | None  # How many of the items that the model sees it knows; null is nothing.
    asked_items: int  # How many it was last told or knew before.


class AnswerForm(TypedDict):
    """The answer that an output guardrail has checked."""

    agent: str  # The name of the agent that gave it.
    agent_output: Json  # The answer.


class FindingForm(TypedDict):
    """What the guardrail of a run has found."""

    output_info: Json  # What it says of its check.
    tripwire_triggered: bool  # Whether it ended the run.


class FoundForm(TypedDict):
    """The result of a guardrail."""

    guardrail: str  # Its name.
    found: FindingForm  # What it has found.


class AnswerFoundForm(FoundForm):
    """The result of an output guardrail."""

    of: AnswerForm  # What it has checked.


class ToolFindingForm(TypedDict):
    """What the guardrail of a tool has found."""

    output_info: Json  # What it says of its check.
    behavior: JsonObject  # What became of the call.


class ToolFoundForm(TypedDict):
    """The result of a tool's guardrail."""

    guardrail: str  # Its name.
    found: ToolFindingForm  # What it has found.


class GuardrailResultsForm(TypedDict):
    """What guardrails have found, each kind in order."""

    input: list[FoundForm]  # Of the run's input.
    output: list[AnswerFoundForm]  # Of its final output.
    tool_input: list[ToolFoundForm]  # Of the arguments of calls.
    tool_output: list[ToolFoundForm]  # Of the outputs of tools.


class StateForm(TypedDict):
    """A stopped run."""

    schema: Literal["tui.agents/run-state"]  # Says what this is.
    version: Literal[1]  # The version of this form.
    run_id: str  # Names the run, over all its pauses.
    current_agent: str  # The name of the agent in control.
    original_input: str | list[JsonObject]  # As given, or what a handoff's filter made of it.
    items: list[ItemForm]  # All items, oldest first.
    model_items: list[int | ItemForm] | None  # What the model sees of them, or a filter made anew.
    responses: list[ResponseForm]  # The model's responses, oldest first.
    pending_response: int | None  # The index of the one whose turn goes on, or waits for decisions.
    interruptions: list[InterruptionForm]  # The requests for approval that the run waits for.
    nested: dict[str, StateForm]  # Stopped runs of agents used as tools, by the call they answer.
    tools: dict[str, str]  # The tools that wait to run: a SHA-256 of the schema of each, by name.
    context: ContextForm  # The caller's object, what was spent and what was decided.
    tool_users: list[str]  # The names of the agents that have used a tool.
    current_turn: int  # How many turns were settled.
    max_turns: int | None  # How many model calls the run may make; null is any number.
    pending_input: list[JsonObject]  # Messages that go in before the next model call.
    server: ServerForm | None  # What the service keeps of the conversation.
    saved_items: int  # How many of the items the run's session has.
    is_final: bool  # Whether the run had come to its output.
    guardrail_results: GuardrailResultsForm  # What guardrails have found.


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
        form: JsonObject = adapter(StateForm).validate_python(dict(data), strict=True)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise damaged(f"{place}: {first['msg']}") from error
    return form


def damaged(why: str) -> UserError:
    """Return the error that says what is wrong with a state's form."""
    return UserError(f"This run state is damaged: {why}.")


@cache
def adapter(kind: UserType) -> TypeAdapter[UserType]:
    """Return what checks and builds values of a type; made when a state is first read."""
    from pydantic import TypeAdapter

    return TypeAdapter(kind)
