"""What a rule may look at: one tool call. Stays out of which rule covers it."""

from dataclasses import dataclass
from functools import cached_property

from tui.policy.reading import Reading, read_arguments


@dataclass(frozen=True)
class Call:
    """A tool call before it begins.

    Attributes:
        agent: The name of the agent that calls.
        tool: The tool's name.
        arguments: JSON text exactly as the model gave it, or as a person edited it.
        run: The first run of its conversation.
    """

    agent: str
    tool: str
    arguments: str
    run: str = ""

    @cached_property
    def reading(self) -> Reading | None:
        """The arguments, read once; None where they are no JSON object that can be trusted."""
        return read_arguments(self.arguments)
