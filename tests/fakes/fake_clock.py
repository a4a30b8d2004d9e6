"""A wall clock that a test moves."""

from tests.fakes.fake_source import FIRST_AT


class FakeClock:
    """Stands `seconds` after the first event of scripted runs, until it is moved."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.now = FIRST_AT + seconds

    def __call__(self) -> float:
        return self.now
