"""Submission in, result out, through the real sandbox of this machine."""

import pytest

from grader import journal, pipeline
from grader.errors import AssignmentError, GraderError, SandboxError
from grader.intake.collect import hand_ins
from grader.pipeline import Plan, grade_class
from grader.recorder import Recorder
from grader.records import Submission


@pytest.fixture
def plan(toy, rung):
    return Plan(toy, rung, seed=11)


@pytest.fixture
def graded(plan):
    """Submissions -> their results, in one grading process."""

    def run(*submissions):
        results = []
        plan.serve(enumerate(submissions), lambda number, result: results.append(result), 0)
        return results

    return run


def test_a_class_of_every_kind(graded, hand_in, right):
    texts = {
        "right": right,
        "warns": right.replace("    return np", "    np.log(0.0)\n    return np"),
        "half": right.replace("start + size", "size"),
        "stub": "def scale(x, s):\n    raise NotImplementedError()\n",
        "syntax": "def scale(x, s:\n",
        "loops": right.replace("    return np", "    while True: pass\n    return np"),
        "leaves": "import os\nos._exit(0)\n",
        "hungry": right.replace("    return np", "    x = np.ones((1 << 40,))\n    return np"),
    }
    results = graded(*(hand_in(text, student) for student, text in texts.items()))
    found = {result.student: (result.outcome, result.score) for result in results}
    assert found == {
        "right": ("correct", 7.0),
        "warns": ("correct", 7.0),
        "half": ("wrong", 4.0),
        "stub": ("error", 0.0),
        "syntax": ("error", 0.0),
        "loops": ("timeout", 3.0),
        "leaves": ("crashed", 0.0),
        "hungry": ("memory", 3.0),
    }
    half = results[2]
    assert [(item.id, item.outcome, item.score) for item in half.items] == [
        ("scale", "correct", 4.0),
        ("span", "wrong", 0.0),
    ]
    assert half.items[1].sentence == "end 1: expected 5, got 3"
    assert half.max_score == 7.0


def test_a_refused_submission_is_not_run(graded):
    (result,) = graded(Submission("eve", "eve.py", None, "the file is a symbolic link"))
    assert (result.outcome, result.score) == ("refused", 0.0)
    assert result.items[0].sentence == "the file is a symbolic link"


def test_an_ambiguous_name_is_no_zero(graded):
    (result,) = graded(Submission("Ada", "Ada.py", None, "names alike: 'Ada.py', 'ada.py'", True))
    assert (result.outcome, result.score) == ("internal_error", None)
    assert result.notes == ("not graded: names alike: 'Ada.py', 'ada.py'",)


def test_notes_travel_along(graded, notebook, tmp_path, right):
    (tmp_path / "ada.ipynb").write_bytes(notebook("%matplotlib inline", right))
    with hand_ins(tmp_path, "toy") as found:
        (result,) = graded(found[0].read())
    assert result.score == 7.0
    assert result.notes == ("cell 1: the line '%matplotlib inline' is left out, it is not Python",)


def grade_alone(plan, submission):
    with pipeline.Boxes(plan) as boxes:
        return pipeline.grade(submission, plan, None, boxes)


@pytest.mark.parametrize(
    "problem", [SandboxError("no more processes"), OSError("disk"), ZeroDivisionError("bug")]
)
def test_our_failure_is_nobody_s_zero(plan, hand_in, right, monkeypatch, problem):
    def fails(*arguments):
        raise problem

    monkeypatch.setattr(pipeline, "Sandbox", fails)
    result = grade_alone(plan, hand_in(right))
    assert (result.outcome, result.score) == ("internal_error", None)
    assert result.items[0].sentence.startswith("not graded: ")
    assert result.items[0].score is None


def test_an_assignment_s_mistake_ends_the_run(plan, hand_in, right, monkeypatch):
    def fails(*arguments):
        raise AssignmentError("the tests are wrong")

    monkeypatch.setattr(pipeline, "Sandbox", fails)
    with pytest.raises(AssignmentError):
        grade_alone(plan, hand_in(right))


def test_hidden_inputs_come_from_the_seed(toy, rung, hand_in, right):
    """A wrong answer is told the same way by the same seed, another by another."""
    wrong = hand_in(right.replace("start + size", "start"))

    def told(seed):
        results = []
        Plan(toy, rung, seed).serve([(0, wrong)], lambda number, result: results.append(result), 0)
        return [case.sentence for item in results[0].items for case in item.cases]

    assert told(1) == told(1)
    assert told(1) != told(2)


# ------------------------------------------------------------------ a class
def write_class(folder, students):
    folder.mkdir(exist_ok=True)
    for student, text in students.items():
        (folder / f"{student}.py").write_text(text)
    return folder


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_order(plan, tmp_path, right, jobs):
    students = {f"s{n}": right if n % 2 else "x = 1" for n in range(5)}
    seen = []
    with hand_ins(write_class(tmp_path / "c", students), "toy") as found:
        result = grade_class(plan, found, jobs=jobs, progress=lambda one: seen.append(one.student))
    assert [one.student for one in result.submissions] == sorted(students)
    assert [one.score for one in result.submissions] == [0, 7, 0, 7, 0]
    assert sorted(seen) == sorted(students)
    assert result.complete
    assert (result.seed, result.assignment.name) == (11, "toy")
    assert result.sandbox.rung == plan.rung.name
    assert result.started <= result.finished


@pytest.mark.parametrize("problem", [GraderError("they die"), OSError(24, "Too many open files")])
def test_what_was_graded_is_kept_when_it_cannot_go_on(plan, tmp_path, monkeypatch, problem):
    """With nothing graded there is nothing to keep."""

    def execute(work, submissions, count, jobs, done):
        for number in range(graded):
            done(number, work.lost(next(submissions), "a reason"))
        raise problem

    graded = 1

    monkeypatch.setattr(pipeline.executors, "execute", execute)
    with (
        hand_ins(write_class(tmp_path / "c", {"ada": "", "bo": ""}), "toy") as found,
        journal.opened(tmp_path / journal.NAME) as book,
    ):
        recorder = Recorder(book, plan)
        result = grade_class(plan, found, recorder=recorder)
        assert [one.student for one in result.submissions] == ["ada"]
        assert not result.complete
        assert recorder.problem is problem
        graded = 0
        with pytest.raises(type(problem)):
            grade_class(plan, found, recorder=recorder)


def test_ctrl_c_keeps_what_is_graded(plan, tmp_path, right):
    def interrupted(result):
        if result.student == "s1":
            raise KeyboardInterrupt

    with hand_ins(write_class(tmp_path / "c", {f"s{n}": right for n in range(4)}), "toy") as found:
        result = grade_class(plan, found, progress=interrupted)
    assert [one.student for one in result.submissions] == ["s0", "s1"]
    assert not result.complete
