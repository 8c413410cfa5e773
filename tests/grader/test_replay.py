"""`roikit report --explain`: one case again, with everything that an instructor may want to see."""

import contextlib
import json
import re
import shutil
from xml.etree import ElementTree

import pytest

from grader import assignment, cli, journal

#: A layer that takes x for y; of the other functions there is none.
SWAPPED = """
import numpy as np

def roi_pool(features, rois, output_size, spatial_scale=1.0):
    print("pooling", len(rois))
    result = np.zeros((len(rois), features.shape[1], *output_size))
    for k, (b, y1, x1, y2, x2) in enumerate(rois):
        ys, xs = ([int(np.floor(e * spatial_scale)) for e in ends] for ends in ((y1, y2), (x1, x2)))
        for p in np.ndindex(*output_size):
            (t, u), (l, r) = (
                (a + i * (z - a) // n, a + (i + 1) * (z - a) // n)
                for (a, z), i, n in zip((ys, xs), p, output_size)
            )
            cells = features[int(b), :, t:u, l:r]
            if cells.size:
                result[k, :, p[0], p[1]] = cells.max(axis=(1, 2))
    return result
"""
FLAKY = """
import pathlib, secrets

def span(start, size):
    return start, start + size + secrets.randbelow(2)

def scale(x, spatial_scale):
    return [secrets.randbelow(10**9), 4]
"""


@pytest.fixture(scope="module")
def sandbox(rung):
    return ["--sandbox", "reduced" if rung.name == "reduced" else "auto"]


@pytest.fixture(scope="module")
def pooled(tmp_path_factory, sandbox):
    """One student of roi_pool, one whose file is no Python of ours, graded: (submissions, output)."""
    folder = tmp_path_factory.mktemp("pooled")
    (folder / "class").mkdir()
    (folder / "class" / "ada.py").write_text(SWAPPED)
    (folder / "class" / "eve.ipynb").write_text("no notebook")
    words = ["grade", "roi_pool", folder / "class", "--output", folder / "out", "--no-gradebook", "--seed", 5]
    assert cli.main([str(word) for word in (*words, *sandbox)]) == 0
    return folder / "class", folder / "out"


@pytest.fixture
def explain(capsys, sandbox, monkeypatch):
    """Graded folder, further words -> (exit code, what was said)."""
    monkeypatch.setenv("COLUMNS", "100")

    def run(out, *words):
        code = cli.main(["report", *map(str, (out, "--explain", *words)), *sandbox])
        return code, "".join(capsys.readouterr())

    return run


@pytest.fixture
def toy_class(tmp_path, toy, sandbox, capsys):
    """Source of ada -> (submissions, output), graded with the toy."""

    def make(text):
        students, out = tmp_path / "class", tmp_path / "out"
        students.mkdir(exist_ok=True)
        (students / "ada.py").write_text(text)
        words = ["grade", toy.folder, students, "--output", out, "--no-gradebook", "--seed", 5, *sandbox]
        cli.main([str(word) for word in words])
        capsys.readouterr()
        return ["--submissions", students, "--assignment", toy.folder], out

    return make


# ------------------------------------------------------------------ what is shown
def test_a_public_case_from_the_call_to_the_picture(pooled, explain):
    submissions, out = pooled
    code, said = explain(out, "ada", "roi_pool", "--submissions", submissions)
    assert code == 0
    assert said.startswith("ada · The whole layer · test_worked_example (public)\n")
    assert "In the run: wrong, 0 / 0.25. Now: the same.\n" in said
    assert "  roi_pool(examples.MAP_8X8_BATCH, examples.ROI_8X8, (2, 2), 1.0)\n" in said
    assert "RoI 0, channel 0, bin (0, 0): expected 0.85, got 0.64 (and 2 more of 4 differ)" in said
    assert "  expected      got\n  0.85  0.84    0.64*  0.96*\n" in said
    assert "  6. maximum: 0.85 at (3, 0)\n" in said
    assert "pooling 1\n" in said
    assert "What is behind it, as the run found\n  x and y are swapped" in said
    (picture,) = re.findall(r"^Picture: (.+)$", said, re.MULTILINE)
    assert picture == f"{out}/explain/ada-test_worked_example.svg"
    assert ElementTree.parse(picture).getroot().tag == "{http://www.w3.org/2000/svg}svg"


def test_the_pages_have_the_run_s_pictures_again(pooled, capsys):
    _, out = pooled
    page = out / "report" / "students" / "ada.html"
    before = page.read_bytes()
    page.unlink()
    cli.main(["report", str(out)])
    assert page.read_bytes() == before
    assert before.count(b"<svg") > 5


def test_the_call_of_a_hidden_case_can_be_pasted(pooled, explain):
    """Its maps are large: they come from a file; run in Python, it shows what the sentence says."""
    submissions, out = pooled
    _, said = explain(out, "ada", "4", "--submissions", submissions, "--case", "test_several_images")
    assert "test_several_images (hidden)" in said
    call = re.search(r"\nThe call\n((?:  .+\n)+)", said)[1]
    assert f'  given = np.load("{out}/explain/ada-test_several_images.npz")\n' in call
    namespace = {}
    exec(SWAPPED, namespace)
    *lines, last = call.replace("\n  ", "\n").strip().split("\n")
    exec("\n".join(lines), namespace)
    with contextlib.closing(namespace["given"]):
        result = eval(last, namespace)
    got = re.search(r"bin \(0, 0\): expected \S+, got (\S+)", said)[1]
    assert result[0, 0, 0, 0] == pytest.approx(float(got), rel=1e-5)


def test_a_case_that_holds(pooled, toy_class, right, explain):
    where, out = toy_class(right)
    code, said = explain(out, "ada", "scale", *where)
    assert code == 0
    assert "In the run: correct, 1 / 1. Now: the same." in said
    assert "  scale([1, 2], 2)\n" in said
    assert "Got\n  np.array([2, 4])\n" in said


def test_code_that_raises(toy_class, right, explain):
    where, out = toy_class(right.replace("return start,", "return start // 0,"))
    _, said = explain(out, "ada", "span", *where)
    sentence = "ZeroDivisionError: integer division or modulo by zero (in span, ada.py, line 8)"
    assert f"What came of it\n  {sentence}" in said
    assert "Traceback\n  Traceback (most recent call last):\n" in said
    assert "  span(2, 3)\n" in said


def test_a_value_of_another_kind(toy_class, right, explain):
    where, out = toy_class(right.replace("return start, start + size", "return 'from 2 to 5'"))
    _, said = explain(out, "ada", "span", *where)
    assert "Expected\n  np.array([2, 5])\n" in said
    assert "Got\n  'from 2 to 5'\n" in said


def test_hostile_values_and_prints_stay_text(toy_class, right, explain):
    hostile = '"\\x1b[2J\\u202e[red]" + "x" * 100_000'
    text = right.replace("return start, start + size", f"print({hostile}); return {hostile}")
    where, out = toy_class(text)
    _, said = explain(out, "ada", "span", *where)
    assert "[red]xxx" in said
    assert not any(bad in said for bad in ("\x1b", "\u202e"))
    assert len(said) < 20_000


def test_odd_values_are_no_traceback(toy_class, right, explain):
    text = right.replace("return start, start + size", "return [[1], [2, 10**500]]")
    where, out = toy_class(text.replace("return np", "return {1: 1e999}, 'x', np"))
    for item in ("span", "scale"):
        code, said = explain(out, "ada", item, *where)
        assert code == 0
        assert "Now: the same." in said
        assert "\nGot\n  " in said


# ------------------------------------------------------------------ as in the run, or not
def test_code_that_does_not_do_the_same_each_time(toy_class, explain):
    """`span` is right every other time, so that one of forty replays differs from the run."""
    where, out = toy_class(FLAKY)
    again = (explain(out, "ada", "span", *where, "--case", "test_random_span") for _ in range(40))
    other = " ".join(next(said for code, said in again if code == 1).split())
    assert "Not as in the run. In the run: " in other
    assert "The code does not do the same each time, or runs at a limit." in other


def test_another_sentence_is_shown(toy_class, explain):
    where, out = toy_class(FLAKY)
    code, said = explain(out, "ada", "scale", *where)
    assert code == 0
    assert re.search(r"In the run: wrong, 0 / 1: entry 0: expected 2, got \d+. Now: the same.", said)


def test_a_hand_in_that_was_changed_since(toy_class, right, explain):
    where, out = toy_class(right.replace("start + size", "size"))
    (where[1] / "ada.py").write_text(right)
    code, said = explain(out, "ada", "span", *where)
    assert code == 1
    assert "Not as in the run. In the run: wrong. Now: correct." in said
    assert "The hand-in is not the one that was graded." in said


def test_an_assignment_that_was_changed_since(toy_class, right, toy, tmp_path, explain):
    where, out = toy_class(right)
    folder = shutil.copytree(toy.folder, tmp_path / "toy")
    with open(folder / "grading" / "test_hidden.py", "a") as file:
        file.write("\n# clearer now\n")
    code, said = explain(out, "ada", "span", *where[:3], folder)
    assert code == 0
    assert "The assignment, the sandbox or roikit is not the one of the run." in said


def test_without_a_journal(toy_class, right, explain):
    where, out = toy_class(right)
    (out / journal.NAME).unlink()
    code, said = explain(out, "ada", "span", *where)
    assert code == 0
    assert "whether tests and hand-in are those is not known." in " ".join(said.split())


def test_a_course_has_its_hand_ins_and_its_assignment(toy_class, right, toy, explain):
    """`submitted/` and `source/` beside the results need not be named."""
    where, out = toy_class(right)
    (out / "submitted" / "ada" / "toy").mkdir(parents=True)
    shutil.copy(where[1] / "ada.py", out / "submitted" / "ada" / "toy" / "toy.py")
    shutil.copytree(toy.folder, out / "source" / "toy")
    code, said = explain(out, "ada", "span")
    assert code == 0
    assert "The hand-in is not the one that was graded." in said  # it has another name now


# ------------------------------------------------------------------ what cannot be replayed
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["Ada", "roi_pool"], "no student 'Ada' is in the results; did you mean ada?"),
        (["ada", "roi_pol"], "the rubric has no item 'roi_pol' (ids and numbers from 1 to 6 are taken); did"),
        (["ada", "0"], "the rubric has no item '0'"),
        (["ada", "²"], "the rubric has no item '²'"),
        (["ada", "roi_pool", "--case", "test_worked"], "did you mean test_worked_example?"),
        (["ada", "roi_pool", "--assignment", "bilinear"], "holds results of roi_pool, not of bilinear"),
        (["ada", "roi_pool", "--assignment", "nothing"], "there is no assignment 'nothing'"),
        (["eve", "roi_pool"], "nothing of 'eve' can be run: "),
    ],
)
def test_one_sentence_each(pooled, explain, words, told):
    submissions, out = pooled
    code, said = explain(out, *words, "--submissions", submissions)
    assert code == 2
    assert said.startswith("roikit: ")
    assert told in said
    assert said.count("\n") == 1


def test_where_the_hand_ins_are_is_asked_for(pooled, explain, tmp_path):
    _, out = pooled
    assert explain(out, "ada", "roi_pool")[1] == (
        "roikit: --explain runs the hand-in again: say where they lie, --submissions SUBMISSIONS\n"
    )
    (tmp_path / "bob.py").write_text("x = 1\n")
    code, said = explain(out, "ada", "roi_pool", "--submissions", tmp_path)
    assert (code, said) == (2, f"roikit: there is no hand-in of 'ada' in {tmp_path}\n")


def test_nothing_but_the_picture_is_written(pooled, explain):
    submissions, out = pooled
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    explain(out, "ada", "roi_pool", "--submissions", submissions)
    after = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert {path.parent.name for path in after.keys() - before.keys()} <= {"explain"}
    assert {path: after[path] for path in before} == before
    assert json.loads((out / "results.json").read_text())["assignment"]["name"] in assignment.names()
