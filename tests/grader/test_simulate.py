"""``roikit simulate``: a class that is the same everywhere, and gets what it deserves."""

import ast
import hashlib
import json
import subprocess
import sys
from collections import Counter
from itertools import islice

import pytest

from grader import assignment, pipeline, simulate
from grader.diagnosis import bank
from grader.errors import GraderError
from grader.intake.collect import hand_ins
from grader.simulate import broken, hostile, material, parts, style, wrong
from grader.simulate.chance import Chance

NAMES = ("bilinear", "roi_pool", "roi_align")


@pytest.fixture(scope="module")
def roi_pool():
    return assignment.load("roi_pool")


@pytest.fixture(scope="module")
def class_of_300(roi_pool):
    return list(simulate.students(roi_pool, 300, seed=1))


# ------------------------------------------------------------------ the class
def test_a_small_class_is_the_beginning_of_a_large_one(roi_pool, class_of_300):
    assert list(simulate.students(roi_pool, 20, seed=1)) == class_of_300[:20]
    huge = simulate.students(roi_pool, 1_000_000, seed=1)
    assert list(islice(huge, 20)) == class_of_300[:20]


def test_nothing_hangs_on_how_python_hashes(class_of_300):
    """Sets come in another order in every process."""
    code = """if True:
        import hashlib
        from grader import assignment, simulate
        for one in simulate.students(assignment.load("roi_pool"), 12, 1):
            print(hashlib.sha256(one.files[0][1]).hexdigest())
    """
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == [hashlib.sha256(one.files[0][1]).hexdigest() for one in class_of_300[:12]]


def test_another_seed_is_another_class(roi_pool, class_of_300):
    others = simulate.students(roi_pool, 20, seed=2)
    assert all(one.files != other.files for one, other in zip(class_of_300, others, strict=False))


def test_names_are_distinct_and_sorted(class_of_300):
    names = [one.name for one in class_of_300]
    assert names == sorted(set(names))
    assert all(name.isascii() and name.replace("-", "").isalnum() for name in names)


def test_every_kind_is_there(class_of_300):
    assert {one.kind for one in class_of_300} == set(simulate.SHARES)


def test_shares_are_near_what_was_asked_for(roi_pool):
    """In a class that is large enough: 0.04 is more than three standard deviations of 2000."""
    counts = Counter(one.kind for one in simulate.students(roi_pool, 2000, seed=1))
    for kind, share in simulate.SHARES.items():
        assert counts[kind] / 2000 == pytest.approx(share, abs=0.04)


def test_other_shares(roi_pool):
    kinds = {one.kind for one in simulate.students(roi_pool, 30, seed=1, shares={"hostile": 1, "right": 2})}
    assert kinds == {"right", "hostile"}


@pytest.mark.parametrize("kind", ["right", "wrong"])
def test_texts_are_distinct_but_for_copies(class_of_300, kind):
    texts = [one.files for one in class_of_300 if one.kind == kind]
    assert len(texts) * 0.85 < len(set(texts)) <= len(texts)


def test_some_copy(roi_pool, class_of_300):
    texts = Counter(one.files for one in class_of_300 if one.kind == "right")
    assert max(texts.values()) > 1


def test_files_are_small_and_mostly_notebooks(class_of_300):
    assert max(len(data) for one in class_of_300 for _, data in one.files) < 60_000
    endings = Counter(name.rpartition(".")[2] for one in class_of_300 for name, _ in one.files)
    assert endings["ipynb"] > endings["py"] > 0


@pytest.mark.parametrize("name", NAMES)
def test_what_runs_is_python(name):
    """And the notebook is the released one, with all its cells."""
    shares = {"right": 1, "wrong": 1}
    released = len(material.read(assignment.load(name)).cells)
    for one in simulate.students(assignment.load(name), 25, seed=3, shares=shares):
        [(file, data)] = one.files
        assert b"SOLUTION" not in data
        if file.endswith(".py"):
            ast.parse(data)
        else:
            cells = json.loads(data)["cells"]
            assert len(cells) >= released
            for cell in cells:
                text = "".join(cell["source"])
                if cell["cell_type"] == "code" and "%" not in text:
                    ast.parse(text)


@pytest.mark.parametrize("name", NAMES)
def test_all_varieties_come(name):
    shares = {"broken": 2, "hostile": 2, "wrong": 1}
    come = {one.variety for one in simulate.students(assignment.load(name), 500, seed=4, shares=shares)}
    assert come >= {*broken.VARIETIES, *hostile.VARIETIES, *wrong.VARIETIES}


def test_every_idea_of_a_bank_can_be_written_down():
    for name in NAMES:
        made = material.read(assignment.load(name))
        ideas = {idea.name for idea in bank.load(assignment.load(name)).ideas}
        assert set(made.bank.ideas) == ideas


# ------------------------------------------------------------------ what they get
def test_everybody_gets_what_they_deserve(roi_pool, rung, tmp_path):
    """Through the sandbox. One of the endless ones would take as long as all others."""
    made = [one for one in simulate.students(roi_pool, 60, seed=6) if one.variety != "endless"][:40]
    simulate.write(tmp_path / "class", roi_pool, iter(made))
    with hand_ins(tmp_path / "class", "roi_pool") as found:
        result = pipeline.grade_class(pipeline.Plan(roi_pool, rung, seed=5), found, jobs=2)
    results = {one.student: one for one in result.submissions}
    assert len(results) == 40
    for one in made:
        got = results[one.name]
        assert got.outcome != "internal_error", (one.name, got.items[0].sentence)
        assert one.is_met_by(got), (one.name, one.kind, one.variety, got.outcome, got.score)
    assert {one.kind for one in made} == set(simulate.SHARES)


def test_without_a_bank_there_are_slips(toy):
    """Whether one of them shows nobody has tried, so none is called wrong for sure."""
    made = list(simulate.students(toy, 60, seed=1))
    assert {one.kind for one in made} >= {"right", "wrong", "broken"}
    assert {(one.variety, one.expectation) for one in made if one.kind == "wrong"} == {("slip", "any")}


def test_a_new_assignment_has_all_kinds(tmp_path, roikit):
    assert roikit("new-assignment", "iou", "--directory", tmp_path)[0] == 0
    made = simulate.students(assignment.load(str(tmp_path / "iou")), 200, seed=1)
    assert {one.variety for one in made} >= {"", "idea", "two ideas", "slip", "stub"}


# ------------------------------------------------------------------ one part, another person
FUNCTION = '''\
def area(boxes):
    """Of each box."""
    x1, y1, x2, y2 = boxes.T
    width = np.maximum(x2 - x1, 0)
    height = np.maximum(y2 - y1, 0)
    return width * height
'''


def test_another_style_computes_the_same():
    import numpy as np

    boxes = np.array([[1.0, 2.0, 5.0, 4.0], [3.0, 3.0, 2.0, 9.0]])
    texts = {style.restyled(FUNCTION.rstrip(), Chance("style", number)) for number in range(40)}
    assert len(texts) > 30
    for text in texts:
        namespace = {"np": np}
        exec(text, namespace)  # our own text
        assert namespace["area"](boxes).tolist() == [8, 0]


def test_a_piece_is_a_function_with_its_helpers():
    text = "from math import floor\nhalf = other = floor\ndef f(x):\n    g(half(x))\ndef g(x):\n    pass\n"
    found = parts.by_name(parts.parts_of(text))
    assert [part.names[0] for part in parts.piece(found, "f", ("f",))] == ["floor", "f", "g", "half"]
    assert [part.names[0] for part in parts.piece(found, "f", ("f", "g"))] == ["floor", "f", "half"]
    assert parts.piece(parts.by_name(parts.parts_of("def f():\n    return missing")), "f", ()) is None


# ------------------------------------------------------------------ the command
def test_the_command_writes_a_class_and_says_what_it_holds(roikit, roi_pool, tmp_path, class_of_300):
    code, text, _ = roikit("simulate", "roi_pool", tmp_path / "class", "--students", 12, "--seed", 1)
    assert code == 0
    assert "right" in text
    for one in class_of_300[:12]:
        [(name, data)] = one.files
        assert (tmp_path / "class" / one.name / "roi_pool" / name).read_bytes() == data
    assert len(list((tmp_path / "class").iterdir())) == 12


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--students", "0"), "must be a number from 1 to 1000000"),
        (("--students", "1000001"), "must be a number from 1 to 1000000"),
        (("--students", "5", "--shares", "right"), "must look like right=.9,wrong=.1"),
        (("--students", "5", "--shares", "rihgt=1"), "did you mean right?"),
        (("--students", "5", "--shares", "right=nan"), "must be 0 or more"),
        (("--students", "5", "--shares", "right=0"), "the shares are all 0"),
    ],
)
def test_what_cannot_be_is_told(roikit, tmp_path, options, sentence):
    code, _, errors = roikit("simulate", "roi_pool", tmp_path / "class", *options)
    assert code == 2
    assert sentence in errors
    assert not (tmp_path / "class").exists()


def test_a_folder_in_use_is_left_alone(roikit, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    code, _, errors = roikit("simulate", "roi_pool", tmp_path, "--students", 3)
    assert (code, errors) == (2, f"roikit: {tmp_path} is there already and not empty\n")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_count_out_of_bounds(roi_pool):
    with pytest.raises(GraderError, match="from 1 to 1,000,000 students, not 0"):
        simulate.students(roi_pool, 0, seed=1)
