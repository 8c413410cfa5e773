"""The gradebook on a PostgreSQL server: two graders and a person at once, and nothing is lost."""

import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from nbgrader.api import Gradebook
from postgresql_server import db_url, new_database, running_server

from grader import assignment

HERE = Path(__file__).parent
TOY = HERE.parent / "data" / "toy"
NAME = "toy"
STUDENTS = tuple(f"student{number}" for number in range(5))
PATIENCE = 300  # seconds, on a machine that has much else to do
WRONG = """
import numpy as np
def scale(x, spatial_scale): return np.asarray(x) * spatial_scale
def span(start, size): return start, start + size - 1
"""


# ------------------------------------------------------------------ the course
@pytest.fixture(scope="module")
def server():
    with running_server() as place:
        yield place


@pytest.fixture(scope="module")
def course(server, new_course, hand_in, nbgrader):
    """A course of five whose gradebook is on the server; nbgrader makes the tables."""
    folder = new_course(TOY, config=f"c.CourseDirectory.db_url = {new_database(server)!r}\n")
    right = assignment.load(str(TOY)).notebook.read_bytes()
    for number, student in enumerate(STUDENTS):
        files = {"toy.ipynb": right} if number % 2 else {"toy.py": WRONG}
        hand_in(folder, student, files, NAME)
    sqlite = f"--db=sqlite:///{folder}/gradebook.db"
    nbgrader(
        folder,
        ("generate_assignment", NAME), ("autograde", NAME), ("autograde", NAME, "--force", sqlite),
    )  # fmt: skip
    return folder


@pytest.fixture
def autograde(course, environment):
    """nbgrader's own program, started and not waited for; killed where a test fails before its end."""
    started = []

    def start(*options):
        command = [sys.executable, "-m", "nbgrader", "autograde", NAME, "--force", *options]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        started.append(subprocess.Popen(command, cwd=course, env=environment, text=True, **pipes))
        return started[-1]

    yield start
    for grader in started:
        with grader:  # which closes its pipe, and waits
            grader.kill()


def is_running(grader, deadline):
    assert time.monotonic() < deadline, "the grader does not come to its end"
    return grader.poll() is None


def rows(url):
    """(student, cell) -> (auto, needs a person) of a gradebook; nothing is there twice."""
    with Gradebook(url, "vision") as book:
        found = [
            ((submission.student_id, grade.name), (grade.auto_score, grade.needs_manual_grade))
            for submission in book.assignment_submissions(NAME)
            for notebook in submission.notebooks
            for grade in notebook.grades
        ]
    assert len(dict(found)) == len(found)
    return dict(found)


# ------------------------------------------------------------------ tests
def test_scores_are_those_of_sqlite(course, server):
    here = rows(db_url(server))
    assert here == rows(f"sqlite:///{course}/gradebook.db")
    assert len(here) == len(STUDENTS) * 4
    assert {here[student, "scale"] for student in STUDENTS} == {(4.0, False)}
    assert {here[student, "span"][0] for student in STUDENTS[1::2]} == {3.0}
    assert {here[student, "span"][0] for student in STUDENTS[::2]} != {3.0}
    assert {here[student, "why"] for student in STUDENTS} == {(None, True)}


def test_two_graders_and_a_person_at_once(course, server, autograde):
    """Both grade everybody, while a person gives marks one after the other."""
    before = rows(db_url(server))
    graders, deadline = [autograde(), autograde()], time.monotonic() + PATIENCE
    given = {}
    with Gradebook(db_url(server), "vision") as book:
        while any(is_running(grader, deadline) for grader in graders):
            for number, student in enumerate(STUDENTS):
                given[student] = (given.get(student, 0) + number + 1) % 3
                grade = book.find_grade("why", NAME, NAME, student)
                grade.manual_score, grade.needs_manual_grade = given[student], False
                book.find_comment("why", NAME, NAME, student).manual_comment = f"said {given[student]}"
                book.db.commit()
    said = [grader.communicate()[0] for grader in graders]
    assert [grader.returncode for grader in graders] == [0, 0], said
    assert sum(log.count(" more by hand (student") for log in said) == 2 * len(STUDENTS)

    with Gradebook(db_url(server), "vision") as book:
        assert len(book.students) == len(STUDENTS)
        assert len(book.assignment_submissions(NAME)) == len(STUDENTS)
        for student in STUDENTS:
            essay = book.find_grade("why", NAME, NAME, student)
            assert (essay.manual_score, essay.needs_manual_grade) == (given[student], False)
            assert book.find_comment("why", NAME, NAME, student).comment == f"said {given[student]}"
    after = rows(db_url(server))
    assert {key: auto for key, (auto, _) in after.items()} == {key: auto for key, (auto, _) in before.items()}


def test_the_scorer_waits_for_a_person_who_is_about_to_write(course, server, hand_in, autograde):
    """student1's span has been given 1 point, not yet committed, when the scorer comes to this very row."""
    hand_in(course, "student1", {"toy.py": WRONG}, NAME)
    with (
        Gradebook(db_url(server), "vision") as book,
        closing(psycopg.connect(host=server, user="grader", dbname="vision", autocommit=True)) as admin,
    ):
        grade = book.find_grade("span", NAME, NAME, "student1")
        grade.manual_score = 1.0
        book.db.flush()
        grader, deadline = autograde("--student=student1"), time.monotonic() + PATIENCE
        waiting = "SELECT count(*), pg_sleep(0.05) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        while is_running(grader, deadline) and not admin.execute(waiting).fetchone()[0]:
            pass
        assert grader.poll() is None
        book.db.commit()
        log, _ = grader.communicate(timeout=PATIENCE)
        assert grader.returncode == 0, log
        book.db.expire_all()
        grade = book.find_grade("span", NAME, NAME, "student1")
        assert (grade.manual_score, grade.score, grade.needs_manual_grade) == (1.0, 1.0, True)
        assert grade.auto_score < 3.0


def test_a_database_that_is_not_there_is_one_sentence(course, server, nbgrader):
    log = nbgrader(course, "autograde", NAME, "--force", f"--db={db_url(server, 'none')}", code=1)
    assert 'database "none" does not exist' in log
    assert "Traceback" not in log
