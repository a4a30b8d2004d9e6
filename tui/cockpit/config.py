"""What the text of a settings file says. Reads no disk: whoever reads the file gives its text."""

from collections.abc import Iterator, Mapping
from typing import Final

from tui.cockpit.keymap import ACTIONS, are_apart, fault_of_key
from tui.cockpit.settings import AttentionSettings, ExportSettings, Settings
from tui.cockpit.theme import THEMES
from tui.nearest import nearest
from tui.toml.reading import read_table
from tui.toml.tables import Table

_KEYS: Final = ("theme", "attention", "keys", "export")
_SEPARATOR: Final = ","


def read_config(text: str, name: str) -> Settings:
    """Return the settings in the TOML text of the file called `name`.

    Raises:
        SettingsError: `name:line: what is wrong; what to do`, for the first fault.
    """
    file = read_table(text, name)
    file.only(_KEYS)
    return Settings(
        theme=_theme(file),
        attention=_attention(file.table("attention")),
        keys=_keymap(file.table("keys")),
        export=_export(file.table("export")),
    )


def _theme(file: Table) -> str | None:
    if "theme" not in file.values:
        return None
    theme = file.text("theme")
    known = [each.name.removeprefix("baton-") for each in THEMES]
    if theme not in known:
        near = nearest(theme, known)
        advice = f'did you mean "{near}"?' if near else f"choose {' or '.join(known)}"
        raise file.fault(f'there is no theme "{theme}"; {advice}', "theme")
    return theme


def _attention(table: Table) -> AttentionSettings:
    usual = AttentionSettings()
    table.only(usual._fields)
    command = table.texts("command")
    if "command" in table.values and not (command and command[0]):
        raise table.fault('"command" names no program; write it first', "command")
    if any("\0" in part for part in command):
        raise table.fault('"command" has a NUL, which no program can be given; leave it out')
    within_s, every_s = table.number("command_within_s"), table.number("every_s")
    if within_s == 0:
        raise table.fault('"command_within_s" is 0; give it more', "command_within_s")
    return AttentionSettings(
        bell=table.is_set("bell", usual.bell),
        osc9=table.is_set("osc9", usual.osc9),
        osc777=table.is_set("osc777", usual.osc777),
        title=table.is_set("title", usual.title),
        every_s=usual.every_s if every_s is None else every_s,
        command=command,
        command_within_s=usual.command_within_s if within_s is None else within_s,
    )


def _export(table: Table) -> ExportSettings:
    table.only(ExportSettings._fields)
    texts = table.texts("redact")
    for place, text in enumerate(texts):
        if not text.strip():
            told = '"redact" has a text of nothing, which stands everywhere; leave it out'
            raise table.fault(told, "redact", place)
    return ExportSettings(texts)


def _keymap(table: Table) -> Mapping[str, str]:
    table.only(ACTIONS)
    given = {action: tuple(_given(table, action)) for action in table.values}
    for action, keys in given.items():
        for other, theirs in _others(action, given):
            if shared := [key for key in keys if key in theirs]:
                told = f"is the key of {other} too; give one of them another"
                raise table.fault(f'"{shared[0]}" {told}', action)
    return {action: _SEPARATOR.join(keys) for action, keys in given.items()}


def _given(table: Table, action: str) -> Iterator[str]:
    keys = [key.strip() for key in table.text(action).split(_SEPARATOR)]
    for key in keys:
        # A capital letter is another key; in all other names case means nothing.
        written = key if len(key) == 1 else key.lower()
        if fault := fault_of_key(action, written):
            raise table.fault(f'"{key}" {fault}', action)
        yield written


def _others(action: str, given: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, list[str]]]:
    for other, usual in ACTIONS.items():
        if other != action and not are_apart(action, other):
            yield other, list(given.get(other, usual.keys.split(_SEPARATOR)))
