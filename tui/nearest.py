"""What a person may have meant by a name that is not there. Stays out of where names come from."""

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the one of `known` that `word` is likely a slip of, "" if none is; case is no slip."""
    # Only slips pay for it: no start waits for this import.
    from difflib import get_close_matches

    folded = {each.casefold(): each for each in known}
    close = get_close_matches(word.casefold(), folded, n=1)
    return folded[close[0]] if close else ""
