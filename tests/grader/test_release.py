"""The students' version: everything they need, and nothing that is secret."""

import json
import shutil

import pytest

from grader import assignment, release
from grader.errors import AssignmentError


@pytest.fixture
def copy(toy, tmp_path):
    """A copy of the toy assignment that a test changes; loads it again when called."""
    folder = tmp_path / "source" / "toy"
    shutil.copytree(toy.folder, folder)

    def load():
        return assignment.load(str(folder))

    load.folder = folder
    return load


def cells_by_id(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return {
        cell["metadata"].get("nbgrader", {}).get("grade_id", number): cell
        for number, cell in enumerate(cells)
    }


def text_of(cell):
    return "".join(cell["source"])


def test_the_toy_released(toy, tmp_path):
    written = release.release(toy, tmp_path / "handout")
    assert written == [
        tmp_path / "handout" / "toy" / "toy.ipynb",
        tmp_path / "handout" / "toy" / "test_public.py",
    ]
    cells = cells_by_id(written[0])
    assert text_of(cells["solve_scale"]) == (
        'def scale(x, spatial_scale):\n    """Every number of x times spatial_scale; about 1 line."""\n'
        "    # YOUR CODE HERE\n    raise NotImplementedError()"
    )
    assert text_of(cells["scale"]) == 'from grader.notebook import check\n\ncheck("scale")'
    assert text_of(cells["span"]) == 'check("span")'
    assert text_of(cells["why"]) == "YOUR ANSWER HERE"
    assert text_of(cells["draw"]) == "Draw it."
    assert all(cell.get("outputs", []) == [] for cell in cells.values())
    assert all(cell.get("execution_count") is None for cell in cells.values())


def test_nothing_secret_is_released(toy, tmp_path):
    """No word of the solution, of the hidden tests, of the mark schemes, of an output; no other file."""
    (toy.folder / "grading" / "assignment.toml").read_text()
    release.release(toy, tmp_path)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert sorted(path.name for path in files) == ["test_public.py", "toy.ipynb"]
    hidden = toy.hidden_tests.read_text(encoding="utf-8")
    ideas = [line.strip() for line in hidden.split("\n") if line.strip().startswith(('"""', "def test_"))]
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert "SECRET" not in text
        assert "SOLUTION" not in text
        assert not [idea for idea in ideas if idea in text]


def test_as_nbgrader_does_it(toy):
    """Cell by cell the same as nbgrader's own preprocessors make it."""
    import nbformat
    from nbgrader import preprocessors

    notebook = nbformat.read(toy.notebook, 4)
    for name in ("LockCells", "ClearSolutions", "ClearOutput", "ClearHiddenTests", "ClearMarkScheme"):
        notebook, _ = getattr(preprocessors, name)().preprocess(notebook, {})
    ours = json.loads(release.student_notebook(toy.notebook.read_text(encoding="utf-8")))
    assert ours == json.loads(nbformat.writes(notebook))


def test_listed_files_are_released(copy, tmp_path):
    (copy.folder / "pictures").mkdir()
    (copy.folder / "pictures" / "map.svg").write_text("<svg/>")
    (copy.folder / "private.txt").write_text("SECRET")
    toml = copy.folder / "grading" / "assignment.toml"
    toml.write_text('release = ["pictures/map.svg"]\n' + toml.read_text())
    written = release.release(copy(), tmp_path / "out")
    assert [path.relative_to(tmp_path / "out" / "toy").as_posix() for path in written] == [
        "toy.ipynb", "test_public.py", "pictures/map.svg",
    ]  # fmt: skip
    assert written[2].read_text() == "<svg/>"


@pytest.mark.parametrize(
    "name", ["grading/test_hidden.py", "../toy/toy.ipynb", "/etc/passwd", "no.txt", "link.txt", ""]
)
def test_what_may_not_be_listed(copy, tmp_path, name):
    (copy.folder / "link.txt").symlink_to(copy.folder / "grading" / "test_hidden.py")
    toml = copy.folder / "grading" / "assignment.toml"
    toml.write_text(f'release = ["{name}"]\n' + toml.read_text())
    with pytest.raises(AssignmentError, match="release: "):
        release.release(copy(), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_somebody_s_work_is_not_overwritten(toy, tmp_path):
    release.release(toy, tmp_path)
    with pytest.raises(AssignmentError, match="is there already and not empty"):
        release.release(toy, tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("    ### END SOLUTION", "    #", "cell 3: BEGIN SOLUTION has no END SOLUTION"),
        ("    SECRET_SOLUTION =", "    ### BEGIN SOLUTION\\n    x =", "cell 3: BEGIN SOLUTION stands inside"),
        ('"solution": true', '"solution": false', "cell 3: a solution stands in a cell that is not marked"),
        ("### END HIDDEN TESTS", "#", "cell 6: BEGIN HIDDEN TESTS has no END HIDDEN TESTS"),
        ('"celltoolbar": "Create Assignment"', '"note": "### BEGIN SOLUTION"', "a SOLUTION region is left"),
        ('"cells"', '"worksheets"', "is not a notebook of format 4"),
    ],
)
def test_a_notebook_that_is_not_ready(toy, old, new, sentence):
    text = toy.notebook.read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(AssignmentError, match=sentence):
        release.student_notebook(text.replace(old, new))
