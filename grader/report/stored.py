"""A run as it lies in its folder -> `ClassResult`: ``results.json``, and the pictures out of the journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from grader import journal, packing
from grader.errors import GraderError
from grader.records import Assignment, ClassResult, RubricItem, SandboxReport, SubmissionResult
from grader.report import results_json

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
    with journal.reading(graded / journal.NAME) as book:
        whole = _in_journal(book, found)
    submissions = (whole[one.student][0] if one.student in whole else one for one in result.submissions)
    without = [one.student for one in result.submissions if one.student not in whole]
    return Stored(
        replace(result, submissions=tuple(submissions)),
        {student: job for student, (_, job) in whole.items()},
        _problem(graded, without),
    )


def _found(graded: Path) -> dict[str, Any]:
    if not (graded / NAME).exists():
        raise GraderError(f"{graded} holds no {NAME}: name the --output of a roikit grade")
    return results_json.read(graded / NAME)


def _in_journal(book: journal.Journal, found: Mapping[str, Any]) -> dict[str, tuple[SubmissionResult, Job]]:
    """By student, the last job of the journal that came to the very result in ``results.json``."""
    wanted = {entry["student"]: entry for entry in found["submissions"]}
    run = found["assignment"]["name"], found["seed"]
    whole = {}
    for job in book.jobs():
        if (job["assignment"], job["seed"]) == run and job["student"] in wanted:
            try:
                result = packing.unpack(job["result"])
            except packing.NoResult:
                continue
            if results_json.submission_as_dict(result) == wanted[result.student]:
                whole[result.student] = result, Job(job["key"], job["plan"])
    return whole


def _problem(graded: Path, without: list[str]) -> str:
    if not without:
        return ""
    some = ", ".join(without[:5]) + (", ..." if len(without) > 5 else "")
    has = f"the journal does not have what {NAME} has"
    if not (graded / journal.NAME).exists():
        has = f"there is no {journal.NAME} in {graded}"
    return f"Without pictures, as {has}: {len(without)} of the students ({some})"


# ------------------------------------------------------------------ mappings to records
def _class_result(found: Mapping[str, Any], graded: Path) -> ClassResult:
    try:
        sandbox = found["sandbox"]
        told = {
            "sandbox": {"rung": sandbox["rung"], "missing": sandbox["missing"]},
            "submissions": [_plain(entry) for entry in found["submissions"]],
            **{name: found[name] for name in ("seed", "started", "finished", "roikit_version", "complete")},
        }
        kinds = {
            "sandbox": SandboxReport, "submissions": tuple[SubmissionResult, ...], "seed": int,
            "started": str, "finished": str, "roikit_version": str, "complete": bool,
        }  # fmt: skip
        fields = {name: packing.from_plain(kind, told[name]) for name, kind in kinds.items()}
        return ClassResult(assignment=_assignment(found["assignment"]), **fields)
    except (packing.NoResult, KeyError, TypeError, AttributeError) as problem:
        raise GraderError(f"{graded / NAME} is damaged ({problem}): grade the class again") from None


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
