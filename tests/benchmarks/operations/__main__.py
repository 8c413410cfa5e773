"""How fast the operations of the family are beside the other libraries that have them, in one run.

    make bench        (or: python tests/benchmarks/operations [--quick] [--only rotated,crop])

As the kernels' benchmark beside this folder: a process for each library; outputs are compared first, with the
plain kernel's in float64 as that library means the operation; then all are timed in turns, in random order.
With one thread a call's time is the process's CPU time, with more it is wall time. A library that cannot be
imported is left out; ``--peer-python tensorflow=/some/venv/bin/python`` names another interpreter for it.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

sys.path.append(str(Path(__file__).parents[1] / "kernels"))
from calls import CALLS
from measure import OWN_DISTANCE, PEER_DISTANCE, Spread
from processes import Worker, WorkerError, wait_for_quiet, workers
from report import duration, machine

#: A call that takes longer is timed in one round.
SECONDS = 2.0
LIBRARIES = ("roikit", "tensorflow", "openvino", "paddle", "torch", "torchvision", "mmcv", "detectron2")
Way = tuple[str, str]  # a library, and "fresh" or "reused" memory


@dataclass
class Row:
    """One call, so many threads."""

    name: str
    threads: int
    times: dict[Way, Spread] = field(default_factory=dict)
    agreement: dict[Way, dict[str, float]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def ratio(self, peer: Way) -> float | None:
        """Times as fast as the peer, called in the peer's way: into memory that is new, or reused."""
        own = self.times.get(("roikit", peer[1]))
        return own and self.times[peer].median / own.median

    def fastest(self) -> float | None:
        """The smallest ratio."""
        ratios = (self.ratio(way) for way in self.times if way[0] != "roikit")
        return min(filter(None, ratios), default=None)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python tests/benchmarks/operations",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    names = {"type": lambda text: text.split(",")}
    parser.add_argument("--output", type=Path, default=Path("bench-results"), help="folder of the JSON")
    parser.add_argument("--only", **names, default=list(CALLS), metavar="crop,paste")
    parser.add_argument("--threads", type=lambda text: [*map(int, text.split(","))], default=[1, 2])
    parser.add_argument("--libraries", **names, default=list(LIBRARIES))
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.3, help="of a library in a round, at least")
    parser.add_argument("--seed", type=int, default=0, help="of the order")
    parser.add_argument("--quick", action="store_true", help="1 round, no waiting: does it work at all?")
    pair = {"type": lambda text: text.split("=", 1), "metavar": "NAME=PATH"}
    parser.add_argument("--peer-python", action="append", default=[], **pair)
    options = parser.parse_args()
    for given, known in ((options.only, CALLS), (options.libraries, LIBRARIES)):
        if unknown := set(given) - set(known):
            parser.error(f"unknown: {', '.join(unknown)}; known: {', '.join(known)}")
    if options.quick:
        options.rounds, options.seconds = 1, 0.02
    return options


def main() -> int:
    options = arguments()
    options.output.mkdir(parents=True, exist_ok=True)
    screen, order = Console(stderr=True), random.Random(options.seed)
    rows: list[Row] = []
    versions: dict[str, dict[str, str]] = {}
    pythons = dict(options.peer_python)
    for threads in options.threads:
        script = Path(__file__).with_name("operation_worker.py")
        with workers(options.libraries, threads, pythons, options.output, script) as started:
            there = [worker for worker in started if is_there(worker, versions, screen)]
            for name in options.only:
                row = Row(name, threads)
                measure(row, there, options, order)
                rows.append(row)
    wide = Console(width=None if sys.stdout.isatty() else 200)
    for threads in options.threads:
        wide.print(table([row for row in rows if row.threads == threads], threads))
    for note in sorted({note for row in rows for note in row.notes}):
        wide.print(note, highlight=False)
    found = {"machine": machine(), "versions": versions, "rows": [record(row) for row in rows]}
    (options.output / "operations.json").write_text(json.dumps(found, indent=1) + "\n")
    return int(any(row.notes for row in rows))


def is_there(worker: Worker, versions: dict[str, dict[str, str]], screen: Console) -> bool:
    try:
        versions[worker.name] = worker.do("versions")
    except WorkerError as error:
        if worker.name == "roikit":
            raise
        screen.print(f"without {worker.name}: {error}", highlight=False)
        return False
    return True


def measure(row: Row, libraries: list[Worker], options: argparse.Namespace, order: random.Random) -> None:
    """Compare what the libraries give, then time them in turns."""
    contestants = []
    roikit = next(worker for worker in libraries if worker.name == "roikit")
    for worker in libraries:
        try:
            ways = worker.do("prepare", row=row.name)
            with tempfile.TemporaryDirectory(prefix="roikit-bench-") as folder:
                exact = str(Path(folder, "exact.npy"))
                if ways:
                    roikit.do("reference", peer=worker.name, file=exact)
                contestants += [(worker, way) for way in ways if agrees(row, worker, way, exact)]
        except WorkerError as error:
            row.notes.append(f"{worker.name} could not be called for {row.name}: {error}")
    samples: dict[Way, list[float]] = {(worker.name, way): [] for worker, way in contestants}
    for turn in range(options.rounds):
        order.shuffle(contestants)
        if turn:  # one that takes seconds is known well enough
            contestants = [each for each in contestants if min(samples[each[0].name, each[1]]) < SECONDS]
        for worker, way in contestants:
            wait_for_quiet(0 if options.quick else 0.5)
            for cpu, wall in worker.do("time", way=way, seconds=options.seconds, most=5):
                samples[worker.name, way].append(cpu if row.threads == 1 else wall)
    row.times = {way: Spread.of(found) for way, found in samples.items()}


def agrees(row: Row, worker: Worker, way: str, exact: str) -> bool:
    """Whether this way's output is what is meant; if not, it is not timed."""
    found = row.agreement[worker.name, way] = worker.do("agree", way=way, file=exact)
    allowed = (OWN_DISTANCE if worker.name == "roikit" else PEER_DISTANCE) * max(found["largest"], 1)
    if found["distance"] <= allowed:
        return True
    row.notes.append(
        f"{worker.name} is wrong on {row.name}: {found['distance']:.2g} off, allowed {allowed:.2g}"
    )
    return False


def table(rows: list[Row], threads: int) -> Table:
    clock = "1 thread, CPU time" if threads == 1 else f"{threads} threads, wall time"
    made = Table(title=f"{clock}: median of a call, and how many times as fast roikit is")
    peers = [name for name in LIBRARIES[1:] if any((name in way) for row in rows for way in row.times)]
    for head in ("", "roikit", "out= reused", *peers, "fastest"):
        made.add_column(head, justify="right" if head else "left", no_wrap=True)
    for row in rows:
        own = [cell(row, ("roikit", way)) for way in ("fresh", "reused")]
        theirs = [
            " ".join(cell(row, way) for way in row.times if way[0] == peer) or "–" for peer in peers
        ]
        made.add_row(row.name, *own, *theirs, ratio(row.fastest()))
    return made


def cell(row: Row, way: Way) -> str:
    if way not in row.times:
        return "–"
    told = duration(row.times[way].median)
    return told if way[0] == "roikit" else f"{told} {ratio(row.ratio(way)):>6}"


def ratio(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}×" if value < 2 else f"{value:.1f}×"


def record(row: Row) -> dict[str, Any]:
    return {
        "call": row.name,
        "operation": CALLS[row.name][0],
        "threads": row.threads,
        "times_as_fast_as_the_fastest": row.fastest(),
        "times": [
            {
                "library": way[0], "way": way[1], "median": spread.median, "quartiles": spread.quartiles,
                "samples": spread.samples, "agreement": row.agreement.get(way),
                "times_as_long_as_roikit": row.ratio(way) if way[0] != "roikit" else None,
            }
            for way, spread in row.times.items()
        ],
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
