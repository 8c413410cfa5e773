"""`roikit grade` where results are known: in a course, or in a folder that was named."""

import json
import re
import shutil

import pytest

from grader import course, pipeline

SLOW = "\ndef scale(x, spatial_scale):\n    while True:\n        pass\n"


@pytest.fixture
def home(tmp_path, toy):
    """A course."""
    folder = tmp_path / "vision"
    course.init(folder, [str(toy.folder)])
    return folder


@pytest.fixture
def hand_in(home):
    """(student, source, ...) -> a file of nbgrader's layout."""

    def put(student, text):
        folder = home / "submitted" / student / "toy"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "toy.py").write_text(text)

    return put


@pytest.fixture
def students(hand_in, right):
    hand_in("ada", right)
    hand_in("bela", right.replace("start + size", "start"))


@pytest.fixture
def run(roikit, sandbox, home, monkeypatch):
    """(output, more arguments) -> (how many were graded in a sandbox, what was said, results.json)."""
    graded = []
    real = pipeline.grade

    def grade(submission, *arguments):
        graded.append(submission.student)
        return real(submission, *arguments)

    monkeypatch.setattr(pipeline, "grade", grade)

    def run(output, *more, assignment=home / "source" / "toy", where=home / "submitted"):
        graded.clear()
        words = ("--output", output, "--no-gradebook", "--jobs", 1, *sandbox, *more)
        code, said, errors = roikit("grade", assignment, where, *words)
        assert code == 0, errors
        return list(graded), said, json.loads((output / "results.json").read_text(encoding="utf-8"))

    return run


def untimed(results):
    """Results without what no two runs share."""
    text = json.dumps({**results, "started": "", "finished": ""})
    return json.loads(re.sub(r'"seconds": [\d.e-]+', '"seconds": 0', text))


# ------------------------------------------------------------------ in a course
def test_a_second_run_of_a_course_grades_nobody(run, home, students):
    graded, _, first = run(home / "graded" / "toy")
    assert sorted(graded) == ["ada", "bela"]
    graded, said, second = run(home / "graded" / "elsewhere")
    assert graded == []
    assert "2 of 2 already graded, 0 to do" in said
    assert untimed(second) == untimed(first)
    assert (home / "graded" / "elsewhere" / "report" / "students" / "ada.html").exists()


def test_what_was_looked_up_is_in_the_journal(run, home, students):
    run(home / "graded" / "toy")
    run(home / "graded" / "elsewhere")
    shutil.rmtree(home / course.RESULTS)
    graded, said, _ = run(home / "graded" / "elsewhere")
    assert graded == []
    assert "2 of 2 already graded" in said


def test_it_equals_a_run_without_a_cache(run, home, students):
    _, _, plain = run(home / "graded" / "plain", "--no-cache")
    assert not (home / course.RESULTS).exists()
    run(home / "graded" / "toy")
    _, _, known = run(home / "graded" / "known")
    assert untimed(known) == untimed(plain)


@pytest.mark.parametrize("option", ["--no-cache", "--fresh"])
def test_it_can_be_left_aside(run, home, students, option):
    run(home / "graded" / "toy")
    graded, _, _ = run(home / "graded" / "again", option)
    assert sorted(graded) == ["ada", "bela"]


def test_a_renamed_student_is_known_and_a_changed_one_is_not(run, home, students, hand_in, right):
    run(home / "graded" / "toy")
    (home / "submitted" / "ada").rename(home / "submitted" / "ada2")
    hand_in("bela", right + "\n# done\n")
    graded, _, results = run(home / "graded" / "toy")
    assert graded == ["bela"]
    entries = [(entry["student"], entry["path"], entry["score"]) for entry in results["submissions"]]
    assert entries == [("ada2", "ada2/toy/toy.py", 7), ("bela", "bela/toy/toy.py", 7)]


def test_changed_tests_grade_everybody(run, home, students):
    run(home / "graded" / "toy")
    with open(home / "source" / "toy" / "grading" / "test_hidden.py", "a") as file:
        file.write("\n# clearer now\n")
    graded, _, _ = run(home / "graded" / "toy")
    assert sorted(graded) == ["ada", "bela"]


def test_equal_texts_of_one_class_are_graded_once(run, home, hand_in, right):
    for student in ("ada", "bela", "cy"):
        hand_in(student, right)
    graded, said, results = run(home / "graded" / "toy")
    assert graded == ["ada"]
    assert "graded 3 of 3: 3 correct" in said
    assert [entry["student"] for entry in results["submissions"]] == ["ada", "bela", "cy"]


def test_a_timeout_is_tried_again_by_everybody(run, home, hand_in, right):
    for student in ("ada", "bela"):
        hand_in(student, right + SLOW)
    graded, _, _ = run(home / "graded" / "toy")
    assert graded == ["ada", "bela"]
    graded, _, results = run(home / "graded" / "again")
    assert graded == ["ada", "bela"]
    assert {entry["outcome"] for entry in results["submissions"]} == {"timeout"}


def test_a_folder_of_the_course_that_strangers_can_change_is_left_aside(run, home, students):
    run(home / "graded" / "toy")
    (home / course.RESULTS).chmod(0o777)
    graded, said, _ = run(home / "graded" / "again")
    assert sorted(graded) == ["ada", "bela"]
    assert "results are not looked up in" in said
    assert "everybody can write into" in said


# ------------------------------------------------------------------ elsewhere
def test_elsewhere_a_folder_can_be_named(run, tmp_path, toy, home, students):
    known = ("--cache", tmp_path / "known", "--seed", 8)
    run(tmp_path / "first", *known)
    graded, said, _ = run(tmp_path / "second", *known)
    assert graded == []
    assert f"--cache={tmp_path / 'known'}" in said.replace("\n", "")
    graded, _, _ = run(tmp_path / "third", "--cache", tmp_path / "known", "--seed", 9)
    assert sorted(graded) == ["ada", "bela"]


@pytest.mark.parametrize(
    ("folder", "reason"),
    [("vision/submitted/ada/known", "inside of the submissions"), ("open", "everybody can write into")],
)
def test_a_named_folder_must_be_one_to_trust(roikit, sandbox, tmp_path, home, students, folder, reason):
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    words = ("--output", tmp_path / "out", "--no-gradebook", *sandbox, "--cache", tmp_path / folder)
    code, _, errors = roikit("grade", home / "source" / "toy", home / "submitted", *words)
    assert code == 2
    assert reason in errors
    assert "Traceback" not in errors
