"""A run as it lies in its folder -> `ClassResult`: ``results.json``, and the pictures out of the journal."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from grader import journal, packing
from grader.errors import GraderError
from grader.recorded import Recorded
from grader.records import Assignment, ClassResult, RubricItem, SandboxReport, SubmissionResult
from grader.report import results_json
from grader.report.overview import Overview, of_submissions, slim
from grader.report.overview import overview as of_class

NAME = "results.json"
#: What the file does not have of a case.
_ELSEWHERE = {"picture": "", "printed": ""}


@dataclass(frozen=True)
class Job:
    """What a result was made of, as hashes; see `grader.fingerprint`."""

    key: str
    plan: str


@dataclass(frozen=True)
class Stored:
    """A run, and how much of it was found."""

    result: ClassResult
    jobs: Mapping[str, Job]  # by student, of those whom the journal has
    problem: str  # what is missing, one sentence; empty if nothing is


def read(graded: Path) -> ClassResult:
    """Read what a run wrote down; its submissions have no pictures, its assignment no folder.

    Raises
    ------
    GraderError
        There are no results in the folder `graded`, or they are damaged.
    """
    return _class_result(_found(graded), graded)


def read_whole(graded: Path) -> Stored:
    """The same with the pictures, as far as the journal has them."""
    found = _found(graded)
    result = _class_result(found, graded)
    overview = list(of_class(result).submissions)
    with journal.reading(graded / journal.NAME) as book:
        jobs = _in_journal(book, found, overview)
        from_journal = book.reader()

    def at(place: int) -> SubmissionResult:
        return from_journal(jobs[place].key) if place in jobs else result.submissions[place]

    without = [one.student for place, one in enumerate(overview) if place not in jobs]
    return Stored(
        replace(result, submissions=Recorded(at, Overview(overview))),
        {overview[place].student: job for place, job in jobs.items()},
        _problem(graded, without),
    )


def _found(graded: Path) -> results_json.Found:
    if not (graded / NAME).exists():
        raise GraderError(f"{graded} holds no {NAME}: name the --output of a roikit grade")
    return results_json.lazily(graded / NAME)


def _in_journal(
    book: journal.Journal, found: results_json.Found, overview: list[SubmissionResult]
) -> dict[int, Job]:
    """By place, the last job of the journal that came to the very result in ``results.json``; its result
    takes the place in the overview.
    """
    places = {one.student: place for place, one in enumerate(overview)}
    run = found.head["assignment"]["name"], found.head["seed"]
    jobs = {}
    for job in book.jobs():
        if (job["assignment"], job["seed"]) == run and job["student"] in places:
            try:
                result = packing.unpack(job["result"])
            except packing.NoResult:
                continue
            place = places[job["student"]]
            if results_json.submission_as_dict(result) == found.submissions[place]:
                jobs[place], overview[place] = Job(job["key"], sys.intern(job["plan"])), slim(result)
    return jobs


def _problem(graded: Path, without: list[str]) -> str:
    if not without:
        return ""
    some = ", ".join(without[:5]) + (", ..." if len(without) > 5 else "")
    has = f"the journal does not have what {NAME} has"
    if not (graded / journal.NAME).exists():
        has = f"there is no {journal.NAME} in {graded}"
    return f"Without pictures, as {has}: {len(without)} of the students ({some})"


# ------------------------------------------------------------------ mappings to records
def _class_result(found: results_json.Found, graded: Path) -> ClassResult:
    """The submissions are checked here, and read anew when they are asked for."""
    try:
        head = found.head
        told = {
            "sandbox": {"rung": head["sandbox"]["rung"], "missing": head["sandbox"]["missing"]},
            **{name: head[name] for name in ("seed", "started", "finished", "roikit_version", "complete")},
        }
        kinds = {
            "sandbox": SandboxReport, "seed": int, "started": str, "finished": str, "roikit_version": str,
            "complete": bool,
        }  # fmt: skip
        fields = {name: packing.from_plain(kind, told[name]) for name, kind in kinds.items()}
        overview = of_submissions(map(_submission, found.submissions))
        submissions = Recorded(lambda place: _submission(found.submissions[place]), overview)
        return ClassResult(assignment=_assignment(head["assignment"]), submissions=submissions, **fields)
    except (packing.NoResult, KeyError, TypeError, AttributeError) as problem:
        raise GraderError(f"{graded / NAME} is damaged ({problem}): grade the class again") from None


def _submission(entry: Mapping[str, Any]) -> SubmissionResult:
    return packing.from_plain(SubmissionResult, _plain(entry))


def _assignment(found: Mapping[str, Any]) -> Assignment:
    kinds = {
        "name": str, "title": str, "functions": tuple[str, ...], "rubric": tuple[RubricItem, ...],
        "manual": tuple[RubricItem, ...],
    }  # fmt: skip
    fields = {name: packing.from_plain(kind, found[name]) for name, kind in kinds.items()}
    limits = {name: packing.from_plain(float, value) for name, value in found["limits"].items()}
    return Assignment(folder=Path(fields["name"]), limits=limits, **fields)


def _plain(entry: Mapping[str, Any]) -> dict[str, Any]:
    """One submission as `packing.from_plain` wants it."""
    diagnosis = entry["diagnosis"]
    return {
        **entry,
        "items": [
            {**item, "cases": [_ELSEWHERE | case | {"rubric": item["id"]} for case in item["cases"]]}
            for item in entry["items"]
        ],
        "diagnosis": {**diagnosis, "findings": [_finding(finding) for finding in diagnosis["findings"]]},
    }


def _finding(found: Mapping[str, Any]) -> dict[str, Any]:
    idea = {"name": found["idea"], **{name: found[name] for name in ("kind", "sentence", "section")}}
    rest = ("functions", "agreeing", "against", "confidence", "cases")
    return {"idea": idea, **{name: found[name] for name in rest}}
