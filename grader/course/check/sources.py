"""``source/``: whether every assignment can be handed out and graded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from grader import assignment as assignments
from grader import cases
from grader.course.check.records import Course, Finding, Settings, Source
from grader.errors import AssignmentError, GraderError, SubmissionError
from grader.lint import statement
from grader.records import Assignment
from grader.release import student_notebook
from grader.report.course import frame_of
from grader.report.graded_notebook import marked_cells

_ALL_GRADED = (
    "every assignment of this course is graded by roikit: it needs grading/ (see `roikit new-assignment`), "
    "or belongs into a course of its own"
)


def read(root: Path, settings: Settings) -> tuple[tuple[Source, ...], list[Finding]]:
    """Every folder of ``source/``, and why one cannot be loaded."""
    found, problems = [], []
    folders = sorted(path for path in settings.source.glob("[!.]*") if path.is_dir())
    if not folders:
        remedy = "`roikit new-assignment NAME` makes one"
        problems.append(Finding(f"{settings.source.name}/", "holds no assignment", remedy))
    for folder in folders:
        place, assignment = f"{settings.source.name}/{folder.name}", None
        if not (folder / "grading" / "assignment.toml").is_file():
            sentence = "there is no grading/assignment.toml, so the trusted scorer cannot grade it"
            problems.append(Finding(place, sentence, _ALL_GRADED))
        else:
            try:
                assignment = assignments.load(str(folder))
            except GraderError as problem:
                problems.append(_problem(place, str(problem)))
        found.append(Source(folder, assignment))
    return tuple(found), problems


def _problem(place: str, sentence: str) -> Finding:
    return Finding(place, sentence, f"`roikit lint-assignment {place}` says when it is well")


def look_at(course: Course) -> Iterator[Finding]:
    """Look at notebooks, and at what nbgrader copies beside them."""
    for source in course.sources:
        place = course.place(source.folder)
        yield from _names(source, place)
        if (source.folder / f"{source.name}.ipynb").is_file():
            yield from _notebook(source, place)
        if source.assignment is not None:
            yield from _copied(source.assignment, course.settings, place)


# ------------------------------------------------------------------ the notebook
def _names(source: Source, place: str) -> Iterator[Finding]:
    """The scorer grades one notebook, named as its folder; nbgrader takes all that there are."""
    names = [path.name for path in sorted(source.folder.glob("[!.]*.ipynb"))]
    wanted = f"{source.name}.ipynb"
    if wanted not in names:
        there = f"; there is {', '.join(names)}" if names else ""
        yield Finding(place, f"there is no {wanted}{there}", f"name notebook and folder alike: {wanted}")
    elif len(names) > 1:
        others = ", ".join(name for name in names if name != wanted)
        sentence = f"nbgrader takes {others} for a part of the assignment, too; only {wanted} is graded"
        yield Finding(place, sentence, "move it into grading/, or make an assignment of it")


def _notebook(source: Source, place: str) -> Iterator[Finding]:
    """Its cells are told apart, are the rubric's, and can be released."""
    path = source.folder / f"{source.name}.ipynb"
    place = f"{place}/{path.name}"
    try:
        text = path.read_text(encoding="utf-8")
        ids = Counter(marked.grade_id for marked in marked_cells(text.encode()))
        student_notebook(text)
    except (OSError, UnicodeDecodeError, SubmissionError, AssignmentError) as problem:
        yield _problem(place, str(problem))
        return
    double = [grade_id for grade_id, count in ids.items() if count > 1]
    for grade_id in double:
        sentence = f"{ids[grade_id]} cells have the grade_id {grade_id!r}: nbgrader refuses the notebook"
        yield Finding(place, sentence, "give each cell its own")
    if source.assignment is not None and not double:
        yield from _graded_cells(source.assignment, place)


def _graded_cells(assignment: Assignment, place: str) -> Iterator[Finding]:
    try:
        frame_of(assignment)
    except AssignmentError as problem:
        yield _problem(place, str(problem))
        return
    files = {assignment.public_tests: "public", assignment.hidden_tests: "hidden"}
    for sentence in statement.points(assignment, cases.collect(assignment.folder, files)).problems:
        yield Finding(place, sentence, "write the sum of the cases' points into the cell's marks", "warning")


# ------------------------------------------------------------------ what nbgrader copies
def _copied(assignment: Assignment, settings: Settings, place: str) -> Iterator[Finding]:
    """nbgrader hands out whatever lies beside the notebook."""
    meant = {assignment.notebook.name, assignment.public_tests.name}
    meant.update(name.split("/")[0] for name in assignments.release_list(assignment.folder))
    for path in sorted(assignment.folder.iterdir()):
        is_ignored = any(fnmatch(path.name, pattern) for pattern in (*settings.ignore, "grading"))
        if path.name not in meant and path.suffix != ".ipynb" and not is_ignored:
            sentence = "is handed out by nbgrader, and not named in `release = [...]`"
            remedy = "name it in grading/assignment.toml, or move it into grading/"
            yield Finding(f"{place}/{path.name}", sentence, remedy, "warning")
