"""How often the diagnosis names what is wrong: on programs written apart from the bank, and on mutants.

    make bench    (or: python tests/benchmarks/bench_diagnosis.py [--assignment NAME] [--verbose] [--local])

Each program is graded as a hand-in. Its header (or the operator that made it) says what is wrong with it;
*named right* are exactly these ideas, *in part* only some of them and no other, *wrong* any other. Behaviours
are no names. A program with a fault that no idea describes is named right by silence.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from unittest import mock

import diagnosis_mutants
import numpy as np
from diagnosis_programs import ASSIGNMENTS, Program, load

from grader import assignment, cases
from grader.diagnosis import Diagnoser
from grader.examiner import Examiner
from grader.pipeline import Plan
from grader.records import Assignment, Diagnosis
from grader.sandbox import choose_rung
from grader.student import LocalBox

VERDICTS = ("right", "in part", "wrong", "not named")
MIN_RIGHT, MAX_WRONG = 0.90, 0.01
#: Grades programs and returns, for each, whether any case was lost, and the diagnosis.
Graded = list[tuple[bool, Diagnosis]]
Grade = Callable[[Assignment, Sequence[Program], int], Graded]


# ------------------------------------------------------------------ grading
def in_the_sandbox(lesson: Assignment, programs: Sequence[Program], seed: int) -> Graded:
    """Through the pipeline, as a class is graded."""
    graded: Graded = []
    jobs = enumerate(program.submission for program in programs)
    plan = Plan(lesson, choose_rung("auto"), seed)
    plan.serve(jobs, lambda _, result: graded.append((result.outcome != "correct", result.diagnosis)), 0)
    return graded


def in_this_process(lesson: Assignment, programs: Sequence[Program], seed: int) -> Graded:
    """Without walls: faster, for programs that one trusts."""

    def body(attempts: cases.Attempts) -> Graded:
        examiner = Examiner(lesson, attempts, seed)
        results = [examiner.run(LocalBox.from_source(program.source)) for program in programs]
        return [(any(case.outcome != "correct" for case in found), said) for found, said in results]

    return cases.with_attempts(lesson, seed, body)


@contextmanager
def timed() -> Iterator[list[float]]:
    """The seconds of each diagnosis made meanwhile."""
    seconds: list[float] = []
    diagnose = Diagnoser.diagnose

    def measured(self: Diagnoser, *arguments: object) -> Diagnosis:
        start = time.perf_counter()
        try:
            return diagnose(self, *arguments)
        finally:
            seconds.append(time.perf_counter() - start)

    with mock.patch.object(Diagnoser, "diagnose", measured):
        yield seconds


# ------------------------------------------------------------------ judging
def names(diagnosis: Diagnosis) -> frozenset[str]:
    """The ideas that were named."""
    return frozenset(f.idea.name for f in diagnosis.findings if f.idea.kind != "behaviour")


def verdict(program: Program, diagnosis: Diagnosis) -> str:
    said = names(diagnosis)
    if said in program.labels:
        return "right"
    if not said:
        return "not named"
    return "in part" if any(said < label for label in program.labels) else "wrong"


def described(program: Program, diagnosis: Diagnosis) -> str:
    """For --verbose: the truth, and what was said."""
    truth = " | ".join(" + ".join(sorted(label)) or "none" for label in program.labels)
    said = [f"{f.idea.name} ({', '.join(f.functions)}; {f.confidence:.2f})" for f in diagnosis.findings]
    rest = f"; unexplained: {', '.join(diagnosis.unexplained)}" if diagnosis.unexplained else ""
    problem = f"; problem: {diagnosis.problem}" if diagnosis.problem else ""
    return f"{program.name}: {truth}\n      said: {'; '.join(said) or 'nothing'}{rest}{problem}"


class Tally:
    """What came of one kind of programs."""

    def __init__(self, lesson: str, kind: str, programs: Sequence[Program], graded: Graded) -> None:
        pairs = [(p, said) for p, (is_wrong, said) in zip(programs, graded, strict=True) if is_wrong]
        # Mutants that all cases pass are not wrong.
        self.lesson, self.kind, self.programs = lesson, kind, len(pairs)
        self.verdicts = Counter(verdict(program, said) for program, said in pairs)
        self.missed = [
            f"  {verdict(program, said):9} {described(program, said)}"
            for program, said in pairs
            if verdict(program, said) != "right"
        ]

    @property
    def row(self) -> str:
        counts = "".join(f"{self.verdicts[name]:>7}{self.share(name):>7.1%}" for name in VERDICTS)
        return f"{self.lesson:10} {self.kind:8} {self.programs:8} {counts}"

    def share(self, name: str) -> float:
        return self.verdicts[name] / self.programs if self.programs else 0.0


def total(tallies: Sequence[Tally], kind: str = "") -> Tally:
    """All of them as one."""
    whole = Tally("all", kind, [], [])
    for tally in tallies:
        whole.programs += tally.programs
        whole.verdicts += tally.verdicts
    return whole


# ------------------------------------------------------------------ the benchmark
def measure(name: str, grade: Grade, options: argparse.Namespace) -> tuple[list[Tally], int, int, str]:
    """Of one assignment: tallies, the number of right programs and of those named, and random mutants."""
    lesson, rng = assignment.load(name), np.random.default_rng(options.seed)
    kinds = {
        "written": load(name, "wrong"),
        "held_out": load(name, "held_out"),
        "mutants": diagnosis_mutants.labelled(name, rng),
    }
    tallies = [Tally(name, kind, these, grade(lesson, these, options.seed)) for kind, these in kinds.items()]
    right = load(name, "right")
    named = [(p, said) for p, (_, said) in zip(right, grade(lesson, right, options.seed), strict=True)]
    named = [(program, said) for program, said in named if said.findings]
    for program, said in named:
        print(f"a right solution was named: {described(program, said)}")
    mutants = list(diagnosis_mutants.at_random(name, rng, options.random))
    wrong = [said for is_wrong, said in grade(lesson, mutants, options.seed) if is_wrong]
    known = sum(bool(names(said)) for said in wrong)
    seen = sum(bool(said.findings) and not names(said) for said in wrong)
    at_random = (
        f"{name:10} {len(mutants)} changes at random: {len(wrong)} wrong, "
        f"{known} named, {seen} with a behaviour, {len(wrong) - known - seen} silent"
    )
    return tallies, len(right), len(named), at_random


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--assignment", choices=ASSIGNMENTS, help="only this one")
    parser.add_argument("--local", action="store_true", help="in this process, without a sandbox")
    parser.add_argument("--verbose", action="store_true", help="list what was not named right")
    parser.add_argument("--random", type=int, default=40, metavar="N", help="random mutants an assignment")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chosen = [options.assignment] if options.assignment else ASSIGNMENTS
    with timed() as seconds:
        grade = in_this_process if options.local else in_the_sandbox
        results = [measure(name, grade, options) for name in chosen]
    tallies = [tally for found, *_ in results for tally in found]
    print(f"{'':10} {'':8} {'programs':>8} " + "".join(f"{name:>14}" for name in VERDICTS))
    for tally in tallies:
        print(tally.row, *(tally.missed if options.verbose else ()), sep="\n")
    held_out, whole = total([t for t in tallies if t.kind == "held_out"], "held_out"), total(tallies)
    right, named = sum(found[1] for found in results), sum(found[2] for found in results)
    print(held_out.row, whole.row, "", f"right solutions named: {named} of {right}", sep="\n")
    print(*(at_random for *_, at_random in results), sep="\n")
    if seconds:
        mean, median, worst = (of(seconds) * 1000 for of in (statistics.fmean, statistics.median, max))
        times = f"mean {mean:.0f} ms, median {median:.0f} ms, worst {worst:.0f} ms"
        print(f"extra time of a diagnosis: {times}, {len(seconds)} made")
    is_met = whole.share("right") >= MIN_RIGHT and whole.share("wrong") <= MAX_WRONG and not named
    if not is_met:
        print(f"missed: {MIN_RIGHT:.0%} named right, at most {MAX_WRONG:.0%} wrong, no right solution named")
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
