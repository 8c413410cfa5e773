"""`roikit regrade`: who would have another score, and by what, before anything is written."""

import json
import shutil
import signal

import pytest

from grader import cli, interrupts, journal, pipeline
from grader.errors import SandboxError


@pytest.fixture(scope="module")
def graded(tmp_path_factory, toy, rung):
    """A class of three (right, half right, nothing), graded with seed 5; beside it its assignment."""
    folder = tmp_path_factory.mktemp("graded")
    students = folder / "class"
    students.mkdir()
    right = "import numpy as np\ndef scale(x, s):\n    return np.asarray(x) * s\n"
    (students / "ada.py").write_text(right + "def span(start, size):\n    return start, start + size\n")
    (students / "bela.py").write_text(right + "def span(start, size):\n    return start, size\n")
    (students / "cyd.py").write_text("x = 1\n")
    shutil.copytree(toy.folder, folder / "toy")
    sandbox = "reduced" if rung.name == "reduced" else "auto"
    words = ["grade", folder / "toy", students, "--output", folder / "out", "--no-gradebook", "--jobs", 1]
    assert cli.main([str(word) for word in (*words, "--sandbox", sandbox, "--seed", 5)]) == 0
    return folder


@pytest.fixture
def course(graded, tmp_path):
    """A copy of it: class/, toy/, out/."""
    return shutil.copytree(graded, tmp_path / "course")


@pytest.fixture
def regrade(course, capsys, rung):
    """Arguments -> (exit code, what was said)."""

    def run(*words, where="class"):
        sandbox = "reduced" if rung.name == "reduced" else "auto"
        fixed = ["regrade", course / "toy", course / where, "--output", course / "out", "--jobs", 1]
        fixed += ["--sandbox", sandbox] if "--diff" in words else ["--sandbox", sandbox, "--no-gradebook"]
        code = cli.main([str(word) for word in (*fixed, *words)])
        return code, "".join(capsys.readouterr())

    return run


def contents(folder):
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def scores(course):
    results = json.loads((course / "out" / "results.json").read_text())
    return {entry["student"]: entry["score"] for entry in results["submissions"]}


def mend(course, student="bela"):
    shutil.copy(course / "class" / "ada.py", course / "class" / f"{student}.py")


# ------------------------------------------------------------------ --diff
def test_nothing_would_change(regrade, course):
    before = contents(course)
    code, said = regrade("--diff")
    assert code == 0
    assert "3 of 3 already graded, 0 to do" in said
    assert "Other inputs" not in said
    assert "No changes: 3 as before; mean 3.67 of 7\nNothing is written; without --diff it is.\n" in said
    assert contents(course) == before


def test_a_hand_in_that_was_mended(regrade, course):
    """bela's `span` earns 3 points now, dora is new, cyd has gone."""
    mend(course)
    mend(course, "dora")
    (course / "class" / "cyd.py").unlink()
    (course / "out" / "gradebook.db").write_text("what people graded by hand")
    before = contents(course)
    code, said = regrade("--diff")
    assert code == 1
    assert "1 of 3 already graded, 2 to do" in said
    assert "bela     up               4 → 7  Span: 0 → 3, wrong → correct" in said
    assert "cyd      no longer there  0 → –" in said
    assert "dora     new              – → 7" in said
    assert "Changes: 1 no longer there, 1 up, 1 new, 1 as before; mean 3.67 → 7 of 7" in said
    assert contents(course) == before


def test_points_that_were_changed(regrade, course):
    """`span` earns 6 points where it earned 3: of the two without it the score is the same, of 10."""
    hidden = course / "toy" / "grading" / "test_hidden.py"
    text = hidden.read_text().replace('"span", points=3', '"span", points=6')
    hidden.write_text(text)
    before = contents(course)
    code, said = regrade("--diff")
    assert code == 1
    assert "3 of 3 already graded" not in said
    assert "ada      up          7/7 → 10/10  Span: 3/3 → 6/6, correct" in said
    assert "cyd      same score   0/7 → 0/10  Span: 0/3 → 0/6, error" in said
    assert "mean 3.67 → 4.67 (of 7, now of 10)" in said
    assert contents(course) == before


def test_tests_that_are_broken_are_one_sentence(regrade, course):
    hidden = course / "toy" / "grading" / "test_hidden.py"
    hidden.write_text(hidden.read_text().replace("start + size)", "start - size)"))
    before = contents(course)
    code, said = regrade("--diff")
    assert code == 2
    assert "test_random_span finds the solution in toy.ipynb wrong" in said
    assert contents(course) == before


def test_another_seed_is_said(regrade, course, capsys):
    code, said = regrade("--diff", "--seed", 9)
    assert code == 0  # the hidden inputs of the toy are all alike to these three
    assert "Other inputs than before (seed 5, now 9): a change may be due to chance." in said


def test_who_is_not_graded_now(regrade, course, monkeypatch):
    def fails(*arguments):
        raise SandboxError("the machine is out of processes")

    mend(course)
    monkeypatch.setattr(pipeline, "Sandbox", fails)
    before = contents(course)
    code, said = regrade("--diff")
    assert code == 1
    assert "bela     not graded" in said
    assert "1 not graded, 2 as before; mean 3.67 → 3.5 of 7; 1 not graded" in said
    assert contents(course) == before


def test_the_changes_for_programs(regrade, course, tmp_path):
    mend(course)
    regrade("--diff", "--json", tmp_path / "changes.json")
    (entry,) = json.loads((tmp_path / "changes.json").read_text())
    assert (entry["student"], entry["change"], entry["after"]["score"]) == ("bela", "up", 7)


def test_without_a_journal_everybody_is_graded(regrade, course):
    (course / "out" / journal.NAME).unlink()
    code, said = regrade("--diff")
    assert (code, said.count("/3 ")) == (0, 3)
    assert not (course / "out" / journal.NAME).exists()


def test_a_torn_journal_is_left_as_it_is(regrade, course):
    path = course / "out" / journal.NAME
    path.write_bytes(path.read_bytes()[:-40])
    before = contents(course)
    code, said = regrade("--diff")
    assert code == 0
    assert "1 line is damaged; what is missing is graded again." in said
    assert contents(course) == before


def test_while_another_one_grades(regrade, course):
    with journal.opened(course / "out" / journal.NAME):
        code, said = regrade("--diff")
    assert code == 2
    assert f"roikit: another roikit is grading into {course}/out: wait for it, then try again" in said


def test_the_journal_is_free_while_the_diff_grades(regrade, course, monkeypatch):
    """A grading that begins meanwhile is not in its way."""
    mend(course)
    grade_class = pipeline.grade_class

    def and_another(*arguments, **options):
        with journal.opened(course / "out" / journal.NAME):
            return grade_class(*arguments, **options)

    monkeypatch.setattr(pipeline, "grade_class", and_another)
    assert regrade("--diff")[0] == 1


def test_ctrl_c_leaves_everything_as_it_was(regrade, course, monkeypatch):
    mend(course)
    grade_class = pipeline.grade_class

    def interrupted(*arguments, **options):
        def tell(result):
            signal.raise_signal(signal.SIGINT)

        return grade_class(*arguments, **{**options, "progress": tell})

    monkeypatch.setattr(pipeline, "grade_class", interrupted)
    before = contents(course)
    code, said = regrade("--diff")
    assert code == 1
    assert said.endswith("roikit: interrupted\n")
    assert not interrupts.came()
    assert contents(course) == before


def test_one_file_of_a_class(regrade, course):
    mend(course)
    code, said = regrade("--diff", where="class/bela.py")
    assert code == 1
    assert "Changes: 1 up, 2 as before; mean 3.67 → 4.67 of 7" in said


# ------------------------------------------------------------------ without --diff
def test_it_is_said_and_then_written(regrade, course):
    mend(course)
    code, said = regrade()
    assert code == 0
    assert said.index("Changes: 1 up, 2 as before; mean 3.67 → 4.67 of 7") < said.index("Results: ")
    assert scores(course) == {"ada": 7, "bela": 7, "cyd": 0}
    code, said = regrade("--diff")
    assert (code, "3 of 3 already graded" in said) == (0, True)


def test_the_seed_of_the_results_counts(regrade, course):
    """Not that of the journal's last run: a class may have been tried with another one."""
    results = json.loads((course / "out" / "results.json").read_text())
    assert results["seed"] == 5
    kept = (course / "out" / "results.json").read_bytes()
    regrade("--seed", 9)
    (course / "out" / "results.json").write_bytes(kept)
    assert "3 of 3 already graded" in regrade()[1]
    assert json.loads((course / "out" / "results.json").read_text())["seed"] == 5


# ------------------------------------------------------------------ what cannot be
def test_where_nothing_was_graded(regrade, course):
    shutil.rmtree(course / "out")
    for options in ((), ("--diff",)):
        code, said = regrade(*options)
        assert (code, said) == (
            2, f"roikit: {course}/out holds no results.json: name the --output of a roikit grade\n"
        )  # fmt: skip
        assert not (course / "out").exists()


def test_results_of_another_assignment(regrade, course):
    (course / "toy").rename(course / "tox")
    (course / "tox" / "toy.ipynb").rename(course / "tox" / "tox.ipynb")
    (course / "toy").symlink_to("tox")  # the option names the same folder
    code, said = regrade("--diff")
    assert (code, said) == (2, f"roikit: {course}/out holds results of toy, not of tox\n")


def test_json_goes_with_diff(regrade):
    assert regrade("--json", "x.json") == (2, "roikit: --json goes with --diff\n")
