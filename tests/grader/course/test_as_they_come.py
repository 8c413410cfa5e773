"""Notebooks as they come: whatever became of them on the way, `nbgrader autograde` grades what is there."""

import json
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from grader import cli

NAME = "toy"
TOY = Path(__file__).parents[1] / "data" / "toy"
SOLVED = json.loads((TOY / "toy.ipynb").read_text(encoding="utf-8"))
WRONG = "def span(start, size):\n    return start, start + size - 1\n"
RIGHT = """
import numpy as np
def scale(x, spatial_scale): return np.asarray(x) * spatial_scale
def span(start, size): return start, start + size
"""
POINTS = {"scale": 4.0, "span": 3.0}


# ------------------------------------------------------------------ what becomes of a solved notebook
def edited(change):
    """The solved notebook as JSON text, after ``change(notebook)``."""
    notebook = json.loads(json.dumps(SOLVED))
    change(notebook)
    return json.dumps(notebook)


def code(source, outputs=()):
    cell = {"cell_type": "code", "metadata": {}, "execution_count": 1, "source": source}
    return {**cell, "outputs": list(outputs)}


def small(source):
    return json.dumps({"cells": [code(source)], "nbformat": 4})


def unchanged(notebook):
    pass


def no_cells(notebook):
    notebook["cells"].clear()


def of_cell(notebook, grade_id):
    return next(c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)


def without_metadata(notebook):
    notebook["metadata"], notebook["nbformat_minor"] = {}, 2
    for cell in notebook["cells"]:
        cell["metadata"] = {}
        cell.pop("id", None)


def other_kernel(notebook):
    notebook["metadata"] = {
        "kernelspec": {"display_name": "R", "language": "R", "name": "ir"},
        "language_info": {"name": "R", "file_extension": ".r"},
    }


def magics(notebook):
    notebook["cells"].insert(0, code("%matplotlib inline\n!rm -rf ~\nx = !ls\nimport numpy?"))
    notebook["cells"].insert(1, code("%%bash\nrm -rf /"))
    notebook["cells"].insert(2, code("%%time\nimport math\nmath.pi"))


def duplicates(notebook):
    """A solution and a test twice: the last definition counts, as in Jupyter."""
    again = json.loads(json.dumps(of_cell(notebook, "solve_span")))
    again["source"] = WRONG
    notebook["cells"].append(again)
    notebook["cells"].append(json.loads(json.dumps(of_cell(notebook, "scale"))))


def own_tests(notebook):
    """Code in the course's own cells, with and without its marks, does not count."""
    of_cell(notebook, "span")["source"] = "def span(start, size): return 0, 0"
    of_cell(notebook, "scale")["source"] = "scale = 5"


def missing_cells(notebook):
    notebook["cells"] = [notebook["cells"][1], of_cell(notebook, "solve_scale"), of_cell(notebook, "why")]


def moved_cells(notebook):
    notebook["cells"].reverse()


def big_outputs(notebook):
    lines = [f"{number}\n" for number in range(2_000_000)]
    data = {"image/png": "iVBORw0KGgo=" * 3_000_000}
    picture = {"output_type": "display_data", "metadata": {}, "data": data}
    prints = {"output_type": "stream", "name": "stdout", "text": lines}
    notebook["cells"].append(code("for k in range(2_000_000): print(k)", [picture, prints]))


BOTH, NONE = (4.0, 3.0), (0.0, 0.0)
#: student -> files, scores of scale and span, what the report says of it
HAND_INS = {
    "as_it_is": ({"toy.ipynb": unchanged}, BOTH, ""),
    "renamed": ({"Toy (2) ada.ipynb": unchanged}, BOTH, ""),
    "another_case": ({"TOY.IPYNB": unchanged}, BOTH, ""),
    "two_notebooks": (
        {"my toy.ipynb": unchanged, "scratch.ipynb": without_metadata},
        BOTH, "graded is 'my toy.ipynb'; left aside: 'scratch.ipynb'",
    ),
    "two_copies": (
        {"toy-Copy1.ipynb": unchanged, "toy-Copy2.ipynb": magics},
        NONE, "name the one that counts toy.ipynb",
    ),
    "without_metadata": ({"toy.ipynb": without_metadata}, BOTH, ""),
    "other_kernel": ({"toy.ipynb": other_kernel}, BOTH, ""),
    "magics": ({"toy.ipynb": magics}, BOTH, "the line '!rm -rf ~' is left out, it is not Python"),
    "duplicates": ({"toy.ipynb": duplicates}, (4.0, None), ""),
    "own_tests": ({"toy.ipynb": own_tests}, BOTH, ""),
    "missing_cells": ({"toy.ipynb": missing_cells}, (4.0, 0.0), "span is not defined"),
    "moved_cells": ({"toy.ipynb": moved_cells}, BOTH, ""),
    "big_outputs": ({"toy.ipynb": big_outputs}, BOTH, ""),
    "module_beside": (
        {"toy.ipynb": small("from mine import *"), "mine.py": RIGHT},
        BOTH, "with what it may import: 'mine.py'",
    ),
    "module_alone": ({"toy.py": RIGHT, "notes.txt": "done"}, BOTH, ""),
    "module_not_imported": (
        {"toy.ipynb": no_cells, "mine.py": RIGHT},
        NONE, "graded is 'toy.ipynb'; left aside: 'mine.py'",
    ),
    "module_forgotten": (
        {"toy.ipynb": small("from mine import scale, span")},
        NONE, "scale is not defined: mine is not available while grading",
    ),
    "no_notebook": ({"toy.ipynb": "PK\3\4 this is no JSON"}, NONE, "it is not valid JSON"),
    "format_3": ({"toy.ipynb": '{"worksheets": [], "nbformat": 3}'}, NONE, "is not a notebook of format 4"),
}  # fmt: skip


@pytest.fixture(scope="module")
def course(new_course, hand_in, nbgrader, sandbox):
    """All of them are a class, graded by nbgrader and then, into report/, by `roikit grade`."""
    folder = new_course(TOY)
    for student, (files, _, _) in HAND_INS.items():
        made = {name: edited(data) if callable(data) else data for name, data in files.items()}
        hand_in(folder, student, made, NAME)
    nbgrader(folder, ("generate_assignment", NAME), ("autograde", NAME), ("generate_feedback", NAME))
    twin = folder.parent / "twin"
    seed = (folder / "seed.txt").read_text().strip()
    command = ["grade", folder / "source" / NAME, folder / "submitted", "--output", twin, "--seed", seed]
    assert cli.main([*map(str, command), "--sandbox", sandbox, "--no-gradebook"]) == 0
    return folder


@pytest.fixture(scope="module")
def scores(course):
    with Gradebook(f"sqlite:///{course}/gradebook.db", "vision") as book:
        return {
            (submission.student_id, grade.name): grade.auto_score
            for submission in book.assignment_submissions(NAME)
            for grade in submission.notebooks[0].grades
        }


@pytest.fixture(scope="module")
def told(course):
    """student -> the result that `roikit grade` wrote."""
    written = json.loads((course.parent / "twin" / "results.json").read_text(encoding="utf-8"))
    return {one["student"]: one for one in written["submissions"]}


def autograded(course, student):
    return json.loads((course / "autograded" / student / NAME / "toy.ipynb").read_text(encoding="utf-8"))


@pytest.mark.parametrize("student", HAND_INS)
def test_what_is_there_is_graded(student, scores, told):
    _, expected, says = HAND_INS[student]
    for item, points, given in zip(told[student]["items"], POINTS.values(), expected, strict=True):
        assert scores[student, item["id"]] == item["score"]
        assert item["score"] == given if given is not None else 0 <= item["score"] < points
    assert says in " ".join((*told[student]["notes"], *(item["sentence"] for item in told[student]["items"])))


@pytest.mark.parametrize("student", HAND_INS)
def test_the_formgrader_has_a_notebook_of_each(student, course):
    """The course's cells are in it, each once, whatever came; no output of a stranger is."""
    made = autograded(course, student)
    marks = [cell["metadata"]["nbgrader"] for cell in made["cells"] if "nbgrader" in cell["metadata"]]
    ids = sorted(mark["grade_id"] for mark in marks)
    assert ids == ["ask", "draw", "scale", "solve_scale", "solve_span", "span", "why"]
    assert len(json.dumps(made)) < 200_000
    assert made["metadata"]["kernelspec"]["name"] == "python3"
    assert (course / "feedback" / student / NAME / "toy.html").is_file()


def test_an_answer_stays_with_its_cell(course):
    made = autograded(course, "moved_cells")
    assert of_cell(made, "why")["source"].startswith("SECRET-ANSWER")
    assert of_cell(made, "span")["source"] == of_cell(autograded(course, "own_tests"), "span")["source"]
