"""How many requests and tokens a run has spent. Knows no prices."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class InputTokensDetails:
    """Of the input tokens, how many came from or went into the prompt cache."""

    cached_tokens: int = 0
    cache_write_tokens: int = 0


@dataclass
class OutputTokensDetails:
    """Of the output tokens, how many were reasoning."""

    reasoning_tokens: int = 0


@dataclass(frozen=True)
class RequestUsage:
    """The tokens of one model request."""

    input_tokens: int
    output_tokens: int
    total_tokens: int
    input_tokens_details: InputTokensDetails
    output_tokens_details: OutputTokensDetails


@dataclass
class Usage:
    """Requests and tokens, summed over a run; one entry a request beside the sums."""

    requests: int = 0
    input_tokens: int = 0
    input_tokens_details: InputTokensDetails = field(default_factory=InputTokensDetails)
    output_tokens: int = 0
    output_tokens_details: OutputTokensDetails = field(default_factory=OutputTokensDetails)
    total_tokens: int = 0
    request_usage_entries: list[RequestUsage] = field(default_factory=list)

    def add(self, other: Usage) -> None:
        """Add `other` to these sums and keep its per-request entries."""
        self.requests += other.requests
        self.input_tokens += other.input_tokens
        self.output_tokens += other.output_tokens
        self.total_tokens += other.total_tokens
        mine, theirs = self.input_tokens_details, other.input_tokens_details
        mine.cached_tokens += theirs.cached_tokens
        mine.cache_write_tokens += theirs.cache_write_tokens
        self.output_tokens_details.reasoning_tokens += other.output_tokens_details.reasoning_tokens
        self.request_usage_entries.extend(other.request_usage_entries or _only_request(other))


def _only_request(usage: Usage) -> list[RequestUsage]:
    if usage.requests != 1 or usage.total_tokens == 0:
        return []
    tokens = (usage.input_tokens, usage.output_tokens, usage.total_tokens)
    return [RequestUsage(*tokens, usage.input_tokens_details, usage.output_tokens_details)]


def usage_of(raw: object) -> Usage:
    """Read the `usage` of one openai response; what the server left out counts as 0 tokens."""
    input_details = getattr(raw, "input_tokens_details", None)
    output_details = getattr(raw, "output_tokens_details", None)
    return Usage(
        requests=1,
        input_tokens=_count(raw, "input_tokens"),
        input_tokens_details=InputTokensDetails(
            _count(input_details, "cached_tokens"), _count(input_details, "cache_write_tokens")
        ),
        output_tokens=_count(raw, "output_tokens"),
        output_tokens_details=OutputTokensDetails(_count(output_details, "reasoning_tokens")),
        total_tokens=_count(raw, "total_tokens"),
    )


def _count(source: object, name: str) -> int:
    value = getattr(source, name, 0)
    return value if isinstance(value, int) else 0
