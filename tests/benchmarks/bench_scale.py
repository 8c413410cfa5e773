"""A large class, in one run and one table: how fast, in how much memory, beside what, and is that enough.

    make bench-scale        (or: python tests/benchmarks/bench_scale.py [--students N] [--only PARTS] ...)

A submission's cost is told apart from the start of the program: every command runs with many submissions
and with a few, all in turns, and medians are told. The floor is what no sandbox can go below: for each call
that a right submission makes, a bare fork, one call of NumPy, and its end. --large grades one simulated
class whole; --profile tells where the time goes instead; --write puts the tables into a page (docs/scale.md).
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import pstats
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import bench_grader
import numpy as np
from bench_grader import BIN, NAME, first, grade_with_nbgrader, grade_with_roikit
from scale import sizes, table
from scale.table import Row

from grader import assignment, cases, diagnosis

HERE = Path(__file__).parent
PARTS = ("right", "dask", "nbgrader", "floor", "simulated", "cache", "large", "memory", "gradebook")
FEW = 4  # submissions that a grading process each gets something of
MOST_OF_NBGRADER = 24  # it takes long, and as long for each
SEED = 7
#: What issue 8 wants.
A_MINUTE, FASTER_THAN_NBGRADER, TWO_PROCESSES, DASK, MEGABYTES = 800, 10.0, 1.7, 0.9, 300


@dataclass(frozen=True)
class Contestant:
    """A command and the classes with which it is run."""

    grade: Callable[[int], float]  # so many submissions -> seconds
    many: int
    few: int = FEW

    def each(self) -> float:
        """Seconds a submission, once."""
        few, many = self.grade(self.few), self.grade(self.many)
        return (many - few) / (self.many - self.few)


@dataclass(frozen=True)
class Bench:
    """The classes on the disk."""

    root: Path
    options: argparse.Namespace

    def right(self) -> Path:
        """Where all hand in the assignment's own solution."""
        return self._made("right", lambda root: bench_grader.make_course(root, self.options.students))

    def simulated(self, students: int) -> Path:
        return self._made(f"simulated{students}", lambda root: simulate(root, students))

    def _made(self, name: str, make: Callable[[Path], object]) -> Path:
        root = self.root / name
        if not root.exists():
            root.mkdir()
            make(root)
        return root

    def contestants(self) -> dict[str, Contestant]:
        """Those that are asked for, by name."""
        students, wanted = self.options.students, self.options.only
        few = min(FEW, students // 2)

        def roikit(root: Path, *options: object) -> Contestant:
            return Contestant(lambda n: grade_with_roikit(root, n, *options), students, few)

        found = {}
        if {"right", "dask", "nbgrader", "floor"} & set(wanted):
            found["jobs 2"] = roikit(self.right(), "--jobs", 2)
        if "right" in wanted:
            found["jobs 1"] = roikit(self.right(), "--jobs", 1)
        if "dask" in wanted:
            found["dask 2"] = roikit(self.right(), "--dask", "local:2")
        if "nbgrader" in wanted:
            many = min(students, MOST_OF_NBGRADER)
            course = self._made("nbgrader", lambda root: bench_grader.make_course(root, many))
            found["nbgrader"] = Contestant(lambda n: grade_with_nbgrader(course, n), many, 1)
        if "simulated" in wanted:
            for jobs in (1, 2):
                found[f"simulated {jobs}"] = roikit(self.simulated(students), "--jobs", jobs)
        if "cache" in wanted:
            known = ("--cache", self.root / "known", "--seed", SEED, "--jobs", 2)
            grade_with_roikit(self.right(), students, *known)
            found["cache"] = roikit(self.right(), *known)
        return found


def simulate(root: Path, students: int) -> None:
    words = ("--students", students, "--seed", SEED)
    bench_grader.run(BIN / "roikit", "simulate", NAME, root / "submitted", *words, cwd=root)


# ------------------------------------------------------------------ the rows
def rows(bench: Bench) -> Iterator[Row]:
    wanted = bench.options.only
    each = raced(bench.contestants(), bench.options.rounds)
    if "right" in wanted:
        yield from speed_rows("right notebooks", each["jobs 1"], each["jobs 2"], A_MINUTE)
    if "dask" in wanted:
        ratio = each["jobs 2"] / each["dask 2"]
        yield Row(
            "right notebooks, --dask local:2", a_minute(each["dask 2"]), f"{ratio:.2f} of two processes",
            f"{DASK:g}", ratio >= DASK,
        )  # fmt: skip
    if "nbgrader" in wanted:
        ratio = each["nbgrader"] / each["jobs 2"]
        yield Row(
            "nbgrader's plain autograde", a_minute(each["nbgrader"]), f"roikit, --jobs 2: {ratio:.1f} times",
            f"{FASTER_THAN_NBGRADER:g} times", ratio >= FASTER_THAN_NBGRADER,
        )  # fmt: skip
    if "floor" in wanted:
        yield floor_row(each["jobs 2"])
    if "simulated" in wanted:
        yield from speed_rows("simulated class", each["simulated 1"], each["simulated 2"])
    if "cache" in wanted:
        yield Row(
            "known to the cache, --jobs 2", f"{1 / each['cache']:.0f} look-ups a second",
            "with journal, report and gradebook of each",
        )  # fmt: skip
    if "gradebook" in wanted:
        yield from gradebook_rows(bench.options.made)


def raced(contestants: dict[str, Contestant], rounds: int) -> dict[str, float]:
    """Seconds a submission of each: the median of several rounds, in turns."""
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    for number in range(rounds):
        for name, contestant in contestants.items():
            say(f"round {number + 1} of {rounds}: {name}")
            seconds[name].append(contestant.each())
    return {name: statistics.median(found) for name, found in seconds.items()}


def speed_rows(whose: str, one: float, two: float, wanted: float | None = None) -> Iterator[Row]:
    yield Row(f"{whose}, --jobs 1", a_minute(one))
    if wanted is None:
        yield Row(f"{whose}, --jobs 2", a_minute(two), f"{one / two:.2f} times one process")
        return
    yield Row(f"{whose}, --jobs 2", a_minute(two), "", f"{wanted:g} a minute", 60 / two >= wanted)
    ratio = one / two
    yield Row(
        "two processes beside one", f"{ratio:.2f} times", "", f"{TWO_PROCESSES:g}", ratio >= TWO_PROCESSES
    )


def a_minute(seconds: float) -> str:
    return f"{60 / seconds:.0f} a minute"


def floor_row(each: float) -> Row:
    calls = calls_of_a_submission()
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        fork = pool.apply(seconds_of_a_fork, (500,))
    floor, ours = calls * fork, each * 2  # of the two cores' time
    told = f"{calls} of {fork * 1000:.2f} ms; ours {ours * 1000:.1f} ms of a core: {ours / floor:.1f} times"
    return Row("floor: bare forks with a NumPy call", f"{floor * 1000:.1f} ms a submission", told)


def calls_of_a_submission() -> int:
    """How often the tests call a right submission."""
    lesson = assignment.load(NAME)
    right = diagnosis.load(lesson).candidate()
    return cases.with_attempts(lesson, SEED, lambda run: sum(len(attempt.calls) for attempt in run(right)))


def seconds_of_a_fork(times: int) -> float:
    """The median of: fork, one NumPy call in the child, its end."""
    array, found = np.arange(64.0), []
    for _ in range(times):
        start = time.perf_counter()
        child = os.fork()
        if not child:
            array.max()
            os._exit(0)
        os.waitpid(child, 0)
        found.append(time.perf_counter() - start)
    return statistics.median(found)


# ------------------------------------------------------------------ one large class
@dataclass(frozen=True)
class Large:
    """A simulated class that was graded once, its driver watched."""

    rows: tuple[Row, ...]
    told: str
    estimate: str


def large(bench: Bench) -> Large:
    """Grade --large simulated students once; with "memory", make --made results of theirs."""
    from bench_gradebook import sizes as sizes_of

    from grader.nbgrader_bridge.database import Place

    students, wanted = bench.options.large, bench.options.only
    root = bench.simulated(students)
    kept = root / "kept.txt"
    say(f"a simulated class of {students}")
    jobs = len(os.sched_getaffinity(0))
    command = ("grade", NAME, root / "submitted", "--output", root / "graded", "--jobs", jobs)
    figures, said = watched(root, "--keep", kept, "--", *command)
    core_seconds = (figures["own_cpu"] + figures["children_cpu"]) / students
    entries, _ = sizes_of(Place.of_file(root / "graded" / "gradebook.db"))
    estimate = sizes.table(
        sizes.sizes(root / "graded", students),
        core_seconds,
        sum(entries.values()) / students,
        batch_of_dask(),
    )
    other = f"{figures['peak_of_another'] / 1e6:.0f} MB"
    found = [
        Row(f"driver's memory, {students:,} simulated", *memory(figures)),
        Row("memory of the largest process beside it", other, "a grading process, or one in a sandbox"),
    ]
    if "memory" in wanted:
        found.append(memory_of_made(bench, kept))
    return Large(tuple(found), sizes.last_line(said), estimate)


def memory_of_made(bench: Bench, kept: Path) -> Row:
    """The driver's memory for a very large class, without a sandbox: results of others under new names."""
    count, root = bench.options.made, bench.root / "made"
    say(f"a class of {count} that is not run")
    folder = root / "class"
    folder.mkdir(parents=True)
    for number in range(count):
        (folder / f"student{number:06}.py").write_text(f"x = {number}\n", encoding="ascii")
    command = ("grade", NAME, folder, "--output", root / "graded", "--jobs", 1)
    figures, _ = watched(root, "--made", kept, "--", *command)
    return Row(f"driver's memory, {count:,} made results", *memory(figures))


def memory(figures: dict) -> tuple[str, str, str, bool]:
    size = figures["peak"] / 1e6
    return f"{size:.0f} MB", "VmHWM", f"{MEGABYTES} MB", size <= MEGABYTES


def watched(root: Path, *arguments: object) -> tuple[dict, str]:
    """A command in `scale/driver.py`: its figures, and what it said."""
    figures = root / "figures.json"
    command = [sys.executable, HERE / "scale" / "driver.py", figures, *arguments]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, cwd=root)
    if done.returncode != 0:
        sys.exit(f"the command failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return json.loads(figures.read_text(encoding="utf-8")), done.stdout


def batch_of_dask() -> int:
    """Submissions in one task of the scheduler, in a large class."""
    from grader.executors import batches

    return batches.MOST


# ------------------------------------------------------------------ the gradebook
def gradebook_rows(students: int) -> Iterator[Row]:
    """Part of ``bench_gradebook.py``, which measures more: first writes into SQLite and PostgreSQL."""
    import bench_gradebook as books

    lesson, seconds = assignment.load(NAME), {}
    with ExitStack() as stack:
        for name, opened in {"SQLite": books._sqlite, "PostgreSQL": books._postgresql}.items():
            say(f"gradebook: {name}")
            place, start = opened(stack)("class"), time.perf_counter()
            books.write(place, lesson, books.MadeClass(lesson, students))
            seconds[name] = time.perf_counter() - start
            entries, _ = books.sizes(place)
            speed = f"{students / seconds[name]:.0f} students a second"
            beside = f"{sum(entries.values()) / seconds[name]:.0f} rows a second"
            if name != "SQLite":
                beside += f"; SQLite took {seconds['SQLite'] / seconds[name]:.2f} of its time"
            yield Row(f"{name}, {students:,} made results", speed, beside)


# ------------------------------------------------------------------ where the time goes
def profile(bench: Bench) -> None:
    """The shares of a grading process's time, and the functions of its Python that take most."""
    students = bench.options.students
    for whose, root in (("right", bench.right()), ("simulated", bench.simulated(students))):
        command = (
            "grade",
            NAME,
            first(root, students),
            "--output",
            root / "profiled",
            "--jobs",
            1,
            "--fresh",
        )
        figures, _ = watched(root, "--shares", "--", *command)
        print(f"\n{students} submissions ({whose}), --jobs 1: {figures['seconds']:.1f} s")
        print(f"{'':50} {'ms a submission':>16} {'share':>7}")
        for phase, seconds in sorted(figures["shares"].items(), key=lambda pair: -pair[1]):
            print(f"{phase:50} {seconds / students * 1000:16.1f} {seconds / figures['seconds']:7.1%}")
        for whom in ("own_cpu", "children_cpu"):
            words = f"CPU time of {'this process' if whom == 'own_cpu' else 'all sandboxes'}"
            print(f"{words:50} {figures[whom] / students * 1000:16.1f}")
        if figures["missing"]:
            print(f"not found, and counted with the rest: {', '.join(figures['missing'])}")
        record = root / "profile"
        watched(root, "--profile", record, "--", *command)
        pstats.Stats(str(record)).strip_dirs().sort_stats("tottime").print_stats(20)


# ------------------------------------------------------------------ options
def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--students", type=int, default=200, help="of each class that is raced with")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--large", type=int, default=1000, help="students of the one class graded whole")
    parser.add_argument("--made", type=int, default=20_000, help="made results, for memory and gradebook")
    parser.add_argument("--only", type=lambda text: text.split(","), default=list(PARTS), metavar="PARTS")
    parser.add_argument("--profile", action="store_true", help="where the time goes, instead")
    parser.add_argument("--write", type=Path, metavar="PAGE.md", help="put the tables into this page, too")
    options = parser.parse_args()
    if unknown := set(options.only) - set(PARTS):
        parser.error(f"unknown: {', '.join(unknown)}; known: {', '.join(PARTS)}")
    if options.students < 4:
        parser.error("at least 4 students")
    return options


def main() -> None:
    options = arguments()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), options)
        if options.profile:
            profile(bench)
            return
        found = list(rows(bench))
        graded = large(bench) if {"large", "memory"} & set(options.only) else None
    found += graded.rows if graded else ()
    print(
        f"{options.students} submissions for {NAME} in each race, {options.rounds} rounds in turns, medians\n"
    )
    print(table.as_text(found))
    if graded:
        print(f"\n{graded.told}\n\n{graded.estimate}")
    if options.write:
        command = f"python tests/benchmarks/bench_scale.py {shlex.join(sys.argv[1:])}"
        where = table.where_and_when(command)
        table.write(options.write, "table", f"{where}\n\n{table.as_markdown(found)}")
        if graded:
            table.write(options.write, "estimate", f"`{graded.told}`\n\n{graded.estimate}")


if __name__ == "__main__":
    main()
