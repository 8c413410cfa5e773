"""An assignment's folder: what is read from it, and the sentence for everything that can be wrong with it."""

import shutil
from pathlib import Path

import pytest

from grader import assignment
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
    (root / "grading" / "test_hidden.py").write_text(TEST.replace("points=1", "points=2.5"))
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
    assert [(item.id, item.max_score) for item in toy.manual] == [("why", 2.0)]
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


@pytest.mark.parametrize(
    ("toml", "sentence"),
    [
        ("title =", "assignment.toml cannot be read: "),
        (TOML.replace('title = "T"', ""), "assignment.toml: title is missing"),
        (TOML.replace('["scale"]', "[]"), "assignment.toml: functions is missing"),
        (TOML.replace('["scale"]', "[5]"), "assignment.toml: functions must be a list of texts"),
        (TOML.replace('["scale"]', '"scale"'), "assignment.toml: functions must be a list"),
        ("tittle = 1" + TOML, "assignment.toml: unknown entry 'tittle'"),
        (TOML.replace('id = "scale"', ""), "assignment.toml: every [[rubric]] and [[manual]] needs an id"),
        (TOML.replace('title = "Scale"', ""), "assignment.toml: scale needs a title"),
        (
            TOML + '[[manual]]\nid = "scale"\ntitle = "T"\npoints = 1',
            "assignment.toml: the id scale is there twice",
        ),
        (TOML + '[[manual]]\nid = "why"\ntitle = "T"', "assignment.toml: why needs points"),
        (TOML + '[[rubric]]\nid = "more"\ntitle = "T"', "no test carries the rubric item 'more'"),
        (TOML.replace('"scale"\ntitle', '"other"\ntitle'), "test_it names the rubric item 'scale'"),
        (TOML + "[limits]\ncall_second = 2", "assignment.toml: unknown limit 'call_second'"),
        (TOML + "[limits]\ncall_seconds = -2", "assignment.toml: limit call_seconds must be"),
    ],
)
def test_wrong_toml(folder, toml, sentence):
    (folder / "grading" / "assignment.toml").write_text(toml)
    assert problem(folder).startswith(sentence)


@pytest.mark.parametrize(
    ("test", "sentence"),
    [
        (TEST.replace('"""It works."""', "pass"), "test_it in test_public.py needs a docstring"),
        (
            TEST.replace('@pytest.mark.rubric("scale", points=1)', ""),
            "test_it in test_public.py needs one marker",
        ),
        (TEST.replace(", points=1", ""), "test_it in test_public.py: the marker is written"),
        (TEST.replace("points=1", "points=-1"), "test_it in test_public.py: points must be a number"),
        (TEST.replace("points=1", "points='1'"), "test_it in test_public.py: points must be a number"),
        (
            TEST.replace("points=1", "points=float('nan')"),
            "test_it in test_public.py: points must be a number",
        ),
        (
            TEST.replace("import pytest", "import pytest, no_such_module"),
            "test_public.py cannot be read: Module",
        ),
        ("def test_it(:", "test_public.py cannot be read: "),
    ],
)
def test_wrong_tests(folder, test, sentence):
    (folder / "test_public.py").write_text(test)
    assert problem(folder).startswith(sentence)


def test_missing_tests(folder):
    (folder / "grading" / "test_hidden.py").unlink()
    assert problem(folder) == "test_hidden.py is missing in the assignment lesson"


def test_the_assignments_lie_beside_the_package():
    assert assignment.home().is_dir()
    assert isinstance(assignment.home(), Path)
