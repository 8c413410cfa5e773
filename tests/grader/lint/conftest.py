"""A small assignment without a weakness, and a way to plant one."""

import json

import pytest

from grader import assignment

NOTEBOOK = [
    "# Means of windows",
    "import numpy as np",
    "## Step 1. The cell of a position",
    '''def cell_of(position):
    """The cell that a position lies in."""
    ### BEGIN SOLUTION
    return int(np.floor(position))
    ### END SOLUTION''',
    'check("cell_of")',
    "## Step 2. The mean of a window",
    '''def window_mean(values, start, end):
    """The mean of the cells from start to end, for each channel."""
    ### BEGIN SOLUTION
    cells = values[:, max(cell_of(start), 0) : max(cell_of(end), 0)]
    if cells.shape[1] == 0:
        return np.zeros(len(values))
    return cells.mean(axis=1)
    ### END SOLUTION''',
    'check("window_mean")',
]

TOML = """
title = "Means of windows"
functions = ["cell_of", "window_mean"]
[[rubric]]
id = "cell_of"
title = "The cell"
[[rubric]]
id = "window_mean"
title = "The mean"
"""

PUBLIC = '''
import numpy as np
import pytest
from grader.testing import expect

@pytest.mark.rubric("cell_of", points=0)
def test_one_cell(student):
    """2.75 lies in cell 2."""
    expect(student.cell_of(2.75), 2)

@pytest.mark.rubric("window_mean", points=0.25)
def test_one_window(student):
    """The mean of 1, 2 and 6 is 3."""
    expect(student.window_mean(np.array([[1.0, 2, 6, 9]]), 0, 3), [3.0])
'''

HIDDEN = '''
import numpy as np
import pytest
from grader.testing import expect

@pytest.mark.rubric("cell_of", points=4)
def test_cells(student, rng):
    """Rounded down, on both sides of zero."""
    cell = rng.integers(3, 9)
    expect(student.cell_of(cell + 0.75), cell)
    expect(student.cell_of(-cell - 0.25), -cell - 1)

@pytest.mark.rubric("window_mean", points=3)
def test_windows(student, rng):
    """Each channel has its own mean."""
    values = rng.normal(size=(2, 12))
    expect(student.window_mean(values, 2.25, 9.5), values[:, 2:9].mean(axis=1))

@pytest.mark.rubric("window_mean", points=2)
def test_over_the_border(student, rng):
    """Cells outside are left out."""
    values = rng.normal(size=(3, 12))
    expect(student.window_mean(values, -3.25, 4), values[:, :4].mean(axis=1))
    expect(student.window_mean(values, 9, 14), values[:, 9:].mean(axis=1))

@pytest.mark.rubric("window_mean", points=0.75)
def test_no_cells(student, rng):
    """Without a cell the mean is 0."""
    values = rng.normal(size=(3, 12))
    expect(student.window_mean(values, 0, 1), values[:, 0])
    expect(student.window_mean(values, -4, -2), [0, 0, 0])
'''

BANK = '''
import numpy as np

def cell_of(position):
    return int(np.floor(position))

def average(cells):
    return cells.mean(axis=1)

def window_mean(values, start, end):
    cells = values[:, max(cell_of(start), 0) : max(cell_of(end), 0)]
    return average(cells) if cells.shape[1] else np.zeros(len(values))

def nearest_cell(position):
    """The position was rounded to the nearest cell."""
    return int(np.floor(position + 0.5))

def toward_zero(position):
    """The position was cut toward zero."""
    return int(position)

def rounded_up(position):
    """Cells count from one here, as in Fortran."""
    return int(np.ceil(position))

def largest(cells):
    """The largest value was taken."""
    return cells.max(axis=1)

def channels_mixed(cells):
    """One mean was taken of all channels."""
    return np.full(len(cells), cells.mean())

MISCONCEPTIONS = {"cell_of": (nearest_cell, toward_zero), "average": (largest, channels_mixed)}
OTHER_CONVENTIONS = {"cell_of": (rounded_up,)}
SECTIONS = {"cell_of": "Step 1. The cell of a position", "average": "Step 2. The mean of a window"}
'''

PROBES = '''
import numpy as np

def probes(rng):
    for position in (-2.5, -1.0, -0.25, 0.0, 0.5, 1.5, 3.0, 7.75):
        yield "cell_of", (position,), {}
    for _ in range(20):
        start = rng.uniform(-4, 8)
        yield "window_mean", (rng.normal(size=(3, 9)), start, start + rng.uniform(0, 6)), {}
'''

FILES = {
    "test_public.py": PUBLIC,
    "grading/assignment.toml": TOML,
    "grading/test_hidden.py": HIDDEN,
    "grading/misconceptions.py": BANK,
    "grading/probes.py": PROBES,
}
POINTS = {"cell_of": 4.0, "window_mean": 6.0}


def cell(text):
    """A cell with nbgrader's marks, as its text asks for them."""
    if text.startswith("#"):
        return {"cell_type": "markdown", "metadata": {}, "source": text}
    marks = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False}
    if text.startswith("check"):
        name = text.split('"')[1]
        marks |= {"grade": True, "grade_id": name, "locked": True, "points": POINTS[name]}
    elif "SOLUTION" in text:
        marks |= {"solution": True, "grade_id": f"solve_{text[4:11]}"}
    metadata = {"nbgrader": marks} if "grade_id" in marks else {}
    return {"cell_type": "code", "metadata": metadata, "execution_count": None, "outputs": [], "source": text}


@pytest.fixture
def lesson(tmp_path):
    """The assignment with pieces of its files replaced: (file, old, new) each."""

    def make(*pieces):
        folder = tmp_path / "means"
        (folder / "grading").mkdir(parents=True)
        texts = FILES | {"means.ipynb": "\0".join(NOTEBOOK)}
        for file, old, new in pieces:
            assert old in texts[file]
            texts[file] = texts[file].replace(old, new)
        cells = [cell(text) for text in texts.pop("means.ipynb").split("\0")]
        notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (folder / "means.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
        for file, text in texts.items():
            (folder / file).write_text(text, encoding="utf-8")
        return assignment.load(str(folder))

    return make
