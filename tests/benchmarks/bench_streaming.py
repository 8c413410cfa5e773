"""How much memory a large class costs the driver: a journal of made results, taken up and written.

    python tests/benchmarks/bench_streaming.py [--students N] [--report] [--traced]

No sandbox and no student's code is in it: a journal is filled with results whose texts and pictures are all
different, and the same process takes them up and writes results.json and scores.csv (with --report the
pages too). A line of JSON tells the peak: of the process (rss), and with --traced of what Python holds while
it takes up.
"""

import argparse
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
import tracemalloc
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from grader import assignment as assignments
from grader import journal
from grader.intake import collect
from grader.pipeline import Plan
from grader.recorder import Recorder
from grader.records import (
    CaseResult,
    ClassResult,
    Diagnosis,
    Finding,
    Idea,
    ItemResult,
    Signature,
    SubmissionResult,
)
from grader.report import results_json, scores_csv, summary
from grader.report.overview import overview
from grader.sandbox import Rung

NAME = "roi_pool"
CASES = 4  # of each rubric item


@cache
def plan():
    return Plan(assignments.load(NAME), Rung("bubblewrap"), 5)


# ------------------------------------------------------------------ a class that nobody graded
def fill(folder: Path, students: int) -> None:
    """Write hand-ins into ``folder/class``, and of each a finished job into ``folder/out/journal.jsonl``."""
    (folder / "class").mkdir(parents=True)
    (folder / "out").mkdir()
    for number in range(students):
        (folder / "class" / f"student{number:06}.py").write_text(f"x = {number}\n")
    with _handed_in(folder) as hand_ins, _journal(folder) as book, _unsynced():
        recorder = Recorder(book, plan())
        for number, hand_in in enumerate(hand_ins):
            submission = hand_in.read()
            recorder.add(recorder.key(submission), made(submission, number))


def made(submission, number):
    """A result that is wrong in every third case, with texts and pictures that no other student has."""
    chance = random.Random(number)
    items = tuple(_item(item, chance) for item in plan().assignment.rubric)
    told = Diagnosis(
        (Finding(IDEA, ("roi_pool",), chance.randrange(40), 0, 1.0, ("test_0",)),), ("bin_edges",),
        (Signature("bin_edges", f"{chance.getrandbits(256):064x}", 4, False),),
    )  # fmt: skip
    most = sum(item.max_score for item in items)
    score = sum(item.score for item in items)
    marks = "wrong", score, most, items, ("cell 9 was left out",), chance.random(), told
    return SubmissionResult(submission.student, submission.path, *marks)


IDEA = Idea("a", "misconception", "The box was not scaled to the map.", "Step 1")


def _item(item, chance):
    cases = tuple(_case(item, place, chance) for place in range(CASES))
    sentence = next((case.sentence for case in cases if case.sentence), "")
    score = sum(case.score for case in cases)
    outcome = "wrong" if sentence else "correct"
    return ItemResult(item.id, item.title, outcome, score, item.max_score, sentence, cases)


def _case(item, place, chance):
    points, idea = item.max_score / CASES, f"{item.title}: every cell of the map counts, number {place}."
    visibility = "public" if place == 0 else "hidden"
    head = f"test_{place}", item.id, idea, visibility
    if chance.randrange(3):
        return CaseResult(*head, "correct", points, points, seconds=chance.random())
    sentence = f"RoI {chance.randrange(99)}: expected {chance.random()}, got {chance.random()}"
    return CaseResult(
        *head, "wrong", 0.0, points, sentence, _picture(chance), f"line {sentence}\n" * 20, "printed\n" * 9,
        chance.random(),
    )  # fmt: skip


def _picture(chance):
    cells = (f'<rect x="{n}" y="{chance.random():.3f}" fill="#eee"/>' for n in range(150))
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(cells)}</svg>'


@contextmanager
def _unsynced():
    """Nobody needs these lines on a disk."""
    sync, os.fsync = os.fsync, lambda fd: None
    try:
        yield
    finally:
        os.fsync = sync


def _handed_in(folder):
    return collect.hand_ins(folder / "class", NAME, lesson=plan().assignment)


def _journal(folder):
    return journal.opened(folder / "out" / journal.NAME)


# ------------------------------------------------------------------ what it costs
def take_up(folder: Path, report: bool) -> None:
    """What ``roikit grade`` does when all is finished: everything but to grade."""
    out = folder / "out"
    with _handed_in(folder) as hand_ins, _journal(folder) as book:
        recorder = Recorder(book, plan())
        found = recorder.finished(hand_ins)
        assert len(found) == len(hand_ins)
        submissions = recorder.recorded(list(found.values()))
        result = ClassResult(plan().assignment, submissions, plan().sandbox, 5, "", "", "0")
        summary.summarize(overview(result))
        results_json.write(result, out / "results.json")
        scores_csv.write(result, out / "scores.csv")
        if report:
            from grader.report import html

            html.write(result, out / "report")


def measured(students: int, *options: str) -> dict:
    """Fill a class's journal and take it up, in a process of its own: its peak, and how long that took."""
    command = [sys.executable, __file__, "--students", str(students), *options]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def growth(fewer: int, more: int) -> float:
    """Bytes by which the peak of Python's memory grows for each student more."""
    peaks = [measured(students, "--traced")["traced_mb"] for students in (fewer, more)]
    return (peaks[1] - peaks[0]) * 1e6 / (more - fewer)


def _peaks(folder, students, report, traced):
    fill(folder, students)
    size = (folder / "out" / journal.NAME).stat().st_size
    if traced:
        tracemalloc.start()
    start = time.perf_counter()
    take_up(folder, report)
    told = {"students": students, "journal_mb": round(size / 1e6), "rss_mb": round(_most_resident() / 1e6, 1)}
    if traced:
        told["traced_mb"] = round(tracemalloc.get_traced_memory()[1] / 1e6, 3)
    return {**told, "seconds": round(time.perf_counter() - start, 1)}


def _most_resident():
    """Bytes; where the system tells, since this program began, not those of the one that started it."""
    status = Path("/proc/self/status")
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text()) if status.exists() else None
    return 1024 * (int(found[1]) if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--students", type=int, default=20_000)
    parser.add_argument("--report", action="store_true", help="write the students' pages too")
    parser.add_argument("--traced", action="store_true", help="slower: tell Python's own memory as well")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="roikit-streaming-") as folder:
        print(json.dumps(_peaks(Path(folder), options.students, options.report, options.traced)))


if __name__ == "__main__":
    main()
