"""How a person opened their agents, as far as it decides what they can change.

Stays out of what went wrong.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Opened:
    """By the command and its options, or by a program of their own.

    Attributes:
        by_program: Whether a program opened the screen: no option of the command helps there.
        api: What `--api` said, "" for none.
        has_model: Whether `--model` was given.
        address_from: The option that named the model service, "" for none.
        key_from: The variable that was named for the key, "" for none.
    """

    by_program: bool = False
    api: str = ""
    has_model: bool = False
    address_from: str = ""
    key_from: str = ""

    @property
    def anew(self) -> str:
        """What makes a change count that is made outside, as an advice says it."""
        return "start the program again" if self.by_program else "start Baton again"

    @property
    def anew_first(self) -> str:
        """The same at the beginning of a sentence."""
        return self.anew[0].upper() + self.anew[1:]

    @property
    def with_context(self) -> str:
        """What gives the runs a context, as an advice says it."""
        if self.by_program:
            return "give it to tui.run(..., context=...)"
        return "start Baton again with --context FILE.py:NAME"

    @property
    def in_one_loop(self) -> str:
        """What has the agents run in the event loop they were made in, as an advice says it."""
        if self.by_program:
            return "await tui.run_async in the loop that it was opened in"
        return "give Baton an async function that opens it and returns the agent"


BY_COMMAND: Final = Opened()
"""By the command, with nothing said of models."""
