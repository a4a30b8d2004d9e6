"""What a policy file may hold beside rules: budgets, prices, and when a run looks stuck.

Plain values. Stays out of where they are read and of what follows from them.
"""

from typing import NamedTuple

from tui.wire.rules import Rule


class Budget(NamedTuple):
    """How much may be spent before a person is asked; None leaves one unlimited.

    Attributes:
        agent: Glob over names of agents, each of which has this share of a run; "" for the run.
        tokens: Input and output together.
        cost: In the currency of the prices.
        turns: Model calls.
        minutes: Of work; waiting for a person is none.
    """

    agent: str = ""
    tokens: int | None = None
    cost: float | None = None
    turns: int | None = None
    minutes: float | None = None


class Prices(NamedTuple):
    """Currency units per million tokens. `cached` is for input that the service had before."""

    input: float
    cached: float
    output: float

    def cost_of(self, input_tokens: int, cached_tokens: int, output_tokens: int) -> float:
        """Return what a model response costs; `cached_tokens` are some of `input_tokens`."""
        fresh = input_tokens - cached_tokens
        total = fresh * self.input + cached_tokens * self.cached + output_tokens * self.output
        return total / 1_000_000


class Sentinel(NamedTuple):
    """When a run looks stuck; 0 switches one off.

    Attributes:
        model_silence_s: Seconds without a word of the model.
        tool_silence_s: Seconds in which a running tool tells nothing.
        person_silence_s: Seconds for which a call waits for a person.
        ping_pong: Handoffs there and back, so many times in a row.
        repeats: The same call with the same arguments, so many times.
        pauses: Whether everything is held when one of them shows.
    """

    model_silence_s: float = 45.0
    tool_silence_s: float = 120.0
    person_silence_s: float = 600.0
    ping_pong: int = 3
    repeats: int = 3
    pauses: bool = False


class PolicyFile(NamedTuple):
    """What a policy file says, rules and budgets in its order."""

    rules: tuple[Rule, ...] = ()
    budgets: tuple[Budget, ...] = ()
    prices: Prices | None = None
    sentinel: Sentinel = Sentinel()
