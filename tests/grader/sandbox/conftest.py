"""The rung that this machine can raise, and submissions as short as tests need them."""

import runpy
from pathlib import Path

import pytest

from grader.errors import SandboxError
from grader.records import Cell, Source
from grader.sandbox import Limits, choose_rung

MIB = 1 << 20

#: Short enough that a hostile call is over in a second.
SHORT = Limits(
    call_seconds=1.0, cpu_seconds=2, memory=192 * MIB, address_space=1024 * MIB, files=5000, tmpfs=24 * MIB,
    file_size=8 * MIB, reply=4 * MIB, prints_end=2 * MIB,
)  # fmt: skip


@pytest.fixture(scope="session")
def full_rung():
    try:
        return choose_rung("auto")
    except SandboxError as error:
        pytest.skip(f"sandbox wall: {error}")


@pytest.fixture(scope="session", params=["full", "reduced", "none"])
def any_rung(request):
    if request.param == "full":
        return request.getfixturevalue("full_rung")
    return choose_rung(request.param)


@pytest.fixture
def limits():
    return SHORT


@pytest.fixture(scope="module")
def report(request):
    """Trial of an attack -> what came of it; those of the module's other tests are under way meanwhile."""
    client = runpy.run_path(str(Path(__file__).parent / "harness" / "client.py"))
    items = [item for item in request.session.items if item.module is request.module]
    trials = [item.callspec.params["trial"] for item in items if "report" in item.fixturenames]
    with client["Runners"](trials) as runners:

        def ask(trial):
            try:
                return runners.report(trial)
            except client["CannotRun"] as reason:
                pytest.skip(str(reason))

        yield ask


def module(text, label="solution.py"):
    """A submission of one .py file."""
    return Source((Cell(label, text),), is_notebook=False)


def notebook(*texts):
    """A submission of code cells, labelled from 1."""
    return Source(tuple(Cell(f"cell {k}", text) for k, text in enumerate(texts, 1)), is_notebook=True)
