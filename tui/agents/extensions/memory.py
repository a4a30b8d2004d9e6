"""Sessions in databases of others: none here. Whoever imports a name is told so."""

from tui.agents.unsupported import absent

__getattr__ = absent(
    __name__, "use `SQLiteSession`, or write one of your own after the `Session` protocol"
)
