"""A failure is told in one sentence, with what to do: errors are known by their classes' names."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tui.host.live.failures import advice_for, message_of

ADDRESS = SimpleNamespace(url="http://127.0.0.1:9/v1/responses")


class TransportError(Exception):
    """httpx's base of what goes wrong on the way."""

    request = ADDRESS


class RemoteProtocolError(TransportError):
    """httpx's error for a stream that is cut."""


@pytest.mark.parametrize(
    ("environment", "advice"),
    [
        ({}, "Check the network connection, then send the message again."),
        (
            {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1"},
            "Check OPENAI_BASE_URL, and that a service listens there; then send it again.",
        ),
    ],
)
def test_a_cut_stream_that_an_older_client_lets_through_is_a_connections_end(
    environment, advice, monkeypatch
):
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    error = RemoteProtocolError("peer closed connection\nwith more lines")

    assert message_of(error) == (
        "The connection to http://127.0.0.1:9/v1/responses broke off: peer closed connection"
    )
    assert advice_for(error) == advice
