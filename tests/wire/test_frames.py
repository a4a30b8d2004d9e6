import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.errors import WireError
from tui.wire import events
from tui.wire.commands import Decide
from tui.wire.frames import (
    Hello,
    check_version,
    downward_reader,
    encode_frame,
    upward_reader,
)


def plain(values):
    return [msgspec.to_builtins(value) for value in values]


@given(st.lists(st.text(), max_size=8), st.integers(min_value=1, max_value=9))
def test_any_split_of_the_bytes_gives_the_same_events(texts, step):
    sent = [
        events.TextDelta(run_id="r", seq=n, at=1.5, item_id="i", agent="A", text=text)
        for n, text in enumerate(texts)
    ]
    stream = b"".join(encode_frame(event) for event in sent)
    reader = upward_reader()
    got = [
        value
        for start in range(0, len(stream), step)
        for value in reader.feed(stream[start : start + step])
    ]
    assert plain(got) == plain(sent)
    assert reader.is_between_frames


def test_each_event_class_keeps_its_class_over_the_wire():
    event = events.RunFailed(run_id="r", error_type="X", message="m")
    (got,) = upward_reader().feed(encode_frame(event))
    assert type(got) is events.RunFailed


def test_a_command_is_not_taken_for_an_event():
    frame = encode_frame(Decide(run_id="r", call_id="c", arguments_hash="h", approve=True))
    with pytest.raises(WireError, match="not of our wire form"):
        list(upward_reader().feed(frame))
    assert len(list(downward_reader().feed(frame))) == 1


def test_a_length_over_the_limit_is_refused_before_its_bytes_arrive():
    with pytest.raises(WireError, match="64 MiB"):
        list(upward_reader().feed(b"\xff\xff\xff\xff"))


def test_values_before_a_broken_frame_are_still_given():
    values = upward_reader().feed(encode_frame(Hello()) + b"\x00\x00\x00\x01!")
    assert type(next(values)) is Hello
    with pytest.raises(WireError, match="not of our wire form"):
        next(values)


def test_another_version_is_refused_with_what_to_do():
    with pytest.raises(WireError, match="install the same version"):
        check_version(Hello(version=99))


def test_a_stream_that_does_not_begin_with_hello_is_refused():
    with pytest.raises(WireError, match="hello"):
        check_version(events.RunPaused(run_id="r"))
