"""What the tools of the campaign do: a line in a file, which outlives every process."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Effect:
    """One line of the file.

    Attributes:
        key: The call's idempotency key, "" where the library gives none.
        call_id: The call's id.
        name: What was done.
    """

    key: str
    call_id: str
    name: str


@dataclass
class Effects:
    """The file.

    Attributes:
        before: Called before an effect.
        after: Called behind it, before its tool returns.
    """

    path: Path
    before: Callable[[], None] = field(default=lambda: None)
    after: Callable[[], None] = field(default=lambda: None)

    def of_call(self, context: Any, name: str) -> str:
        """Do the effect of a call."""
        self.before()
        key = getattr(context, "idempotency_key", "")
        line = f"{key}\t{context.tool_call_id}\t{name}\n"
        file = os.open(self.path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        os.write(file, line.encode())
        os.close(file)
        self.after()
        return f"{name} done"

    def done(self) -> list[Effect]:
        """Return what was done, in order."""
        if not self.path.exists():
            return []
        return [Effect(*line.split("\t")) for line in self.path.read_text().splitlines()]
