"""All benches, one after the other: python -m tests.bench [--size small|large] [NAME …]."""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
SMALL = {"directory": ["1000"], "book": ["200"], "window_list": ["10000"], "intake": ["--size", "small"],
         "list": ["10000"], "search": ["10000"], "standing": ["5000"],
         "word": ["1000"]}  # fmt: skip
"""What a bench is given to be quick; without an entry it runs as it is."""


def main() -> int:
    """Run each bench in a process of its own and print its lines under its name."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=["small", "large"], default="small")
    parser.add_argument("names", nargs="*", help="some of the benches only")
    options = parser.parse_args()
    failed = 0
    for path in sorted(HERE.glob("bench_*.py")):
        name = path.stem.removeprefix("bench_")
        if options.names and name not in options.names:
            continue
        words = SMALL.get(name, []) if options.size == "small" else []
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, str(path), *words], cwd=HERE.parents[1], text=True, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        failed += done.returncode != 0
        print(f"── {name} ({time.perf_counter() - start:.0f} s) " + "─" * (50 - len(name)))
        print(done.stdout.rstrip(), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
