"""`check(...)` in a notebook and `roikit check`: the same cases, the same sentences as in grading."""

import shutil
from types import SimpleNamespace

import pytest

from grader import notebook as notebook_module
from grader import selfcheck
from grader.errors import AssignmentError, SubmissionError
from grader.notebook import CheckFailed, CheckResult, check
from grader.student import LocalBox


@pytest.fixture
def folder(toy, tmp_path, monkeypatch):
    """A released folder; the test runs in it, outside of IPython."""
    shutil.copy(toy.public_tests, tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(notebook_module, "_shell", lambda: None)
    return tmp_path


def run_cell(text, **names):
    """Run `text` as a notebook's cell would be."""
    exec(compile(text, "cell", "exec"), {"check": check, **names})


def test_a_check_that_passes(folder, right, capsys):
    run_cell(right + '\ncheck("scale")')
    assert capsys.readouterr().out == "ok   [1, 2] at scale 2 is [2, 4].\nscale: 1 of 1 checks passed\n"


def test_a_check_that_fails(folder, right, capsys):
    with pytest.raises(CheckFailed, match="1 of 1 checks of scale did not pass; see above"):
        run_cell(right.replace("* spatial", "+ spatial") + '\ncheck("scale")')
    assert "     entry 0: expected 2, got 3\n" in capsys.readouterr().out


def test_a_function_that_is_missing(folder, capsys):
    with pytest.raises(CheckFailed):
        run_cell('check("span")')
    assert "span is not defined" in capsys.readouterr().out


def test_there_is_no_such_check(folder):
    with pytest.raises(CheckFailed, match=r"test_public\.py has no check named 'skale'"):
        run_cell('check("skale")')


def test_no_tests_beside_the_notebook(folder):
    (folder / "test_public.py").unlink()
    with pytest.raises(AssignmentError, match=r"there is no test_public\.py"):
        run_cell('check("scale")')


def test_the_error_is_one_line():
    assert CheckFailed("1 of 2")._render_traceback_() == ["CheckFailed: 1 of 2"]


def test_in_ipython_it_is_html_of_the_shell_s_names(folder, right, monkeypatch):
    shown = []

    shell = SimpleNamespace(user_ns={})
    exec(right, shell.user_ns)
    monkeypatch.setattr(notebook_module, "_shell", lambda: shell)
    monkeypatch.setattr("IPython.display.display", shown.append)
    check("scale")
    assert "1 of 1 checks passed" in shown[0]._repr_html_()


def test_student_text_is_escaped_and_the_picture_is_there(toy, module):
    text = "def scale(x, s):\n    raise ValueError('<script>alert(1)</script>')"
    cases, _ = selfcheck.of_folder(toy.folder, LocalBox.from_source(module(text)), "scale")
    page = CheckResult("<scale>", cases)._repr_html_()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "&lt;scale&gt;" in page


def test_what_stands_in_backticks_is_code(toy, module):
    cases, _ = selfcheck.of_folder(toy.folder, LocalBox.from_source(module("def scale(x, s): pass")), "scale")
    assert "is a <code>return</code> missing?" in CheckResult("scale", cases)._repr_html_()


def test_a_failing_roi_is_drawn(tmp_path):
    from grader import assignment

    wrong = tmp_path / "me.py"
    wrong.write_text(
        "import numpy as np\ndef roi_pool(f, r, size, scale):\n    return np.zeros((1, 1, 2, 2))\n"
    )
    cases, _ = selfcheck.of_file(str(assignment.home() / "roi_pool"), wrong)
    pictures = [case for case in cases if case.picture.startswith("<svg")]
    assert pictures
    assert pictures[0].picture in CheckResult("roi_pool", cases)._repr_html_()


# ------------------------------------------------------------------ a file
def test_a_file_by_the_assignment_s_name_or_folder(toy, folder, right):
    (folder / "me.py").write_text(right)
    for name in (str(toy.folder), str(folder)):
        cases, _ = selfcheck.of_file(name, folder / "me.py")
        assert [case.outcome for case in cases] == ["correct", "correct"]


def test_a_file_that_is_not_there(toy, folder):
    with pytest.raises(SubmissionError, match="cannot be read: No such file"):
        selfcheck.of_file(str(toy.folder), folder / "none.py")
