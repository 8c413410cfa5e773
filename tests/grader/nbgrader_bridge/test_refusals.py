"""What cannot be a gradebook, or cannot be written to, is one sentence; and nothing is lost."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from functools import partial

import pytest
from small_class import ADA, CELLS, ITEMS, cell, dump, make_gradebook, notebook

from grader.errors import AssignmentError, GraderError
from grader.nbgrader_bridge import check_gradebook, database


def test_without_nbgrader_one_sentence_says_how_to_get_it(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "nbgrader.api", None)
    with pytest.raises(GraderError, match=r"pip install 'roikit\[nbgrader\]'"):
        run(ADA)


def test_the_bridge_alone_imports_nbgrader_and_only_when_asked():
    code = "import sys, grader.nbgrader_bridge; sys.exit('nbgrader' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 0


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (CELLS[2:], "roi_pool.ipynb has no graded cell for the rubric item 'bin_edges'"),
        ([*CELLS, CELLS[0]], "roi_pool.ipynb has two cells with the grade_id 'solve_bin_edges'"),
        (
            [*CELLS, cell("code", "", "extra", grade=True)],
            "roi_pool.ipynb has a graded cell 'extra' that is no rubric item",
        ),
    ],
)
def test_the_notebooks_cells_must_be_the_rubrics(run, assignment, tmp_path, cells, sentence):
    assignment.notebook.write_text(notebook(cells), encoding="utf-8")
    for attempt in (lambda: check_gradebook(assignment, tmp_path / "new.db"), lambda: run(ADA)):
        with pytest.raises(AssignmentError, match=f"^{sentence}$"):
            attempt()


def test_a_rubric_that_lost_an_item_needs_a_new_gradebook(run, assignment, tmp_path):
    run(ADA)
    assignment.notebook.write_text(notebook(CELLS[2:]), encoding="utf-8")
    smaller = replace(assignment, rubric=ITEMS[1:])
    path = tmp_path / "course" / "gradebook.db"
    before = dump(path)
    regrade = partial(run, replace(ADA, items=ADA.items[1:]), assignment=smaller)
    for attempt in (partial(check_gradebook, smaller, path), regrade):
        with pytest.raises(AssignmentError, match="holds scores of the cell 'bin_edges'"):
            attempt()
    assert dump(path) == before


DAMAGED = [
    (lambda path: path.write_text("this is no database " * 100), "file is not a database"),
    (lambda path: os.truncate(path, 8192), "database disk image is malformed"),
    (lambda path: (path.unlink(), path.mkdir()), "unable to open database file"),
    (lambda path: execute(path, OLDER), "no such column: student.lms_user_id; run `nbgrader db upgrade`"),
]
OLDER = "ALTER TABLE student DROP COLUMN lms_user_id"


def execute(path, statements):
    with closing(sqlite3.connect(path)) as database:
        database.executescript(statements)


@pytest.mark.parametrize(("damage", "sentence"), DAMAGED)
def test_a_file_that_is_no_gradebook_is_one_sentence(run, assignment, tmp_path, damage, sentence):
    """Before anybody is graded, and, should it come to that, after."""
    path = tmp_path / "course" / "gradebook.db"
    damage(path)
    for attempt in (lambda: check_gradebook(assignment, path), lambda: run(ADA)):
        with pytest.raises(GraderError, match=rf"^gradebook\.db cannot be written: {sentence}"):
            attempt()


@pytest.mark.parametrize("lock", ["IMMEDIATE", "EXCLUSIVE"])
def test_a_gradebook_that_another_program_writes_to(run, assignment, tmp_path, monkeypatch, lock):
    """Waited for; and no reason not to begin with the grading."""
    path = tmp_path / "course" / "gradebook.db"
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)
    with closing(sqlite3.connect(path)) as other:
        other.execute(f"BEGIN {lock}")
        check_gradebook(assignment, path)
        with pytest.raises(GraderError, match=r"^gradebook\.db cannot be written: another program is "):
            run(ADA)
    run(ADA)


def test_an_empty_file_becomes_a_gradebook(tmp_path, assignment):
    path = tmp_path / "gradebook.db"
    path.touch()
    check_gradebook(assignment, path)
    assert make_gradebook(path).stat().st_size > 0
