"""``nbgrader autograde``, and the formgrader's button for it, with roikit's scorer.

nbgrader's own `Autograde` runs a student's notebook, tests and all, in one kernel, and reads the score from
what that prints. `TrustedAutograde` keeps its folders, flags and messages, and has no kernel: a hand-in is
read and graded as by ``roikit grade``, and what came of it is written into the gradebook and as a notebook::

    submitted/<student>/<assignment>/...                     read as hostile
    autograded/<student>/<assignment>/<assignment>.ipynb     the answers, with outcomes as outputs
"""

from __future__ import annotations

import fnmatch
import json
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from nbgrader.api import MissingEntry
from nbgrader.apps import api, autogradeapp
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from traitlets import Integer, Unicode

from grader import assignment as assignments
from grader import course, executors, pipeline, rehearsal
from grader.errors import AssignmentError, GraderError, SubmissionError
from grader.fingerprint import of_plan
from grader.grading import reason
from grader.intake.collect import HandIn, hand_ins
from grader.intake.folder import read
from grader.nbgrader_bridge import database
from grader.nbgrader_bridge.course import STRUCTURE, Course
from grader.nbgrader_bridge.entries import Entries, timestamp_in
from grader.nbgrader_bridge.gradebook import Writer
from grader.records import SubmissionResult
from grader.report.course import file_of, frame_of
from grader.report.graded_notebook import graded_notebook, prose
from grader.report.summary import number
from grader.sandbox import choose_rung, remove_left
from grader.sandbox.text import clean_line

#: As nbgrader's `submit` makes it; its `release_feedback` ends where there is none.
_SECRET = re.compile(r"[0-9a-f]{128}")
#: So many are graded in this process: others take seconds to start.
_FEW = 24
#: Plans whose tests this process has tried already: the formgrader's server grades one student at a time.
_rehearsed: set[str] = set()


def install() -> None:
    """Put `TrustedAutograde` where the command and the formgrader look for `Autograde`."""
    for module in (api, autogradeapp):
        if not issubclass(module.Autograde, Autograde):
            raise GraderError("this version of nbgrader is not known: it looks elsewhere for its Autograde")
        module.Autograde = TrustedAutograde


class TrustedAutograde(Autograde):
    """``nbgrader autograde`` without a kernel; see the top of this module.

    Nothing of nbgrader's own loop is left: it removes what was graded before when something fails.
    """

    sandbox = Unicode(
        "auto", help="As of roikit grade --sandbox: auto, bubblewrap, reduced or none."
    ).tag(config=True)
    jobs = Integer(0, help="Grading processes; 0: one a core.").tag(config=True)

    def start(self) -> None:
        """Grade all that is asked for; the tests are tried before anyone is."""
        try:
            self._start()
        except GraderError as problem:
            self.log.error("%s", problem)
            raise NbGraderException(str(problem)) from problem
        except KeyboardInterrupt:
            self.log.error("interrupted; the same command goes on from here")
            raise NbGraderException("interrupted") from None

    def _start(self) -> None:
        root, source = self._source()
        self._course = Course.of(self.coursedir, self.config)
        self._plan = _plan(source, self.sandbox, course.seed(root))
        self._frame = frame_of(self._plan.assignment)
        self._prose = prose(self._plan.assignment.notebook.read_bytes())
        by_hand = sum(item.max_score for item in self._plan.assignment.manual)
        self._by_hand = f", {number(by_hand)} more by hand" if by_hand else ""
        student, assignment = self.coursedir.student_id, self._plan.assignment
        only = "" if set("*?[") & set(student) else student
        with hand_ins(self._submitted, assignment.name, self._plan.limits, assignment, only) as found:
            asked = [one for one in found if fnmatch.fnmatchcase(_folder(one), student)]
            if only and not asked:
                asked = [one for one in found if _folder(one) != one.student]  # its name cannot be used
            if not asked:
                raise GraderError(f"{self._submitted.name} has no student {student!r}")
            left = [one for one in asked if self._is_to_be_graded(one)]
            not_graded = self._grade(left) if left else []
        if not_graded:
            raise NbGraderException(f"not graded: {', '.join(not_graded)}")

    # -------------------------------------------------------------- what is asked for
    def _source(self) -> tuple[Path, Path]:
        """The course's folder, and the assignment's in it: nowhere else, least of all in a hand-in."""
        if self.coursedir.directory_structure != STRUCTURE:
            raise GraderError(f"c.CourseDirectory.directory_structure must be {STRUCTURE!r}")
        root, name = Path(self.coursedir.root), self.coursedir.assignment_id
        folder = root / self.coursedir.source_directory / name
        if name in ("", ".", "..") or "\\" in name or Path(name).name != name:
            raise GraderError(f"{name!r} is not the name of an assignment")
        if not folder.is_dir():
            there = ", ".join(sorted(path.name for path in folder.parent.glob("*/"))) or "none"
            raise GraderError(f"there is no {name!r} in {folder.parent.name}/; there are: {there}")
        return root, folder

    @property
    def _submitted(self) -> Path:
        return Path(self.coursedir.root, self.coursedir.submitted_directory)

    def _is_to_be_graded(self, hand_in: HandIn) -> bool:
        """What is graded already only if it is newer, or by force."""
        if hand_in.student in self.coursedir.student_id_exclude.split(","):
            return False
        before = self._graded_folder(hand_in.student)
        if (before / self._plan.assignment.notebook.name).exists() and not self.force:
            now, then = timestamp_in(self._handed_in(hand_in.student)), timestamp_in(before)
            if now is None or then is None or now <= then:
                self.log.info("Skipping existing assignment: %s", before)
                return False
        return True

    # -------------------------------------------------------------- one after the other
    def _grade(self, left: Sequence[HandIn]) -> list[str]:
        """Grade and write, on all cores; return who is not graded."""
        not_graded: list[str] = []

        def done(place: int, result: SubmissionResult) -> None:
            hand_in = left[place]
            name = clean_line(hand_in.student)
            try:
                self.run_pre_convert_hook()
                self._write(hand_in, result)
                self.run_post_convert_hook()
            except (GraderError, OSError) as problem:
                self.log.error("%s: %s; what was there stays", name, reason(problem))
                not_graded.append(name)
            else:
                path = clean_line(hand_in.path)
                self.log.info("%s: %s%s (%s)", name, _points(result), self._by_hand, path)

        jobs = self.jobs or (executors.usable_cores() if len(left) > _FEW else 1)
        patience = database.BUSY_SECONDS
        with database.opened(self._course.place, patience, self._course.course_id) as self._book:
            try:
                executors.execute(self._plan, (one.read() for one in left), len(left), jobs, done)
            finally:
                remove_left()
        return not_graded

    def _write(self, hand_in: HandIn, result: SubmissionResult) -> None:
        """The notebook aside, then the rows, then the notebook in its place: where it is, all is done."""
        if result.score is None:
            raise GraderError(next(item.sentence for item in result.items if item.score is None))
        if _folder(hand_in) != hand_in.student:
            raise GraderError("its folder has no name that can be used")
        folder = self._graded_folder(hand_in.student)
        folder.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=".writing-", dir=folder.parent))
        try:
            self._write_files(aside, hand_in, result)
            entry = Entries(self._plan.assignment, self._frame, self._submitted).of(result)
            with self._book.locked():
                self._expect_known(hand_in.student)
                Writer(self._book, self._course, self._plan.assignment, self._frame).write_batch([entry])
            folder.mkdir(exist_ok=True)
            for path in aside.iterdir():
                os.replace(path, folder / path.name)
        finally:
            shutil.rmtree(aside)
        self.set_permissions(self._plan.assignment.name, hand_in.student)

    def _expect_known(self, student: str) -> None:
        if not self.create_student:
            try:
                self._book.gradebook.find_student(student)
            except MissingEntry:
                raise GraderError(f"No student with ID '{student}' is in the database") from None

    def _write_files(self, folder: Path, hand_in: HandIn, result: SubmissionResult) -> None:
        """What the formgrader shows, and what releasing feedback asks for."""
        stamp = timestamp_in(self._handed_in(hand_in.student))
        moment = "" if stamp is None else f"{stamp:%Y-%m-%d %H:%M:%S.%f} UTC"
        (folder / "timestamp.txt").write_text(moment, encoding="ascii")
        (folder / "submission_secret.txt").write_text(self._secret(hand_in.student), encoding="ascii")
        content = graded_notebook(self._plan.assignment, self._frame, file_of(hand_in), result, self._prose)
        notebook = folder / self._plan.assignment.notebook.name
        notebook.write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")

    def _secret(self, student: str) -> str:
        """What the exchange names the feedback by, for its student alone; without one, for nobody."""
        parts = (student, self._plan.assignment.name, "submission_secret.txt")
        try:
            secret = read(self._submitted, parts, 128).decode("ascii")
        except (SubmissionError, UnicodeDecodeError):
            secret = ""
        return secret if _SECRET.fullmatch(secret) else secrets.token_hex(64)

    # -------------------------------------------------------------- folders
    def _handed_in(self, student: str) -> Path:
        return self._submitted / student / self._plan.assignment.name

    def _graded_folder(self, student: str) -> Path:
        return Path(self._format_dest(self._plan.assignment.name, student))


def _folder(hand_in: HandIn) -> str:
    return hand_in.path.partition("/")[0]


def _points(result: SubmissionResult) -> str:
    said = f"{number(result.score)} of {number(result.max_score)}"
    return f"{said}, {result.notes[0]}" if result.outcome == "refused" else said


def _plan(source: Path, sandbox: str, seed: int) -> pipeline.Plan:
    """What all submissions share; its tests are tried once."""
    if not (source / "grading" / "assignment.toml").is_file():
        raise AssignmentError(
            f"{source} has no grading/assignment.toml: nbgrader alone could grade it, by running students' "
            "code as you; `roikit new-assignment` makes one that can be graded safely"
        )
    plan = pipeline.Plan(assignments.load(str(source)), choose_rung(sandbox), seed)
    key = of_plan(plan)
    if key not in _rehearsed:
        rehearsal.rehearse(plan)
        _rehearsed.add(key)
    return plan
