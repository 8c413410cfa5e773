"""What the grader's tests share: a toy assignment, notebooks made of cells, a box for a piece of source."""

import json
from pathlib import Path

import pytest

from grader import assignment, cases, cli
from grader.errors import SandboxError
from grader.records import Cell, Source, Submission
from grader.sandbox import choose_rung
from grader.student import LocalBox

TOY = Path(__file__).parent / "data" / "toy"
collect_ignore_glob = ["data/*", "attacks/*"]  # run by tests, not tests

#: A right solution of the toy assignment.
RIGHT = """
import numpy as np

def scale(x, spatial_scale):
    return np.asarray(x) * spatial_scale

def span(start, size):
    return start, start + size
"""


@pytest.fixture
def right():
    return RIGHT


@pytest.fixture(scope="session")
def toy():
    return assignment.load(str(TOY))


@pytest.fixture(scope="session")
def rung():
    """The best rung of this machine; what is tested with it holds on every one."""
    try:
        return choose_rung("auto")
    except SandboxError:
        return choose_rung("reduced")


@pytest.fixture
def module():
    """Source text -> Source of a module."""
    return lambda text: Source((Cell("toy.py", text),), is_notebook=False)


@pytest.fixture
def hand_in(module):
    """Source text -> Submission of one student."""
    return lambda text, student="ada": Submission(student, f"{student}.py", module(text))


@pytest.fixture
def run_toy(toy, module):
    """Source text -> {case: CaseResult}, in this process: for code that the tests trust."""

    def run(text, seed=1, **options):
        box = LocalBox.from_source(module(text))
        found = cases.with_cases(toy, seed, lambda run_cases: run_cases(box), **options)
        return {case.case: case for case in found}

    return run


@pytest.fixture
def notebook():
    """Sources (or whole cells) -> bytes of a notebook."""

    def make(*cells, **more):
        made = [
            cell
            if not isinstance(cell, str)
            else {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": cell}
            for cell in cells
        ]
        return json.dumps(
            {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more}
        ).encode()

    return make


@pytest.fixture
def students(tmp_path, right):
    """A flat class of two."""
    folder = tmp_path / "class"
    folder.mkdir()
    (folder / "ada.py").write_text(right)
    (folder / "bela.py").write_text(right.replace("start + size", "start"))
    return folder


@pytest.fixture
def roikit(capsys):
    """Arguments -> (exit code, stdout, stderr)."""

    def run(*arguments):
        try:
            code = cli.main(list(map(str, arguments)))
        except SystemExit as end:  # argparse
            code = end.code
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def sandbox(rung):
    """The option that gives the best sandbox of this machine."""
    return "--sandbox", "reduced" if rung.name == "reduced" else "auto"
