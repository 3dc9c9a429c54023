"""`python -m tests.benchmarks [name …]`: each figure beside a yardstick measured in the same run.

A benchmark is a module here with `measure() -> Iterator[Figure]`. Not part of the tests: figures
depend on the machine, which is why each is said as a ratio.
"""

import importlib
import os
import pkgutil
import sys

from tests import benchmarks


def main(names: list[str]) -> int:
    """Print the figures of these benchmarks, of all without names; 1 when one misses its mark."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    found = [module.name for module in pkgutil.iter_modules(benchmarks.__path__) if not module.name.startswith("_")]
    missed = 0
    for name in names or found:
        measure = getattr(importlib.import_module(f"tests.benchmarks.{name}"), "measure", None)
        if measure is None:
            continue
        for figure in measure():
            print(figure.say(), flush=True)
            missed += not figure.good
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
