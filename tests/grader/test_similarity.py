"""Texts that are alike: renamed copies are found, what was handed out and what everybody writes is not."""

import io
import json
import subprocess
import sys

import pytest
from rich.console import Console

from grader import similarity
from grader.errors import GraderError

LOOP = """
def bin_edges(length, bins):
    edges = []
    for number in range(bins):
        start = number * length // bins
        stop = (number + 1) * length // bins
        if stop <= start:
            stop = start + 1
        edges.append((start, min(stop, length)))
    return edges

def pool(features, rois, size):
    out = np.full((len(rois), features.shape[1], size, size), -np.inf)
    for k, (batch, x1, y1, x2, y2) in enumerate(rois):
        for ph, (top, bottom) in enumerate(bin_edges(y2 - y1, size)):
            for pw, (left, right) in enumerate(bin_edges(x2 - x1, size)):
                part = features[batch, :, y1 + top : y1 + bottom, x1 + left : x1 + right]
                out[k, :, ph, pw] = part.max(axis=(1, 2))
    return out
"""
ARRAYS = """
def bin_edges(length, bins):
    cuts = np.floor(np.linspace(0, length, bins + 1)).astype(int)
    return list(zip(cuts[:-1], np.maximum(cuts[1:], cuts[:-1] + 1)))

def pool(features, rois, size):
    answer = []
    for roi in np.asarray(rois, int):
        window = features[roi[0]][..., roi[2]:roi[4], roi[1]:roi[3]]
        rows = np.array_split(window, size, axis=-2)
        answer.append([[np.amax(c, (-2, -1)) for c in np.array_split(r, size, axis=-1)] for r in rows])
    return np.moveaxis(np.array(answer), -1, 1)
"""
#: The same with other names, other spacing and comments of its own.
COPY = "# all my own work\n" + (
    LOOP.replace("edges", "borders").replace("number", "n").replace("    ", "  ").replace("part", "window")
)


def names(likeness):
    return [(pair.first.student, pair.second.student) for pair in likeness.pairs]


def test_a_renamed_copy_is_found_and_another_solution_is_not():
    likeness = similarity.compare({"ada": LOOP, "bob": ARRAYS, "cy": COPY})
    (pair,) = likeness.pairs
    assert (pair.first.student, pair.second.student) == ("ada", "cy")
    assert pair.first.share > 0.95
    assert pair.second.share > 0.95
    assert likeness.compared == 3


def test_a_copy_with_much_beside_it_is_found_from_the_side_of_the_original():
    (pair,) = similarity.compare({"ada": LOOP, "bob": LOOP + ARRAYS}).pairs
    assert pair.first.share > 0.95
    assert pair.second.share < 0.8
    text = (LOOP + ARRAYS).split("\n")
    assert text[pair.second.lines[0]].startswith("def bin_edges(length")
    assert pair.second.lines[-1] <= len(LOOP.split("\n"))  # nothing of what stands behind it


def test_what_was_handed_out_is_nobodys():
    assert similarity.compare({"ada": LOOP, "bob": LOOP}, template=LOOP).pairs == ()


def test_what_many_wrote_is_how_one_writes_it():
    """Eleven hand in the same: ten of them would be a ring, more are a lecture."""
    students = {f"s{number}": LOOP for number in range(similarity.COMMON)}
    assert len(similarity.compare(students).pairs) == 45
    assert similarity.compare({**students, "one more": LOOP}).pairs == ()


def test_little_in_common_is_no_pair():
    """Two one-liners that are the same: there is one way to write them."""
    line = "def area(width, height):\n    return width * height\n"
    assert similarity.compare({"ada": line, "bob": line}).pairs == ()


HOSTILE = [
    "", "\n", "\x00", "def f(:\n  '''", "(" * 5000, "é\u202e\U0001f600" * 2000, "'" * 9999, "\\\n" * 9999,
    "%%javascript\nalert(1)", "\t" * 9999, "1" * 9999, "a." * 9999, "f'{" * 3000, '"""' + "\\" * 9999,
    "class A: pass\n" * 3000, "# " + "x" * 9999,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_any_text_can_be_compared(text):
    likeness = similarity.compare({"ada": LOOP, "eve": text, "bob": LOOP, "mal": text}, template=ARRAYS)
    assert ("ada", "bob") in names(likeness)
    assert likeness.compared == 4


def test_a_long_text_is_compared_in_its_beginning_and_that_is_said(monkeypatch):
    monkeypatch.setattr(similarity, "MAX_TEXT", len(LOOP))
    likeness = similarity.compare({"ada": LOOP, "bob": LOOP + ARRAYS})
    assert likeness.cut == ("bob",)
    assert likeness.pairs[0].second.share > 0.95


def test_who_takes_too_long_is_left_out_and_named(monkeypatch):
    real = similarity._fingerprint

    def slow(text, handed_out):
        while "endless" in text:
            pass
        return real(text, handed_out)

    monkeypatch.setattr(similarity, "_fingerprint", slow)
    monkeypatch.setattr(similarity, "SECONDS", 0.5)
    likeness = similarity.compare({"ada": LOOP, "eve": "endless", "bob": LOOP})
    assert likeness.left_out == ("eve",)
    assert names(likeness) == [("ada", "bob")]


# ------------------------------------------------------------------ the command
@pytest.fixture
def submissions(tmp_path):
    folder = tmp_path / "submissions"
    folder.mkdir()
    for student, text in (("ada", LOOP), ("bob", ARRAYS), ("cy", COPY)):
        (folder / f"{student}.py").write_text(text + f"\n# <script>{student}</script><b>\n")
    (folder / "eve.ipynb").write_text("{")
    return folder


def printed(*arguments):
    out = io.StringIO()
    done = similarity.run(Console(file=out, width=80), *arguments)
    return done, out.getvalue()


def test_the_template_is_the_released_notebook_without_its_solution():
    from grader.assignment import load

    template = similarity.template_of(load("roi_pool"))
    assert "def roi_pool" in template
    assert "raise NotImplementedError()" in template
    assert "BEGIN SOLUTION" not in template


def test_a_class_is_compared_and_who_cannot_be_read_is_named(submissions):
    done, text = printed("roi_pool", submissions)
    assert not done
    assert "could not be read: eve" in text
    (row,) = [line for line in text.splitlines() if line.startswith(" ada")]
    assert row.split()[:4] == ["ada", "100%", "cy", "100%"]
    assert "a sign, not a proof" in text


@pytest.fixture
def graded(submissions, tmp_path):
    """The folder of a run in which ada and cy had the same wrong results too."""
    digests = [{"function": "roi_pool", "digest": "d1", "calls": 9, "explained": False}]
    known = [{"function": "roi_pool", "digest": "d1", "calls": 9, "explained": True}]
    given = {"ada": digests, "bob": known, "cy": digests}
    results = {
        "schema": "roikit-results",
        "version": 1,
        "submissions": [
            {"student": student, "diagnosis": {"signatures": signatures}}
            for student, signatures in given.items()
        ],
    }
    output = tmp_path / "graded"
    (output / "report").mkdir(parents=True)
    (output / "results.json").write_text(json.dumps(results))
    return output


def test_the_page_has_both_texts_and_says_where_results_agree_too(submissions, graded):
    _, text = printed("roi_pool", submissions, graded)
    page = (graded / "report" / "similar.html").read_text()
    assert "roi_pool" in next(line for line in text.splitlines() if line.startswith(" ada"))
    assert "same wrong results in roi_pool" in page
    assert "<mark>def bin_edges(length, bins):</mark>" in page
    assert "&lt;script&gt;ada&lt;/script&gt;" in page
    assert not any(bad in page for bad in ("<script", "<b>"))


def test_results_without_a_diagnosis_are_refused_in_a_sentence(submissions, graded):
    (graded / "results.json").write_text('{"schema": "roikit-results", "version": 1, "submissions": [{}]}')
    with pytest.raises(GraderError, match=r"results\.json has no diagnosis: grade the class again"):
        printed("roi_pool", submissions, graded)


def test_a_class_of_different_texts_says_so(tmp_path):
    (tmp_path / "ada.py").write_text(LOOP)
    (tmp_path / "bob.py").write_text(ARRAYS)
    assert printed("roi_pool", tmp_path) == (True, "No two of 2 submissions are alike.\n")


def test_the_grader_works_without_the_library():
    code = "import sys, grader.similarity, grader.report.similar; print('copydetect' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout == "False\n"
