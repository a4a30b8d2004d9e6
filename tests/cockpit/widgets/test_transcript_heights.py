"""Heights summed by a tree, held against a plain list."""

from hypothesis import given
from hypothesis import strategies as st

from tui.cockpit.widgets.transcript_heights import Heights

CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("append"), st.integers(0, 9), st.just(0)),
        st.tuples(st.just("set"), st.integers(0, 9), st.integers(0, 50)),
        st.tuples(st.just("truncate"), st.integers(0, 50), st.just(0)),
    ),
    max_size=60,
)


@given(st.lists(st.integers(0, 9), max_size=40), CHANGES)
def test_sums_and_places_are_those_of_a_list(begin: list[int], changes: list) -> None:
    heights, plain = Heights(begin), list(begin)
    for kind, value, place in changes:
        match kind:
            case "append":
                heights.append(value)
                plain.append(value)
            case "set" if plain:
                heights.set(place % len(plain), value)
                plain[place % len(plain)] = value
            case "truncate":
                heights.truncate(value)
                del plain[value:]
    assert len(heights) == len(plain)
    assert [heights[n] for n in range(len(plain))] == plain
    assert [heights.above(n) for n in range(len(plain) + 1)] == [
        sum(plain[:n]) for n in range(len(plain) + 1)
    ]
    assert heights.total == sum(plain)
    rows = [(place, row) for place, height in enumerate(plain) for row in range(height)]
    assert [heights.find(n) for n in range(len(rows))] == rows


def test_a_row_behind_the_end_is_behind_the_last() -> None:
    assert Heights([2, 3]).find(7) == (1, 5)
    assert Heights().find(3) == (0, 3)
