"""The rules of a policy file as it stands now, and grants that are kept in it.

Stays out of what a rule covers. While the file is at fault, what it said before holds.
"""

import asyncio
import fcntl
import os
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from tui.errors import PolicyError
from tui.policy.changing import with_rule, without_grant
from tui.policy.file import read_policy
from tui.policy.kept import kept_id
from tui.policy.settings import Budget, PolicyFile, Prices
from tui.policy.writing import as_toml
from tui.wire.rules import Rule

_NEW_MODE: Final = 0o600
_WATCH_S: Final = 1.0


class WrittenRules:
    """What a policy file says. Looks at the file whenever it is asked.

    Args:
        path: Where it is, or will be once something is kept; its folder need not be there either.
        pause: Waits for so many seconds between two looks at a file that nobody asks about.

    Attributes:
        fault: Why the file cannot be taken as it stands, "" if it can.

    Raises:
        PolicyError: If it is at fault from the start.
    """

    def __init__(
        self, path: Path, pause: Callable[[float], Awaitable[object]] = asyncio.sleep
    ) -> None:
        self.fault = ""
        self._pause = pause
        self._path = path
        self._said = PolicyFile()
        self._state: tuple[int, ...] | None = None
        self._news = False
        self._look()
        if self.fault:
            raise PolicyError(self.fault)
        self._news = False

    @property
    def rules(self) -> Sequence[Rule]:
        """The rules, in their order."""
        self._look()
        return self._said.rules

    @property
    def budgets(self) -> Sequence[Budget]:
        """What runs and agents may spend."""
        self._look()
        return self._said.budgets

    @property
    def prices(self) -> Prices | None:
        """What tokens cost."""
        self._look()
        return self._said.prices

    async def changed(self) -> str:
        """Wait until it says something else than when this was awaited last; return its fault."""
        while not self._has_news():
            await self._pause(_WATCH_S)
        return self.fault

    def keep(self, rule: Rule) -> Rule:
        """Write a grant behind the rest, unless it stands there; return it as it stands.

        Raises:
            PolicyError: If it cannot be written; the file is as it was then.
        """
        try:
            written = as_toml(rule)
        except ValueError as error:
            raise PolicyError(f"{self._path.name}: {error}") from error
        name = kept_id(rule)
        if self._grant(name) is None:
            self._write(lambda text: with_rule(text, self._path.name, written))
        return self._grant(name) or replace(rule, rule_id=name)

    def forget(self, rule_id: str) -> bool:
        """Take a grant out of the file; False if there is none of that name.

        Raises:
            PolicyError: If it cannot be taken out; the file is as it was then.
        """
        if self._grant(rule_id) is None:
            return False
        self._write(lambda text: without_grant(text, self._path.name, rule_id))
        return True

    def _has_news(self) -> bool:
        self._look()
        news, self._news = self._news, False
        return news

    def _grant(self, rule_id: str) -> Rule | None:
        return next((rule for rule in self.rules if rule.rule_id == rule_id), None)

    def _look(self) -> None:
        state = self._state_now()
        if state == self._state:
            return
        is_first = self._state is None
        self._state, self._news = state, True
        try:
            if state or is_first:
                self._said = read_policy(_text(self._path), self._path.name)
                self.fault = ""
            else:
                self.fault = f"{self._path.name} is gone; put it back"
        except PolicyError as error:
            self.fault = str(error)

    def _state_now(self) -> tuple[int, ...]:
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return ()
        except OSError as error:
            return (error.errno or -1,)
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _write(self, change: Callable[[str], str]) -> None:
        """Put another text in the file's place, whole or not at all."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            # A link stays one: many keep their settings elsewhere.
            path = self._path.resolve()
            with _alone_in(path.parent):
                self._look()
                if self.fault:
                    # A new file in the place of one that is gone would end all rules it had.
                    raise PolicyError(self.fault)
                _replace(path, change(_text(path)))
                # Who changed it tells of it.
                self._has_news()
        except OSError as error:
            why = error.strerror or str(error)
            raise PolicyError(f"{self._path.name} cannot be written: {why}") from error


def _text(path: Path) -> str:
    """Return the text of a file, "" if there is none.

    Raises:
        PolicyError: If it is there and cannot be read.
    """
    try:
        if path.is_fifo():
            # To read it would stop every run until somebody writes into it.
            raise PolicyError(f"{path.name} is a pipe, not a file; put the rules into a file")
        # Its line ends are its own.
        return path.read_bytes().decode()
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise PolicyError(f"{path.name} is not text in UTF-8; save it as that") from error
    except OSError as error:
        raise PolicyError(f"{path.name} cannot be read: {error.strerror or error}") from error


def _replace(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            os.fchmod(file.fileno(), path.stat().st_mode if path.exists() else _NEW_MODE)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Keep other agent processes from writing in a folder meanwhile."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
