"""The notebooks as students get them, run from top to bottom in a Jupyter kernel: unsolved, and solved."""

import json

import nbformat
import pytest
from nbclient import NotebookClient

from grader import assignment
from grader.release import release

NAMES = assignment.names()
CHECK = "check("


def is_check(cell):
    return cell.cell_type == "code" and cell.source.startswith(CHECK)


def text_of(cell):
    """What a cell shows, as plain text."""
    shown = [output.get("data", {}).get("text/plain", output.get("text", "")) for output in cell.outputs]
    return "\n".join(shown)


def run_cells(client, cells):
    """Run these cells as the notebook's own; they hold their outputs afterwards."""
    client.nb.cells = cells
    for place, cell in enumerate(cells):
        if cell.cell_type == "code":
            client.execute_cell(cell, place)


@pytest.fixture(scope="module", params=NAMES)
def runs(request, tmp_path_factory):
    """(cells of the unsolved notebook, cells of the solved one), run one after the other in one kernel."""
    lesson = assignment.load(request.param)
    folder = tmp_path_factory.mktemp("handout")
    released = nbformat.read(release(lesson, folder)[0], 4)
    solved = nbformat.read(lesson.notebook, 4)
    client = NotebookClient(
        released, kernel_name="python3", allow_errors=True, timeout=60, shutdown_kernel="immediate",
        resources={"metadata": {"path": str(folder / lesson.name)}},
    )  # fmt: skip
    unsolved = released.cells
    with client.setup_kernel():
        run_cells(client, unsolved)
        run_cells(client, solved.cells)
    return unsolved, solved.cells


def test_solved_every_check_is_green_and_nothing_fails(runs):
    cells = runs[1]
    errors = [output for cell in cells for output in cell.get("outputs", ()) if output.output_type == "error"]
    assert errors == []
    checks = [cell for cell in cells if is_check(cell)]
    assert len(checks) >= 5
    for cell in checks:
        text = text_of(cell)
        assert "FAIL" not in text
        count = text.splitlines()[-1].split(": ")[1]
        passed, _, of = count.split()[:3]
        assert passed == of, text


def test_unsolved_every_check_says_what_is_to_do_and_shows_no_frames(runs):
    checks = [cell for cell in runs[0] if is_check(cell)]
    for cell in checks:
        shown, error = cell.outputs
        assert "is not written yet" in shown.data["text/plain"]
        assert "is not written yet" in shown.data["text/html"].partition("<details>")[0]
        assert (error.ename, len(error.traceback)) == ("CheckFailed", 1)
        assert "\n" not in error.traceback[0]


def test_pictures_of_the_notebook_itself_are_there(runs):
    assert any("<svg" in json.dumps(cell.get("outputs", ())) for cell in runs[0] if not is_check(cell))


def test_the_matrices_at_the_end_of_roi_align_agree(runs):
    """Nothing there is graded, and it waits for the functions above."""
    for cells, words in zip(runs, ("first write the functions above", "the same values"), strict=True):
        assert all(words in text_of(cell) for cell in cells if "def two_ways" in cell.source)
