"""A stylesheet that parses nothing anew which stays as it was.

Textual gives its stylesheet the same variables, and has all of it parsed, whenever a screen shows
for the first time: a key that opens one would wait for that.
"""

from textual.css.stylesheet import Stylesheet


class KeptStylesheet(Stylesheet):
    """Textual's stylesheet, whose parsed sheets stand as long as its variables do."""

    _has_other_variables = True

    def set_variables(self, variables: dict[str, str]) -> None:
        """Take variables; other ones have all parsed anew with the next `reparse`."""
        if variables != self._variables:
            super().set_variables(variables)
            self._has_other_variables = True

    def reparse(self) -> None:
        """Parse all if the variables are others, else only what was added."""
        if self._has_other_variables:
            super().reparse()
            self._has_other_variables = False
        elif self._require_parse:
            self.parse()
