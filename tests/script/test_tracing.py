"""No trace goes anywhere while a screen shows the runs; afterwards tracing is as before."""

import agents
import pytest
from agents.tracing import get_trace_provider
from agents.tracing.processor_interface import TracingProcessor
from agents.tracing.provider import DefaultTraceProvider

from tui.script.environment import lent_environment
from tui.script.tracing import untraced

NAME = "OPENAI_AGENTS_DISABLE_TRACING"


class FakeUpload(TracingProcessor):
    """Keeps the names of the traces it was given."""

    def __init__(self):
        self.traces = []

    def on_trace_start(self, trace):
        self.traces.append(trace.name)

    def on_trace_end(self, trace): ...
    def on_span_start(self, span): ...
    def on_span_end(self, span): ...
    def shutdown(self): ...
    def force_flush(self): ...


@pytest.fixture
def upload(monkeypatch):
    # Set first: what a test leaves behind is taken away too.
    monkeypatch.setenv(NAME, "")
    monkeypatch.delenv(NAME)
    before, upload = get_trace_provider(), FakeUpload()
    agents.set_trace_provider(DefaultTraceProvider())
    agents.set_trace_processors([upload])
    yield upload
    agents.set_trace_provider(before)


def trace(name):
    with agents.trace(name), agents.custom_span("part"):
        pass


def meanwhile(do=lambda: trace("meanwhile")):
    with lent_environment(), untraced(agents):
        do()


@pytest.mark.parametrize("before", [lambda: None, lambda: trace("before"), get_trace_provider])
def test_nothing_is_traced_whatever_the_program_did_before(upload, before):
    before()
    upload.traces.clear()
    meanwhile()
    assert upload.traces == []
    trace("after")
    assert upload.traces == ["after"]


def test_a_program_that_switched_tracing_off_has_it_off_afterwards(upload):
    agents.set_tracing_disabled(True)
    meanwhile()
    trace("after")
    assert upload.traces == []


def test_what_the_environment_says_afterwards_is_heard_at_the_first_use(upload, monkeypatch):
    meanwhile(agents.flush_traces)
    monkeypatch.setenv(NAME, "1")
    trace("after")
    assert upload.traces == []


@pytest.mark.parametrize("asked", ["0", "false"])
def test_traces_that_are_asked_for_are_made(upload, monkeypatch, asked):
    monkeypatch.setenv(NAME, asked)
    meanwhile()
    assert upload.traces == ["meanwhile"]


def test_what_the_program_asks_for_meanwhile_is_done(upload):
    def ask():
        agents.set_tracing_disabled(False)
        trace("asked for")

    meanwhile(ask)
    assert upload.traces == ["asked for"]


def test_who_is_to_be_told_of_traces_can_be_said_meanwhile(upload):
    late = FakeUpload()
    meanwhile(lambda: agents.add_trace_processor(late))
    trace("after")
    assert late.traces == upload.traces == ["after"]


def test_a_provider_that_the_program_chooses_meanwhile_stays(upload):
    chosen = DefaultTraceProvider()
    meanwhile(lambda: agents.set_trace_provider(chosen))
    assert get_trace_provider() is chosen


def test_a_trace_of_the_programs_own_goes_on(upload):
    with agents.trace("own") as own:
        meanwhile(lambda: trace("meanwhile"))
        assert agents.get_current_trace() is own
    assert upload.traces == ["own"]


def test_what_breaks_off_leaves_tracing_as_it_was(upload):
    before = get_trace_provider()
    with pytest.raises(RuntimeError), untraced(agents):
        raise RuntimeError
    assert get_trace_provider() is before
