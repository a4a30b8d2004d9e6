"""What the command line says about rules: a policy file, read-only, approve-all.

Stays out of what a rule covers. The file is read once here, so that a fault in it is told before
anything starts; the agent process reads it for itself.
"""

import argparse
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tui.cli_files import read_text
from tui.cockpit.sources.host_options import HostOptions
from tui.errors import UsageError
from tui.policy.place import policy_place

if TYPE_CHECKING:
    from tui.policy.settings import PolicyFile


def add_policy_options(parser: argparse.ArgumentParser, *, default: str | None) -> None:
    """Add the options about rules to a parser."""
    flag = default if default == argparse.SUPPRESS else False
    group = parser.add_argument_group("rules")
    group.add_argument(
        "--policy",
        metavar="FILE",
        default=default,
        help="the rules for tool calls: allow, ask or deny "
        "(default: policy.toml in $XDG_CONFIG_HOME/baton, if it is there)",
    )
    group.add_argument(
        "--read-only",
        action="store_true",
        default=flag,
        help="watch: nothing can be decided, held or granted on this screen",
    )
    group.add_argument(
        "--approve-all",
        action="store_true",
        default=flag,
        help="ask nobody: every tool call runs that no rule denies; only by this whole name",
    )


def policy_options(
    given: argparse.Namespace, options: HostOptions, environ: Mapping[str, str] = os.environ
) -> HostOptions:
    """Return `options` with what the agent process is told of rules.

    Raises:
        UsageError: If the file cannot be read, or taken as it is.
    """
    path = checked_policy(given.policy, environ)
    return replace(options, policy=path, approve_all=given.approve_all)


def checked_policy(named: str | None, environ: Mapping[str, str] = os.environ) -> str:
    """Return the policy file as an absolute path, "" where there can be none.

    Args:
        named: What a person called it; None for the usual one, which need not be there yet.
        environ: Says where that is.

    Raises:
        UsageError: If it cannot be read, or taken as it is; says the line.
    """
    path = _policy_path(named, environ)
    if named is not None or os.path.lexists(path):
        read_policy_file(path, named)
    return path


def policy_reader(options: HostOptions) -> "Callable[[], PolicyFile] | None":
    """Return what reads the policy file anew, None where there can be none.

    One that is not there yet says nothing: it comes to be when a rule is kept.
    """
    return (lambda: _read_if_there(options.policy)) if options.policy else None


def read_policy_file(path: str, named: str | None = None) -> "PolicyFile":
    """Return what the policy file at `path` says.

    Args:
        path: Where it is.
        named: What a person called it, None where nobody named it.

    Raises:
        UsageError: If it cannot be read, or taken as it is; says the line.
    """
    from tui.policy.file import read_policy

    shown = named or Path(path).name
    text = read_text(path, shown, "--policy" if named is not None else "")
    return read_policy(text, shown)


def _read_if_there(path: str) -> "PolicyFile":
    from tui.policy.settings import PolicyFile

    return read_policy_file(path) if os.path.lexists(path) else PolicyFile()


def _policy_path(named: str | None, environ: Mapping[str, str]) -> str:
    """Return the file as an absolute path, "" for none; the usual one need not be there yet."""
    if named is None:
        return policy_place(environ)
    if not named:
        raise UsageError("--policy: an empty name is no file: give its path")
    return os.path.abspath(named)  # noqa: PTH100 - `..` is taken as the person wrote it
