"""One ``roikit`` command in this process, and what it cost: ``driver.py FIGURES.json [options] -- COMMAND``.

FIGURES.json gets the exit code, the peak of memory of this process (VmHWM) and of the largest that it
started, the CPU time of this process and of all that it waited for, and the time of the command.

``--shares``        where the time went: every phase's own time, without that of the phases inside of it
``--profile FILE``  cProfile's record of this process; slows its Python down, so not together with --shares
``--keep FILE``     every result, packed, a line each
``--made FILE``     no sandbox: the results of FILE in turns, under each student's name
"""

from __future__ import annotations

import argparse
import cProfile
import functools
import importlib
import itertools
import json
import re
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

from grader import cli, executors, packing

#: Functions of the grading process, by what they are for; a phase's time is without that of phases inside.
PHASES = {
    "sandbox: start, and waiting for it": (
        "grader.sandbox.process:WorkerProcess.__init__", "grader.sandbox.process:WorkerProcess.wait_ready",
    ),
    "sandbox: waiting for calls": ("grader.sandbox.process:WorkerProcess.ask",),
    "sandbox: end, or emptied for the next": (
        "grader.sandbox.process:WorkerProcess.close", "grader.sandbox.process:WorkerProcess.vacate",
    ),
    "driver: arguments and answers of calls": ("grader.sandbox.box:Sandbox.call",),
    "driver: cases (pytest, comparing, pictures)": ("grader.examiner:Examiner.run",),
    "driver: diagnosis": ("grader.examiner:Examiner.diagnosis",),
    "driver: reading hand-ins": ("grader.intake.collect:HandIn.read",),
    "recorder: packing, line": ("grader.recorder:Recorder.add",),
    "recorder: fsync": ("os:fsync",),
    "written: results.json, scores.csv": (
        "grader.report.results_json:write", "grader.report.scores_csv:write",
    ),
    "written: report pages": ("grader.report.html:write",),
    "written: gradebook": ("grader.nbgrader_bridge:write_gradebook",),
    "once: the tests on the solution": ("grader.rehearsal:rehearse",),
}  # fmt: skip
REST = "the rest of the driver"


class Shares:
    """The exclusive time of each phase, by wrapping its functions."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self.missing: list[str] = []  # functions that this roikit has not
        self._inside: list[str] = []
        self._since = 0.0

    def wrap_all(self) -> None:
        for phase, names in PHASES.items():
            for name in names:
                try:
                    self._wrap(phase, name)
                except (ImportError, AttributeError):
                    self.missing.append(name)

    def _wrap(self, phase: str, name: str) -> None:
        module, _, path = name.partition(":")
        *owners, last = path.split(".")
        owner = functools.reduce(getattr, owners, importlib.import_module(module))
        function = getattr(owner, last)

        @functools.wraps(function)
        def timed(*args: Any, **kwargs: Any) -> Any:
            self._turn()
            self._inside.append(phase)
            try:
                return function(*args, **kwargs)
            finally:
                self._turn()
                self._inside.pop()

        setattr(owner, last, timed)

    def _turn(self) -> None:
        now = time.perf_counter()
        self.seconds[self._inside[-1] if self._inside else REST] += now - self._since
        self._since = now

    def __enter__(self) -> Shares:
        self._since = time.perf_counter()
        return self

    def __exit__(self, *exception: object) -> None:
        self._turn()


# ------------------------------------------------------------------ results kept, results made
def keep(path: Path) -> None:
    """Write down every result that `executors.execute` tells of."""
    execute = executors.execute

    def kept(
        work: Any, submissions: Iterable[Any], count: int, where: Any, done: Callable[..., None]
    ) -> None:
        with path.open("a", encoding="ascii") as file:

            def tell(number: int, result: Any) -> None:
                file.write(f"{packing.pack(result)}\n")
                done(number, result)

            execute(work, submissions, count, where, tell)

    executors.execute = kept


def make(path: Path) -> None:
    """Instead of grading: the results in `path`, in turns. Each is unpacked anew, as from another process."""

    def results() -> Iterator[Any]:
        while True:
            with path.open(encoding="ascii") as lines:
                yield from (packing.unpack(line.strip()) for line in lines)

    def made(
        work: Any, submissions: Iterable[Any], count: int, where: Any, done: Callable[..., None]
    ) -> None:
        for number, one, result in zip(itertools.count(), submissions, results(), strict=False):
            done(number, replace(result, student=one.student, path=one.path))

    executors.execute = made


# ------------------------------------------------------------------ one command
def peak() -> int:
    """Bytes of memory that this process had at most."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s*(\d+) kB", status)[1]) * 1024


def cpu(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("figures", type=Path)
    parser.add_argument("--shares", action="store_true")
    for option in ("--profile", "--keep", "--made"):
        parser.add_argument(option, type=Path)
    ours, command = sys.argv[1:], []
    if "--" in ours:
        ours, command = ours[: ours.index("--")], ours[ours.index("--") + 1 :]
    options = parser.parse_args(ours)
    if options.keep:
        keep(options.keep)
    if options.made:
        make(options.made)
    shares, profile = Shares(), cProfile.Profile() if options.profile else nullcontext()
    if options.shares:
        shares.wrap_all()
    before, start = cpu(resource.RUSAGE_SELF), time.perf_counter()
    with shares, profile:
        code = cli.main(command)
    figures = {
        "code": code,
        "seconds": time.perf_counter() - start,
        "peak": peak(),
        "peak_of_another": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024,
        "own_cpu": cpu(resource.RUSAGE_SELF) - before,
        "children_cpu": cpu(resource.RUSAGE_CHILDREN),
        "shares": dict(shares.seconds) if options.shares else {},
        "missing": shares.missing,
    }
    options.figures.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    if options.profile:
        profile.dump_stats(options.profile)
    return code


if __name__ == "__main__":
    sys.exit(main())
