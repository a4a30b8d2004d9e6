"""Writes a stream of events down as short words, in order, so that orders can be compared."""

from __future__ import annotations


def words_of(event):
    match event.type:
        case "raw_response_event":
            return "RAW"
        case "agent_updated_stream_event":
            return f"AGENT({event.new_agent.name})"
        case "nested_stream_event":
            return f"{'>' * event.depth}{event.tool_call_id} {words_of(event.event)}"
    output = getattr(event.item, "output", None)
    return event.name if output is None else f"{event.name}({output})"


async def told(result, **options):
    """Read a streamed run to its end; neighbouring raw events count as one RAW."""
    words = []
    async for event in result.stream_events(**options):
        word = words_of(event)
        if not (word.endswith("RAW") and words and words[-1] == word):
            words.append(word)
    return words


async def told_until_error(result, *, on_word=None):
    """Read a streamed run that fails, and return what was told and the error.

    `on_word` is called with each word, before the next is read.
    """
    words = []
    try:
        async for event in result.stream_events():
            word = words_of(event)
            if not (word == "RAW" and words and words[-1] == word):
                words.append(word)
            if on_word is not None:
                on_word(word)
    except Exception as error:  # noqa: BLE001 - the test looks at it
        return words, error
    raise AssertionError(f"the run did not fail: {words}")
