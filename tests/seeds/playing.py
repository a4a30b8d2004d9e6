"""Runs the documents' code as it stands, over a scripted service. Knows none of the blocks.

A block's text is `blocks/NAME.py`; `from agents` in it is read as from the library under test.
"""

from __future__ import annotations

import ast
import asyncio
import inspect
import io
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

from tests.fakes.responses_server import FakeResponsesServer, Script
from tests.fakes.server_thread import AnyServer
from tests.seeds.serving import OURS, served

BLOCKS = Path(__file__).parent / "blocks"
_FILE = "<block>"


class FakeConsole(io.StringIO):
    """Standard output that keeps its pieces."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []

    def write(self, text: str) -> int:
        if text:
            self.pieces.append(text)
        return super().write(text)


@dataclass(frozen=True)
class Played:
    """What a program did.

    Attributes:
        printed: What it wrote to standard output.
        pieces: The same as it was written, piece by piece.
        reached: The comments above each bare `pass` that was reached, in order.
        names: What its names stand for at the end, the supplied ones included.
        bodies: What it asked the service.
    """

    printed: str
    pieces: list[str]
    reached: list[str]
    names: dict[str, object]
    bodies: list[dict[str, object]]


def text_of(block: str, library: str = OURS) -> str:
    """Return a block's code, importing from `library`."""
    text = (BLOCKS / f"{block}.py").read_text(encoding="utf-8")
    return re.sub(r"^from agents\b", f"from {library}", text, flags=re.MULTILINE)


def play(block: str, script: Script, library: str = OURS, **supplied: object) -> Played:
    """Run a block as a program whose models say what the script says.

    Args:
        block: Its name.
        script: What the service answers.
        library: Where it imports from.
        **supplied: What the names stand for that it leaves undefined.
    """
    return play_text(text_of(block, library), script, library, supplied)


def play_text(
    text: str,
    script: Script,
    library: str,
    names: dict[str, object],
    *,
    over: type[AnyServer] = FakeResponsesServer,
) -> Played:
    """Run code as `play` does; `names` is its namespace, and can be read while it runs."""
    with served(script, library, over) as server:
        printed, reached = run_text(text, names)
    return Played(printed.getvalue(), printed.pieces, reached, names, server.bodies)


def run_text(text: str, names: dict[str, object]) -> tuple[FakeConsole, list[str]]:
    """Run code as a program; `await` may stand at its top level."""
    names["__name__"] = "__main__"
    code = _compiled(text)
    with redirect_stdout(FakeConsole()) as console, _comments_reached(text) as reached:
        if code.co_flags & inspect.CO_COROUTINE:
            asyncio.run(eval(code, names))
        else:
            exec(code, names)
    return console, reached


def defined(block: str, *wanted: str) -> dict[str, object]:
    """Return functions that one block defines and others use; nothing else of it is run."""
    tree = ast.parse(text_of(block))
    kept = ast.Import | ast.ImportFrom | ast.FunctionDef
    tree.body = [statement for statement in tree.body if isinstance(statement, kept)]
    names: dict[str, object] = {}
    exec(_compiled(tree), names)
    return {name: names[name] for name in wanted}


def _compiled(code: str | ast.Module) -> CodeType:
    # Not as if it stood in this file: that would make its annotations strings.
    return compile(code, _FILE, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)


@contextmanager
def _comments_reached(text: str) -> Iterator[list[str]]:
    """List the comment above each bare `pass` of the code, as often as the `pass` is reached."""
    lines, reached = text.splitlines(), []

    def trace(frame, event, _):
        if frame.f_code.co_filename != _FILE:
            return None
        if event == "line" and lines[frame.f_lineno - 1].strip() == "pass":
            reached.append(lines[frame.f_lineno - 2].strip("# "))
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield reached
    finally:
        sys.settrace(before)
