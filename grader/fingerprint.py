"""What a result depends on, as a hash: two runs with the same hash would find the same."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import importlib.metadata
import json
import platform
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.records import Assignment, Submission

if TYPE_CHECKING:
    from grader.pipeline import Plan


def of_plan(plan: Plan) -> str:
    """The hash of what all submissions of a run share."""
    import numpy

    return _hash({
        "assignment": {name: _hash_of(path) for name, path in _files(plan.assignment)},
        "limits": dataclasses.asdict(plan.limits),
        "seed": plan.seed,
        "sandbox": [plan.rung.name, *plan.rung.missing],
        "engine": engine(),
        "numpy": numpy.__version__,
        "python": [platform.python_implementation(), platform.python_version()],
    })  # fmt: skip


def of_submission(plan: str, submission: Submission) -> str:
    """The hash of one job: a plan's hash, and whose source it is and how it reads."""
    return _hash([plan, dataclasses.asdict(submission)])


def _files(assignment: Assignment) -> Iterator[tuple[str, Path]]:
    """The notebook, the public tests, and whatever lies in ``grading/``."""
    folder = assignment.folder
    grading = (path for path in (folder / "grading").rglob("*") if "__pycache__" not in path.parts)
    for path in sorted((assignment.notebook, assignment.public_tests, *grading)):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path


@functools.cache
def engine() -> list[str]:
    """Version and code of this package and of roikit: a changed grader grades again, released or not."""
    import roikit

    code = hashlib.sha256()
    for package in (Path(__file__).parent, Path(roikit.__file__).parent):
        for path in sorted(path for kind in ("*.py", "*.so") for path in package.rglob(kind)):
            code.update(_hash_of(path).encode())
    return [importlib.metadata.version("roikit"), code.hexdigest()]


def _hash_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode("ascii")).hexdigest()
