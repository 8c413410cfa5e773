"""The process of one library: it reads commands, one JSON text a line, and answers each with one.

    python worker.py LIBRARY THREADS

Needs NumPy and the library; so a peer may live in an interpreter of its own.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from workloads import WORKLOADS, Workload

#: Seconds: a sample of a short call is many calls, so that no clock's step shows.
SAMPLE = 0.004


class Commands:
    """Each public method is a command; its arguments and its answer go through JSON."""

    def __init__(self, library: str, threads: int) -> None:
        self.library: Any = importlib.import_module(f"libraries.with_{library}")
        self.threads = threads
        self.calls: dict[str, Callable[[], Any]] = {}
        self.repeats: dict[str, int] = {}

    def versions(self) -> dict[str, str]:
        return {"python": sys.version.split()[0], **self.library.versions()}

    def prepare(self, workload: str) -> list[str]:
        """The ways this library can be called for the workload; each is called once."""
        self.work = WORKLOADS[workload]
        self.calls = {}
        for way in self.library.ways(self.work):
            call = self.library.prepare(self.work, self.threads, way)
            if call is not None:
                call()
                self.calls[way] = call
                self.repeats[way] = repeats_of(call)
        return list(self.calls)

    def reference(self, folder: str) -> None:
        """roikit only: writes what everybody's outputs are compared with."""
        for place, array in enumerate(self.library.reference(self.work)):
            np.save(Path(folder, f"{place}.npy"), array)

    def agree(self, way: str, folder: str) -> dict[str, Any] | None:
        """The largest distance from the reference and the largest magnitude in it; whether argmax is equal.

        None where the library means something else by the operation.
        """
        values, *argmax = self.library.arrays(self.calls[way]())
        exact = np.load(Path(folder, "0.npy"), mmap_mode="r")
        distance = largest = 0.0
        for ours, theirs in zip(values, exact, strict=True):
            wanted = _expected(self.library, self.work, theirs)
            if wanted is None:
                return None
            distance = max(distance, float(np.abs(ours - wanted).max()))
            largest = max(largest, float(np.abs(wanted).max()))
        same = [bool(np.array_equal(a, np.load(Path(folder, "1.npy"), mmap_mode="r"))) for a in argmax]
        return {"distance": distance, "largest": largest, "same_argmax": all(same)}

    def time(self, way: str, seconds: float, most: int) -> list[tuple[float, float]]:
        """(CPU time, wall time) of a call, sample by sample, after one call that is not timed."""
        return timed(self.calls[way], self.repeats[way], seconds, most)


def timed(call: Callable[[], Any], repeats: int, seconds: float, most: int) -> list[tuple[float, float]]:
    call()
    samples = []
    begin = time.perf_counter()
    gc.disable()
    while not samples or (time.perf_counter() - begin < seconds and len(samples) < most):
        cpu, wall = time.process_time(), time.perf_counter()
        for _ in range(repeats):
            call()
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        samples.append((cpu / repeats, wall / repeats))
    gc.enable()
    return samples


def _expected(library: Any, work: Workload, reference: np.ndarray) -> np.ndarray | None:
    return library.expected(work, reference) if hasattr(library, "expected") else reference


def repeats_of(call: Callable[[], Any]) -> int:
    repeats = 1
    while True:
        begin = time.perf_counter()
        for _ in range(repeats):
            call()
        if time.perf_counter() - begin > SAMPLE:
            return repeats
        repeats *= 2


def serve(commands_of: Callable[[str, int], Any]) -> None:
    """Answer what is asked until no more comes; `commands_of` makes the commands of a library."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print is not an answer
    commands = None
    for line in sys.stdin:
        try:
            commands = commands or commands_of(sys.argv[1], int(sys.argv[2]))
            name, arguments = json.loads(line)
            answer = {"answer": getattr(commands, name)(**arguments)}
        except Exception as error:
            traceback.print_exc()
            first, *_ = str(error).splitlines() or [""]
            answer = {"error": f"{type(error).__name__}: {first}"}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    serve(Commands)
