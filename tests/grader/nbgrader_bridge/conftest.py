"""A gradebook to write into, and to read; a course to grade."""

import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import api, autogradeapp

from grader import course
from grader.nbgrader_bridge import write_gradebook
from grader.records import (
    Assignment,
    ClassResult,
    SandboxReport,
)

sys.path.append(str(Path(__file__).parent))  # small_class.py, toy_course.py

from small_class import ESSAY, ITEMS, make_gradebook, notebook
from toy_course import configure, nbgrader


@pytest.fixture
def assignment(tmp_path):
    folder = tmp_path / "assignments" / "roi_pool"
    folder.mkdir(parents=True)
    (folder / "roi_pool.ipynb").write_text(notebook(), encoding="utf-8")
    return Assignment("roi_pool", "RoI pooling", folder, ("bin_edges", "roi_pool"), ITEMS, (ESSAY,))


@pytest.fixture(scope="module")
def empty_gradebook(tmp_path_factory):
    return make_gradebook(tmp_path_factory.mktemp("empty") / "gradebook.db")


@pytest.fixture
def run(assignment, tmp_path, empty_gradebook):
    """Grade `submissions` into course/gradebook.db and return its path."""
    course = tmp_path / "course"
    course.mkdir()
    shutil.copy(empty_gradebook, course)

    def write(*submissions, folder=None, **changes):
        result = ClassResult(
            assignment, submissions, SandboxReport("bubblewrap"), 7, "2025-03-03T14:02:11+00:00",
            "2025-03-03T14:02:14+00:00", "0.1.0",
        )  # fmt: skip
        return write_gradebook(replace(result, **changes), course / "gradebook.db", folder)

    return write


@pytest.fixture
def opened():
    books = []

    def open_book(path):
        books.append(Gradebook(f"sqlite:///{path}"))
        return books[-1]

    yield open_book
    for book in books:
        book.close()


@pytest.fixture
def nbgraders_own(monkeypatch):
    """A course's configuration puts the scorer into nbgrader; what it puts there ends with the test."""
    for module in (api, autogradeapp):
        monkeypatch.setattr(module, "Autograde", module.Autograde)


@pytest.fixture(scope="session")
def released(tmp_path_factory, toy):
    """A course with the toy assignment, as it is after ``nbgrader generate_assignment``."""
    folder = tmp_path_factory.mktemp("course") / "vision"
    course.init(folder, [str(toy.folder)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(api, "Autograde", api.Autograde)
        patch.setattr(autogradeapp, "Autograde", autogradeapp.Autograde)
        patch.setattr("nbgrader.api.get_alembic_version", lambda: "none")  # a program that takes seconds
        made = nbgrader(folder).generate_assignment("toy")
    assert made["success"], made
    return folder


@pytest.fixture
def vision(released, tmp_path, rung, nbgraders_own):
    """A copy of that course; where this machine has no full sandbox, it says so."""
    folder = tmp_path / "vision"
    shutil.copytree(released, folder)
    if rung.name == "reduced":
        configure(folder, 'c.TrustedAutograde.sandbox = "reduced"')
    return folder
