"""Which entries of a view differ from those a pane drew last, found by identity, page by page.

Stays out of what a pane does about it.
"""

from collections.abc import Iterator

from tui.cockpit.projection.pages import PAGE_ITEMS, Pages
from tui.cockpit.projection.view import AnyEntry

NOTHING: Pages[AnyEntry] = Pages()


def goes_on(old: Pages[AnyEntry], new: Pages[AnyEntry]) -> bool:
    """Tell whether `new` is `old`, grown or changed, and not another conversation."""
    if len(new) < len(old):
        return False
    return not old or new[0].item_id == old[0].item_id


def goes_back(old: Pages[AnyEntry], new: Pages[AnyEntry]) -> bool:
    """Tell whether `new` is how `old` began, as a replay shows it that is wound back."""
    return 0 < len(new) < len(old) and new[0].item_id == old[0].item_id


def changed_places(old: Pages[AnyEntry], new: Pages[AnyEntry]) -> Iterator[int]:
    """Yield the places, in order, whose entry is new or not the same object.

    Costs the number of pages and the entries of changed ones. `new` must go on from `old`, or
    go back from it.
    """
    if old.full is not new.full:
        for page, entries in enumerate(new.full):
            if (before := _page(old, page)) is not entries:
                yield from _differing(before, entries, page * PAGE_ITEMS)
    if (before := _page(old, len(new.full))) is not new.last:
        yield from _differing(before, new.last, len(new.full) * PAGE_ITEMS)


def _page(pages: Pages[AnyEntry], number: int) -> tuple[AnyEntry, ...]:
    if number < len(pages.full):
        return pages.full[number]
    return pages.last if number == len(pages.full) else ()


def _differing(old: tuple[AnyEntry, ...], new: tuple[AnyEntry, ...], first: int) -> Iterator[int]:
    for place, entry in enumerate(new):
        if place >= len(old) or old[place] is not entry:
            yield first + place
