"""``results.json``: everything of a run but the pictures, for programs; see ``results.schema.json``.

One submission a line, so that a large class can be read line by line; see ``lazily``. Strict JSON: no NaN, no
infinity, no lone surrogate. ``score`` is null where something was not graded; null is never a zero.
"""

from __future__ import annotations

import itertools
import json
import os
import weakref
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, BinaryIO

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
from grader.report.files import write_pieces
from grader.report.summary import SENTENCE_LIMIT, TRACEBACK_LIMIT
from grader.sandbox.text import clean

SCHEMA = "roikit-results"
VERSION = 1
# The lines around the submissions; and how many lines, at most, come before them.
_BEGIN, _END, _AFTER, _MOST_BEFORE = b' "submissions": [\n', b" ]\n", b"}\n", 100_000


def write(result: ClassResult, path: str | Path) -> Path:
    """Write `result` to `path` as JSON, whole or not at all, and return the path.

    Raises
    ------
    GraderError
        A number of ours is NaN or infinite: better no file than one that other programs read differently.
    """
    try:
        return write_pieces(Path(path), _pieces(result))
    except ValueError as error:
        name = Path(path).name
        raise GraderError(f"{name} is not written: a score or a time is not a finite number") from error


def _pieces(result: ClassResult) -> Iterator[str]:
    """The file's text, one submission after the other."""
    before = json.dumps(_head(result), indent=1, ensure_ascii=False, allow_nan=False)
    yield before.removesuffix("\n}") + f",\n{_BEGIN.decode()}"
    ends = itertools.chain([""], itertools.repeat(",\n"))
    for end, submission in zip(ends, result.submissions, strict=False):
        yield end + json.dumps(submission_as_dict(submission), ensure_ascii=False, allow_nan=False)
    yield ("\n" if result.submissions else "") + f"{_END.decode()}{_AFTER.decode()}"


# ------------------------------------------------------------------ reading
@dataclass(frozen=True)
class Found:
    """What is in such a file."""

    head: dict[str, Any]  # all but the submissions
    submissions: Any  # a sequence, in a file that `write` made: each is read when it is asked for


def read(path: str | Path) -> dict[str, Any]:
    """Read what `write` wrote: a mapping with the names of the records, all of it in memory.

    Raises
    ------
    GraderError
        No such file, not JSON, not ours, or of a version that this roikit does not know.
    """
    found = lazily(path)
    return found.head if found.submissions is None else {**found.head, "submissions": list(found.submissions)}


def lazily(path: str | Path) -> Found:
    """The same, with submissions that are read one after the other; they are not looked at here.

    Raises
    ------
    GraderError
        As `read`; what is no strict JSON is noticed here, wherever it is.
    """
    name = Path(path).name
    try:
        found = _by_lines(Path(path)) or _as_a_whole(Path(path))
    except OSError as error:
        raise GraderError(f"{name} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise GraderError(f"{name} is not strict JSON: {error}") from error
    if not isinstance(found.head, dict) or found.head.get("schema") != SCHEMA:
        raise GraderError(f'{name} is not a result of roikit: it has no "schema": "{SCHEMA}"')
    version = found.head.get("version")
    if version != VERSION:
        raise GraderError(f"{name} has version {version!r}; this roikit reads version {VERSION}")
    return found


class _Lines(Sequence[Any]):
    """JSON values, one on each line of a part of a file, with a comma behind all but the last."""

    def __init__(self, file: BinaryIO, places: Sequence[int]) -> None:
        self._places, self._fd = places, os.dup(file.fileno())  # where each begins, and where the last ends
        weakref.finalize(self, os.close, self._fd)

    def __len__(self) -> int:
        return len(self._places) - 1

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self[one] for one in range(len(self))[place]]
        place = range(len(self))[place]
        start, end = self._places[place : place + 2]
        try:
            return _loads(os.pread(self._fd, end - start, start).rstrip().removesuffix(b","))
        except ValueError:
            raise GraderError("the results were changed while they were read") from None


def _by_lines(path: Path) -> Found | None:
    """A file that has `write`'s layout; None for any other, whatever is the matter with it."""
    with open(path, "rb") as file:
        before = list(itertools.takewhile(lambda line: line != _BEGIN, itertools.islice(file, _MOST_BEFORE)))
        places = array("q", [sum(map(len, before)) + len(_BEGIN)])
        is_last = False
        try:
            for line in file:
                if line == _END:
                    break
                _loads(line.removesuffix(b"\n").removesuffix(b","))
                if is_last:
                    return None
                is_last = not line.endswith(b",\n")
                places.append(places[-1] + len(line))
            if file.read(len(_AFTER) + 1) != _AFTER or not (is_last or len(places) == 1):
                return None
            head = _loads(b"".join(before) + b'"submissions":null}')
        except (ValueError, RecursionError):
            return None
        del head["submissions"]
        return Found(head, _Lines(file, places))


def _as_a_whole(path: Path) -> Found:
    found = _loads(path.read_bytes())
    submissions = found.pop("submissions", None) if isinstance(found, dict) else None
    return Found(found, submissions)


def _loads(text: bytes) -> Any:
    return json.loads(text.decode("utf-8"), parse_constant=_refuse)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON number")


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) that every ``results.json`` follows."""
    text = resources.files("grader.report").joinpath("results.schema.json").read_text(encoding="utf-8")
    return json.loads(text)


# ------------------------------------------------------------------ records to mappings
def as_dict(result: ClassResult) -> dict[str, Any]:
    """Return a run as plain mappings, lists, text and numbers, all of it in memory."""
    return {**_head(result), "submissions": list(map(submission_as_dict, result.submissions))}


def _head(result: ClassResult) -> dict[str, Any]:
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
