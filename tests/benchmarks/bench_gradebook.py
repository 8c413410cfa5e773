"""A gradebook of a large class: made results into SQLite and PostgreSQL, first written, then written again.

    python tests/benchmarks/bench_gradebook.py [--students N] [--assignment NAME] [--no-postgresql]

No sandbox and no student's code is in it. Each database is written three times: new, over itself with the
same results, and over itself with other results in half of the class. Of PostgreSQL a server is started,
with fsync on, as it comes. Memory is measured with small classes: how much the peak grows for each further
student.
"""

import argparse
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import sqlalchemy

from grader import assignment as assignments
from grader.nbgrader_bridge import database
from grader.nbgrader_bridge.course import Course
from grader.nbgrader_bridge.gradebook import Writer
from grader.records import CaseResult, ItemResult, SubmissionResult
from grader.report.course import frame_of

TABLES = ("student", "submitted_assignment", "submitted_notebook", "grade", "comment")
SMALL = 1000  # students, where memory is measured
SENTENCE = "RoI 1 (batch 0, box 3..17 by 5..21), channel 2, bin (0, 1): expected 0.75, got 0.5 in call {}"


class MadeClass(Sequence):
    """The results of an invented class, each made when it is asked for; sorted by student."""

    def __init__(self, lesson, students, changed=False):
        self._lesson, self._students, self._changed = lesson, students, changed

    def __len__(self):
        return self._students

    def __getitem__(self, number):
        if not 0 <= number < self._students:
            raise IndexError(number)
        student = f"student{number:07}"
        moved = number % 2 if self._changed else 0
        items = tuple(_item(item, number + place + moved) for place, item in enumerate(self._lesson.rubric))
        most = sum(item.max_score for item in items)
        score = sum(item.score for item in items)
        return SubmissionResult(student, f"{student}.ipynb", items[-1].outcome, score, most, items)


def _item(item, number):
    """Every other one is right."""
    right = number % 2 == 0
    outcome, sentence = ("correct", "") if right else ("wrong", SENTENCE.format(number))
    score = item.max_score if right else 0.0
    case = CaseResult(
        f"test_{item.id}", item.id, item.title, "public", outcome, score, item.max_score, sentence
    )
    return ItemResult(item.id, item.title, outcome, score, item.max_score, sentence, (case,))


# ------------------------------------------------------------------ one writing
@dataclass
class Counted:
    """What was sent to a database: each statement once, however many rows go with it."""

    statements: list = field(default_factory=list)
    rows: int = 0

    def __call__(self, connection, cursor, statement, parameters, context, executemany):
        self.statements.append(statement)
        self.rows += len(parameters) if executemany else 0


@contextmanager
def counted(book):
    engine, found = book.gradebook.engine, Counted()
    sqlalchemy.event.listen(engine, "before_cursor_execute", found)
    try:
        yield found
    finally:
        sqlalchemy.event.remove(engine, "before_cursor_execute", found)


def write(place, lesson, submissions):
    """Write into a gradebook; return what was sent."""
    course = Course(place, "default_course")
    with database.for_writing(place) as book, counted(book) as found:
        Writer(book, course, lesson, frame_of(lesson)).write(submissions, None)
    return found


def sizes(place):
    """Rows of each table and all bytes: an SQLite file's, or those of PostgreSQL's tables and indexes."""
    engine = sqlalchemy.create_engine(place.url)
    with engine.connect() as connection:
        rows = {
            table: connection.scalar(sqlalchemy.text(f"SELECT count(*) FROM {table}")) for table in TABLES
        }
        if place.path:
            size = place.path.stat().st_size
        else:
            size = sum(
                connection.scalar(sqlalchemy.text(f"SELECT pg_total_relation_size('{table}')"))
                for table in TABLES
            )
    engine.dispose()
    return rows, size


def peak(place, lesson, students):
    """The most bytes of Python's that writing a class holds at once."""
    tracemalloc.start()
    try:
        write(place, lesson, MadeClass(lesson, students))
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


# ------------------------------------------------------------------ the table
def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--students", type=int, default=2000)
    parser.add_argument("--assignment", default="roi_pool")
    parser.add_argument("--no-postgresql", action="store_true")
    options = parser.parse_args()
    lesson = assignments.load(options.assignment)
    with ExitStack() as stack:
        new_places = {"SQLite": _sqlite(stack)}
        if not options.no_postgresql:
            new_places["PostgreSQL"] = _postgresql(stack)
        print(f"{options.students} made results of {lesson.name}; of it each student has the cells once")
        print(f"{'':38} {'seconds':>8} {'rows/s':>8} {'to SQLite':>10} {'statements':>11} {'rows sent':>10}")
        first = {}
        for name, new_place in new_places.items():
            _measure(name, new_place, lesson, options.students, first)


def _measure(name, new_place, lesson, students, first):
    make, place = partial(MadeClass, lesson, students), new_place("class")
    rounds = {"first write": make(), "the same again": make(), "half of it changed": make(changed=True)}
    for what, submissions in rounds.items():
        start = time.perf_counter()
        found = write(place, lesson, submissions)
        seconds = time.perf_counter() - start
        rows, size = sizes(place)
        if what == "first write":
            new = size
        ratio = first.setdefault(what, seconds) / seconds
        speed = sum(rows.values()) / seconds
        told = f"{seconds:8.1f} {speed:8.0f} {ratio:9.2f}× {len(found.statements):11} {found.rows:10}"
        print(f"{name + ', ' + what:38} {told}", flush=True)
    peaks = [peak(new_place(f"memory{count}"), lesson, count) for count in (SMALL, 2 * SMALL)]
    print(
        f"  {sum(rows.values()) / students:.1f} rows and {new / students:.0f} bytes a student when new, ",
        end="",
    )
    print(f"{size / students:.0f} when rewritten; ", end="")
    print(f"memory: peak {peaks[0] / 1e6:.1f} MB, {(peaks[1] - peaks[0]) / SMALL:+.0f} bytes a student more")


def _sqlite(stack):
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    return lambda name: database.Place.of_file(folder / f"{name}.db")


def _postgresql(stack):
    sys.path.append(str(Path(__file__).parents[1] / "grader" / "course"))
    from postgresql_server import new_database, running_server

    server = stack.enter_context(running_server(fsync="on"))
    return lambda name: database.Place.of_url(new_database(server, name))


if __name__ == "__main__":
    main()
