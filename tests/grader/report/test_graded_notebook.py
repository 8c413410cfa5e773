"""The notebook that a person grades by hand: the student's answers, the course's frame, nothing that runs."""

import json

import nbformat
import pytest

from grader.report.graded_notebook import graded_notebook, inert, marked_cells

PNG = "iVBORw0KGgo="


def cell(kind, source, **more):
    return {"cell_type": kind, "metadata": {}, "source": source, **more}


def marked(kind, source, grade_id, **marks):
    return cell(kind, source, metadata={"nbgrader": {"grade_id": grade_id, **marks}})


def notebook(*cells):
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


COURSE = marked_cells(
    notebook(
        cell("markdown", "# RoI pooling"),
        marked("code", "from roikit import examples", "tools", locked=True),
        marked("code", "def bin_edges(): ...", "solve_bin_edges", solution=True),
        marked("code", "check('bin_edges')", "bin_edges", grade=True, locked=True, points=1),
        marked("markdown", "the model answer", "mask_question", grade=True, solution=True, points=4),
    )
)


@pytest.fixture
def graded(make_class):
    def graded_with(handed_in, failures=()):
        result = make_class({"ada": dict(failures)})
        made = graded_notebook(result.assignment, COURSE, handed_in, result.submissions[0])
        nbformat.validate(made)
        return made["cells"]

    return graded_with


def sources(cells):
    return [cell["source"] for cell in cells]


def test_the_marks_are_read():
    assert [(m.grade_id, m.graded, m.solution, m.locked) for m in COURSE] == [
        ("tools", False, False, True),
        ("solve_bin_edges", False, True, False),
        ("bin_edges", True, False, True),
        ("mask_question", True, True, False),
    ]


def test_answers_stay_and_the_courses_cells_come_back(graded):
    """A student changed the check and its points, and added a cell: the check is the course's again."""
    cells = graded(
        notebook(
            marked("code", "import os", "tools"),
            marked("code", "def bin_edges(a, b): return 1", "solve_bin_edges", solution=True),
            cell("code", "bin_edges(5, 2)"),
            marked("code", "pass", "bin_edges", grade=True, points=100),
            marked("markdown", "It is cut.", "mask_question", grade=True, solution=True),
        )
    )
    assert sources(cells) == [
        "from roikit import examples",
        "def bin_edges(a, b): return 1",
        "bin_edges(5, 2)",
        "check('bin_edges')",
        "It is cut.",
    ]
    assert cells[3]["metadata"]["nbgrader"]["points"] == 4.0  # the rubric's
    assert cells[2]["metadata"] == {}


def test_cells_that_were_deleted_are_put_back(graded):
    cells = graded(notebook(cell("markdown", "nothing")))
    assert sources(cells)[1:] == [
        "from roikit import examples",
        "# This cell is not in the hand-in.",
        "check('bin_edges')",
        "*This cell is not in the hand-in.*",
    ]


def test_a_cell_handed_in_twice_counts_once(graded):
    twice = marked("markdown", "It is cut.", "mask_question", grade=True, solution=True)
    cells = graded(notebook(twice, twice))
    assert [c["metadata"].get("nbgrader", {}).get("grade_id") for c in cells[:2]] == ["mask_question", None]


def test_a_module_is_shown_as_one_cell(graded):
    cells = graded(b"def bin_edges(length, bins):\n    return []\n")
    assert cells[0]["source"] == "def bin_edges(length, bins):\n    return []\n"


def test_findings_are_the_outputs_of_the_graded_cell(graded):
    found = "bin 0: expected (0, 2), got (0, 3)"
    failures = {"test_five": ("wrong", found), "test_cover": ("wrong", "secret")}
    check = graded(None, failures)[2]
    assert check["outputs"][0]["text"].splitlines() == [
        "◐ Split a side into bins: 2 / 4",
        "  ✗ 5 cells in 2 bins: 2 + 3.",
        "      bin 0: expected (0, 2), got (0, 3)",
        "  ✓ Bins touch, and do not overlap.",
        "  ✗ Every cell of the side is in a bin.",
    ]
    assert check["outputs"][1]["data"]["image/svg+xml"].startswith("<svg")


def test_nothing_of_a_strangers_can_run(graded):
    """Outputs, raw HTML cells, metadata, attachments that are no pixels: gone. HTML in Markdown: text."""
    script = "<script>alert(1)</script>"
    shown = {"output_type": "display_data", "metadata": {}, "data": {"text/html": script}}
    evil = {
        "a.png": {"image/png": PNG},
        "b.svg": {"image/svg+xml": script},
        "c.png": {"image/png": '"><script>'},
    }
    made = graded(
        notebook(
            cell("code", "1", outputs=[shown], execution_count=1),
            cell("raw", script, metadata={"raw_mimetype": "text/html"}),
            cell("markdown", f"{script} [x](javascript:alert(1)) &#106;avascript: a<b", attachments=evil),
            cell("markdown", ["x"], metadata=script),
            cell("markdown", {"no": "text"}),
        )
    )
    assert made[0]["outputs"] == []
    assert made[1]["cell_type"] == "markdown"
    assert made[2]["attachments"] == {"a.png": {"image/png": PNG}}
    text = json.dumps(made)
    assert not any(bad in text for bad in ("<script", "javascript:", "&#106"))


def test_inert_keeps_mathematics_and_prose():
    assert inert("for $x < y$ and a[0](b) & c") == "for $x < y$ and a[0](b) & c"


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", b"[1, 2", b'{"cells": [1, "x", null]}'])
def test_a_file_that_is_no_notebook_is_no_obstacle(graded, data):
    assert "check('bin_edges')" in sources(graded(data))
