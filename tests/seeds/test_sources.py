"""The blocks are the documents' own code, mended only so far that it parses."""

from __future__ import annotations

import ast

import pytest

from tests.seeds.documents import code_in, has_indentation, prose_in
from tests.seeds.playing import BLOCKS

DOCUMENTS = ["000", "001", "002", "003", "004"]
BLOCK_NAMES = sorted(path.stem for path in BLOCKS.glob("*.py"))
CODE_BEGINS = ("from ", "import ", "async ", "await ", "def ", "class ", "print(", "@", "if ")


def kept_lines(block: str) -> list[str]:
    return (BLOCKS / f"{block}.py").read_text(encoding="utf-8").splitlines()


def added_lines(block: str) -> list[int]:
    """Return the indices of the lines that the source does not have; it lacks no other."""
    document, number, _ = block.split("_", 2)
    source, lines = code_in(document)[int(number) - 1], kept_lines(block)
    if not has_indentation(document):
        lines = [line.lstrip() for line in lines]
    added, awaited = [], iter([*source, None])
    expected = next(awaited)
    for index, line in enumerate(lines):
        if line == expected:
            expected = next(awaited)
        else:
            added.append(index)
    assert expected is None, f"{block}: not found in its place: {expected!r}"
    return added


def parses(lines: list[str]) -> bool:
    try:
        compile("\n".join(lines), "block", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except SyntaxError:
        return False
    return True


@pytest.mark.parametrize("block", BLOCK_NAMES)
def test_a_block_differs_from_its_source_only_by_a_pass_under_a_comment(block):
    lines = kept_lines(block)
    for index in added_lines(block):
        assert lines[index].strip() == "pass"
        assert lines[index - 1].strip().startswith("#")


@pytest.mark.parametrize("block", BLOCK_NAMES)
def test_nothing_was_added_that_the_block_would_parse_without(block):
    lines = kept_lines(block)
    assert parses(lines)
    for index in added_lines(block):
        assert not parses(lines[:index] + lines[index + 1 :])


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_block_of_a_document_is_kept(document):
    numbers = [int(name.split("_")[1]) for name in BLOCK_NAMES if name.startswith(document)]
    assert numbers == [number + 1 for number in range(len(code_in(document)))]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_no_code_stands_outside_the_blocks(document):
    assert [line for line in prose_in(document) if line.startswith(CODE_BEGINS)] == []
