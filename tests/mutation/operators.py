"""Faults that mutmut does not make by itself: a guard that is gone, a call that is left out.

`python -m tests.mutation.operators` is the command `mutmut` with them. Only for a campaign, where
mutmut and libcst are installed; the test run imports none of this.
"""

from collections.abc import Iterator, Sequence

import libcst as cst
import libcst.matchers as m
from mutmut.__main__ import cli
from mutmut.mutation.mutators import mutation_operators

TRUE, FALSE = cst.Name("True"), cst.Name("False")


def add_operators() -> None:
    """Make mutmut use the operators of this module too, before it makes its mutants."""
    mutation_operators.extend(
        (
            (cst.If, _condition),
            (cst.BooleanOperation, _operand),
            (cst.MatchCase, _guard_of_case),
            (cst.CompFor, _filter),
            (cst.Expr, _statement),
            (cst.Return, _returned),
            (cst.Comparison, _negated),
        )
    )


def _condition(node: cst.If) -> Iterator[cst.If]:
    """Yield a condition that always holds, and one that never does."""
    yield node.with_changes(test=TRUE)
    yield node.with_changes(test=FALSE)


def _operand(node: cst.BooleanOperation) -> Iterator[cst.BaseExpression]:
    """Yield each side of an `and` or an `or` without the other."""
    yield from (_bracketed(side) for side in (node.left, node.right))


def _guard_of_case(node: cst.MatchCase) -> Iterator[cst.MatchCase]:
    if node.guard is not None and not _takes_anything(node.pattern):
        yield node.with_changes(guard=None)


def _filter(node: cst.CompFor) -> Iterator[cst.CompFor]:
    if node.ifs:
        yield node.with_changes(ifs=())


def _statement(node: cst.Expr) -> Iterator[cst.Expr]:
    """Yield nothing done in place of a call; docstrings and yields are not calls."""
    if m.matches(node.value, m.Call() | m.Await()):
        yield node.with_changes(value=cst.Name("None"))


def _returned(node: cst.Return) -> Iterator[cst.Return]:
    if node.value is not None and not m.matches(node.value, m.Name("None")):
        yield node.with_changes(value=cst.Name("None"))


def _negated(node: cst.Comparison) -> Iterator[cst.BaseExpression]:
    """Yield the opposite of a comparison by order, which mutmut only moves by one."""
    order = m.LessThan() | m.LessThanEqual() | m.GreaterThan() | m.GreaterThanEqual()
    if m.matches(node, m.Comparison(comparisons=[m.ComparisonTarget(operator=order)])):
        negated = cst.UnaryOperation(cst.Not(), _bracketed(node))
        yield _bracketed(negated)


def _bracketed(node: cst.BaseExpression) -> cst.BaseExpression:
    left: Sequence[cst.LeftParen] = (cst.LeftParen(), *node.lpar)
    return node.with_changes(lpar=left, rpar=(*node.rpar, cst.RightParen()))


def _takes_anything(pattern: cst.MatchPattern) -> bool:
    """Tell whether Python refuses cases behind this one, once its guard is gone."""
    return isinstance(pattern, cst.MatchAs) and pattern.pattern is None


if __name__ == "__main__":
    add_operators()
    cli()
