"""What a person must be told of a call's arguments before deciding. Knows no widget."""

import json


def repeated_keys(arguments: str) -> tuple[str, ...]:
    """Return the keys that stand twice in one object: a tool sees only the last of each."""
    repeated: list[str] = []

    def look(pairs: list[tuple[str, object]]) -> dict[str, object]:
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen and key not in repeated:
                repeated.append(key)
            seen.add(key)
        return dict(pairs)

    try:
        json.loads(arguments, object_pairs_hook=look)
    except (ValueError, RecursionError):
        return ()
    return tuple(repeated)
