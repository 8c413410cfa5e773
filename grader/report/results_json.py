"""``results.json``: everything of a run but the pictures, for programs; see ``results.schema.json``.

Strict JSON: no NaN, no infinity, no lone surrogate. ``score`` is null where something was not graded; null is
never a zero.
"""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

from grader.errors import GraderError
from grader.records import (
    CaseResult,
    ClassResult,
    Diagnosis,
    Finding,
    ItemResult,
    RubricItem,
    SubmissionResult,
)
from grader.report.files import write_whole
from grader.report.summary import SENTENCE_LIMIT, TRACEBACK_LIMIT
from grader.sandbox.text import clean

SCHEMA = "roikit-results"
VERSION = 1


def write(result: ClassResult, path: str | Path) -> Path:
    """Write `result` to `path` as JSON, whole or not at all, and return the path.

    Raises
    ------
    GraderError
        A number of ours is NaN or infinite: better no file than one that other programs read differently.
    """
    try:
        text = json.dumps(as_dict(result), indent=1, ensure_ascii=False, allow_nan=False)
    except ValueError as error:
        name = Path(path).name
        raise GraderError(f"{name} is not written: a score or a time is not a finite number") from error
    return write_whole(Path(path), text + "\n")


def read(path: str | Path) -> dict[str, Any]:
    """Read what `write` wrote: a mapping with the names of the records.

    Raises
    ------
    GraderError
        No such file, not JSON, not ours, or of a version that this roikit does not know.
    """
    name = Path(path).name
    try:
        found = json.loads(Path(path).read_text(encoding="utf-8"), parse_constant=_refuse)
    except OSError as error:
        raise GraderError(f"{name} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise GraderError(f"{name} is not strict JSON: {error}") from error
    if not isinstance(found, dict) or found.get("schema") != SCHEMA:
        raise GraderError(f'{name} is not a result of roikit: it has no "schema": "{SCHEMA}"')
    if found.get("version") != VERSION:
        raise GraderError(f"{name} has version {found.get('version')!r}; this roikit reads version {VERSION}")
    return found


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON number")


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) that every ``results.json`` follows."""
    text = resources.files("grader.report").joinpath("results.schema.json").read_text(encoding="utf-8")
    return json.loads(text)


# ------------------------------------------------------------------ records to mappings
def as_dict(result: ClassResult) -> dict[str, Any]:
    """Return a run as plain mappings, lists, text and numbers."""
    return {
        "schema": SCHEMA,
        "version": VERSION,
        "roikit_version": result.roikit_version,
        "started": result.started,
        "finished": result.finished,
        "complete": result.complete,
        "seed": int(result.seed),
        "sandbox": {
            "rung": _text(result.sandbox.rung),
            "full": result.sandbox.is_full,
            "missing": [_text(wall) for wall in result.sandbox.missing],
        },
        "assignment": _assignment(result),
        "submissions": [submission_as_dict(submission) for submission in result.submissions],
    }


def _assignment(result: ClassResult) -> dict[str, Any]:
    assignment = result.assignment
    return {
        "name": assignment.name,
        "title": _text(assignment.title),
        "functions": list(assignment.functions),
        "max_score": float(assignment.max_score),
        "rubric": [_rubric_item(item) for item in assignment.rubric],
        "manual": [_rubric_item(item) for item in assignment.manual],
        "limits": {name: float(value) for name, value in assignment.limits.items()},
    }


def _rubric_item(item: RubricItem) -> dict[str, Any]:
    return {"id": item.id, "title": _text(item.title), "max_score": float(item.max_score)}


def submission_as_dict(submission: SubmissionResult) -> dict[str, Any]:
    """Return one submission of a run, as it stands in ``submissions``."""
    return {
        "student": _text(submission.student),
        "path": _text(submission.path),
        **_marks(submission),
        "notes": [_text(note) for note in submission.notes],
        "seconds": float(submission.seconds),
        "items": [_item(item) for item in submission.items],
        "diagnosis": _diagnosis(submission.diagnosis),
    }


def _diagnosis(diagnosis: Diagnosis) -> dict[str, Any]:
    return {
        "findings": [_finding(finding) for finding in diagnosis.findings],
        "unexplained": list(diagnosis.unexplained),
        "signatures": [
            {"function": one.function, "digest": one.digest, "calls": one.calls, "explained": one.explained}
            for one in diagnosis.signatures
        ],
        "problem": _text(diagnosis.problem),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "idea": finding.idea.name,
        "kind": finding.idea.kind,
        "sentence": _text(finding.idea.sentence),
        "section": _text(finding.idea.section),
        "functions": list(finding.functions),
        "agreeing": int(finding.agreeing),
        "against": int(finding.against),
        "confidence": float(finding.confidence),
        "cases": list(finding.cases),
    }


def _item(item: ItemResult) -> dict[str, Any]:
    return {
        "id": item.id,
        "title": _text(item.title),
        **_marks(item),
        "sentence": _text(item.sentence),
        "cases": [_case(case) for case in item.cases],
    }


def _case(case: CaseResult) -> dict[str, Any]:
    return {
        "case": case.case,
        "idea": _text(case.idea),
        "visibility": case.visibility,
        **_marks(case),
        "sentence": _text(case.sentence),
        "traceback": clean(case.traceback, TRACEBACK_LIMIT),
        "seconds": float(case.seconds),
    }


def _marks(graded: SubmissionResult | ItemResult | CaseResult) -> dict[str, Any]:
    return {
        "outcome": graded.outcome,
        "score": None if graded.score is None else float(graded.score),
        "max_score": float(graded.max_score),
    }


def _text(text: str) -> str:
    return clean(text, SENTENCE_LIMIT)
