"""``source/``: whether every assignment can be handed out, graded, and is what the gradebook has."""

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


def read(root: Path, settings: Settings) -> tuple[tuple[Source, ...], list[Finding]]:
    """Every folder of ``source/``, and why one cannot be loaded."""
    found, problems = [], []
    folders = sorted(path for path in settings.source.glob("[!.]*") if path.is_dir())
    if not folders:
        remedy = "`roikit new-assignment NAME` makes one"
        problems.append(Finding(f"{settings.source.name}/", "holds no assignment", remedy))
    for folder in folders:
        try:
            found.append(Source(folder, _loaded(folder)))
        except GraderError as problem:
            found.append(Source(folder, None))
            problems.append(_problem(f"{settings.source.name}/{folder.name}", str(problem)))
    return tuple(found), problems


def _loaded(folder: Path) -> Assignment:
    if not (folder / "grading" / "assignment.toml").is_file():
        raise AssignmentError("there is no grading/assignment.toml, so the trusted scorer cannot grade it")
    return assignments.load(str(folder))


def _problem(place: str, sentence: str) -> Finding:
    return Finding(place, sentence, f"`roikit lint-assignment {place}` says when it is well")


def look_at(course: Course) -> Iterator[Finding]:
    """Look at notebooks, at what nbgrader copies beside them, and at the gradebook."""
    for source in course.sources:
        place = course.place(source.folder)
        yield from _names(source, place)
        if (source.folder / f"{source.name}.ipynb").is_file():
            yield from _notebook(source, place)
        if source.assignment is not None:
            yield from _copied(source.assignment, course.settings, place)
    yield from _gradebook(course)


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


# ------------------------------------------------------------------ the gradebook
def _gradebook(course: Course) -> Iterator[Finding]:
    """Its cells and points are those of the source."""
    if not course.settings.is_known:
        return
    from grader.nbgrader_bridge import inspection

    try:
        known = inspection.graded_cells(course.root)
    except GraderError as problem:
        yield Finding("gradebook.db", str(problem), "nothing of it was looked at", "warning")
        return
    for source in course.sources:
        if source.assignment is not None and source.name in known:
            items = (*source.assignment.rubric, *source.assignment.manual)
            here = {item.id: float(item.max_score) for item in items}
            yield from _differences(source.name, here, known[source.name])
    for name in sorted(set(known) - {source.name for source in course.sources}):
        sentence = f"has an assignment {name!r}, which {course.settings.source.name}/ has not"
        yield Finding("gradebook.db", sentence, "bring the folder back to grade it again", "note")


def _differences(name: str, here: dict[str, float], there: dict[str, float]) -> Iterator[Finding]:
    gone, new = sorted(there.keys() - here.keys()), sorted(here.keys() - there.keys())
    both = [one for one in here if one in there]
    other = [f"{one} {there[one]:g}, now {here[one]:g}" for one in both if here[one] != there[one]]
    parts = [("no longer there", gone), ("new", new), ("of other points", other)]
    said = "; ".join(f"{words}: {', '.join(ids)}" for words, ids in parts if ids)
    if said:
        sentence = f"has other cells or points for {name} than its source ({said})"
        remedy = "bring the cell back, or begin a new gradebook" if gone else "grade again: that sets them"
        yield Finding("gradebook.db", sentence, remedy, "warning")
