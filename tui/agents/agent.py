"""Agents: a name, instructions, a model, tools and other agents to hand over to. Runs nothing."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field

from tui.agents.agent_base import AgentBase, is_shown
from tui.agents.agent_output import AgentOutputSchemaBase
from tui.agents.agent_tool import AgentBody, OnStream, OutputExtractor
from tui.agents.agent_tool_input import AgentToolInput, StructuredToolInputBuilder
from tui.agents.coerced import coerced
from tui.agents.exceptions import UserError
from tui.agents.guardrail import InputGuardrail, OutputGuardrail
from tui.agents.handoffs import Handoff, handoff
from tui.agents.kinds import JsonObject, UserType, UserValue
from tui.agents.lifecycle import AgentHooks, RunHooks
from tui.agents.maybe_await import MaybeAwaitable, maybe_await
from tui.agents.memory.session import Session
from tui.agents.model_settings import ModelSettings
from tui.agents.models.defaults import get_default_model_settings, implicit_settings
from tui.agents.models.interface import Model
from tui.agents.prompts import DynamicPromptFunction, GenerateDynamicPromptData, Prompt
from tui.agents.result import RunResultStreaming
from tui.agents.run import Runner
from tui.agents.run_config import RunConfig
from tui.agents.run_context import RunContextWrapper, TContext
from tui.agents.tool import (
    ApprovalPolicy,
    FunctionTool,
    IsEnabled,
    ToolErrorFunction,
    ToolUseBehavior,
    default_tool_error_function,
)

Instructions = str | Callable[[RunContextWrapper, "Agent"], MaybeAwaitable[str]] | None


@dataclass(eq=False)
class Agent(AgentBase[TContext]):
    """An agent. Its name, tools and MCP servers are those of its base.

    Attributes:
        instructions: The system prompt, or a function of (context, agent) that makes it.
        prompt: A prompt that the Responses service keeps, or a function that names one.
        model: The model, by name or itself; None is the default model.
        input_guardrails: Check what a run that starts with it is given.
        output_type: The type of its final output; None is text.
        tool_use_behavior: Whether the model is asked again after its tools have run.
        reset_tool_choice: Whether a forced `tool_choice` is dropped once a tool was used.
    """

    instructions: Instructions = None
    prompt: Prompt | DynamicPromptFunction | None = None
    handoffs: list[Agent | Handoff] = field(default_factory=list)
    model: str | Model | None = None
    model_settings: ModelSettings = field(default_factory=get_default_model_settings)
    input_guardrails: list[InputGuardrail] = field(default_factory=list)
    output_guardrails: list[OutputGuardrail] = field(default_factory=list)
    output_type: type[UserValue] | AgentOutputSchemaBase | None = None
    hooks: AgentHooks | None = None
    tool_use_behavior: ToolUseBehavior = "run_llm_again"
    reset_tool_choice: bool = True

    def __post_init__(self) -> None:
        self.model_settings = coerced(self.model_settings, ModelSettings)
        self._check_types()
        if self.model is not None and self.model_settings == get_default_model_settings():
            # The default model's settings make no sense for another.
            self.model_settings = implicit_settings(self.model)

    def _check_types(self) -> None:
        expected: dict[str, tuple[type[UserValue] | tuple[type[UserValue], ...], str]] = {
            "name": (str, "a string"),
            "handoff_description": ((str, type(None)), "a string or None"),
            "tools": (list, "a list"),
            "handoffs": (list, "a list"),
            "mcp_servers": (list, "a list"),
            "mcp_config": (dict, "a dict"),
            "model": ((str, Model, type(None)), "a string, Model, or None"),
            "model_settings": (ModelSettings, "a ModelSettings instance"),
            "hooks": ((AgentHooks, type(None)), "an AgentHooks instance or None"),
        }
        for name, (kinds, words) in expected.items():
            value = getattr(self, name)
            if not isinstance(value, kinds):
                raise TypeError(f"Agent {name} must be {words}, got {type(value).__name__}")
        if not (self.instructions is None or isinstance(self.instructions, str)):
            _check_instructions(self.instructions)
        _check_tool_use_behavior(self.tool_use_behavior)

    def clone(self, **changes: UserValue) -> Agent[TContext]:
        """Return a copy with some attributes changed; lists not given are shared."""
        implied = self.model_settings == implicit_settings(self.model)
        if "model" in changes and "model_settings" not in changes and implied:
            changes["model_settings"] = implicit_settings(changes["model"])
        return dataclasses.replace(self, **changes)

    async def get_system_prompt(self, run_context: RunContextWrapper[TContext]) -> str | None:
        """Return the instructions; a function is called and awaited if need be."""
        if self.instructions is None or isinstance(self.instructions, str):
            return self.instructions
        return await maybe_await(self.instructions(run_context, self))

    async def get_prompt(self, run_context: RunContextWrapper[TContext]) -> JsonObject | None:
        """Return the prompt as a request carries it; a function is called and awaited if need be.

        Raises:
            UserError: If the function returns no prompt.
        """
        prompt = self.prompt
        if prompt is None:
            return None
        if not isinstance(prompt, dict):
            prompt = await maybe_await(prompt(GenerateDynamicPromptData(run_context, self)))
        if not isinstance(prompt, dict):
            raise UserError("Dynamic prompt function must return a Prompt")
        return {name: prompt.get(name) for name in ("id", "version", "variables")}

    async def get_handoffs(self, run_context: RunContextWrapper[TContext]) -> list[Handoff]:
        """Return the handoffs that are enabled now; an agent stands for `handoff(agent)`."""
        for each in self.handoffs:
            if not isinstance(each, Handoff | AgentBase):
                raise UserError(f"A handoff of {self.name} is a {type(each).__name__}: {each!r}.")
        handoffs = [h if isinstance(h, Handoff) else handoff(h) for h in self.handoffs]
        return [h for h in handoffs if await is_shown(h, run_context, self)]

    def run_streamed(self, input: UserValue, **options: UserValue) -> RunResultStreaming:
        """Start a run of this agent: `Runner.run_streamed(self, input, ...)`."""
        return Runner.run_streamed(self, input, **options)

    def as_tool(
        self,
        tool_name: str | None,
        tool_description: str | None,
        custom_output_extractor: OutputExtractor | None = None,
        is_enabled: bool | IsEnabled = True,
        on_stream: OnStream | None = None,
        run_config: RunConfig | None = None,
        max_turns: int | None = None,
        hooks: RunHooks | None = None,
        previous_response_id: str | None = None,
        conversation_id: str | None = None,
        session: Session | None = None,
        failure_error_function: ToolErrorFunction | None = default_tool_error_function,
        needs_approval: bool | ApprovalPolicy = False,
        parameters: UserType | None = None,
        input_builder: StructuredToolInputBuilder | None = None,
        include_input_schema: bool = False,
        on_stream_max_pending_events: int | None = 1024,
    ) -> FunctionTool:
        """Make this agent a tool of others. It sees its input only, not the conversation.

        Without a name it has the agent's; `custom_output_extractor` makes its output of the nested
        result. `run_config` (else the outer run's) to `session` are those of the nested run.

        `on_stream` is called with each event of the nested run, beside it; when more than
        `on_stream_max_pending_events` wait for it, the call fails.

        `parameters` are the arguments, a dataclass or a pydantic model; without, one text. Of them
        `input_builder` makes the nested input; without, they are put into words, which hold their
        schema if `include_input_schema`.

        Raises:
            UserError: If `on_stream` or its limit makes no sense.
            TypeError: If `parameters` is of another kind.
        """
        nested_input = AgentToolInput(
            parameters, input_builder, includes_schema=include_input_schema
        )
        kept = {"previous_response_id": previous_response_id, "conversation_id": conversation_id}
        options = {"run_config": run_config, "max_turns": max_turns, "hooks": hooks}
        body = AgentBody(
            self,
            nested_input,
            custom_output_extractor,
            on_stream,
            on_stream_max_pending_events,
            {**options, **kept, "session": session},
        )
        return body.as_tool(
            tool_name,
            tool_description,
            is_enabled=is_enabled,
            needs_approval=needs_approval,
            failure_error_function=failure_error_function,
        )


def _check_tool_use_behavior(behavior: object) -> None:
    is_named = isinstance(behavior, str) and behavior in ("run_llm_again", "stop_on_first_tool")
    if not (is_named or isinstance(behavior, dict) or callable(behavior)):
        raise TypeError(
            "Agent tool_use_behavior must be 'run_llm_again', 'stop_on_first_tool', "
            f"StopAtTools dict, or callable, got {behavior!r}"
        )


def _check_instructions(instructions: object) -> None:
    if not callable(instructions):
        kind = type(instructions).__name__
        raise TypeError(f"Agent instructions must be a string, callable, or None, got {kind}")
    names = list(inspect.signature(instructions).parameters)
    if len(names) != 2:
        raise TypeError(
            "'instructions' callable must accept exactly 2 arguments (context, agent), "
            f"but got {len(names)}: {names}"
        )
