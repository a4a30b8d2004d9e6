"""Server-sent events out of bytes, however they arrive."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.providers.sse import SSEDecoder

STREAM = (
    b": a comment\n"
    b"event: one\r\ndata: {}\r\n\r\n"
    b"data:no space\n"
    b"data: two lines\n\n"
    b"id: 7\nretry: 1\n\n"
    b"event: three\rdata: \xff\xe4\xbd\xa0\r\r"
    b"event: four\ndata: last"
)
EVENTS = [
    ("one", b"{}"),
    ("", b"no space\ntwo lines"),
    ("three", b"\xff\xe4\xbd\xa0"),
    ("four", b"last"),
]


def decoded(chunks):
    decoder = SSEDecoder()
    events = [event for chunk in chunks for event in decoder.feed(chunk)]
    return events + list(decoder.flush())


@given(st.lists(st.integers(0, len(STREAM)), max_size=12))
def test_any_split_gives_the_same_events(cuts):
    edges = [0, *sorted(cuts), len(STREAM)]
    assert decoded(STREAM[a:b] for a, b in pairwise(edges)) == EVENTS


def test_single_bytes_give_the_same_events():
    assert decoded(bytes([byte]) for byte in STREAM) == EVENTS


def test_a_line_feed_behind_one_of_a_cut_pair_ends_the_event():
    assert decoded([b"data: a\r", b"\n", b"\ndata: b\n\n"]) == [("", b"a"), ("", b"b")]


@pytest.mark.parametrize("cut", [0, 1, 3, 5])
def test_the_mark_at_the_start_of_a_stream_is_no_part_of_it(cut):
    stream = b"\xef\xbb\xbfdata: \xef\xbb\xbfa\n\n"
    assert decoded([stream[:cut], stream[cut:]]) == [("", b"\xef\xbb\xbfa")]


def test_an_event_is_given_as_soon_as_its_empty_line_is_there():
    decoder = SSEDecoder()
    assert list(decoder.feed(b"data: x\n")) == []
    assert list(decoder.feed(b"\n")) == [("", b"x")]


@pytest.mark.parametrize("stream", [b"", b"\n\n", b": only\n\n", b"event: name\n\n"])
def test_without_data_there_is_no_event(stream):
    assert decoded([stream]) == []


def test_an_event_name_that_is_no_utf8_is_replaced():
    assert decoded([b"event: \xff\ndata: x\n\n"]) == [("\ufffd", b"x")]
