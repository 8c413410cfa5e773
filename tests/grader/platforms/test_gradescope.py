"""The autograder's results, laid out as Gradescope lays out /autograder, but in a folder and in this process.

The scripts themselves run in test_gradescope_scripts.py.
"""

import base64
import importlib.metadata
import io
import json
import re
import shutil
import stat
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import pytest

from grader import assignment, cli, pipeline
from grader.intake import collect
from grader.platforms import gradescope_run

HERE = Path(__file__).parent
TOY = HERE.parent / "data" / "toy"
SEED = 7
RESULTS = jsonschema.Draft202012Validator(json.loads((HERE / "gradescope.schema.json").read_text()))

SPAN = "def span(start, size):\n    return start, start + size\n"
SCALE = "import numpy as np\ndef scale(x, spatial_scale):\n    return np.asarray(x) * spatial_scale\n"
#: What Rails lets through when it sanitizes HTML, which is what Gradescope is made with.
ELEMENTS = {"p", "b", "em", "code", "pre", "ul", "ol", "li", "br", "img"}
ATTRIBUTES = {"src", "alt", "width", "height", "style"}  # the last one on pictures, which do without


def make(out, *options, name=str(TOY)):
    assert cli.main(["gradescope", name, str(out), "--seed", str(SEED), *options]) == 0
    return out


@pytest.fixture(scope="module")
def sandbox(rung):
    return "auto" if rung.is_full else "reduced"


@pytest.fixture(scope="module")
def autograder(tmp_path_factory, sandbox):
    return make(tmp_path_factory.mktemp("made") / "toy.zip", "--sandbox", sandbox)


@pytest.fixture
def grade(autograder, tmp_path, capsys):
    """Files by their names -> results.json, and what instructors see printed; another zip on request."""

    def run(files, made=autograder, spoil=lambda source: None):
        root = tmp_path / "autograder"
        shutil.rmtree(root, ignore_errors=True)
        for folder in ("source", "submission", "results"):
            (root / folder).mkdir(parents=True)
        with zipfile.ZipFile(made) as archive:
            archive.extractall(root / "source")
        spoil(root / "source")
        for name, data in files.items():
            path = root / "submission" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data if isinstance(data, bytes) else data.encode())
        capsys.readouterr()
        has_score = gradescope_run.run(root)
        results = json.loads((root / "results" / "results.json").read_text())
        RESULTS.validate(results)
        assert has_score == ("score" in results)
        assert str(SEED) not in re.findall(r"\d+", json.dumps(results.get("extra_data")))
        return results, capsys.readouterr().out

    return run


def zipped(files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return packed.getvalue()


# ------------------------------------------------------------------ the zip
def test_what_is_in_the_zip(autograder):
    with zipfile.ZipFile(autograder) as archive:
        modes = {info.filename: info.external_attr >> 16 for info in archive.infolist()}
        settings = json.loads(archive.read("settings.json"))
        [wheel] = [name for name in modes if name.endswith(".whl")]
        packed = zipfile.ZipFile(io.BytesIO(archive.read(wheel)))
    for script in ("setup.sh", "run_autograder"):
        assert modes[script] == 0o100755
    assert {"assignment/toy/toy.ipynb", "assignment/toy/grading/test_hidden.py"} <= set(modes)
    assert settings["seed"] == SEED
    assert stat.S_IMODE(autograder.stat().st_mode) == 0o600
    inside = packed.namelist()
    assert {"roikit/__init__.py", "grader/report/templates/base.html"} <= set(inside)
    about = f"roikit-{importlib.metadata.version('roikit')}.dist-info"
    assert {f"{about}/METADATA", f"{about}/entry_points.txt", f"{about}/WHEEL"} <= set(inside)
    assert not [name for name in inside if "assignments/" in name or name.endswith((".so", ".pyc"))]


def test_the_same_seed_makes_the_same_file(autograder, sandbox, tmp_path):
    assert make(tmp_path / "again.zip", "--sandbox", sandbox).read_bytes() == autograder.read_bytes()


@pytest.mark.parametrize(
    ("name", "sentence"), [("there.zip", "there.zip is there already"), ("toy.tar", "must end in .zip")]
)
def test_a_file_that_cannot_be_written(name, sentence, tmp_path, capsys):
    (tmp_path / "there.zip").write_text("of last year")
    assert cli.main(["gradescope", str(TOY), str(tmp_path / name)]) == 2
    assert sentence in capsys.readouterr().err
    assert (tmp_path / "there.zip").read_text() == "of last year"


# ------------------------------------------------------------------ hand-ins
def test_a_right_one(grade):
    results, _ = grade({"toy.py": SCALE + SPAN})
    assert results["score"] == 7
    assert [(test["name"], test["score"], test["max_score"]) for test in results["tests"]] == [
        ("Scale", 4, 4), ("Span", 3, 3),
    ]  # fmt: skip
    assert {test["status"] for test in results["tests"]} == {"passed"}
    assert "Why ends are exclusive (2 points)" in results["output"]  # by hand, and not in the score
    assert results["stdout_visibility"] == "hidden"


@pytest.mark.parametrize(
    ("files", "score", "tag", "sentence"),
    [
        ({"toy.py": SCALE}, 4, "error", "span is not defined"),
        ({"toy.py": SCALE + SPAN.replace("+ size", "+ size - 1")}, 4, "wrong", "end"),
        ({"toy.py": SCALE + "def span(start, size):\n    raise ValueError('no')"}, 4, "error", "no"),
        ({"toy.py": SCALE + "def span(start, size):\n    while True: pass"}, 4, "time limit", "2 s"),
        ({"toy.py": "def scale(:"}, 0, "error", "SyntaxError"),
        ({"README.md": "see my mail"}, 0, "refused", "no notebook (.ipynb) and no module (.py)"),
        ({}, 0, "refused", "no notebook (.ipynb) and no module (.py)"),
        ({"a.py": SCALE, "b.py": SPAN}, 0, "refused", "several files"),
        ({"toy.ipynb": "not a notebook"}, 0, "refused", "notebook"),
    ],
    ids=["missing", "wrong", "error", "hangs", "syntax", "no file", "empty", "two files", "broken"],
)
def test_one_that_is_not(files, score, tag, sentence, grade):
    results, _ = grade(files)
    assert results["score"] == score
    last = results["tests"][-1]
    assert (last["status"], last["tags"]) == ("failed", [tag])
    assert sentence in last["output"] or sentence in results["output"]


@pytest.mark.parametrize(
    "files",
    [
        {"toy.zip": zipped({"toy.py": SCALE + SPAN})},
        {"homework/toy.py": SCALE + SPAN, "__MACOSX/._toy.py": "x"},
        {"toy.py": SCALE + SPAN, "other.py": "1 / 0", "test_public.py": "as handed out"},
    ],
    ids=["packed", "in a folder", "among others"],
)
def test_where_the_file_lies(files, grade):
    assert grade(files)[0]["score"] == 7


def test_scores_are_those_of_roikit_grade(grade, rung, tmp_path):
    (tmp_path / "ada.py").write_text(SCALE + SPAN.replace("start, start", "start - 1, start"))
    toy = assignment.load(str(TOY))
    with collect.hand_ins(tmp_path / "ada.py", "toy") as hand_ins:
        one = pipeline.grade_class(pipeline.Plan(toy, rung, SEED), hand_ins).submissions[0]
    results, _ = grade({"toy.py": (tmp_path / "ada.py").read_bytes()})
    assert results["score"] == one.score
    assert [test["score"] for test in results["tests"]] == [item.score for item in one.items]


# ------------------------------------------------------------------ what students see
class Page(HTMLParser):
    """What a sanitizer would have to let through."""

    def __init__(self, results):
        super().__init__()
        self.images, self.others = [], []
        self.feed("".join([results["output"], *(test["output"] for test in results["tests"])]))

    def handle_starttag(self, tag, attrs):
        self.images += [dict(attrs)] if tag == "img" else []
        self.others += [tag] if tag not in ELEMENTS else []
        self.others += [name for name, _ in attrs if name not in ATTRIBUTES]


def test_a_hidden_check_shows_its_idea_alone(grade):
    """The sentence that is there is the public check's."""
    results, _ = grade({"toy.py": SCALE + SPAN.replace("+ size", "+ 777000")})
    shown = results["tests"][1]["output"]
    assert "Any start, any size." in shown
    assert re.findall(r"got \d+", shown) == ["got 777002"]
    assert set(re.findall("777...", json.dumps(results))) == {"777002"}


def test_hidden_checks_after_they_are_published(grade, sandbox, tmp_path):
    made = make(tmp_path / "later.zip", "--sandbox", sandbox, "--hidden", "after_published")
    results, _ = grade({"toy.py": SCALE + SPAN.replace("+ size", "+ size + 1")}, made)
    rows = [(test.get("number"), test["score"], test["max_score"]) for test in results["tests"]]
    assert rows[:4] == [("1.1", 1, 1), ("1.2", 3, 3), ("2.1", 0, 0), ("2.2", 0, 3)]
    assert results["score"] == sum(test["score"] for test in results["tests"]) == 4
    for test in results["tests"]:
        is_public = (test.get("number") or "").endswith(".1")
        assert test["visibility"] == ("visible" if is_public else "after_published")
        assert ("Any start" in test["output"]) is (test.get("number") == "2.2")
    assert results["tests"][-1]["name"] == "What to do next"
    assert "Any start" not in results["output"]


def test_pictures_and_advice(grade, sandbox, tmp_path):
    made = make(tmp_path / "roi_pool.zip", "--sandbox", sandbox, name="roi_pool")
    swapped = assignment.home() / assignment.SAMPLE_CLASS / "goran" / "roi_pool" / "roi_pool.ipynb"
    results, _ = grade({"my work.ipynb": swapped.read_bytes()}, made)
    assert "x and y are swapped" in results["output"]
    page = Page(results)
    assert not page.others
    assert page.images
    for image in page.images:
        kind, data = image["src"].split(",")
        assert kind == "data:image/png;base64"
        assert base64.b64decode(data).startswith(b"\x89PNG\r\n")
        assert "RoI 0" in image["alt"]
    assert len(json.dumps(results)) < 500_000


def test_nothing_that_a_student_wrote_is_html(grade):
    text = "<script>alert(1)</script><img src=x onerror=alert(1)> $\\\\href{x}{y}$ \x1b[2J"
    results, _ = grade({"toy.py": SCALE + f"def span(start, size):\n    raise ValueError('''{text}''')"})
    page = Page(results)
    assert not page.others
    assert not page.images
    shown = results["tests"][1]["output"]
    assert "&lt;script&gt;" in shown
    assert "\\href" not in shown
    assert "\x1b" not in shown


# ------------------------------------------------------------------ what is ours is nobody's zero
def broken_tests(source):
    path = source / "assignment" / "toy" / "grading" / "test_hidden.py"
    path.write_text(path.read_text().replace("(start, start + size)", "(start, start + size + 1)"))


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (broken_tests, "test_random_span finds the solution"),
        (lambda source: (source / "settings.json").write_text("{}"), "KeyError"),
        (lambda source: shutil.rmtree(source.parent / "submission"), "submission cannot be read"),
    ],
    ids=["a wrong test", "lost settings", "no submission"],
)
def test_a_failure_of_ours(spoil, reason, grade):
    """No score, nothing of the reason for the student, all of it for the instructor."""
    submission = {} if "submission" in reason else {"toy.py": SCALE + SPAN}
    results, printed = grade(submission, spoil=spoil)
    assert set(results) == {"output", "output_format", "stdout_visibility"}
    assert results["output"].startswith("Not graded yet: the grader failed here, not you.")
    assert reason in printed
