"""``roikit new-assignment``: what it writes is whole, passes everything as it is, and is nobody else's."""

import pytest

from grader import assignment, cases, new_assignment, score
from grader.cli import main
from grader.errors import AssignmentError
from grader.intake import extract
from grader.lint import lint
from grader.records import Submission
from grader.release import release
from grader.student import LocalBox


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The assignment, as it is made."""
    folder = tmp_path_factory.mktemp("made")
    new_assignment.write("expand_box", folder)
    return assignment.load(str(folder / "expand_box"))


def earned(lesson, data):
    source = extract.source(lesson.notebook.name, data)
    results = cases.with_cases(lesson, 1, lambda run: run(LocalBox.from_source(source)))
    return score.submission(lesson, Submission("ada", "here", None), results).score


def test_what_is_written(tmp_path):
    written = new_assignment.write("iou", tmp_path / "new")
    folder = tmp_path / "new" / "iou"
    assert [path.relative_to(folder).as_posix() for path in written] == [
        "iou.ipynb", "test_public.py", "grading/assignment.toml", "grading/test_hidden.py",
        "grading/solution.py", "grading/misconceptions.py", "grading/probes.py",
    ]  # fmt: skip
    assert all("{{" not in path.read_text(encoding="utf-8") for path in written)


def test_it_can_be_handed_out_as_it_is(made):
    report = lint(made)
    assert {check.title: check.problems for check in report.checks if not check.is_ok} == {}
    assert report.smallest.is_proven
    assert (made.title, made.max_score) == ("Expand box", 10)
    assert [item.max_score for item in made.manual] == [2]


def test_solution_and_stub(made, tmp_path):
    notebook, tests = release(made, tmp_path)
    assert earned(made, made.notebook.read_bytes()) == 10
    assert earned(made, notebook.read_bytes()) == 0
    assert "SOLUTION" not in notebook.read_text(encoding="utf-8")
    assert tests.name == "test_public.py"


@pytest.mark.filterwarnings("ignore")  # the notebook server's libraries have their own
def test_the_notebook_runs_from_top_to_bottom(made, tmp_path, monkeypatch):
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    for variable in ("JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(variable, str(tmp_path / variable.lower()))
    notebook = nbformat.read(made.notebook, as_version=4)
    nbformat.validate(notebook)
    where = {"metadata": {"path": str(made.folder)}}
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3", resources=where).execute()
    shown = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert not [output for output in shown if output.output_type == "error" or output.get("name") == "stderr"]
    assert sum("image/svg+xml" in output.get("data", {}) for output in shown) == 3


# ------------------------------------------------------------------ names
@pytest.mark.parametrize("name", ["", "Iou", "2d", "a-b", "a b", "../iou", "ä", "x" * 41, "_x"])
def test_what_is_no_name(name, tmp_path):
    with pytest.raises(AssignmentError, match=r"is made of lower-case letters, digits and _"):
        new_assignment.write(name, tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("roi_pool", "roikit has roi_pool already"),
        ("sample_class", "roikit has sample_class already"),
        ("random", "the name of a Python module"),
        ("numpy", "the name of a Python module"),
        ("test_public", "the name of a Python module or test"),
    ],
)
def test_names_that_are_taken(name, reason, tmp_path):
    with pytest.raises(AssignmentError, match=reason):
        new_assignment.write(name, tmp_path)


def test_nobodys_folder_is_written_into(tmp_path):
    (tmp_path / "iou").mkdir()
    with pytest.raises(AssignmentError, match="iou is there already"):
        new_assignment.write("iou", tmp_path)
    assert not list((tmp_path / "iou").iterdir())


def test_the_command(tmp_path, monkeypatch, capsys):
    """By default into this folder; what is written is printed."""
    monkeypatch.chdir(tmp_path)
    assert main(["new-assignment", "iou"]) == 0
    assert capsys.readouterr().out.split()[0] == "iou/iou.ipynb"
    assert main(["new-assignment", "iou", "--directory", "more"]) == 0
    assert (tmp_path / "more" / "iou" / "grading" / "assignment.toml").is_file()
    assert main(["new-assignment", "iou"]) == 2
    assert capsys.readouterr().err.startswith("roikit: iou is there already")


def test_the_walk_through_is_no_assignment():
    """It lies beside them, also where roikit is installed."""
    assert (assignment.home() / "README.md").is_file()
    assert "README.md" not in assignment.names()
