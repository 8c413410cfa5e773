"""What runs on Gradescope, once a submission: the hand-in is graded in the sandbox, results.json is written.

If no sandbox with all its walls can be had there, nothing is graded, unless the autograder was made
with ``--sandbox reduced``. What goes wrong is printed: Gradescope shows that to instructors alone.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from markupsafe import Markup

from grader import assignment, pipeline, rehearsal
from grader.errors import GraderError, SandboxError
from grader.intake import collect, folder, names
from grader.platforms import gradescope_results
from grader.records import ClassResult
from grader.report.files import write_whole
from grader.report.terminal import missing_walls
from grader.sandbox import Limits, Rung, choose_rung

ROOT = Path("/autograder")
#: In the zip, beside the scripts: what was asked for when it was made, and the assignment.
SETTINGS, ASSIGNMENT = "settings.json", "assignment"
_REDUCED = (
    "If this container cannot be changed, make the autograder with `roikit gradescope --sandbox reduced`: "
    "student code then runs with the walls that are left, and every result says which are missing."
)
_STUDENT = "submission"  # Gradescope knows whose it is


def run(root: Path = ROOT) -> bool:
    """Grade what lies in ``submission/`` and write ``results/results.json``; whether there is a score."""
    try:
        result, hidden = _grade(root)
        content = gradescope_results.graded(result, hidden, _image) if _is_graded(result) else None
    except GraderError as problem:
        print(f"Not graded: {problem}")
        content = None
    except Exception:  # whatever it is, it is ours: the student is told no more than that
        print(f"Not graded, for a fault of roikit's:\n{traceback.format_exc()}")
        content = None
    text = json.dumps(content or gradescope_results.not_graded(), indent=1)
    write_whole(root / "results" / "results.json", text + "\n")
    return content is not None


def settings(root: Path) -> dict[str, Any]:
    """What was asked for when the autograder was made."""
    return json.loads((root / "source" / SETTINGS).read_text(encoding="utf-8"))


def _grade(root: Path) -> tuple[ClassResult, str]:
    asked = settings(root)
    found = assignment.load(str(root / "source" / ASSIGNMENT / asked["assignment"]))
    plan = pipeline.Plan(found, _rung(asked["sandbox"]), asked["seed"])
    if not plan.sandbox.is_full:
        print(missing_walls(plan.sandbox))
    rehearsal.rehearse(plan)  # on this machine, with these versions
    limits = Limits.from_mapping(found.limits)
    with (
        _as_class(root / "submission", found.name) as place,
        collect.hand_ins(place, found.name, limits, found) as hand_ins,
    ):
        return pipeline.grade_class(plan, hand_ins), asked["hidden"]


def _rung(name: str) -> Rung:
    try:
        return choose_rung(name)
    except SandboxError as problem:
        if name != "auto":
            raise
        raise SandboxError(f"there is no sandbox with all its walls here: {problem}\n{_REDUCED}") from None


def _is_graded(result: ClassResult) -> bool:
    """Whether there is a score; the reasons why not are printed."""
    if not result.submissions:
        print("Not graded: the grading was interrupted.")
        return False
    one = result.submissions[0]
    for item in one.items:
        if item.score is None:
            print(f"{item.title}: {item.sentence}")
    return one.score is not None


@contextmanager
def _as_class(submission: Path, name: str) -> Iterator[Path]:
    """The upload as the folder of a student in a class, so that the rules are those of ``roikit grade``."""
    with tempfile.TemporaryDirectory(prefix="roikit-class-") as place:
        inside = Path(place, _STUDENT, name)
        inside.mkdir(parents=True)
        for entry in folder.scan(_innermost(submission)):
            if entry.is_symlink() or not entry.is_dir():
                shutil.copy2(entry.path, inside, follow_symlinks=False)
        yield Path(place)


def _innermost(place: Path) -> Path:
    """Inside of the folders around everything: those of an unpacked zip."""
    while True:
        entries = [entry for entry in folder.scan(place) if not names.is_junk((entry.name,))]
        if len(entries) != 1 or entries[0].is_symlink() or not entries[0].is_dir():
            return place
        place = Path(entries[0].path)


def _image(svg: str) -> Markup:
    try:
        from grader.platforms import pictures

        return pictures.image(svg)
    except ImportError as problem:
        print(f"A picture is left out: {problem}")
        return Markup("")


if __name__ == "__main__":
    sys.exit(0 if run() else 1)
