"""How soon a notebook's check answers: ``python tests/benchmarks/bench_check.py [ASSIGNMENT ...]``.

For every rubric item with public cases: the right solution, each idea of the bank that fails them, and some
pairs. Told are the slowest answer (what differs, and where) and the time until the idea is told, median and
slowest, in a process that has checked nothing yet (cold), as a notebook's kernel after its first cells, and
once more in the same one (warm).
"""

from __future__ import annotations

import itertools
import multiprocessing
import statistics
import sys
import time

from grader import assignment, cases, diagnosis, selfcheck

#: Pairs of an item that are tried.
PAIRS = 5


def timed(name: str, rubric: str, ideas: tuple[str, ...]) -> list[tuple[float, float, bool]]:
    """(until the answer, until the idea, is one told) of the first and the second check in this process."""
    lesson = assignment.load(name)
    box = diagnosis.load(lesson).candidate(*ideas)
    found = []
    for _ in range(2):
        start = time.perf_counter()
        check = selfcheck.of_folder(lesson.folder, box, rubric)
        answered = time.perf_counter()
        told = check.diagnosis()
        found.append((answered - start, time.perf_counter() - start, bool(told.findings)))
    return found


def failing(name: str) -> dict[str, list[tuple[str, ...]]]:
    """What is tried for each rubric item: nothing (a right solution), the ideas that fail it, some pairs."""
    lesson = assignment.load(name)
    bank = diagnosis.load(lesson)

    def tried(attempts: cases.Attempts) -> dict[str, list[tuple[str, ...]]]:
        failed: dict[str, list[tuple[str, ...]]] = {a.case.rubric: [()] for a in attempts(bank.candidate())}
        for idea in bank.ideas:
            wrong = {a.case.rubric for a in attempts(bank.candidate(idea.name)) if a.raised is not None}
            for rubric in sorted(wrong):
                failed[rubric].append((idea.name,))
        for found in failed.values():
            pairs = (one + other for one, other in itertools.combinations(found[1:], 2))
            found += itertools.islice((pair for pair in pairs if bank.can_combine(pair)), PAIRS)
        return failed

    return cases.with_attempts(lesson, 0, tried, visibility="public")


def main(names: list[str]) -> None:
    heads = ("assignment", "item", "tried", "answer: cold", "warm", "idea: cold", "warm", "told")
    row = "{:11}{:17}{:>6}{:>14}{:>7}{:>15}{:>14}{:>8}".format
    print(row(*heads))
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        for name in names or assignment.names():
            for rubric, wrong in failing(name).items():
                runs = pool.starmap(timed, [(name, rubric, ideas) for ideas in wrong], chunksize=1)
                answers = [f"{max(run[turn][0] for run in runs):.2f}" for turn in (0, 1)]
                until = [[run[turn][1] for run in runs[1:]] for turn in (0, 1)]
                ideas = [f"{statistics.median(times):.2f} ≤{max(times):5.2f}" for times in until]
                told = f"{sum(run[0][2] for run in runs)}/{len(runs) - 1}"
                print(row(name, rubric, len(runs), *answers, *ideas, told), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
