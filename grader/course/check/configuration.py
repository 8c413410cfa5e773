"""The course's own files: configuration, seed, gradebook; and links that lead out of it."""

from __future__ import annotations

import importlib.util
import os
import stat
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from grader import course as courses
from grader.course import CONFIG, FLOOR, RESULTS, SEED
from grader.course.check.records import Course, Finding, Settings
from grader.errors import GraderError

_COPY = "take {} from a new course (`roikit course init`), and add your own lines"


def settings_of(root: Path) -> tuple[Settings, list[Finding]]:
    """What the configuration says, and why it says nothing."""
    if not courses.is_course(root):
        sentence = "is missing: nbgrader would run students' code unprotected, as you"
        return Settings.unknown(root), [Finding(CONFIG, sentence, _COPY.format("it"))]
    if importlib.util.find_spec("nbgrader") is None:
        sentence = "cannot be read: nbgrader is not installed here"
        return Settings.unknown(root), [Finding(CONFIG, sentence, "pip install 'roikit[nbgrader]'")]
    from grader.nbgrader_bridge import inspection

    try:
        return inspection.settings_of(root), []
    except GraderError as problem:
        return Settings.unknown(root), [
            Finding(CONFIG, str(problem).removeprefix(f"{CONFIG} "), "mend it: nbgrader goes on without it")
        ]


def look_at(course: Course) -> Iterator[Finding]:
    """Look at the configuration, the seed, the gradebook's file, known results, and at links."""
    yield from _configuration(course)
    yield from _seed(course)
    yield from _readable(course)
    yield from _results(course)
    yield from _links(course)


def _configuration(course: Course) -> Iterator[Finding]:
    settings = course.settings
    if not settings.uses_scorer:
        sentence = "does not call use_trusted_scorer: nbgrader's own Autograde runs students' code as you"
        yield Finding(CONFIG, sentence, _COPY.format("its import and its call"))
    elif settings.runs_code:
        sentence = "does not keep nbgrader from running students' code, should the scorer not be asked"
        yield Finding(FLOOR, sentence, _COPY.format("it"), "warning")
    if not any(fnmatch("grading", pattern) for pattern in settings.ignore):
        sentence = "CourseDirectory.ignore lacks 'grading': students get solutions and hidden tests"
        yield Finding(CONFIG, sentence, 'c.CourseDirectory.ignore = ["grading", ...]')
    if not settings.is_usual:
        sentence = "CourseDirectory.directory_structure is not nbgrader's own, which the scorer needs"
        yield Finding(CONFIG, sentence, "take the line out")


def _seed(course: Course) -> Iterator[Finding]:
    try:
        courses.seed(course.root)
    except GraderError as problem:
        remedy = "bring it back: with another number, hidden inputs and some scores change"
        yield Finding(SEED, str(problem).removeprefix(str(course.root / SEED)).lstrip(", "), remedy)


def _readable(course: Course) -> Iterator[Finding]:
    """Whether other people of this machine can read what students must not."""
    if os.name != "posix" or not _others(course.root, stat.S_IXOTH):
        return
    for path in (course.root / SEED, course.settings.gradebook):
        if path is not None and path.is_file() and _others(path, stat.S_IROTH):
            sentence = "can be read by everybody with an account on this machine"
            yield Finding(course.place(path), sentence, f"chmod 600 {course.place(path)}", "warning")


def _results(course: Course) -> Iterator[Finding]:
    """Whether students can read in known results what hidden tests say, or write scores there."""
    folder = course.root / RESULTS
    if os.name != "posix" or not folder.is_dir():
        return
    place, modes = course.place(folder), (folder, folder.parent)
    if any(_others(path, stat.S_IWOTH) for path in modes):
        sentence = "can be written to by everybody with an account on this machine: scores could be forged"
        yield Finding(place, sentence, f"rm -r {RESULTS.parts[0]}; it is made again, for you alone")
    elif all(_others(path, stat.S_IXOTH) for path in (*modes, course.root)):
        sentence = "can be entered by everybody with an account on this machine"
        yield Finding(place, sentence, f"chmod -R o= {RESULTS.parts[0]}", "warning")


def _others(path: Path, wanted: int) -> bool:
    return bool(path.stat().st_mode & wanted)


# ------------------------------------------------------------------ links
def _links(course: Course) -> Iterator[Finding]:
    """Links that lead out of the course: what is behind them is nobody's to hand out, or to read."""
    its = course.settings
    remedy = "put what it leads to here, or remove it"
    for top in (its.source, its.release, its.submitted, its.autograded, its.feedback):
        for path in _links_below(top):
            if not Path(os.path.realpath(path)).is_relative_to(course.root):
                severity = "error" if top in (its.source, its.release) else "warning"
                sentence = f"is a link out of the course, to {os.readlink(path)}"
                yield Finding(course.place(path), sentence, remedy, severity)


def _links_below(top: Path) -> Iterator[Path]:
    if top.is_symlink():
        yield top
        return
    for folder, folders, files in os.walk(top):
        paths = (Path(folder, name) for name in sorted((*folders, *files)))
        yield from (path for path in paths if path.is_symlink())
