"""The bank of an assignment: what it gives, and what is said of one that is not what it must be."""

import shutil

import numpy as np
import pytest

from grader import assignment
from grader.diagnosis import load
from grader.errors import AssignmentError


@pytest.fixture
def bank(row):
    return load(row)


def test_ideas_come_in_the_order_of_the_file(bank):
    assert [idea.name for idea in bank.ideas][:3] == ["rest_dropped", "last_takes_the_rest", "averaged"]
    overlapping = bank.ideas[-1]
    assert overlapping.kind == "convention"
    assert overlapping.section == "Step 1. Cut"
    assert overlapping.sentence.startswith("These are overlapping bins, as Caffe cuts them")


def test_a_candidate_is_called_as_a_student_s_work(bank):
    rows = np.array([[1.0, 5.0, 2.0]])
    assert bank.candidate().call("pool", (rows, 1), {}).value.tolist() == [[5.0]]
    assert bank.candidate("averaged").call("pool", (rows, 1), {}).value.tolist() == [[8 / 3]]
    assert bank.candidate().call("pool", (rows, 1), {}).value.tolist() == [[5.0]]


def test_ideas_of_different_steps_combine(bank):
    candidate = bank.candidate("averaged", "rest_dropped", "bins_reversed")
    outcome = candidate.call("pool", (np.array([[1.0, 3.0, 6.0, 4.0, 9.0]]), 2), {})
    assert outcome.value.tolist() == [[5.0, 2.0]]


def test_a_candidate_gets_copies_and_says_what_it_changed(bank):
    rows = np.ones((1, 4))
    assert bank.candidate("rows_changed").call("pool", (rows, 2), {}).changed == (0,)
    assert bank.candidate().call("pool", (rows, 2), {}).changed == ()
    assert rows.tolist() == [[1, 1, 1, 1]]


def test_a_candidate_that_raises_has_that_for_its_outcome(bank):
    outcome = bank.candidate().call("pool", (np.ones((1, 1)), 2), {})
    assert outcome.status == "error"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("OTHER_CONVENTIONS =", "OTHERS =", "misconceptions.py has no dict OTHER_CONVENTIONS"),
        ("def pool(", "def pooled(", "misconceptions.py has no function pool (the right one)"),
        ('"edges": (rest', '"edgse": (rest', "names the step 'edgse', which is no function there"),
        ('"columns": "Step 2. Pool"', '"column": ""', "SECTIONS has no section for the step 'columns'"),
        ('    """The bins come in reverse order."""\n', "", "bins_reversed needs a docstring"),
        ("(averaged, started", "(max, started", "max, in place of value, is no function there"),
        ("import numpy", "import numpyy", "misconceptions.py: ModuleNotFoundError: No module named 'numpyy'"),
        ("def value(cells):", "def value(cells)", "misconceptions.py: SyntaxError: expected ':'"),
    ],
)
def test_a_bank_that_is_not_what_it_must_be_is_one_sentence(row, tmp_path, old, new, sentence):
    shutil.copytree(row.folder, tmp_path / "row")
    file = tmp_path / "row" / "grading" / "misconceptions.py"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(AssignmentError) as raised:
        load(assignment.load(str(tmp_path / "row")))
    assert sentence in str(raised.value)
    assert "\n" not in str(raised.value)


def test_probes_are_missed(row, tmp_path):
    shutil.copytree(row.folder, tmp_path / "row")
    (tmp_path / "row" / "grading" / "probes.py").unlink()
    with pytest.raises(AssignmentError, match=r"probes\.py cannot be read: No such file"):
        load(assignment.load(str(tmp_path / "row")))


def test_probes_that_fail_are_one_sentence(row, tmp_path):
    shutil.copytree(row.folder, tmp_path / "row")
    (tmp_path / "row" / "grading" / "probes.py").write_text("def probes(rng):\n    yield rows, 2\n")
    bank = load(assignment.load(str(tmp_path / "row")))
    with pytest.raises(AssignmentError, match=r"probes\.py: NameError: name 'rows' is not defined"):
        bank.probes(np.random.default_rng(0))
