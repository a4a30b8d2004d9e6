"""Makes each named fault in a copy of the package, and says whether its test finds it.

`python -m tests.mutation`; with a number, only those of that rule. It ends with 1 if one was not
found.
"""

import sys

from tests.mutation.mutant import fails
from tests.mutation.named import MUTANTS


def main(*rules: str) -> int:
    """Print what became of each mutant; return 1 if one survived."""
    mutants = [each for each in MUTANTS if not rules or str(each.rule) in rules]
    # Only what passes without a fault can tell that there is one.
    if fails(sorted({mutant.test for mutant in mutants})):
        print("the tests fail without any mutant")
        return 1
    survivors = 0
    for mutant in mutants:
        killed = fails([mutant.test], mutant)
        survivors += not killed
        print(f"{'killed  ' if killed else 'SURVIVED'}  {mutant.rule}  {mutant.fault}", flush=True)
    print(f"{len(mutants) - survivors} killed, {survivors} survived")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
