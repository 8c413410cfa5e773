"""A small assignment with a bank: a row of cells is cut into bins, each bin gives its maximum."""

from pathlib import Path

import pytest

from grader import assignment, cases
from grader.examiner import Examiner
from grader.records import Cell, Source
from grader.student import LocalBox

ROW = Path(__file__).parent.parent / "data" / "row"

#: The right solution as a student writes it; texts of the tests go below it and replace what they name.
RIGHT = """
import numpy as np

def edges(length, bins):
    return [(p * length // bins, (p + 1) * length // bins) for p in range(bins)]

def pool(rows, bins):
    return [[max(row[start:end]) for start, end in edges(len(row), bins)] for row in rows]
"""


@pytest.fixture(scope="session")
def row():
    return assignment.load(str(ROW))


class Counting:
    """A box that counts the calls."""

    def __init__(self, box):
        self.box, self.calls = box, 0

    def call(self, *arguments):
        self.calls += 1
        return self.box.call(*arguments)


@pytest.fixture
def box():
    """Source below the right one -> a box in this process: for code that the tests trust."""
    return lambda text: Counting(LocalBox.from_source(Source((Cell("row.py", RIGHT + text),), False)))


@pytest.fixture
def diagnosed(row, box):
    """Source below the right one -> Diagnosis."""

    def diagnose(text, seed=1):
        def body(attempts):
            return Examiner(row, attempts, seed).run(box(text))[1]

        return cases.with_attempts(row, seed, body)

    return diagnose
