"""A course in nbgrader's layout, with roikit's scorer in it::

    nbgrader_config.json  what protects: what is never copied to students, no kernel without the scorer
    nbgrader_config.py    course id, the scorer, what an instructor may want to change
    seed.txt              the secret that the hidden inputs of the whole course are drawn from
    README.md             for the instructor
    source/<name>/        an assignment, everything in it: notebook, public tests, grading/
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from grader import assignment as assignments
from grader.errors import AssignmentError, GraderError

#: nbgrader reads both; where the Python of the one fails, the other still holds.
CONFIG, FLOOR = "nbgrader_config.py", "nbgrader_config.json"
SEED = "seed.txt"
#: Reports of a course: ``graded/<name>/report/index.html``.
GRADED = "graded"
#: What any grader of the course found, by the hash of the code: see `grader.cache`.
RESULTS = Path(".roikit", "results")
_SEED = re.compile(r"[0-9]{1,19}")


def init(directory: Path, names: Sequence[str] = ()) -> list[Path]:
    """Make a course.

    Parameters
    ----------
    directory : Path
        New, or an empty folder.
    names : sequence of str, optional
        Its assignments, by name or path; by default all that come with roikit.

    Returns
    -------
    list of Path
        What was made, in the order in which one would read it.

    Raises
    ------
    GraderError
        Something is there already, or there is no such assignment.
    """
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise GraderError(f"{directory} is there already and not empty")
    folders = [assignments.find(name) for name in names or assignments.names()]
    for folder in folders:
        if [one.name for one in folders].count(folder.name) > 1:
            raise AssignmentError(f"{folder.name} is there twice")
        assignments.load(str(folder))  # or a sentence, before anything is made
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)  # gradebook and hidden tests are nobody else's
    words = {"course_id": _course_id(directory), "first": folders[0].name}
    made = [_fill_in(directory / name, words) for name in (FLOOR, CONFIG, "README.md", ".gitignore")]
    made.append(_new_seed(directory))
    return made + [add(directory, folder) for folder in folders]


def add(course: Path, assignment: Path) -> Path:
    """Copy an assignment, everything in it, into ``source/``."""
    target = course / "source" / assignment.name
    if target.exists():
        raise GraderError(f"{target} is there already")
    shutil.copytree(assignment, target, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
    return target


def around(output: Path) -> Path:
    """Whose gradebook a run writes: of the course around ``graded/<name>``, else of the folder itself."""
    place = output.resolve()
    home = place.parent.parent
    return home if place.parent.name == GRADED and is_course(home) else output


def is_course(folder: Path) -> bool:
    return (folder / CONFIG).is_file()


def seed(course: Path) -> int:
    """The course's secret: whoever is graded here, whenever, gets the same hidden inputs.

    Raises
    ------
    GraderError
        ``seed.txt`` is missing or holds something else.
    """
    path = course / SEED
    try:
        text = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as problem:
        reason = getattr(problem, "strerror", None) or "it is no number"
        raise GraderError(f"{path}, the secret that hidden inputs are drawn from: {reason}") from None
    if not _SEED.fullmatch(text) or int(text) >= 2**63:
        raise GraderError(f"{path} must hold one number from 0 to 2**63 - 1")
    return int(text)


def _new_seed(course: Path) -> Path:
    path = course / SEED
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(f"{secrets.randbits(63)}\n")
    return path


def _fill_in(path: Path, words: dict[str, str]) -> Path:
    """Write a file of the course from its template here: ``{{name}}`` stands for a word."""
    template = resources.files(__package__).joinpath("templates", f"{path.name.lstrip('.')}.txt")
    text = template.read_text(encoding="utf-8")
    path.write_text(re.sub(r"\{\{(\w+)\}\}", lambda match: words[match[1]], text), encoding="utf-8")
    return path


def _course_id(directory: Path) -> str:
    """The folder's name, as far as nbgrader takes it."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", directory.resolve().name).strip("-.") or "roikit"
