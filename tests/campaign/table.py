"""What a campaign came to, as one table and a list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tests.campaign.checks import Verdict

# A column of faults each: their name in the verdicts.
FAULTS = ("lost", "gaps", "repeated", "left out", "overruled", "key", "request", "integrity", "end")
_HEADS = (
    "window",
    "trials",
    "kills",
    "resumed",
    "anew",
    "waited",
    "in doubt",
    "run again",
    *FAULTS,
)


def table(verdicts: Sequence[Verdict]) -> str:
    """Return a row a window, in Markdown; each fault counts the trials that had it."""
    windows = dict.fromkeys(each.played.plan.window for each in verdicts)
    rows = [
        [window, *_counts([each for each in verdicts if each.played.plan.window == window])]
        for window in windows
    ]
    lines = [_HEADS, ["---"] * len(_HEADS), *rows, ["all", *_counts(verdicts)]]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def faults(verdicts: Iterable[Verdict]) -> str:
    """Return the trials with faults, each named so that it can be played alone."""
    return "\n".join(
        f"{each.played.plan}: {column}: {sentences[0]}"
        for each in verdicts
        for column, sentences in each.faults.items()
    )


def _counts(verdicts: Sequence[Verdict]) -> list[int]:
    played = [each.played for each in verdicts]
    doubts = [way for each in played for _, way in each.person.doubts]
    return [
        len(played),
        sum(each.kills for each in played),
        sum(each.resumed for each in played),
        sum(len(each.runs) - 1 for each in played),
        sum(each.compared for each in verdicts),
        len(doubts),
        doubts.count("again"),
        *(sum(column in each.faults for each in verdicts) for column in FAULTS),
    ]
