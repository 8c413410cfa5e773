"""One row of the table: a workload, all libraries, so many threads."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from goals import AVX2, FASTER, MEMORY, Verdict
from processes import PEERS, Worker, WorkerError, wait_for_quiet
from traffic import bytes_moved
from workloads import WORKLOADS, Workload

#: Peers compute coordinates in float32, so they are up to 1.6e-4 from float64 on these maps.
PEER_DISTANCE = 2e-4
#: roikit's float32 kernels, in parts of the largest value.
OWN_DISTANCE = 1e-6


@dataclass(frozen=True)
class Spread:
    """Seconds of a call."""

    median: float
    quartiles: tuple[float, float]
    samples: int

    @classmethod
    def of(cls, samples: list[float]) -> Spread:
        low, median, high = np.percentile(samples, [25, 50, 75]).tolist()
        return cls(median, (low, high), len(samples))


@dataclass
class Row:
    """What was measured of a workload. `times` is by library and way ("fresh", "reused")."""

    workload: Workload
    threads: int
    times: dict[tuple[str, str], Spread] = field(default_factory=dict)
    agreement: dict[tuple[str, str], dict[str, float] | None] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    failed: bool = False
    #: Samples of the memory's speed, in bytes a second.
    bandwidths: list[float] = field(default_factory=list)
    busy: int = 0

    def peers(self) -> dict[tuple[str, str], Spread]:
        return {key: spread for key, spread in self.times.items() if key[0] in PEERS}

    def ratio(self, peer: tuple[str, str], ours: str = "roikit") -> float | None:
        """Times as fast as the peer, called in the peer's way: into memory that is new, or reused."""
        own = self.times.get((ours, peer[1]))
        return own and self.times[peer].median / own.median

    def fastest(self, ours: str = "roikit") -> float | None:
        """The smallest ratio."""
        return min(filter(None, (self.ratio(peer, ours) for peer in self.peers())), default=None)

    def over_memory(self, bandwidth: float) -> float | None:
        """Times the time that reading all its bytes would take, its output reused."""
        own = self.times.get(("roikit", "reused"))
        return own and own.median * bandwidth / bytes_moved(self.workload)

    def verdicts(self, bandwidth: float | None) -> list[Verdict]:
        name = self.workload.name
        found = [
            ("faster", FASTER[name].get(self.threads), self.fastest()),
            ("avx2", AVX2.get(name), self.fastest("roikit-avx2")),
            ("memory", MEMORY.get(name), bandwidth and self.over_memory(bandwidth)),
        ]
        return [Verdict(what, goal, value) for what, goal, value in found if goal and value]


@dataclass
class Plan:
    """How long and in which order: rounds, seconds of a library in a round, calls of it at most."""

    rounds: int
    seconds: float
    most: int
    random: random.Random
    patience: float
    say: Callable[[str], None]


def measure(name: str, libraries: list[Worker], threads: int, plan: Plan) -> Row:
    """Prepare the workload everywhere, compare the outputs, then time the libraries in turns."""
    row = Row(WORKLOADS[name], threads)
    contestants = []
    for worker in libraries:
        if worker.name == "roikit-avx2" and name not in AVX2:
            continue
        plan.say(f"{name}, {threads} thread(s): {worker.name} prepares")
        try:
            contestants += [(worker, way) for way in worker.do("prepare", workload=name)]
        except WorkerError as error:
            row.notes.append(f"{worker.name} could not be called for {name}: {error}")
            row.failed = True
    with tempfile.TemporaryDirectory(prefix="roikit-bench-") as folder:
        plan.say(f"{name}, {threads} thread(s): the reference, in float64")
        next(worker for worker in libraries if worker.name == "roikit").do("reference", folder=folder)
        contestants = [(worker, way) for worker, way in contestants if _agrees(row, worker, way, folder)]

    samples: dict[tuple[str, str], list[float]] = {(worker.name, way): [] for worker, way in contestants}
    for turn in range(plan.rounds):
        plan.random.shuffle(contestants)
        for worker, way in contestants:
            plan.say(f"{name}, {threads} thread(s), round {turn + 1} of {plan.rounds}: {worker.name}")
            row.busy += plan.patience > 0 and not wait_for_quiet(plan.patience)
            for cpu, wall in worker.do("time", way=way, seconds=plan.seconds, most=plan.most):
                samples[worker.name, way].append(cpu if threads == 1 and way != "read" else wall)
    reads = samples.pop(("numpy", "read"), [])
    row.bandwidths = [threads * 2**28 / seconds for seconds in reads]
    row.times = {key: Spread.of(found) for key, found in samples.items()}
    return row


def _agrees(row: Row, worker: Worker, way: str, folder: str) -> bool:
    """Whether this way's output is the reference's, or means something else; if neither, it is not timed."""
    if way == "read":
        return True
    work, library = row.workload, f"{worker.name} ({way})"
    try:
        found = worker.do("agree", way=way, folder=folder)
    except WorkerError as error:
        row.notes.append(f"{library} could not be compared on {work.name}: {error}")
        row.failed = True
        return False
    row.agreement[worker.name, way] = found
    if found is None:
        row.notes.append(f"{worker.name} means something else by {work.name}: timed, not compared")
        return True
    allowed = PEER_DISTANCE if worker.name in PEERS else OWN_DISTANCE * found["largest"]
    if found["distance"] <= allowed and found["same_argmax"]:
        return True
    row.notes.append(
        f"{library} is wrong on {work.name}: {found['distance']:.2g} off, allowed {allowed:.2g}"
        + ("" if found["same_argmax"] else ", another argmax")
    )
    row.failed = True
    return False
