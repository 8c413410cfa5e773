"""A gradebook costs statements by batches and memory by batches; SQLite and PostgreSQL hold the same."""

import importlib
import sys
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy

from grader import assignment
from grader.nbgrader_bridge import database, gradebook

HERE = Path(__file__).parent
BACKENDS = ("sqlite", "postgresql")


@pytest.fixture(scope="module")
def bench():
    sys.path[:0] = [str(HERE), str(HERE.parent / "grader" / "course")]
    try:
        importlib.import_module("postgresql_server")
        return importlib.import_module("bench_gradebook")
    finally:
        del sys.path[:2]


@pytest.fixture(scope="module")
def server(bench):
    with sys.modules["postgresql_server"].running_server() as place:
        yield place


@pytest.fixture
def lesson(monkeypatch):
    monkeypatch.setattr("nbgrader.api.get_alembic_version", lambda: "none")  # a program that takes seconds
    return assignment.load("roi_pool")


@pytest.fixture
def new_place(request, tmp_path):
    """(backend, name) -> where an empty gradebook is to be; the server starts when it is asked for."""

    def place(backend, name):
        if backend == "sqlite":
            return database.Place.of_file(tmp_path / f"{name}.db")
        server = request.getfixturevalue("server")
        return database.Place.of_url(sys.modules["postgresql_server"].new_database(server, name))

    return place


@pytest.mark.parametrize("backend", BACKENDS)
def test_statements_grow_with_batches_and_not_with_students(bench, lesson, new_place, monkeypatch, backend):
    sent = []
    for students, batch in ((80, 20), (160, 40), (160, 20)):
        monkeypatch.setattr(gradebook, "BATCH", batch)
        place = new_place(backend, f"of_{students}_by_{batch}")
        made = bench.MadeClass(lesson, students)
        rounds = (made, made, bench.MadeClass(lesson, students, changed=True))
        found = [bench.write(place, lesson, one) for one in rounds]
        assert found[1].rows == 0, "equal results are written again"
        sent.append([len(one.statements) for one in found])
    four, four_larger, eight = sent
    assert four == four_larger
    assert all(more < 2 * few for few, more in zip(four, eight, strict=True))


def test_memory_does_not_grow_with_the_class(bench, lesson, new_place, monkeypatch):
    """A student's rows as objects are 20,000 bytes and more; what is left over are names of statements."""
    monkeypatch.setattr(gradebook, "BATCH", 50)
    bench.peak(new_place("sqlite", "first"), lesson, 50)  # what is made once
    few, many = (bench.peak(new_place("sqlite", f"of{count}"), lesson, count) for count in (200, 600))
    assert (many - few) / 400 < 500


def test_sqlite_and_postgresql_hold_the_same(bench, lesson, new_place, monkeypatch):
    """Row by row, ids included, when new, after a person's marks, and when written over."""
    monkeypatch.setattr(gradebook, "BATCH", 30)
    places = [new_place(backend, "the_same") for backend in BACKENDS]
    by_hand = "UPDATE grade SET manual_score = 1, needs_manual_grade = {} WHERE id LIKE 'a%'"
    for changed in (False, True, False):
        for place in places:
            bench.write(place, lesson, bench.MadeClass(lesson, 100, changed))
        here, there = map(content, places)
        assert here == there
        assert len(here["grade"]) == 800
        for place in places:
            execute(place, by_hand.format("false" if place.path is None else "0"))


def content(place):
    """The rows of a gradebook, by table, in the order of their first column."""
    engine = sqlalchemy.create_engine(place.url)
    tables = sqlalchemy.MetaData()
    tables.reflect(engine)
    with closing(engine.connect()) as connection:
        found = {
            name: sorted(map(tuple, connection.execute(sqlalchemy.select(table))), key=lambda row: row[0])
            for name, table in tables.tables.items()
        }
    engine.dispose()
    return found


def execute(place, statement):
    engine = sqlalchemy.create_engine(place.url)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text(statement))
    engine.dispose()
