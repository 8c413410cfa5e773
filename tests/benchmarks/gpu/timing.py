"""One row of the table: a case is checked, then timed, for every contestant."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from cases import TOLERANCE, Case, Inputs
from contestants import Contestant
from device import Gpu
from measure import Spread

#: A time under this part of the byte floor is a mistake of the measurement: nothing moves bytes so fast.
POSSIBLE = 0.8
#: A peer computes coordinates as coarsely as its maps: so many times roikit's tolerance are not worth a note.
PEERS = 50
#: Bytes copied to find out how fast the memory is.
COPY = 2**30

Call = Callable[[], tuple[Any, ...]]


@dataclass(frozen=True)
class Plan:
    """How much is timed, and in which order."""

    rounds: int = 5
    samples: int = 20
    warm: int = 5
    random: random.Random = field(default_factory=lambda: random.Random(0))
    copy: int = COPY


@dataclass
class Row:
    """What was measured of a case, in seconds."""

    case: Case
    floor: float
    times: dict[str, Spread] = field(default_factory=dict)
    distances: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    failed: bool = False

    def ratio(self) -> float | None:
        """How many times as fast as torchvision roikit is."""
        ours, theirs = self.times.get("roikit"), self.times.get("torchvision")
        return theirs.median / ours.median if ours and theirs else None

    def of_floor(self) -> float | None:
        """Part of the memory's speed that roikit reaches, counting bytes that it cannot avoid."""
        ours = self.times.get("roikit")
        return self.floor / ours.median if ours else None


def bandwidth(gpu: Gpu, plan: Plan) -> float:
    """Bytes a second of a copy, which reads and writes each."""
    copy = gpu.copying(plan.copy)
    seconds = [gpu.gpu_seconds(copy) for _ in range(plan.warm + plan.samples)]
    return 2 * plan.copy / Spread.of(seconds[plan.warm :]).median


def measure(case: Case, contestants: Sequence[Contestant], gpu: Gpu, speed: float, plan: Plan) -> Row:
    """Check, then time: contestants in turns, in random order, each call on other inputs than the last."""
    row = Row(case, floor=case.bytes_moved() / speed)
    able = [contestant for contestant in contestants if _is_right(row, contestant, gpu, plan)]
    rotated = [_on_gpu(case.inputs(seed), gpu) for seed in range(_copies(case, gpu))]
    calls = {each.name: _prepared(each, case, rotated, gpu) for each in able}
    samples = _samples(calls, gpu, plan)
    gpu.check()
    for name, seconds in samples.items():
        _note(row, name, Spread.of(seconds))
    return row


def _copies(case: Case, gpu: Gpu) -> int:
    """So many inputs that none is still in the cache when its turn comes again."""
    return 2 + 2 * gpu.cache // case.bytes_moved()


def _prepared(contestant: Contestant, case: Case, rotated: list[Inputs], gpu: Gpu) -> list[Call]:
    calls = [contestant.prepare(case, inputs, gpu) for inputs in rotated]
    return [call for call in calls if call is not None]


def _samples(calls: dict[str, list[Call]], gpu: Gpu, plan: Plan) -> dict[str, list[float]]:
    samples: dict[str, list[float]] = {name: [] for name in calls}
    for rotated in calls.values():
        for turn in range(plan.warm + len(rotated)):
            rotated[turn % len(rotated)]()
    for round_ in range(plan.rounds):
        for name in plan.random.sample(sorted(calls), len(calls)):
            rotated = calls[name]
            turns = range(round_ * plan.samples, (round_ + 1) * plan.samples)
            samples[name] += [gpu.gpu_seconds(rotated[turn % len(rotated)]) for turn in turns]
    return samples


def _note(row: Row, name: str, spread: Spread) -> None:
    if spread.median >= POSSIBLE * row.floor:
        row.times[name] = spread
        return
    row.failed = True
    row.notes.append(
        f"{row.case.name}: {name} in {spread.median * 1e6:.1f} µs cannot be: moving its bytes "
        f"takes {row.floor * 1e6:.1f} µs"
    )


# --- correctness -------------------------------------------------------------------------------------------


def _is_right(row: Row, contestant: Contestant, gpu: Gpu, plan: Plan) -> bool:
    """Compared with float64 on inputs that are never seen again; of torchvision it is only told."""
    case, is_ours = row.case, contestant.name == "roikit"
    inputs = case.inputs(seed=plan.random.randrange(10**6, 2**31))
    call = contestant.prepare(case, _on_gpu(inputs, gpu), gpu)
    if call is None:
        return False
    found = [gpu.numpy(array) for array in call()]
    gpu.check()
    exact = case.reference(inputs)
    row.distances[contestant.name] = distance(found[0], exact[0])
    is_near = row.distances[contestant.name] <= TOLERANCE[case.dtype] * (1 if is_ours else PEERS)
    is_same = len(found) == 1 or np.array_equal(found[1], exact[1])
    if is_near and is_same:
        return True
    told = f"{row.distances[contestant.name]:.2g} of the largest value off float64"
    row.notes.append(f"{case.name}: {contestant.name} is {told}{'' if is_same else ', another argmax'}")
    row.failed = row.failed or is_ours
    return not is_ours


def _on_gpu(inputs: Inputs, gpu: Gpu) -> Inputs:
    argmax = None if inputs.argmax is None else gpu.array(inputs.argmax)
    return Inputs(gpu.array(inputs.values), gpu.array(inputs.rois), argmax)


def distance(found: np.ndarray, exact: np.ndarray) -> float:
    """The largest, in parts of the largest exact value; infinite where anything is NaN."""
    difference = np.abs(found.astype(np.float64) - exact).max(initial=0.0)
    largest = np.abs(exact).max(initial=0.0) or 1.0
    return float("inf") if np.isnan(difference) else float(difference / largest)


# --- calls without work ------------------------------------------------------------------------------------


def overhead(case: Case, contestants: Sequence[Contestant], gpu: Gpu, times: int) -> dict[str, float]:
    """Seconds until a tiny call comes back to the caller."""
    inputs = _on_gpu(case.inputs(0), gpu)
    calls = {each.name: each.prepare(case, inputs, gpu) for each in contestants}
    for call in filter(None, calls.values()):
        gpu.host_seconds(call, times)  # compiled and warm
    return {name: gpu.host_seconds(call, times) for name, call in calls.items() if call}
