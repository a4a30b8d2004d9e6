"""What the text of a policy file says. Reads no disk: whoever reads the file gives its text."""

from typing import Final

from tui.errors import PolicyError
from tui.policy.rule_table import read_rule
from tui.policy.settings import Budget, PolicyFile, Prices, Sentinel
from tui.toml.reading import read_table
from tui.toml.tables import Table

_KEYS: Final = ("rule", "budget", "prices", "sentinel")
_LIMITS: Final = ("tokens", "cost", "turns", "minutes")


def read_policy(text: str, name: str) -> PolicyFile:
    """Return the rules and settings in the TOML text of the file called `name`.

    Raises:
        PolicyError: `name:line: what is wrong; what to do`, for the first fault.
    """
    file = read_table(text, name, PolicyError)
    file.only(_KEYS)
    prices = _prices(file.table("prices")) if "prices" in file.values else None
    return PolicyFile(
        rules=tuple(read_rule(table) for table in file.tables("rule")),
        budgets=tuple(_budget(table, prices) for table in file.tables("budget")),
        prices=prices,
        sentinel=_sentinel(file.table("sentinel")),
    )


def _budget(table: Table, prices: Prices | None) -> Budget:
    table.only(("agent", *_LIMITS))
    if not table.values.keys() & set(_LIMITS):
        raise table.fault(f"a budget without a number; give it one of {', '.join(_LIMITS)}")
    for key in _LIMITS:
        if table.number(key) == 0:
            raise table.fault(f'"{key}" is 0, which nothing can begin with; give it more', key)
    if "cost" in table.values and prices is None:
        raise table.fault('"cost" needs to know what tokens cost; add [prices]', "cost")
    return Budget(
        agent=table.text("agent"),
        tokens=table.whole("tokens"),
        cost=table.number("cost"),
        turns=table.whole("turns"),
        minutes=table.number("minutes"),
    )


def _prices(table: Table) -> Prices:
    table.only(Prices._fields)
    fresh, cached, output = (table.number(key) for key in Prices._fields)
    if fresh is None or output is None:
        raise table.fault('prices need "input" and "output", per million tokens; add them')
    return Prices(fresh, fresh if cached is None else cached, output)


def _sentinel(table: Table) -> Sentinel:
    table.only(Sentinel._fields)
    usual = Sentinel()
    seconds = {
        key: usual_s if (value := table.number(key)) is None else value
        for key, usual_s in usual._asdict().items()
        if key.endswith("_s")
    }
    ping_pong, repeats = table.whole("ping_pong"), table.whole("repeats")
    return Sentinel(
        **seconds,
        ping_pong=usual.ping_pong if ping_pong is None else ping_pong,
        repeats=usual.repeats if repeats is None else repeats,
        pauses=table.is_set("pauses", usual.pauses),
    )
