"""The list of mutants fits the code; `python -m tests.policy.mutants` runs them."""

import pytest

from tests.policy.mutants import HERE, MUTANTS, PACKAGE


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.fault)
def test_each_mutant_changes_one_place_and_names_a_test_that_is_there(mutant):
    assert (PACKAGE / "policy" / mutant.module).read_text().count(mutant.old) == 1
    file, _, name = mutant.test.partition("::")
    assert f"def {name}(" in (HERE / file).read_text()
