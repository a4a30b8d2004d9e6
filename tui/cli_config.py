"""What the command line says about the settings file, and where one lies without it."""

import argparse
import os
from collections.abc import Mapping

from tui.cli_files import read_text
from tui.cockpit.settings import Settings
from tui.errors import UsageError
from tui.policy.place import config_folder

FILE = "config.toml"


def add_config_option(parser: argparse.ArgumentParser, *, default: str | None) -> None:
    """Add the option that names the file."""
    parser.add_argument(
        "--config",
        metavar="FILE",
        default=default,
        help="attention, keys, theme and exports (default: config.toml in $XDG_CONFIG_HOME/baton, "
        "if it is there)",
    )


def read_settings(named: str | None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Return what the settings file says, the usual where there is none.

    Args:
        named: The file that a person named, None for the one in the folder for settings.
        environ: Names that folder.

    Raises:
        UsageError: If it cannot be read, or taken as it is; says the line.
    """
    if named == "":
        raise UsageError("--config: an empty name is no file: give its path")
    path = _place(environ) if named is None else named
    if not path:
        return Settings()
    # Only who has such a file pays for reading it.
    from tui.cockpit.config import read_config

    shown = named or FILE
    return read_config(read_text(path, shown, "--config" if named else ""), shown)


def _place(environ: Mapping[str, str]) -> str:
    folder = config_folder(environ)
    path = f"{folder}/{FILE}" if folder else ""
    return path if path and os.path.lexists(path) else ""
