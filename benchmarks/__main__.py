"""`python -m benchmarks`, what `make bench` runs: every benchmark, one after the other."""

import subprocess
import sys
from pathlib import Path


def main() -> int:
    """Run each benchmark in its own process; 1 when one of them fails."""
    modules = sorted(path.stem for path in Path(__file__).parent.glob("bench_*.py"))
    codes = []
    for module in modules:
        print(f"== {module}", flush=True)
        codes.append(subprocess.run([sys.executable, "-m", f"benchmarks.{module}"], check=False).returncode)
    return 1 if any(codes) else 0


if __name__ == "__main__":
    raise SystemExit(main())
