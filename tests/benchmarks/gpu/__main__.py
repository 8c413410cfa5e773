"""How fast the CUDA kernels are, beside torchvision's and beside the memory.

    make bench-gpu        (or: python tests/benchmarks/gpu [--only W1,W5] [--dtypes float32])

Needs a CUDA device and CuPy; torchvision takes part where it is installed with CUDA. Every kernel is compared
with float64 before it is timed, on inputs that it has not seen, into memory that holds NaN.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import sys
from pathlib import Path
from typing import Any

from rich.console import Console

sys.path.append(str(Path(__file__).parent.parent / "kernels"))  # its workloads
import cases
import table
import timing
from contestants import contestants
from device import CudaGpu
from workloads import WORKLOADS

from roikit.gpu import driver


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python tests/benchmarks/gpu",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--output", type=Path, default=Path("bench-results"), help="folder of the JSON")
    parser.add_argument("--only", type=_names, default=cases.NAMES, metavar="W1,W5")
    parser.add_argument("--dtypes", type=_names, default=tuple(cases.TOLERANCE), metavar="float32,float16")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=None, help="of the order and of the checks' inputs")
    options = parser.parse_args(given)
    for given_names, known in ((options.only, WORKLOADS), (options.dtypes, cases.TOLERANCE)):
        if unknown := set(given_names) - set(known):
            parser.error(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(known)}")
    return options


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split(","))


def main() -> int:
    options = arguments()
    if missing := driver.missing():
        print(missing, file=sys.stderr)
        return 2
    if "bfloat16" in options.dtypes:
        import ml_dtypes  # noqa: F401  gives NumPy this dtype

    libraries, absent = contestants()
    gpu = CudaGpu()
    plan = timing.Plan(rounds=options.rounds, random=random.Random(options.seed))
    screen = Console(stderr=True)
    speed = timing.bandwidth(gpu, plan)
    rows = []
    with screen.status("") as status:
        for case in cases.all_cases(options.only, options.dtypes):
            status.update(case.name)
            rows.append(timing.measure(case, libraries, gpu, speed, plan))
    overheads = timing.overhead(cases.Case(WORKLOADS["W4a"]), libraries, gpu, times=500)
    found = table.record(rows, speed, overheads, _facts(gpu.facts(), libraries))
    options.output.mkdir(parents=True, exist_ok=True)
    (options.output / "gpu.json").write_text(json.dumps(found, indent=1) + "\n")
    wide = Console(width=None if sys.stdout.isatty() else 120)
    wide.print(table.table(rows, speed))
    for note in [*table.notes(rows, overheads), absent]:
        wide.print(note, highlight=False)
    wide.print(f"{options.output}/gpu.json")
    return int(any(row.failed for row in rows))


def _facts(gpu: dict[str, Any], libraries: list[Any]) -> dict[str, Any]:
    versions = {name: version for library in libraries for name, version in library.versions.items()}
    return {**gpu, "system": platform.platform(), "python": platform.python_version(), **versions}


if __name__ == "__main__":
    sys.exit(main())
