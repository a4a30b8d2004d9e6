"""A stylesheet that parses nothing anew which stays as it was.

Textual gives its stylesheet the same variables, and has all of it parsed, whenever a screen shows
for the first time: a key that opens one would wait for that.
"""

from textual.cache import LRUCache
from textual.css.stylesheet import Stylesheet

# Textual keeps 64, one a kind of widget: an app that has more would find none of them.
_SHEETS = 1_000


class KeptStylesheet(Stylesheet):
    """Textual's stylesheet, whose parsed sheets stand as long as its variables do."""

    def __init__(self, *, variables: dict[str, str] | None = None) -> None:
        super().__init__(variables=variables)
        self._parse_cache = LRUCache(_SHEETS)
        self._parsed_with: dict[str, str] | None = None

    def set_variables(self, variables: dict[str, str]) -> None:
        """Take variables; other ones have all parsed anew with the next `reparse`."""
        if variables != self._variables:
            super().set_variables(variables)

    def parse(self) -> None:
        """Parse what was added."""
        super().parse()
        self._parsed_with = self._variables

    def reparse(self) -> None:
        """Parse all if the variables are others, else only what was added."""
        if self._parsed_with != self._variables:
            super().reparse()
            self._parsed_with = self._variables
        elif self._require_parse:
            self.parse()
