"""What the home screen offers. Stays out of how agents are found."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AgentChoice:
    """One thing to start.

    Attributes:
        target: What `open_host` takes: "support.py:triage", or "rehearsal".
        label: What a person calls it.
        hint: What it is or where it is, in a few words.
    """

    target: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class HomeListing:
    """Choices in the order they are shown, and what explains them.

    Attributes:
        place: Where was looked for agents.
        notice: Sentences, a line each, "" for none.
        example: Code that the notice speaks of, "" for none.
    """

    choices: tuple[AgentChoice, ...]
    place: str = ""
    notice: str = ""
    example: str = ""
