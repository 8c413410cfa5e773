"""How fast the kernels are, beside other libraries and beside the memory, in one run.

    make bench        (or: python tests/benchmarks/kernels [--quick] [--only W1,W5] [--output FOLDER])

Each library has a process of its own. Their outputs are compared with the plain kernel's in float64, then
they are timed in turns, in random order: one call that is not timed, then some that are. With one thread a
call's time is the process's CPU time, with more it is wall time. A peer that cannot be imported is left out;
``--peer-python torchvision=/some/venv/bin/python`` names another interpreter for it (which needs NumPy, too).
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from pathlib import Path

import plot
import report
from measure import Plan, Row, measure
from processes import CONTESTANTS, Worker, WorkerError, workers
from rich.console import Console
from workloads import WORKLOADS


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python tests/benchmarks/kernels",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--output", type=Path, default=Path("bench-results"), help="folder of JSON and plot")
    parser.add_argument("--only", type=lambda text: text.split(","), default=list(WORKLOADS), metavar="W1,W5")
    parser.add_argument("--threads", type=lambda text: [*map(int, text.split(","))], default=[1, 2])
    parser.add_argument("--libraries", type=lambda text: text.split(","), default=list(CONTESTANTS))
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.3, help="of a library in a round, at least")
    parser.add_argument("--seed", type=int, default=0, help="of the order")
    parser.add_argument("--quick", action="store_true", help="2 rounds, no waiting: does it work at all?")
    pair = {"type": lambda text: text.split("=", 1), "metavar": "NAME=PATH"}
    parser.add_argument("--peer-python", action="append", default=[], **pair)
    options = parser.parse_args()
    for given, known in ((options.only, WORKLOADS), (options.libraries, CONTESTANTS)):
        if unknown := set(given) - set(known):
            parser.error(f"unknown: {', '.join(unknown)}; known: {', '.join(known)}")
    if options.quick:
        options.rounds, options.seconds = 2, 0.02
    return options


def main() -> int:
    options = arguments()
    options.output.mkdir(parents=True, exist_ok=True)
    screen = Console(stderr=True)
    rows: list[Row] = []
    versions: dict[str, dict[str, str]] = {}
    with screen.status("") as status:
        plan = Plan(
            options.rounds, options.seconds, most=5, random=random.Random(options.seed),
            patience=0 if options.quick else 0.5, say=status.update,
        )  # fmt: skip
        for threads in options.threads:
            with workers(options.libraries, threads, dict(options.peer_python), options.output) as started:
                libraries = [worker for worker in started if _importable(worker, versions, screen)]
                for name in options.only:
                    if threads == 1 or not name.startswith("W4"):  # a tiny call has no work for two
                        rows.append(measure(name, libraries, threads, plan))
    chosen = {name: getattr(options, name) for name in ("rounds", "seconds", "seed")}
    found = report.record(rows, versions, chosen)
    (options.output / "kernels.json").write_text(json.dumps(found, indent=1) + "\n")
    plot.draw(found, options.output / "kernels.png")
    wide = Console(width=None if sys.stdout.isatty() else 200)
    report.print_tables(rows, wide)
    wide.print(f"{options.output}/kernels.json and kernels.png")
    return int(any(row.failed for row in rows))


def _importable(worker: Worker, versions: dict[str, dict[str, str]], screen: Console) -> bool:
    try:
        versions[worker.name] = worker.do("versions")
    except WorkerError as error:
        if worker.name == "roikit":
            raise
        screen.print(f"without {worker.name}: {error}", highlight=False)
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
