"""An assignment's folder: what is read from it, and the sentence for everything that can be wrong with it."""

import re
import shutil
from pathlib import Path

import pytest

from grader import assignment, cases
from grader.errors import AssignmentError

TOML = """
title = "T"
functions = ["scale"]
[[rubric]]
id = "scale"
title = "Scale"
"""
TEST = '''
import pytest

@pytest.mark.rubric("scale", points=1)
def test_it(student):
    """It works."""
'''


@pytest.fixture
def folder(tmp_path):
    """A minimal assignment that a test spoils."""
    root = tmp_path / "lesson"
    (root / "grading").mkdir(parents=True)
    (root / "grading" / "assignment.toml").write_text(TOML)
    (root / "test_public.py").write_text(TEST)
    hidden = TEST.replace("points=1", "points=2.5").replace("test_it", "test_secret")
    (root / "grading" / "test_hidden.py").write_text(hidden)
    return root


def problem(folder):
    with pytest.raises(AssignmentError) as caught:
        assignment.load(str(folder))
    sentence = str(caught.value)
    assert "\n" not in sentence
    return sentence


def test_the_toy(toy):
    assert (toy.name, toy.title, toy.functions) == ("toy", "Scale and shift", ("scale", "span"))
    assert [(item.id, item.max_score) for item in toy.rubric] == [("scale", 4.0), ("span", 3.0)]
    assert [(item.id, item.max_score) for item in toy.manual] == [("why", 2.0), ("draw", 1.0)]
    assert toy.max_score == 7.0
    assert toy.limits == {"call_seconds": 2}
    assert toy.notebook.is_file()


def test_points_are_the_sum_over_the_cases(folder):
    assert assignment.load(str(folder)).rubric[0].max_score == 3.5


def test_by_name_and_by_folder():
    names = assignment.names()
    assert "roi_pool" in names
    assert assignment.SAMPLE_CLASS not in names
    assert assignment.load("roi_pool") == assignment.load(str(assignment.home() / "roi_pool"))


def test_unknown_name(tmp_path):
    assert problem("no_such").startswith("there is no assignment 'no_such'; there are: ")
    assert problem(tmp_path) == f"the folder {tmp_path} holds no grading/assignment.toml"


def test_two_assignments_of_one_name_do_not_mix(folder, tmp_path):
    """Both have a test_public.py; neither may be taken for the other."""
    other = tmp_path / "other" / "lesson"
    shutil.copytree(folder, other)
    (other / "test_public.py").write_text(TEST.replace("points=1", "points=7"))
    assert assignment.load(str(folder)).max_score == 3.5
    assert assignment.load(str(other)).max_score == 9.5
    assert assignment.load(str(folder)).max_score == 3.5


# ------------------------------------------------------------------ the toml
MANUAL = '[[manual]]\nid = "why"\ntitle = "T"\npoints = 1\n'


@pytest.mark.parametrize(
    ("toml", "sentence"),
    [
        ("title =", "1: Invalid value"),
        (TOML.replace("[[rubric]]", 'title = "again"'), "4: Cannot overwrite a value"),
        (TOML.replace('title = "T"', ""), "1: title is missing"),
        (TOML.replace('title = "T"', "title = 5"), "2: title must be a text"),
        (TOML.replace('["scale"]', "[]"), "3: functions is missing"),
        (TOML.replace('["scale"]', "[5]"), "3: functions must be a list of texts"),
        (TOML.replace('["scale"]', '"scale"'), "3: functions must be a list"),
        (TOML.replace('["scale"]', '["scale", "scale"]'), "3: functions: 'scale' is there twice"),
        (TOML.replace('["scale"]', '["scale()"]'), "3: functions: 'scale()' is not the name of a function"),
        ("tittle = 1" + TOML, "1: unknown entry 'tittle'; did you mean title?"),
        (TOML + "[limit]\ncall_seconds = 2", "7: unknown entry 'limit'; did you mean limits?"),
        (TOML + "[[rubrik]]\nid = 'x'", "7: unknown entry 'rubrik'; did you mean rubric?"),
        (TOML.replace('id = "scale"', ""), "4: every [[rubric]] and [[manual]] needs an id"),
        (TOML.replace('id = "scale"', 'id = "a b"'), "5: the id 'a b' has more than letters, digits, "),
        (TOML.replace('title = "Scale"', ""), "4: scale needs a title"),
        (TOML + "titel = 'x'", "7: unknown entry 'titel'; did you mean title?"),
        (TOML + "points = 3", "7: the points of scale are those of its cases' markers"),
        (TOML + MANUAL.replace("why", "scale"), "8: the id scale is there twice"),
        (TOML + MANUAL.replace("points = 1", ""), "7: why needs points, a number from 0 to 1,000,000"),
        (TOML + MANUAL.replace("points = 1", "points = nan"), "10: why needs points, a number"),
        (TOML + MANUAL.replace("points = 1", "points = true"), "10: why needs points, a number"),
        (TOML + MANUAL + '[[rubric]]\nid = "more"\ntitle = "T"', "12: no test carries the rubric item 'mo"),
        (TOML + "[limits]\ncall_second = 2", "8: unknown limit 'call_second'; did you mean call_seconds?"),
        (TOML + "[limits]\ncall_seconds = -2", "8: limit call_seconds must be a positive number"),
        (TOML + "[limits]\nmemory = '1 GB'", "8: limit memory must be a positive number"),
    ],
)
def test_wrong_toml(folder, toml, sentence):
    (folder / "grading" / "assignment.toml").write_text(toml)
    assert problem(folder).startswith(f"assignment.toml:{sentence}")


def test_a_toml_that_is_no_text(folder):
    (folder / "grading" / "assignment.toml").write_bytes(b"title = '\xff'")
    assert problem(folder).startswith("assignment.toml cannot be read: ")


# ------------------------------------------------------------------ the tests
MARK = '@pytest.mark.rubric("scale", points=1)'
CLASS = '''
import pytest
class TestIt:
    def __init__(self): pass
    @pytest.mark.rubric("scale", points=1)
    def test_it(self, student):
        """It works."""
'''


def with_mark(more):
    return TEST.replace(MARK, f"{MARK}\n@pytest.mark.{more}")


@pytest.mark.parametrize(
    ("test", "sentence"),
    [
        (TEST.replace('"""It works."""', "pass"), "4: test_it needs a docstring: it is what students read"),
        (TEST.replace(MARK, ""), "5: test_it needs one marker"),
        (with_mark("rubric('scale', points=1)"), "4: test_it needs one marker"),
        (TEST.replace(", points=1", ""), "4: test_it: the marker is written @pytest.mark.rubric(id"),
        (TEST.replace("points=1", "point=1"), "4: test_it: the marker is written"),
        (TEST.replace("mark.rubric", "mark.rubrik"), "4: Failed: 'rubrik' not found in `markers`"),
        (TEST.replace("points=1", "points=-1"), "4: test_it: points must be a number from 0 to 1,000,000"),
        (TEST.replace("points=1", "points='1'"), "4: test_it: points must be a number"),
        (TEST.replace("points=1", "points=True"), "4: test_it: points must be a number"),
        (TEST.replace("points=1", "points=float('nan')"), "4: test_it: points must be a number"),
        (TEST.replace("points=1", "points=1e308"), "4: test_it: points must be a number"),
        (TEST.replace('"scale"', '"scal"'), "4: test_it names the rubric item 'scal', which "),
        (TEST.replace("import pytest", "import pytest, no_such_module"), "2: ModuleNotFoundError: No module"),
        (TEST.replace("import pytest", "import pytest\n1 / 0"), "3: ZeroDivisionError: division by zero"),
        (TEST.replace("import pytest", "import pytest\nraise SystemExit"), "3: it ends the process"),
        (TEST.replace("import pytest", "import pytest\npytest.exit('x')"), "3: Exit: x"),
        ("def test_it(:", "1: invalid syntax"),
        (TEST + TEST, "10: two tests have the name test_it; the other one is test_public.py:4"),
        (TEST.replace("test_it", "test_secret"), "4: two tests have the name test_secret; the other one is "),
        (TEST.replace("test_it", "tset_it"), "4: tset_it is never run: the name of a test begins with test_"),
        (TEST.replace("student", "studnet"), "4: test_it asks for 'studnet', no fixture; did you mean"),
        (TEST.replace("student", "student, n"), "4: test_it asks for 'n', no fixture; known are student"),
        (TEST.replace("student", "rng"), "4: test_it has no argument `student`: it cannot look at anybody's"),
        (with_mark("skip"), "4: test_it: a case runs for every student, without @pytest.mark.skip"),
        (with_mark("xfail"), "4: test_it: a case runs for every student, without @pytest.mark.xfail"),
        (TEST.replace("def", "async def"), "4: test_it: a case is a plain function, without async and yield"),
        (with_mark("parametrize('n', [1])"), "4: Failed: In test_it: function uses no argument 'n'"),
        (CLASS, "5: pytest does not run test_it; has its class an __init__?"),
    ],
)
def test_wrong_tests(folder, test, sentence):
    """Every sentence names the file and the line."""
    (folder / "test_public.py").write_text(test)
    found = problem(folder).replace("test_hidden.py:4: two tests", "test_public.py:4: two tests")
    assert found.startswith(f"test_public.py:{sentence}")


def test_a_file_that_skips_itself_is_not_passed_over(folder):
    (folder / "test_public.py").write_text("import pytest\npytest.importorskip('no_such_module')\n" + TEST)
    assert problem(folder).startswith("test_public.py cannot be read: Skipped: could not import")


def test_reading_that_does_not_end(folder, monkeypatch):
    monkeypatch.setattr(cases, "COLLECT_SECONDS", 0.3)
    (folder / "test_public.py").write_text(f"while True:\n    pass\n{TEST}")
    found = problem(folder)
    assert re.fullmatch(r"test_public\.py:[12]: reading the tests took more than 0\.3 s", found)


def test_no_points_at_all(folder):
    for file in (folder / "test_public.py", folder / "grading" / "test_hidden.py"):
        file.write_text(re.sub(r"points=[\d.]+", "points=0", file.read_text()))
    assert problem(folder) == (
        "assignment.toml:5: the rubric item 'scale' gives no points: all its cases have points=0"
    )


def test_parametrized_cases_and_fixtures_of_the_file_are_welcome(folder):
    text = with_mark("parametrize('n', [1, 2])").replace("student", "student, box, n")
    text = text.replace("import pytest", "import pytest\n\n@pytest.fixture\ndef box():\n    return 1\n")
    (folder / "test_public.py").write_text(text)
    assert assignment.load(str(folder)).max_score == 4.5


def test_missing_tests(folder):
    (folder / "grading" / "test_hidden.py").unlink()
    assert problem(folder) == "test_hidden.py is missing in the assignment lesson"


def test_the_assignments_lie_beside_the_package():
    assert assignment.home().is_dir()
    assert isinstance(assignment.home(), Path)
