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


def changed_places(old: Pages[AnyEntry], new: Pages[AnyEntry]) -> Iterator[int]:
    """Yield the places, in order, whose entry is new or not the same object.

    Costs the number of pages and the entries of changed ones. `new` must go on from `old`.
    """
    if old.full is not new.full:
        for page, entries in enumerate(new.full):
            before = old.full[page] if page < len(old.full) else ()
            if before is not entries:
                if not before and page == len(old.full):
                    before = old.last
                yield from _differing(before, entries, page * PAGE_ITEMS)
    before = old.last if len(old.full) == len(new.full) else ()
    if before is not new.last:
        yield from _differing(before, new.last, len(new.full) * PAGE_ITEMS)


def _differing(old: tuple[AnyEntry, ...], new: tuple[AnyEntry, ...], first: int) -> Iterator[int]:
    for place, entry in enumerate(new):
        if place >= len(old) or old[place] is not entry:
            yield first + place
