"""A class of three, in two rubric items and a question, and what its gradebook says."""

import json
import sqlite3
from contextlib import closing

import pytest

from grader.nbgrader_bridge import database
from grader.records import (
    CaseResult,
    ItemResult,
    RubricItem,
    SubmissionResult,
)

ITEMS = (RubricItem("bin_edges", "Bins of a side", 4.0), RubricItem("roi_pool", "Pool every bin", 6.0))
ESSAY = RubricItem("mask_question", "What happens to a mask?", 5.0)


def cell(kind, source, grade_id, **marks):
    marks = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3, **marks}
    made = {"cell_type": kind, "id": grade_id, "metadata": {"nbgrader": {"grade_id": grade_id, **marks}}}
    made |= {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {**made, "source": source}


CELLS = (
    cell("code", "def bin_edges(length, bins): ...", "solve_bin_edges", solution=True),
    cell("code", "check('bin_edges')", "bin_edges", grade=True, locked=True, points=1),
    cell("code", "def roi_pool(features, rois): ...", "solve_roi_pool", solution=True),
    cell("code", "check('roi_pool')", "roi_pool", grade=True, locked=True, points=1),
    cell("markdown", "the model answer", "mask_question", grade=True, solution=True, points=5),
)


def notebook(cells=CELLS):
    return json.dumps({"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def graded(student, *marks):
    """One submission; `marks` are (outcome, score, sentence, visibility), one for each rubric item."""
    items = []
    for item, (outcome, score, sentence, visibility) in zip(ITEMS, marks, strict=True):
        case = CaseResult(
            f"test_{item.id}", item.id, "Bins touch.", visibility, outcome, score, item.max_score, sentence
        )
        items.append(ItemResult(item.id, item.title, outcome, score, item.max_score, sentence, (case,)))
    scores = [item.score for item in items]
    total = None if None in scores else sum(scores)
    path = f"{student}/roi_pool/roi_pool.ipynb"
    return SubmissionResult(student, path, items[-1].outcome, total, 10.0, tuple(items))


RIGHT_4, RIGHT_6 = ("correct", 4.0, "", "public"), ("correct", 6.0, "", "public")
ADA = graded("ada", RIGHT_4, RIGHT_6)
BINS_OVERLAP = ("wrong", 1.5, "bin 1 starts at 2, expected 3", "public")
BOB = graded("bob", BINS_OVERLAP, ("wrong", 0.0, "secret", "hidden"))
CYD = graded("cyd", RIGHT_4, ("internal_error", None, "our test failed", "public"))


def make_gradebook(path):
    """nbgrader starts a program for each new gradebook, to know the schema's version: it takes seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("nbgrader.api.get_alembic_version", lambda: "none")
        with database.for_writing(database.Place.of_file(path)):
            return path


def grade_of(book, item, student):
    return book.find_grade(item, "roi_pool", "roi_pool", student)


def comment_of(book, cell, student):
    return book.find_comment(cell, "roi_pool", "roi_pool", student)


def dump(path):
    with closing(sqlite3.connect(path)) as database:
        return list(database.iterdump())
