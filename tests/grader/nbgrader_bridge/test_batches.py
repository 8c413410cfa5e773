"""A class is written some submissions at a time: whole batches, others in between, all of it in the end."""

import pickle
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta

import pytest
from nbgrader.api import Base
from small_class import BINS_OVERLAP, RIGHT_4, RIGHT_6, comment_of, dump, grade_of, graded, make_gradebook

from grader.errors import AssignmentError, GraderError
from grader.nbgrader_bridge import database, gradebook
from grader.nbgrader_bridge.course import Course
from grader.records import ClassResult, SandboxReport
from grader.report.course import frame_of

STUDENTS = ("ada", "bob", "cyd", "dan", "eve")
CLASS = tuple(graded(student, BINS_OVERLAP, RIGHT_6) for student in STUDENTS)


class Lazy(Sequence):
    """Submissions as a journal gives them, one by one; before the one at `place`, `meanwhile` happens."""

    def __init__(self, submissions, place=-1, meanwhile=None):
        self.submissions, self.place, self.meanwhile, self.read = submissions, place, meanwhile, []

    def __len__(self):
        return len(self.submissions)

    def __getitem__(self, number):
        submission = self.submissions[number]
        self.read.append(number)
        if number == self.place and self.meanwhile:
            happens, self.meanwhile = self.meanwhile, None  # not again, when the notebooks are made
            happens()
        return submission


@pytest.fixture(autouse=True)
def two_at_a_time(monkeypatch):
    monkeypatch.setattr(gradebook, "BATCH", 2)


@pytest.fixture
def run_lazily(run, tmp_path):
    """Write the class; `meanwhile` happens after the first batch: ada and bob."""

    def write(meanwhile=None):
        run(submissions=Lazy(CLASS, 2, meanwhile))

    write.path = tmp_path / "course" / "gradebook.db"
    return write


def other(path, *statements):
    """Another program, which does not wait."""
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def graded_students(path):
    query = "SELECT student_id FROM submitted_assignment ORDER BY student_id"
    with closing(sqlite3.connect(path)) as connection:
        return tuple(student for (student,) in connection.execute(query))


# ------------------------------------------------------------------ nothing is kept
def test_submissions_are_read_once_for_the_gradebook_and_once_for_the_notebooks(run):
    submissions = Lazy(CLASS)
    path = run(submissions=submissions)
    ends = [number for number in submissions.read if number < len(CLASS)]
    assert ends == [0, 1, 2, 3, 4] * 2
    assert graded_students(path) == STUDENTS
    assert sorted(folder.name for folder in (path.parent / "autograded").iterdir()) == sorted(STUDENTS)


def test_notebooks_are_found_in_whatever_order_submissions_come(run, tmp_path):
    submitted = tmp_path / "submitted"
    submitted.mkdir()
    for student in STUDENTS[1:]:
        (submitted / f"{student}.py").write_text(f"# by {student}")
    path = run(submissions=Lazy(CLASS[::-1]), folder=submitted)
    for student in STUDENTS:
        text = (path.parent / "autograded" / student / "roi_pool" / "roi_pool.ipynb").read_text("utf-8")
        assert (f"# by {student}" in text) == (student != "ada")


def test_batches_make_the_same_gradebook_as_one(run, empty_gradebook, monkeypatch):
    path = run(*CLASS)
    in_batches = dump(path)
    shutil.copy(empty_gradebook, path)
    monkeypatch.setattr(gradebook, "BATCH", 1000)
    assert dump(run(*CLASS)) == in_batches


# ------------------------------------------------------------------ killed
KILLED = """
import os, pickle, signal, sys
from sqlalchemy.engine.default import DefaultDialect
from grader import nbgrader_bridge
from grader.nbgrader_bridge import gradebook

result, path, left = pickle.load(sys.stdin.buffer)
gradebook.BATCH = 2
commit, seen = DefaultDialect.do_commit, [0]

def die_in_time(dialect, connection):
    if connection.total_changes > seen[-1]:
        seen.append(connection.total_changes)
    if len(seen) > left:
        os.kill(os.getpid(), signal.SIGKILL)
    commit(dialect, connection)

DefaultDialect.do_commit = die_in_time
nbgrader_bridge.write_gradebook(result, path)
"""


@pytest.mark.parametrize(("commit", "kept"), [(1, 0), (2, 0), (3, 2), (4, 4)])
def test_a_killed_run_leaves_whole_batches_and_the_next_completes_it(
    run, assignment, empty_gradebook, commit, kept
):
    """The commits are the assignment's, ada's and bob's, cyd's and dan's, eve's."""
    path = run(*CLASS)
    whole = dump(path)
    shutil.copy(empty_gradebook, path)
    result = ClassResult(assignment, CLASS, SandboxReport("bubblewrap"), 7, "", "", "0.1.0")

    done = subprocess.run(
        [sys.executable, "-c", KILLED], input=pickle.dumps((result, path, commit)), timeout=120,
        capture_output=True, check=False,
    )  # fmt: skip

    assert done.returncode == -signal.SIGKILL, done.stderr
    assert graded_students(path) == STUDENTS[:kept]
    assert dump(run(*CLASS)) == whole


def test_a_new_gradebook_is_there_when_all_is_in_it(run_lazily):
    path = run_lazily.path
    path.unlink()
    there = []
    run_lazily(lambda: there.append(path.exists()))
    assert there == [False]
    assert graded_students(path) == STUDENTS


# ------------------------------------------------------------------ others, in between
GIVE_ADA_9 = """
    UPDATE grade SET manual_score = 9 WHERE notebook_id IN (
        SELECT n.id FROM submitted_notebook n JOIN submitted_assignment s ON n.assignment_id = s.id
        WHERE s.student_id = '{}')
"""


def test_a_person_gives_marks_while_the_class_is_written(run_lazily, opened):
    run_lazily(lambda: other(run_lazily.path, GIVE_ADA_9.format("ada")))
    book = opened(run_lazily.path)
    assert grade_of(book, "bin_edges", "ada").score == 9.0
    assert grade_of(book, "bin_edges", "eve").score == 1.5


def test_marks_given_to_a_later_batch_meanwhile_stay(run_lazily, opened):
    run_lazily()
    other(run_lazily.path, "UPDATE grade SET auto_score = 4.0, needs_manual_grade = 0")
    run_lazily(lambda: other(run_lazily.path, GIVE_ADA_9.format("eve")))
    grade = grade_of(opened(run_lazily.path), "bin_edges", "eve")
    assert (grade.auto_score, grade.score, grade.needs_manual_grade) == (1.5, 9.0, True)


def test_a_gradebook_that_is_busy_in_the_middle_keeps_what_it_has(run_lazily, monkeypatch):
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)
    with closing(sqlite3.connect(run_lazily.path, isolation_level=None)) as person:
        sentence = (
            r"^gradebook\.db cannot be written: another .* run this again; it has the first 2 sub[a-z]*$"
        )
        with pytest.raises(database.Busy, match=sentence):
            run_lazily(lambda: person.execute("BEGIN IMMEDIATE"))
    assert graded_students(run_lazily.path) == ("ada", "bob")
    run_lazily()
    assert graded_students(run_lazily.path) == STUDENTS


def test_cells_that_another_program_renames_meanwhile_stop_the_run(run_lazily):
    rename = "UPDATE base_cell SET name = 'pooling' WHERE name = 'roi_pool'"
    with pytest.raises(AssignmentError, match="holds scores of the cell 'pooling'"):
        run_lazily(lambda: other(run_lazily.path, rename))
    assert graded_students(run_lazily.path) == ("ada", "bob")


def test_an_assignment_that_is_removed_meanwhile_is_made_again(run_lazily, opened):
    tables = set(Base.metadata.tables) - {"course", "student"}
    run_lazily(lambda: other(run_lazily.path, *(f"DELETE FROM {table}" for table in tables)))
    assert graded_students(run_lazily.path) == STUDENTS[2:]
    run_lazily()
    book = opened(run_lazily.path)
    assert {grade_of(book, "bin_edges", student).auto_score for student in STUDENTS} == {1.5}


def test_another_failure_says_what_is_written(run_lazily):
    with pytest.raises(
        GraderError, match=r"^gradebook.db cannot be written: no such table: \S+; run .* first 2"
    ):
        run_lazily(lambda: other(run_lazily.path, "DROP TABLE comment"))


# ------------------------------------------------------------------ late
class TakesHalf:
    def late_submission_penalty(self, student, score, seconds):
        return score / 2


def test_late_ones_are_charged_by_the_score_as_it_is_then(tmp_path, assignment, opened):
    """bob came an hour late and cyd too, who has an extension; a person gives bob 5 for a right answer."""
    place = database.Place.of_file(make_gradebook(tmp_path / "late.db"))
    course, frame = Course(place, "default_course", TakesHalf()), frame_of(assignment)
    for student in STUDENTS:
        folder = tmp_path / "submitted" / student / "roi_pool"
        folder.mkdir(parents=True)
        hour = 19 if student in ("bob", "cyd") else 17
        (folder / "timestamp.txt").write_text(f"2025-03-01 {hour}:00:00 UTC")

    def write():
        with database.for_writing(place) as book:
            gradebook.Writer(book, course, assignment, frame).write(CLASS, tmp_path / "submitted")
        found = opened(place.path)
        rows = {one.student.id: one for one in found.assignment_submissions("roi_pool")}
        return found, rows, [rows[student].late_submission_penalty for student in STUDENTS]

    book, submissions, penalties = write()
    assert penalties == [0.0] * 5
    book.find_assignment("roi_pool").duedate = datetime(2025, 3, 1, 18)
    submissions["cyd"].extension = timedelta(hours=2)
    grade_of(book, "mask_question", "bob").manual_score = 5.0
    book.db.commit()
    assert write()[2] == [0.0, (1.5 + 6 + 5) / 2, 0.0, 0.0, 0.0]

    grade_of(book, "mask_question", "bob").extra_credit = 1.0
    submissions["bob"].extension = timedelta(minutes=59)
    book.db.commit()
    assert write()[2] == [0.0, (1.5 + 6 + 5 + 1) / 2, 0.0, 0.0, 0.0]
    submissions["bob"].extension = timedelta(minutes=60)
    book.db.commit()
    assert write()[2] == [0.0] * 5


def test_comments_that_a_person_made_stay(run_lazily, opened):
    run_lazily()
    book = opened(run_lazily.path)
    comment_of(book, "solve_bin_edges", "eve").manual_comment = "See me."
    book.db.commit()
    run_lazily()
    book.db.expire_all()
    assert {comment_of(book, "solve_bin_edges", student).comment for student in STUDENTS} == {
        "Bins of a side: bin 1 starts at 2, expected 3", "See me.",
    }  # fmt: skip


def test_a_large_class_in_one_go_asks_nobody_twice(run, graded_hundreds):
    """More students than a statement of an old SQLite takes parameters, one batch."""
    path = run(*graded_hundreds)
    assert len(graded_students(path)) == len(graded_hundreds)
    before = dump(path)
    assert dump(run(*graded_hundreds)) == before


@pytest.fixture
def graded_hundreds(monkeypatch):
    monkeypatch.setattr(gradebook, "BATCH", 2000)
    return [graded(f"s{number:04}", RIGHT_4, RIGHT_6) for number in range(1100)]
