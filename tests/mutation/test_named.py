"""The list of named mutants fits the code; `python -m tests.mutation` runs them."""

import pytest

from tests.mutation.mutant import ROOT
from tests.mutation.named import MUTANTS


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.fault)
def test_each_mutant_changes_one_place_and_names_a_test_that_is_there(mutant):
    assert (ROOT / "tui" / mutant.module).read_text().count(mutant.old) == 1
    file, _, name = mutant.test.partition("::")
    assert f"def {name.partition('[')[0]}(" in (ROOT / "tests" / file).read_text()


def test_each_of_the_ten_rules_has_a_mutant():
    assert {mutant.rule for mutant in MUTANTS} == set(range(1, 11))
