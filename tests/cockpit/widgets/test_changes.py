"""What panes find changed, by identity; and whom they find in a conversation."""

from hypothesis import given
from hypothesis import strategies as st

from tests.cockpit.widgets.views import call, message, user, view_of
from tui.cockpit.projection.pages import Pages
from tui.cockpit.projection.view import AnyEntry
from tui.cockpit.widgets.cast import TONES, Cast
from tui.cockpit.widgets.changes import NOTHING, changed_places, goes_back, goes_on


def cast_of(*entries: AnyEntry) -> Cast:
    cast, pages = Cast(), view_of(*entries).entries
    for place in range(len(pages)):
        cast.meet(pages, place)
    return cast


@given(st.integers(0, 600), st.integers(0, 300), st.sets(st.integers(0, 599), max_size=5))
def test_exactly_the_new_and_replaced_entries_are_found(
    count: int, more: int, replaced: set[int]
) -> None:
    old: Pages[AnyEntry] = Pages()
    for n in range(count):
        old = old.append(user(f"u{n}", ""))
    new = old
    places = {place for place in replaced if place < count}
    for place in places:
        new = new.replace(place, user(f"u{place}", "other"))
    for n in range(count, count + more):
        new = new.append(user(f"u{n}", ""))
    assert list(changed_places(old, new)) == sorted(places | set(range(count, count + more)))
    assert goes_on(old, new)


@given(st.integers(2, 600), st.integers(1, 599), st.sets(st.integers(0, 599), max_size=5))
def test_of_a_conversation_wound_back_the_replaced_entries_are_found(
    count: int, kept: int, replaced: set[int]
) -> None:
    new: Pages[AnyEntry] = Pages()
    kept = min(kept, count - 1)
    for n in range(kept):
        new = new.append(user(f"u{n}", ""))
    old = new
    places = {place for place in replaced if 0 < place < kept}
    for place in places:
        old = old.replace(place, user(f"u{place}", "later"))
    for n in range(kept, count):
        old = old.append(user(f"u{n}", ""))
    assert list(changed_places(old, new)) == sorted(places)
    assert goes_back(old, new)
    assert not goes_back(new, old)
    assert not goes_back(old, NOTHING)


def test_another_or_a_shorter_conversation_does_not_go_on() -> None:
    one, other = view_of(user("a", ""), user("b", "")).entries, view_of(user("x", "")).entries
    assert not goes_on(one, other)
    assert not goes_on(one, view_of(user("a", "")).entries)
    assert goes_on(NOTHING, one)


def test_agents_get_lanes_and_tones_in_the_order_they_appear() -> None:
    cast = cast_of(user("u", ""), *(message(f"m{n}", "t", agent=f"A{n}") for n in range(TONES + 1)))
    assert [cast.lane(f"A{n}") for n in range(3)] == [0, 1, 2]
    assert cast.tone("A0") == cast.tone(f"A{TONES}") == "agent-0"
    assert cast.tone("A1") == "agent-1"
    assert cast.tone("nobody") == ""


def test_a_nested_agent_stands_in_the_lane_of_the_outermost_call() -> None:
    deep = message("m", "t", agent="Deep", within="c2")
    cast = cast_of(
        call("1", agent="Outer", call_id="c1"),
        call("2", agent="Inner", call_id="c2", within="c1"),
        deep,
    )
    assert cast.place(deep) == ("Outer", 2)


def test_what_runs_inside_a_call_that_never_showed_stands_one_level_down() -> None:
    lost = message("m", "t", agent="Lost", within="gone")
    assert cast_of(lost).place(lost) == ("Lost", 1)
