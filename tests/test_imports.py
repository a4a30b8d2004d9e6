"""No module of the package imports itself by way of others, not even from inside a function.

And the runtime stays small enough to be read.
"""

from __future__ import annotations

import ast
import tokenize
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import tui

ROOT = Path(tui.__file__).parent
NO_CODE = frozenset(
    {tokenize.ENCODING, tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT}
    | {tokenize.DEDENT, tokenize.ENDMARKER}
)
DOOR = ROOT / "__init__.py"  # serves the names of `tui.script` to those who ask, and needs none


def modules():
    """Yield each module's name and its syntax tree."""
    for file in set(ROOT.rglob("*.py")) - {DOOR}:
        parts = file.relative_to(ROOT.parent).with_suffix("").parts
        yield ".".join(parts).removesuffix(".__init__"), ast.parse(file.read_text())


def imported(node: ast.AST) -> Iterator[str]:
    """Yield what is imported when the code runs: not what is there for type checkers only."""
    match node:
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return
        case ast.ImportFrom(module=str(module)):
            yield from (f"{module}.{alias.name}" for alias in node.names)
        case ast.Import():
            yield from (alias.name for alias in node.names)
    for child in ast.iter_child_nodes(node):
        yield from imported(child)


def test_no_module_imports_itself_by_way_of_others():
    trees = dict(modules())
    imports = {
        name: {each if each in trees else each.rpartition(".")[0] for each in imported(tree)}
        for name, tree in trees.items()
    }

    order = list(TopologicalSorter(imports).static_order())

    assert order.index("tui.agents.items") < order.index("tui.agents.run")


def test_the_runtime_stays_below_its_ceiling():
    assert 5_000 < sum(map(code_lines, (ROOT / "agents").rglob("*.py"))) <= 6_000


def code_lines(file: Path) -> int:
    """Return how many lines hold code: neither nothing, nor a comment or docstring only."""
    held: set[int] = set()
    with file.open("rb") as content:
        for token in tokenize.tokenize(content.readline):
            if token.type not in NO_CODE:
                held |= set(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(file.read_text())):
        match node:
            case ast.Expr(value=ast.Constant(value=str())):
                held -= set(range(node.lineno, node.end_lineno + 1))
    return len(held)
