"""What was sent before can be leafed through, and the draft is not lost."""

from tui.cockpit.widgets.history import History


def test_older_goes_back_and_newer_returns_to_the_draft():
    history = History()
    history.keep("one")
    history.keep("two")
    assert [history.older("draft"), history.older("two"), history.older("one")] == [
        "two",
        "one",
        None,
    ]
    assert [history.newer(), history.newer(), history.newer()] == ["two", "draft", None]


def test_the_same_twice_in_a_row_is_kept_once():
    history = History()
    for text in ("one", "one"):
        history.keep(text)
    assert history.older("") == "one"
    assert history.older("one") is None


def test_without_history_there_is_nothing_older():
    assert History().older("draft") is None
