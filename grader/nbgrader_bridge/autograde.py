"""``nbgrader autograde``, and the formgrader's button for it, with roikit's scorer.

nbgrader's own `Autograde` runs a student's notebook, tests and all, in one kernel, and reads the score from
what that prints. `TrustedAutograde` keeps its folders, flags and messages, and has no kernel: a hand-in is
read and graded as by ``roikit grade``, and what came of it is written into the gradebook and as a notebook::

    submitted/<student>/<assignment>/...                     read as hostile
    autograded/<student>/<assignment>/<assignment>.ipynb     the answers, with outcomes as outputs
"""

from __future__ import annotations

import glob
import json
import os
import re
import secrets
import shutil
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import api, autogradeapp
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from traitlets import Unicode

from grader import assignment as assignments
from grader import course, pipeline, rehearsal
from grader.cases import Attempts, with_attempts
from grader.errors import AssignmentError, GraderError, SubmissionError
from grader.examiner import Examiner
from grader.fingerprint import of_plan
from grader.intake.collect import HandIn, hand_ins
from grader.intake.folder import read
from grader.nbgrader_bridge import database
from grader.nbgrader_bridge.course import Course
from grader.nbgrader_bridge.gradebook import Writer, timestamp_in
from grader.records import SubmissionResult
from grader.report.course import file_of, frame_of
from grader.report.files import write_whole
from grader.report.graded_notebook import graded_notebook, prose
from grader.report.summary import number
from grader.sandbox import choose_rung, remove_left

#: As nbgrader's `submit` makes it; its `release_feedback` ends where there is none.
_SECRET = re.compile(r"[0-9a-f]{128}")
_STRUCTURE = os.path.join("{nbgrader_step}", "{student_id}", "{assignment_id}")
#: Plans whose tests this process has tried already: the formgrader's server grades one student at a time.
_rehearsed: set[str] = set()


def install() -> None:
    """Put `TrustedAutograde` where the command and the formgrader look for `Autograde`."""
    for module in (api, autogradeapp):
        if not issubclass(module.Autograde, Autograde):
            raise GraderError("this version of nbgrader is not known: it looks elsewhere for its Autograde")
        module.Autograde = TrustedAutograde


class TrustedAutograde(Autograde):
    """``nbgrader autograde`` without a kernel; see the top of this module."""

    sandbox = Unicode(
        "auto", help="As of roikit grade --sandbox: auto, bubblewrap, reduced or none."
    ).tag(config=True)

    def start(self) -> None:
        """Grade all that is asked for; the tests are tried before anyone is."""
        try:
            self._start()
        except GraderError as problem:
            self.log.error("%s", problem)
            raise NbGraderException(str(problem)) from problem

    def _start(self) -> None:
        if self.coursedir.directory_structure != _STRUCTURE:
            raise GraderError(f"c.CourseDirectory.directory_structure must be {_STRUCTURE!r}")
        root, name = Path(self.coursedir.root), self.coursedir.assignment_id
        self._course = Course.of(self.coursedir, self.config)
        self._plan = _plan(root, root / self.coursedir.source_directory / name, self.sandbox)
        self._frame = frame_of(self._plan.assignment)
        self._prose = prose(self._plan.assignment.notebook.read_bytes())
        self._not_graded: list[str] = []
        by_hand = sum(item.max_score for item in self._plan.assignment.manual)
        self._by_hand = f", {number(by_hand)} more by hand" if by_hand else ""
        with hand_ins(self._submitted, name, self._plan.limits, self._plan.assignment) as found:
            self._hand_ins = {hand_in.path.partition("/")[0]: hand_in for hand_in in found}
            with_attempts(self._plan.assignment, self._plan.seed, self._grade_all)
        if self._not_graded:
            raise NbGraderException(f"not graded: {', '.join(self._not_graded)}")

    @property
    def _submitted(self) -> Path:
        return Path(self.coursedir.root, self.coursedir.submitted_directory)

    def _grade_all(self, attempts: Attempts) -> None:
        self._examiner = Examiner(self._plan.assignment, attempts, self._plan.seed)
        with (
            pipeline.Boxes(self._plan) as self._boxes,
            database.opened(
                self._course.place, database.BUSY_SECONDS, self._course.course_id
            ) as self._book,
        ):
            try:
                super().start()
            finally:
                remove_left()

    # -------------------------------------------------------------- what nbgrader asks on its way
    def init_notebooks(self) -> None:
        """Find the folders that were asked for; what is in them, under whatever name, is known already."""
        name, student = self.coursedir.assignment_id, self.coursedir.student_id
        folders = glob.glob(self._format_source(name, student))
        if not folders:
            raise NbGraderException(f"No submissions were matched by '{self._format_source(name, student)}'")
        self.assignments = {folder: [os.path.join(folder, f"{name}.ipynb")] for folder in folders}

    def init_destination(self, assignment_id: str, student_id: str) -> bool:
        """Whether this one is to be graded; what is graded already only if it is newer, or by force."""
        if student_id in self.coursedir.student_id_exclude.split(","):
            return False
        before = Path(self._format_dest(assignment_id, student_id))
        if (before / f"{assignment_id}.ipynb").exists() and not self.force:
            now, then = timestamp_in(self._handed_in(student_id)), timestamp_in(before)
            if now is None or then is None or now <= then:
                self.log.info("Skipping existing assignment: %s", before)
                return False
        return True

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Nothing of the student's is copied, and nothing of the source."""
        if not self.create_student:
            with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
                try:
                    gradebook.find_student(student_id)
                except MissingEntry:
                    raise NbGraderException(f"No student with ID '{student_id}' is in the database") from None

    def convert_single_notebook(self, notebook_filename: str) -> None:
        """Grade one hand-in, write its rows, then its notebook: where that is, all is done."""
        student = Path(notebook_filename).parent.parent.name
        self.log.info("Autograding %s", student)
        try:
            if student not in self._hand_ins:
                raise GraderError("its folder has no name that can be used")
            hand_in = self._hand_ins[student]
            result = self._graded(hand_in)
            with self._book.locked():
                writer = Writer(self._book, self._course, self._plan.assignment, self._frame)
                writer.write([result], self._submitted)
            self._write_notebook(student, hand_in, result)
        except (GraderError, OSError) as problem:  # nbgrader would remove what was graded before
            self.log.error("%s: %s; what was there stays", student, problem)
            self._not_graded.append(student)
        else:
            self.log.info("%s: %s%s (%s)", student, _points(result), self._by_hand, hand_in.path)

    # -------------------------------------------------------------- one hand-in
    def _handed_in(self, student: str) -> Path:
        return self._submitted / student / self.coursedir.assignment_id

    def _graded(self, hand_in: HandIn) -> SubmissionResult:
        more = len(self.assignments) > 1
        result = pipeline.grade(hand_in.read(), self._plan, self._examiner, self._boxes, more)
        if result.score is None:
            raise GraderError(next(item.sentence for item in result.items if item.score is None))
        return result

    def _write_notebook(self, student: str, hand_in: HandIn, result: SubmissionResult) -> None:
        folder = Path(self._format_dest(self.coursedir.assignment_id, student))
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)  # another grader may do the same
        stamp = timestamp_in(self._handed_in(student))
        moment = "" if stamp is None else f"{stamp:%Y-%m-%d %H:%M:%S.%f} UTC"
        (folder / "timestamp.txt").write_text(moment, encoding="ascii")
        (folder / "submission_secret.txt").write_text(self._secret(student), encoding="ascii")
        content = graded_notebook(self._plan.assignment, self._frame, file_of(hand_in), result, self._prose)
        path = folder / self._plan.assignment.notebook.name
        write_whole(path, json.dumps(content, indent=1, ensure_ascii=False))

    def _secret(self, student: str) -> str:
        """What the exchange names the feedback by, for its student alone; without one, for nobody."""
        parts = (student, self.coursedir.assignment_id, "submission_secret.txt")
        try:
            secret = read(self._submitted, parts, 128).decode("ascii")
        except (SubmissionError, UnicodeDecodeError):
            secret = ""
        return secret if _SECRET.fullmatch(secret) else secrets.token_hex(64)


def _points(result: SubmissionResult) -> str:
    said = f"{number(result.score)} of {number(result.max_score)}"
    return f"{said}, {result.notes[0]}" if result.outcome == "refused" else said


def _plan(root: Path, folder: Path, sandbox: str) -> pipeline.Plan:
    """What all submissions share; its tests are tried once."""
    if not folder.is_dir():
        there = ", ".join(sorted(path.name for path in folder.parent.glob("*/"))) or "none"
        raise AssignmentError(f"there is no {folder.name!r} in {folder.parent.name}/; there are: {there}")
    if not (folder / "grading" / "assignment.toml").is_file():
        raise AssignmentError(
            f"{folder} has no grading/assignment.toml: nbgrader alone could grade it, by running students' "
            "code as you; `roikit new-assignment` makes one that can be graded safely"
        )
    plan = pipeline.Plan(assignments.load(str(folder)), choose_rung(sandbox), course.seed(root))
    key = of_plan(plan)
    if key not in _rehearsed:
        rehearsal.rehearse(plan)
        _rehearsed.add(key)
    return plan
