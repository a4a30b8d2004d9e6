"""Finds names of a file that stand for plain values, by its syntax tree: none can be an agent.

Stays out of what may have another value by the time the file was loaded.
"""

import ast
from collections.abc import Iterator

from tui.host.syntax import bindings, statements


def literals_at_top(module: ast.Module) -> dict[str, str]:
    """Return what the names that only ever stand for a literal are, as "an int"."""
    kinds: dict[str, str] = {}
    plain: set[ast.AST] = set()
    for node in statements(module.body):
        for name, value in bindings(node):
            if kind := _kind(value):
                kinds[name] = kind
                plain.add(node)
    # A name that is bound by anything else, anywhere, may be an agent in the end.
    others = {name for node in _beside(module, plain) for name in _bound(node)}
    return {name: kind for name, kind in kinds.items() if name not in others}


def _kind(value: ast.expr) -> str:
    match value:
        case ast.Constant(value=None):
            return "None"
        case ast.Constant(value=constant):
            name = type(constant).__name__
            return f"an {name}" if name.startswith(("i", "e")) else f"a {name}"
        case ast.UnaryOp(operand=ast.Constant() as operand):
            return _kind(operand)
        case ast.JoinedStr():
            return "a str"
        case ast.List() | ast.ListComp():
            return "a list"
        case ast.Dict() | ast.DictComp():
            return "a dict"
        case ast.Set() | ast.SetComp():
            return "a set"
    return ""


def _beside(node: ast.AST, plain: set[ast.AST]) -> Iterator[ast.AST]:
    """Yield all nodes below `node`, without those in the statements `plain`."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if current not in plain:
            yield current
            waiting += ast.iter_child_nodes(current)


def _bound(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            yield name
        case ast.Global(names=names):
            yield from names
        case ast.alias(name=name, asname=other):
            yield other or name.partition(".")[0]
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
            yield name
        case ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
            yield name
