"""GitHub Classroom: a template repository whose workflow runs the public checks on every push.

::

    DIR/NAME/                                the students' version, as ``roikit release`` writes it
    DIR/.github/workflows/classroom.yml      runs ``roikit check``, hands its results to Classroom's reporter
    DIR/.github/classroom/roikit-...any.whl  roikit as it is here: see wheel.py

A student's repository is the student's: nothing of ``grading/`` is in it, and whatever it says of itself, its
points included, the student can change. It tells students where they stand; the marks come from ``roikit
grade``, on the instructor's machine, with the hidden checks.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from grader.errors import GraderError
from grader.platforms.wheel import wheel
from grader.records import Assignment, CaseResult
from grader.release import release
from grader.report.files import write_whole
from grader.report.summary import SENTENCE_LIMIT, TRACEBACK_LIMIT
from grader.sandbox.text import clean, clean_line

_WORKFLOW = """\
# Runs the public checks of the assignment {name} and hands what came of them to GitHub Classroom.
name: Autograding Tests
"on": [push, workflow_dispatch, repository_dispatch]
permissions:
  checks: write
  actions: read
  contents: read
jobs:
  run-autograding-tests:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    if: github.actor != 'github-classroom[bot]'
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - name: Install roikit
        run: python -m pip install "$(ls .github/classroom/roikit-*.whl)[student]"
      - name: Public checks
        id: roikit
        run: |
          roikit check {name} {name}/{name}.ipynb --junit junit.xml --json results.json || test $? = 1
          echo "result=$(base64 --wrap=0 results.json)" >> "$GITHUB_OUTPUT"
      - name: JUnit XML
        uses: actions/upload-artifact@v4
        with:
          name: junit
          path: junit.xml
      - name: Autograding Reporter
        uses: classroom-resources/autograding-grading-reporter@v1
        env:
          ROIKIT_RESULTS: ${{{{ steps.roikit.outputs.result }}}}
        with:
          runners: roikit
"""


def write(assignment: Assignment, directory: Path) -> list[Path]:
    """Write the template repository of an assignment into `directory`, and return the files.

    Raises
    ------
    GraderError
        A workflow is there already, or the folder of the assignment is and holds something.
    """
    workflow = directory / ".github" / "workflows" / "classroom.yml"
    if workflow.exists():
        raise GraderError(f"{workflow} is there already")
    name, data = wheel()
    return [
        *release(assignment, directory),
        write_whole(directory / ".github" / "classroom" / name, data),
        write_whole(workflow, _WORKFLOW.format(name=assignment.name)),
    ]


def write_results(cases: Sequence[CaseResult], path: Path) -> Path:
    """Write a self-check as Classroom's autograding reporter reads it, once it is base64 text.

    Every public check is one point: Classroom counts whole points, and gives none for half of a check.
    """
    return write_whole(path, json.dumps(_results(cases), indent=1) + "\n")


def _results(cases: Sequence[CaseResult]) -> dict[str, Any]:
    is_right = all(case.outcome == "correct" for case in cases)
    return {
        "version": 1,
        "status": "pass" if is_right else "fail",
        "max_score": len(cases),
        "tests": [_test(case) for case in cases],
    }


def _test(case: CaseResult) -> dict[str, Any]:
    is_right = case.outcome == "correct"
    return {
        "name": clean_line(case.idea, SENTENCE_LIMIT),
        "status": "pass" if is_right else "fail",
        "score": int(is_right),
        "message": clean("\n".join(filter(None, [case.sentence, case.traceback])), TRACEBACK_LIMIT),
        "test_code": case.case,
        "filename": "test_public.py",
        "line_no": 0,
        "execution_time": f"{case.seconds:.3f}s",
    }
