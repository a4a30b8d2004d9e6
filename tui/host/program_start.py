"""Finds where a file starts its program as soon as it is imported, by its syntax tree.

Stays out of what the program does: a file that an agent is taken from must only define it.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from tui.host.syntax import FunctionNode, inside, is_main_guard, statements

# Calls of these run a program to its end, if nobody takes what they return.
_RUNNING = frozenset(
    {"asyncio.run", "anyio.run", "trio.run", "uvloop.run", "uvicorn.run", "curio.run"}
)
_LOOP_RUNNING = ("run_until_complete", "run_forever", "serve_forever")
_AGENT_RUNS = ("run", "run_sync", "run_streamed")


@dataclass(frozen=True, slots=True)
class ProgramStart:
    """A call at the top of a file that runs the program.

    Attributes:
        line: Where it is, 1 upward.
        text: The call, shortened.
    """

    line: int
    text: str


def unguarded_start(module: ast.Module) -> ProgramStart | None:
    """Return the first call that runs the program when the file is imported, or None."""
    functions = {
        node.name: node
        for node in statements(module.body)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    imported = _imported(module)
    for statement in _running(module.body):
        for call in _calls(statement):
            name = _dotted(call.func)
            is_left = isinstance(statement, ast.Expr)
            if _starts(call, imported.get(name, name), functions, is_left=is_left):
                return ProgramStart(call.lineno, _short(ast.unparse(call)))
    return None


def _running(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the single statements that run at import, those in loops and blocks too."""
    for node in body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                continue
            case ast.If() if is_main_guard(node):
                yield from _running(node.orelse)
            case ast.If() | ast.Try() | ast.With() | ast.For() | ast.While():
                for block in ("body", "orelse", "finalbody"):
                    yield from _running(getattr(node, block, []))
            case _:
                yield node


def _calls(statement: ast.stmt) -> Iterator[ast.Call]:
    """Yield the calls of a statement, those in lambdas not."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.Call):
            yield node
        if not isinstance(node, ast.Lambda):
            waiting += ast.iter_child_nodes(node)


def _starts(
    call: ast.Call, name: str, functions: dict[str, FunctionNode], *, is_left: bool
) -> bool:
    if name.endswith("Runner.run_sync") or name == "tui.run":
        return True
    if name in _RUNNING or name.endswith(_LOOP_RUNNING):
        # `agent = asyncio.run(build())` makes an agent; what runs one is the program.
        return is_left or any(_runs_agents(functions.get(each)) for each in _named_in(call))
    return _runs_agents(functions.get(name)) and not isinstance(
        functions[name], ast.AsyncFunctionDef
    )


def _runs_agents(function: FunctionNode | None) -> bool:
    if function is None:
        return False
    called = [_dotted(node.func) for node in inside(function) if isinstance(node, ast.Call)]
    return any(
        name in _RUNNING or ("Runner." in name and name.rpartition(".")[2] in _AGENT_RUNS)
        for name in called
    )


def _named_in(call: ast.Call) -> Iterator[str]:
    for argument in call.args:
        if isinstance(argument, ast.Call):
            yield _dotted(argument.func)
        else:
            yield _dotted(argument)


def _imported(module: ast.Module) -> dict[str, str]:
    """Return what the names of `from asyncio import run` and its like stand for."""
    return {
        name.asname or name.name: f"{node.module}.{name.name}"
        for node in statements(module.body)
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }


def _dotted(node: ast.AST) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attribute):
            return f"{_dotted(value)}.{attribute}"
    return ""


def _short(text: str) -> str:
    line = text.partition("\n")[0]
    return line if len(line) <= 40 else f"{line[:39]}…"
