"""``roikit grade``, step by step: find hand-ins, take up what is finished, grade the rest, print, write."""

from __future__ import annotations

import dataclasses
import secrets
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader import interrupts
from grader.errors import GraderError
from grader.progress import progress

if TYPE_CHECKING:
    from rich.console import Console

    from grader.cache import Results
    from grader.executors import Where
    from grader.intake.collect import HandIn
    from grader.journal import Journal
    from grader.pipeline import Plan
    from grader.recorder import Recorder
    from grader.records import Assignment, ClassResult, Submission, SubmissionResult
    from grader.sandbox import Rung


@dataclass(frozen=True)
class Order:
    """What was asked for."""

    assignment: str
    submissions: Path
    output: Path
    rung: Rung
    database: Path | None = None  # of nbgrader
    jobs: int | None = None
    seed: int | None = None  # None: the journal's, or a new one
    is_fresh: bool = False  # whatever the journal holds is graded again
    junit: Path | None = None  # a file for CI
    before: ClassResult | None = None  # of an earlier run: what is another now is said before it is written
    dask: str | None = None  # the address of a cluster that grades instead of this machine
    cache: Path | None = None  # a folder of known results, instead of the course's
    is_cached: bool = True  # known results are looked up, where there is a folder for them


def grade_class(console: Console, order: Order) -> ClassResult | None:
    """Grade one assignment of one class into one folder; None when something could not be written there.

    The first Ctrl-C (SIGTERM, SIGHUP) ends the grading, not the writing of what was graded; the second does.
    """
    from grader import journal

    with interrupts.listening(), handed_in(order.assignment, order.submissions) as (found, hand_ins):
        _try_to_write(order, found)
        with journal.opened(order.output / journal.NAME) as book, interrupts.allowing(1):
            return _grade(console, order, _plan(order, found, book), hand_ins, book)


@contextmanager
def handed_in(assignment: str, submissions: Path) -> Iterator[tuple[Assignment, Sequence[HandIn]]]:
    """Load an assignment, and find what was handed in for it."""
    from grader.assignment import load
    from grader.intake import collect
    from grader.sandbox import Limits

    found = load(assignment)
    with collect.hand_ins(submissions, found.name, Limits.from_mapping(found.limits), found) as hand_ins:
        yield found, hand_ins


def _try_to_write(order: Order, assignment: Assignment) -> None:
    """What cannot be written is found out before the work whose results go there."""
    from grader.report import files

    output, submissions = order.output.resolve(), order.submissions.resolve()
    if submissions.is_dir() and (output == submissions or submissions in output.parents):
        raise GraderError(
            f"{order.output} lies inside of the submissions, where a student may have put results: "
            "choose another --output"
        )
    for folder in (order.output, order.output / "report"):
        files.make_writable(folder)
    if order.database is not None:
        from grader.nbgrader_bridge import check_gradebook

        check_gradebook(assignment, order.database)


def _plan(order: Order, assignment: Assignment, book: Journal) -> Plan:
    """With the seed that was asked for, else the course's, else the one of the run before, else a new one."""
    from grader import course
    from grader.pipeline import Plan

    seed = order.seed
    home = course.around(order.output)
    if seed is None and course.is_course(home):
        seed = course.seed(home)
    elif seed is None and not order.is_fresh:
        seed = book.seed(assignment.name)
    return Plan(assignment, order.rung, secrets.randbits(63) if seed is None else seed)


def _grade(
    console: Console, order: Order, plan: Plan, hand_ins: Sequence[HandIn], book: Journal
) -> ClassResult | None:
    from grader.recorder import Recorder
    from grader.report import files, terminal
    from grader.report.changes import between
    from grader.report.overview import overview
    from grader.report.terminal_changes import print_changes

    for folder in ("", "report", "report/class", "report/students", "report/feedback"):
        files.remove_unfinished(order.output / folder)
    recorder = Recorder(book, plan)
    others = others_of_class(order, plan, hand_ins, recorder)
    tell_before(console, order, plan)
    result = others.joined_by(_grade_the_rest(console, order, plan, hand_ins, recorder, others))
    terminal.print_class(result, console)
    if order.before is not None:
        print_changes(between(order.before, overview(result)), console)
    if recorder.problem is not None:
        _say(console, f"The grading had to stop: {reason(recorder.problem)}", "bold red")
    is_written = _write_all(console, order, result)
    _tell_how_to_go_on(console, order, result)
    return result if is_written else None


def _grade_the_rest(
    console: Console,
    order: Order,
    plan: Plan,
    hand_ins: Sequence[HandIn],
    recorder: Recorder,
    others: Others,
) -> ClassResult:
    """What the journal or the cache has is taken from there."""
    from grader import pipeline
    from grader.cache import of_run

    known = of_run(order, plan, lambda sentence: _say(console, sentence, "bold red"))
    finished = taken_up(console, order, plan, hand_ins, recorder, known)
    if order.is_fresh and not others.submissions:
        recorder.forget()
    with progress(console, len(hand_ins) - len(finished)) as tick:
        result = pipeline.grade_class(
            plan, hand_ins,
            jobs=where(console, order), finished=finished, recorder=recorder, known=known, progress=tick,
        )  # fmt: skip
    if known.problem:
        _say(console, known.problem, "bold red")
    return result


def where(console: Console, order: Order) -> Where:
    """On this machine, or on a cluster: which of its workers take no part is said as it is found."""
    from grader.executors import Dask, usable_cores

    if order.dask is None:
        return order.jobs or usable_cores()
    return Dask(order.dask, lambda sentence: _say(console, sentence, "bold red"))


def taken_up(
    console: Console,
    order: Order,
    plan: Plan,
    hand_ins: Sequence[HandIn],
    recorder: Recorder,
    known: Results | None = None,
) -> dict[int, str]:
    """The keys of what is finished, by the hand-in's place.

    The tests are tried where somebody is still to be graded.
    """
    from grader import rehearsal

    with interrupts.allowing(0):
        finished = {} if order.is_fresh else recorder.finished(hand_ins)

        def take(place: int, submission: Submission, result: SubmissionResult) -> None:
            with interrupts.uninterrupted():
                key = finished[place] = recorder.key(submission)
                recorder.add(key, result)

        if known is not None:
            known.look_up([one for one in range(len(hand_ins)) if one not in finished], hand_ins, take)
        left = len(hand_ins) - len(finished)
        _tell_finished(console, recorder, len(finished), left)
        if left:
            with console.status("trying the tests on the solution"):
                rehearsal.rehearse(plan)
    return finished


# ------------------------------------------------------------------ one hand-in of a class
@dataclass(frozen=True)
class Others:
    """Those who are in the results already and are not handed in now."""

    submissions: Sequence[SubmissionResult] = ()
    complete: bool = True

    def joined_by(self, result: ClassResult) -> ClassResult:
        from grader.recorded import joined

        if not self.submissions:
            return result
        together = joined([self.submissions, result.submissions])
        complete = self.complete and result.complete
        return dataclasses.replace(result, submissions=together, complete=complete)


def others_of_class(order: Order, plan: Plan, hand_ins: Sequence[HandIn], recorder: Recorder) -> Others:
    """Where a single file is graded into the results of its class, the others stay in them."""
    from grader.intake.extract import shown
    from grader.intake.names import SOURCES, split
    from grader.report import results_json

    results = order.output / "results.json"
    is_one = order.submissions.is_file() and split(order.submissions.name)[1] in SOURCES
    if not is_one or not results.exists():
        return Others()
    before = results_json.lazily(results)
    try:
        if before.head["assignment"]["name"] != plan.assignment.name:
            return Others()
        known = {entry["student"] for entry in before.submissions}
        if not all(isinstance(student, str) for student in known):
            raise TypeError
        complete = before.head["complete"] is True
    except (KeyError, TypeError):
        raise GraderError(f"{results} is damaged: grade the whole class") from None
    one = hand_ins[0].student
    if one not in known:
        raise GraderError(
            f"{results} has no student {shown(one)}: grade the whole class, or choose another --output"
        )
    others = known - {one}
    kept = [key for key in map(recorder.of_student, sorted(others)) if key]
    if len(kept) < len(others):
        raise GraderError(
            f"{results} holds {len(others) - len(kept)} students whose tests, limits or seed were others: "
            "grade the whole class, or choose another --output"
        )
    return Others(recorder.recorded(kept), complete)


# ------------------------------------------------------------------ what is said
def program() -> list[str]:
    """How ``roikit`` is called here."""
    return ["roikit"] if shutil.which("roikit") else [sys.executable, "-m", "grader.cli"]


def tell_before(console: Console, order: Order, plan: Plan) -> None:
    """What is graded, and what an instructor may want to stop for."""
    from grader.intake.collect import folders_without
    from grader.report.terminal import missing_walls

    console.rule(plan.assignment.title, align="left", style="dim")
    if not plan.sandbox.is_full:
        _say(console, missing_walls(plan.sandbox), "bold red")
    without = folders_without(order.submissions, plan.assignment.name)
    if without:
        some = ", ".join(map(_plain, without[:5])) + (", ..." if len(without) > 5 else "")
        text = f"No {plan.assignment.name} in {len(without)} of the folders: {some}"
        console.print(text, style="dim", highlight=False)


def _tell_finished(console: Console, recorder: Recorder, finished: int, left: int) -> None:
    if recorder.damaged:
        what = "line is" if recorder.damaged == 1 else "lines are"
        text = f"{recorder.path}: {recorder.damaged} {what} damaged; what is missing is graded again."
        _say(console, text, "bold red")
    if finished:
        _say(console, f"{finished} of {finished + left} already graded, {left} to do", "dim")


def _tell_how_to_go_on(console: Console, order: Order, result: ClassResult) -> None:
    """The command that grades the rest, or repeats the run."""
    from grader import course

    words = [*program(), "grade", order.assignment, str(order.submissions), "--output", str(order.output)]
    if order.rung.name in ("reduced", "none"):
        words.append(f"--sandbox={order.rung.name}")
    if order.database is None:
        words.append("--no-gradebook")
    if order.dask is not None:
        words.append(f"--dask={order.dask}")
    if order.cache is not None:
        words.append(f"--cache={order.cache}")
    if order.junit is not None:
        words.append(f"--junit={order.junit}")
    if not course.is_course(course.around(order.output)):  # which has a seed of its own, and a secret one
        words.append(f"--seed={result.seed}")
    _say(console, f"{'Again' if result.complete else 'Go on'}: {shlex.join(words)}\n", "dim")


def _plain(name: str) -> str:
    from rich.markup import escape

    from grader.sandbox.text import clean_line

    return escape(clean_line(name, 40))


def _say(console: Console, text: str, style: str = "") -> None:
    from grader.sandbox.text import clean

    console.print(clean(text, len(text)), style=style, markup=False, highlight=False, soft_wrap=True)


# ------------------------------------------------------------------ what is written
def _write_all(console: Console, order: Order, result: ClassResult) -> bool:
    """Write all that can be written, say where it is and what could not be; whether it is everything."""
    from grader.report import html, junit, results_json, scores_csv

    steps: dict[str, Callable[[], Path]] = {
        "Results": lambda: results_json.write(result, order.output / "results.json"),
        "Scores": lambda: scores_csv.write(result, order.output / "scores.csv"),
        "Report": lambda: html.write(result, order.output / "report"),
    }
    if order.database is not None:
        steps["Gradebook"] = lambda: _write_gradebook(console, order, result)
    if order.junit is not None:
        steps["JUnit XML"] = lambda: junit.write(result, order.junit)
    failures = 0
    for what, write in steps.items():
        try:
            _say(console, f"{what}: {write()}")
        except (GraderError, OSError) as problem:
            _say(console, f"{what} not written: {reason(problem)}", "bold red")
            failures += 1
    return not failures


def _write_gradebook(console: Console, order: Order, result: ClassResult) -> Path:
    from grader.nbgrader_bridge import write_gradebook

    with console.status("writing gradebook.db"):
        return write_gradebook(result, order.database, order.submissions)


def reason(problem: Exception) -> str:
    """One sentence; of the operating system's errors the file and what is the matter with it."""
    if isinstance(problem, OSError) and problem.strerror:
        return f"{problem.filename}: {problem.strerror}" if problem.filename else problem.strerror
    return str(problem)
