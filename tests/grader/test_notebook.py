"""`check(...)` in a notebook and `roikit check`: the same cases, the same sentences as in grading."""

import re
import shutil
from types import SimpleNamespace

import pytest

from grader import assignment, selfcheck
from grader import notebook as notebook_module
from grader.errors import SubmissionError
from grader.notebook import CheckFailed, CheckResult, check
from grader.student import LocalBox

#: Boxes end in the nearest cell, halves in the even one.
ROUNDED = """
import numpy as np

def quantize_roi(roi, spatial_scale):
    return tuple(int(end) for end in np.round(np.asarray(roi) * spatial_scale))
"""


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
    with pytest.raises(CheckFailed, match=r"there is no test_public\.py"):
        run_cell('check("scale")')


def test_the_error_is_one_line():
    assert CheckFailed("1 of 2")._render_traceback_() == ["CheckFailed: 1 of 2"]


@pytest.fixture
def shell(monkeypatch):
    """IPython's, as far as a check needs it: names, names of cells, and what is displayed."""
    shell = SimpleNamespace(user_ns={}, shown=[], updates=[])
    names = {"/tmp/ipykernel_7/42.py": ("Cell", "In[3]")}
    shell.compile = SimpleNamespace(format_code_name=names.get)
    shell.run = lambda text: exec(compile(text, "/tmp/ipykernel_7/42.py", "exec"), shell.user_ns)

    def display(result, display_id):
        shell.shown.append(result)
        return SimpleNamespace(update=shell.updates.append)

    monkeypatch.setattr(notebook_module, "_shell", lambda: shell)
    monkeypatch.setattr("IPython.display.display", display)
    return shell


def released(name, tmp_path, monkeypatch):
    """Go into the folder of an assignment as students have it."""
    folder = tmp_path / name
    folder.mkdir()
    shutil.copy(assignment.home() / name / "test_public.py", folder)
    monkeypatch.chdir(folder)


def test_in_ipython_it_is_html_of_the_shell_s_names(folder, right, shell):
    shell.run(right)
    check("scale")
    assert "1 of 1 checks passed" in shell.shown[0]._repr_html_()
    assert "<details>" not in shell.shown[0]._repr_html_()
    assert shell.updates == []


def test_what_and_where_are_shown_before_the_idea_is_looked_for(tmp_path, monkeypatch, shell):
    released("roi_pool", tmp_path, monkeypatch)
    shell.run(ROUNDED)
    found = selfcheck.SelfCheck.diagnosis
    monkeypatch.setattr(
        selfcheck.SelfCheck, "diagnosis", lambda *arguments: shell.shown[0] and found(*arguments)
    )
    with pytest.raises(CheckFailed):
        check("quantize_roi")
    at_once, later = shell.shown[0]._repr_html_(), shell.updates[0]._repr_html_()
    assert "Why?" not in at_once
    what, where, _, idea = re.split("<summary[^>]*>", later)
    assert "x1: expected 0, got 1 (and 2 more of 4 differ)" in what
    assert "quantize_roi([30, 0, 665, 665], 0.03125)" in where
    assert "Go back to “Step 1. Quantize the box”." in idea


def test_the_second_time_the_idea_needs_no_tests(tmp_path, monkeypatch, module):
    """What ideas give is known by then: a student checks again and again."""
    released("roi_pool", tmp_path, monkeypatch)
    box = LocalBox.from_source(module(ROUNDED))
    first, second = (selfcheck.of_folder(tmp_path / "roi_pool", box, "quantize_roi") for _ in range(2))
    first.diagnosis()
    monkeypatch.setattr("grader.cases.with_attempts", None)
    assert [finding.idea.name for finding in second.diagnosis().findings] == ["halves_to_even"]


def test_an_idea_that_is_not_found_in_time_is_not_told(tmp_path, monkeypatch, module):
    """Nothing wrong is said instead."""
    released("roi_pool", tmp_path, monkeypatch)
    monkeypatch.setattr(selfcheck, "_EXAMINERS", {})
    found = selfcheck.of_folder(tmp_path / "roi_pool", LocalBox.from_source(module(ROUNDED)), "quantize_roi")
    result = CheckResult("quantize_roi", found.cases, found.where, found.diagnosis(seconds=1e-4))
    assert "Why?" not in result._repr_html_()
    assert "x1: expected 0, got 1" in str(result)


def test_an_exception_names_cell_and_line(folder, shell):
    """So do the folded lines of the student's own code."""
    shell.run("def scale(x, s):\n    return x * scael")
    with pytest.raises(CheckFailed):
        check("scale")
    page = shell.shown[0]._repr_html_()
    assert "<b>NameError: name &#x27;scael&#x27; is not defined (in scale, cell In[3], line 2)</b>" in page
    assert "File &quot;cell In[3]&quot;, line 2, in scale" in page
    assert "ipykernel" not in page


def test_of_a_stub_there_is_no_more_to_see(folder, shell):
    shell.run("def scale(x, s):\n    raise NotImplementedError()")
    with pytest.raises(CheckFailed):
        check("scale")
    page, text = shell.shown[0]._repr_html_(), str(shell.shown[0])
    assert "<b>scale is not written yet (it raises NotImplementedError)</b>" in page
    assert "<details>" not in page
    assert text.split("\n")[1:] == [
        "     scale is not written yet (it raises NotImplementedError)",
        "scale: 0 of 1 checks passed",
    ]


def test_columns_stand_below_each_other_in_every_page(folder, shell):
    """nbconvert's styles give a `<pre>` no font."""
    shell.run("def scale(x, s):\n    return [2, 5]")
    with pytest.raises(CheckFailed):
        check("scale")
    tables = re.findall("<pre style=.(.*?).>expected", shell.shown[0]._repr_html_())
    assert len(tables) == 1
    assert tables[0].endswith("monospace)")


def test_as_text_it_is_all_there(toy, module):
    found = selfcheck.of_folder(
        toy.folder, LocalBox.from_source(module("def scale(x, s):\n    return [2, 5]")), "scale"
    )
    assert str(CheckResult("scale", found.cases, found.where)).split("\n") == [
        "FAIL [1, 2] at scale 2 is [2, 4].",
        "     entry 1: expected 4, got 5",
        "     scale([1, 2], 2)",
        "     expected    got",
        "     2  4        2   5*",
        "scale: 0 of 1 checks passed",
    ]


def test_student_text_is_escaped(toy, module):
    text = "def scale(x, s):\n    raise ValueError('<script>alert(1)</script>')"
    found = selfcheck.of_folder(toy.folder, LocalBox.from_source(module(text)), "scale")
    page = CheckResult("<scale>", found.cases, found.where)._repr_html_()
    assert "<script>" not in page
    assert page.count("&lt;script&gt;") == 3  # the sentence, and the lines of the traceback
    assert "&lt;scale&gt;" in page


def test_what_stands_in_backticks_is_code(toy, module):
    found = selfcheck.of_folder(
        toy.folder, LocalBox.from_source(module("def scale(x, s): pass")), "scale"
    )
    page = CheckResult("scale", found.cases, found.where)._repr_html_()
    assert "is a <code>return</code> missing?" in page


def test_a_failing_roi_is_drawn(tmp_path):
    wrong = tmp_path / "me.py"
    wrong.write_text(
        "import numpy as np\ndef roi_pool(f, r, size, scale):\n    return np.zeros((1, 1, 2, 2))\n"
    )
    found = selfcheck.of_file(str(assignment.home() / "roi_pool"), wrong)
    pictures = [case for case in found.cases if case.picture.startswith("<svg")]
    assert pictures
    page = CheckResult("roi_pool", found.cases, found.where)._repr_html_()
    assert pictures[0].picture in page.partition("<details>")[2]
    assert "roi_pool(examples.MAP_8X8_BATCH, examples.ROI_8X8, (2, 2), 1.0)" in page


# ------------------------------------------------------------------ a file
def test_a_file_by_the_assignment_s_name_or_folder(toy, folder, right):
    (folder / "me.py").write_text(right)
    for name in (str(toy.folder), str(folder)):
        found = selfcheck.of_file(name, folder / "me.py")
        assert [case.outcome for case in found.cases] == ["correct", "correct"]


def test_a_file_that_is_not_there(toy, folder):
    with pytest.raises(SubmissionError, match="cannot be read: No such file"):
        selfcheck.of_file(str(toy.folder), folder / "none.py")
