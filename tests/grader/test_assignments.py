"""Every folder of assignments/: the lint finds nothing, the notebook says what is graded, nothing leaks.

A new assignment is held to all of this by being there; nothing is listed here.
"""

import json
from collections import Counter

import pytest

from grader import assignment, cases, release, score
from grader.intake import extract
from grader.lint import lint
from grader.records import Submission
from grader.student import LocalBox

SEEDS = (1, 20, 300)
WHAT_IS_GRADED = (
    "The grader takes from your notebook the imports, functions, classes and assignments, in order; "
    "prints, plots and loops at top level are experiments and are left out."
)


@pytest.fixture(scope="module", params=assignment.names())
def lesson(request):
    return assignment.load(str(assignment.home() / request.param))


@pytest.fixture(scope="module")
def report(lesson):
    return lint(lesson)


def cells_of(lesson):
    return json.loads(lesson.notebook.read_text(encoding="utf-8"))["cells"]


def text_of(cell):
    return "".join(cell["source"])


def marks(cell):
    return cell["metadata"].get("nbgrader", {})


def solution(lesson):
    return extract.source(lesson.notebook.name, lesson.notebook.read_bytes())


def grade(lesson, box, seed=SEEDS[0]):
    """What `box` earns, without a sandbox: the code is the course's own."""
    results = cases.with_cases(lesson, seed, lambda run: run(box))
    return score.submission(lesson, Submission("somebody", "here", None), results)


# ------------------------------------------------------------------ scores
@pytest.mark.parametrize("seed", SEEDS)
def test_the_solution_scores_full(lesson, seed):
    result = grade(lesson, LocalBox.from_source(solution(lesson)), seed)
    assert [case.sentence for item in result.items for case in item.cases if case.outcome != "correct"] == []
    assert result.score == lesson.max_score > 0


def test_the_lint_finds_nothing(report):
    assert {check.title: check.problems for check in report.checks if not check.is_ok} == {}


def test_a_few_cases_tell_all_ideas_apart(report):
    assert report.smallest.is_proven
    assert len(report.smallest.places) < len(report.cases)


def test_public_cases_carry_at_most_a_tenth(lesson, report):
    public = [case for case in report.cases if case.visibility == "public"]
    assert sum(case.points for case in public) <= 0.1 * lesson.max_score
    # every check(...) of the notebook has something to check
    assert {case.rubric for case in public} == {item.id for item in lesson.rubric}


# ------------------------------------------------------------------ the notebook
def test_graded_cells_of_the_notebook(lesson):
    """A locked check for each rubric item, and the points of what a person grades."""
    graded = {marks(c)["grade_id"]: (c, marks(c)) for c in cells_of(lesson) if marks(c).get("grade")}
    manual = {name: mark["points"] for name, (_, mark) in graded.items() if mark["solution"]}
    assert manual == {item.id: item.max_score for item in lesson.manual}
    for item in lesson.rubric:
        cell, mark = graded[item.id]
        assert mark["locked"]
        assert text_of(cell) == f'check("{item.id}")'


def test_the_notebook_is_a_clean_nbgrader_source(lesson):
    cells = cells_of(lesson)
    ids = Counter(marks(cell)["grade_id"] for cell in cells if marks(cell))
    assert max(ids.values()) == 1
    assert {marks(cell)["schema_version"] for cell in cells if marks(cell)} == {3}
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    for cell in code:
        assert marks(cell).get("solution", False) == ("### BEGIN SOLUTION" in text_of(cell))


def test_the_notebook_defines_what_is_asked_for(lesson):
    assert set(lesson.functions) <= set(LocalBox.from_source(solution(lesson)).namespace)


def test_the_statement_says_what_is_graded(lesson):
    text = " ".join(" ".join(text_of(cell) for cell in cells_of(lesson)).split())
    assert WHAT_IS_GRADED in text


@pytest.mark.filterwarnings("ignore")  # the notebook server's libraries have their own
def test_the_solution_runs_from_top_to_bottom(lesson, tmp_path, monkeypatch):
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    for variable in ("JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(variable, str(tmp_path / variable.lower()))
    notebook = nbformat.read(lesson.notebook, as_version=4)
    where = {"metadata": {"path": str(lesson.folder)}}
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3", resources=where).execute()
    shown = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert not [output for output in shown if output.output_type == "error" or output.get("name") == "stderr"]
    assert sum("image/svg+xml" in output.get("data", {}) for output in shown) >= 3


# ------------------------------------------------------------------ the release
def private_lines(lesson):
    """Every line that says something and stands only where students must not look."""
    public = set(lesson.public_tests.read_text(encoding="utf-8").splitlines())
    private, is_inside = set(), False
    for cell in cells_of(lesson):
        for line in text_of(cell).splitlines():
            is_inside |= "BEGIN SOLUTION" in line or "BEGIN MARK SCHEME" in line
            (private if is_inside else public).add(line)
            is_inside &= not ("END SOLUTION" in line or "END MARK SCHEME" in line)
    for path in (lesson.folder / "grading").iterdir():
        private.update(path.read_text(encoding="utf-8").splitlines() if path.is_file() else ())
    known = {line.strip() for line in public}
    return {line.strip() for line in private if len(line.strip()) > 20} - known


def test_the_release_is_scored_zero_and_holds_nothing_private(lesson, tmp_path):
    written = release.release(lesson, tmp_path)
    folder = tmp_path / lesson.name
    assert set(written) == {path for path in folder.rglob("*") if path.is_file()}
    names = {path.relative_to(folder).as_posix() for path in written}
    assert names == {lesson.notebook.name, "test_public.py", *assignment.release_list(lesson.folder)}

    cells = json.loads((folder / lesson.notebook.name).read_text(encoding="utf-8"))["cells"]
    texts = [text_of(cell) for cell in cells]
    texts += [path.read_text(encoding="utf-8") for path in written if path.suffix != ".ipynb"]
    secrets = private_lines(lesson)
    assert len(secrets) > 50  # the bank, the hidden tests, the solution
    assert [line for line in secrets if any(line in text for text in texts)] == []
    assert not any("BEGIN" in text or "MARK SCHEME" in text or "HIDDEN" in text for text in texts)

    stub = extract.source(lesson.notebook.name, (folder / lesson.notebook.name).read_bytes())
    result = grade(lesson, LocalBox.from_source(stub))
    assert (result.score, result.outcome) == (0, "error")
    assert all("not written yet" in item.sentence for item in result.items), result.items
