"""Hand-ins for the course's own assignments that want points they do not deserve, or to spoil others' runs.

``attacks/course/*.py`` are submissions. Their first lines say what is expected::

    # expect: wrong|error      the submission's outcome
    # why: ...                 what is tried
    # points: 0.5              what an honest run of the same answers earns; without the line nothing
    # for: roi_align           the assignment; without the line roi_pool

A file with lines ``# %%`` is a notebook; what follows on such a line is ``[markdown]`` or fields of the cell
as JSON. A line ``from solution import *`` stands for the course's solution, ``from zeros import *`` for
functions that give zeros of the right shape, and ``answer`` for every function that is asked for.
"""

import json
import re
import runpy
import subprocess
import sys
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from grader import assignment, cases, pipeline
from grader.errors import SandboxError, SubmissionError
from grader.examiner import Examiner
from grader.intake import extract
from grader.intake.collect import hand_ins
from grader.nbgrader_bridge import write_gradebook
from grader.records import Cell, Source, Submission
from grader.report import html, results_json
from grader.report.graded_notebook import graded_notebook, marked_cells
from grader.report.summary import for_student
from grader.sandbox import choose_rung
from grader.student import LocalBox

COURSE = Path(__file__).parent / "attacks" / "course"
ZEROS = (COURSE / "parts" / "zeros.py").read_text(encoding="utf-8")
#: As long as those that a run draws for itself: what is small can be guessed.
SEED = 4087312696018774533
OUTCOMES = {"correct", "wrong", "error", "timeout", "memory", "output_limit", "crashed", "refused"}
HONEST = 6  # students in each class
MODULES = ("conftest", "json", "numpy", "pickle", "roikit", "signal", "sitecustomize", "socket")
#: What a browser, and what a terminal would take for more than text.
TAG = re.compile("<(script|img|svg on|style>.{dis)", re.IGNORECASE)
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
#: What these do to a grader that runs students' code in its own process: it pays, ends, fails the next
#: student, or takes the attack for its own mistake.
PAID = ("hunt_expected", "import_reference", "only_while_grading", "patch_numpy")
ENDING = ("os_exit_in_function", "patch_builtins")
SPOILING = ("patch_types",)
UNGRADED = ("exceptions_by_our_names", "pytest_hooks")


# ------------------------------------------------------------------ the corpus
@dataclass(frozen=True)
class Attack:
    """One hostile hand-in."""

    name: str
    expect: frozenset
    why: str
    points: float
    lesson: str
    file: str
    data: bytes

    @property
    def submission(self):
        try:
            return Submission(self.name, self.file, extract.source(self.file, self.data))
        except SubmissionError as problem:
            return Submission(self.name, self.file, None, str(problem))


@cache
def load(name):
    return assignment.load(str(assignment.home() / name))


@cache
def solution_text(name):
    """The functions of the course's solution, as a module."""
    lesson = load(name)
    cells = extract.source(lesson.notebook.name, lesson.notebook.read_bytes()).cells
    texts = [cell.text for cell in cells if "### BEGIN SOLUTION" in cell.text or "def bilinear_" in cell.text]
    return "\n\n".join(("import numpy as np\n", *texts))


def read_attack(path):
    text = path.read_text(encoding="utf-8")
    said = dict(re.findall(r"^# (expect|why|points|for): (.+)$", text, re.M))
    lesson = load(said.get("for", "roi_pool"))
    parts = {"solution": solution_text(lesson.name), "zeros": ZEROS}
    text = re.sub(r"^from (solution|zeros) import \*$", lambda line: parts[line[1]], text, flags=re.M)
    if re.search(r"^def answer\b", text, re.M):
        own = re.findall(r"^(?:async )?(?:def|class) (\w+)|\b(\w+) = ", text, re.M)
        missing = [name for name in lesson.functions if name not in {a or b for a, b in own}]
        text += f"\n{' = '.join(missing)} = answer\n"
    is_notebook = re.search("^# %%", text, re.M)
    return Attack(
        name=path.stem,
        expect=frozenset(said["expect"].split("|")),
        why=said["why"],
        points=float(said.get("points", 0)),
        lesson=lesson.name,
        file=path.stem + (".ipynb" if is_notebook else ".py"),
        data=(notebook(text) if is_notebook else text).encode(),
    )


def notebook(text):
    """The text of an .ipynb: a cell for each line ``# %%``; what stands before the first is left out."""
    made = []
    for piece in re.split("^# %%", text, flags=re.M)[1:]:
        head, _, source = piece.partition("\n")
        cell = {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": source}
        if head.strip() == "[markdown]":
            source = re.sub("^# ?", "", source, flags=re.M)
            cell = {"cell_type": "markdown", "metadata": {}, "source": source}
        elif head.strip():
            cell |= json.loads(head)
        made.append(cell)
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


ATTACKS = {path.stem: read_attack(path) for path in sorted(COURSE.glob("*.py"))}
NAMES = list(ATTACKS)


def honest(name, lesson):
    source = Source((Cell("solution.py", solution_text(lesson)),), is_notebook=False)
    return Submission(name, f"{name}.py", source)


# ------------------------------------------------------------------ grading
@pytest.fixture(scope="module")
def rung():
    """A full sandbox: these are not for less."""
    try:
        return choose_rung("auto")
    except SandboxError as error:
        pytest.skip(f"sandbox wall: {error}")


def plan_for(lesson, rung, seconds):
    limits = {"call_seconds": seconds, "cpu_seconds": 20, "memory": 300 << 20}
    return pipeline.Plan(replace(load(lesson), limits=limits), rung, SEED)


def grade(plan, submission, **options):
    """One submission by itself, in place 0 of this process."""

    def body(attempts):
        with pipeline.Boxes(plan) as boxes:
            return pipeline.grade(submission, plan, Examiner(plan.assignment, attempts, SEED), boxes)

    return cases.with_attempts(plan.assignment, plan.seed, body, **options)


@pytest.fixture(scope="module")
def canaries():
    """Secrets that lie open: in files, in the environment, in memory."""
    harness = Path(__file__).parent / "sandbox" / "harness"
    with runpy.run_path(str(harness / "canaries.py"))["Canaries"]() as canaries:
        yield canaries


@pytest.fixture(scope="module")
def alone(rung, canaries):
    """Name of an attack -> its result, graded when it is first asked for."""
    results = {}

    def ask(name):
        if name not in results:
            attack = ATTACKS[name]
            # a busy machine must not look like an endless loop
            plan = plan_for(attack.lesson, rung, 1 if "timeout" in attack.expect else 20)
            results[name] = grade(plan, attack.submission)
        return results[name]

    return ask


def cases_of(result):
    return [case for item in result.items for case in item.cases]


def told(result):
    return [(case.case, case.outcome, case.score, case.sentence) for case in cases_of(result)]


@pytest.mark.parametrize("name", NAMES)
def test_no_attack_earns_a_point(alone, rung, name):
    """It gets what its answers are worth, and whoever comes next in its place gets full marks."""
    attack, result = ATTACKS[name], alone(name)
    assert {case.outcome for case in cases_of(result)} <= OUTCOMES, told(result)
    assert result.outcome in attack.expect, told(result)
    assert result.score == attack.points, told(result)
    first = load(attack.lesson).rubric[0]
    after = grade(plan_for(attack.lesson, rung, 20), honest("next", attack.lesson), rubric=first.id)
    assert after.items[0].score == first.max_score, after.items[0].sentence


# ------------------------------------------------------------------ what the student gets to see
class Recorder:
    """Keeps the numbers that go into the course's solution and come out of it."""

    def __init__(self, lesson):
        self._box = LocalBox.from_source(honest("right", lesson).source)
        self.seen = set()

    def call(self, function, args, kwargs, seed=0):
        outcome = self._box.call(function, args, kwargs, seed)
        for value in (*args, *kwargs.values(), outcome.value):
            self.seen |= set(as_written(value))
        return outcome


def as_written(value):
    """The long numbers of a value, as a sentence or a shape might write them."""
    if isinstance(value, (list, tuple)):
        for entry in value:
            yield from as_written(entry)
    elif isinstance(value, (np.ndarray, float)):
        for number in np.ravel(value).tolist():
            yield from (text for text in (repr(number), str(abs(int(number * 1000)))) if len(text) > 5)


@cache
def hidden_numbers(name):
    """Inputs and expected values of this run's hidden cases that no public case has."""
    seen = {}
    for visibility in ("public", "hidden"):
        box = Recorder(name)
        cases.with_cases(load(name), SEED, lambda run, box=box: run(box), visibility=visibility)
        seen[visibility] = box.seen
    return seen["hidden"] - seen["public"]


def leaked(lesson, text):
    return set(re.findall(r"-?\d+(?:\.\d+)?", text)) & hidden_numbers(lesson)


def findings(attack, result):
    """What is written into the outputs of the notebook that nbgrader makes feedback of."""
    lesson = load(attack.lesson)
    frame = marked_cells(lesson.notebook.read_bytes())
    cells = graded_notebook(lesson, frame, attack.data, result)["cells"]
    return json.dumps([cell.get("outputs") for cell in cells])


@pytest.mark.parametrize("name", NAMES)
def test_the_student_sees_no_hidden_number(alone, name):
    """Of a hidden case the student learns its idea and its outcome."""
    attack, result = ATTACKS[name], alone(name)
    view = for_student(result)
    hidden = [case for case in cases_of(view) if case.visibility == "hidden"]
    assert {(case.sentence, case.picture, case.traceback) for case in hidden} <= {("", "", "")}
    for text in (json.dumps(asdict(view)), findings(attack, result)):
        assert not leaked(attack.lesson, text)
    if name.startswith("leak_"):  # the instructor does see it: the line above can fail
        assert leaked(attack.lesson, json.dumps(asdict(result)))


@pytest.mark.parametrize("name", NAMES)
def test_nobody_sees_a_secret(alone, canaries, name):
    """Neither the student nor the instructor, and it stays as it is."""
    attack, result = ATTACKS[name], alone(name)
    views = json.dumps([asdict(for_student(result)), asdict(result)])
    assert canaries.leaked(views + findings(attack, result)) == []
    assert not canaries.changed()
    assert canaries.heard() == []


# ------------------------------------------------------------------ a class of them
@pytest.fixture(scope="module", params=assignment.names())
def graded_class(request, rung, canaries, tmp_path_factory):
    """Every attack on one assignment with honest students among them: (folder, result), two jobs."""
    folder = tmp_path_factory.mktemp(request.param)
    attacks = [attack for attack in ATTACKS.values() if attack.lesson == request.param]
    for attack in attacks:
        (folder / attack.file).write_bytes(attack.data)
    for number in range(HONEST):  # graded in the order of their names: one here and there
        after = attacks[number * len(attacks) // HONEST].name
        (folder / f"{after}_honest_{number}.py").write_text(solution_text(request.param), encoding="utf-8")
    with hand_ins(folder, request.param) as found:
        result = pipeline.grade_class(plan_for(request.param, rung, 5), found, jobs=2)
    return folder, result


def entry(result, submission):
    """A submission as results.json has it, without what is another's name or another's time."""
    found = results_json.as_dict(replace(result, submissions=(submission,)))["submissions"][0]
    return re.sub(r'"(student|path|seconds)": ("[^"]*"|[\d.e-]+)', "", json.dumps(found))


def test_a_class_with_all_of_them(graded_class, rung):
    """Honest students get what they would get by themselves, and the others what they deserve."""
    _, result = graded_class
    lesson = result.assignment.name
    by_itself = grade(plan_for(lesson, rung, 20), honest("next", lesson))
    found = {submission.student: submission for submission in result.submissions}
    honest_ones = [submission for name, submission in found.items() if "_honest_" in name]
    assert len(honest_ones) == HONEST
    assert {submission.score for submission in honest_ones} == {result.assignment.max_score}
    assert {entry(result, submission) for submission in honest_ones} == {entry(result, by_itself)}
    for name in found.keys() & ATTACKS.keys():
        assert found[name].outcome in ATTACKS[name].expect, (name, told(found[name]))
        assert found[name].score == ATTACKS[name].points, (name, told(found[name]))


def test_the_pages_that_students_get(graded_class, canaries, tmp_path):
    _, result = graded_class
    html.write(result, tmp_path)
    for path in tmp_path.rglob("*.html"):
        assert canaries.leaked(path.read_text(encoding="utf-8")) == [], path.name
    pages = {path.stem: path.read_text(encoding="utf-8") for path in tmp_path.glob("feedback/*.html")}
    assert len(pages) == len(result.submissions)
    for name, page in pages.items():
        assert not leaked(result.assignment.name, page), name
        assert not TAG.search(page), name
        assert not CONTROL.search(page), name


#: The elements of a graded cell's output.
OURS = {"b", "br", "code", "details", "div", "img", "pre", "span", "summary", "table", "td", "tr"}


@pytest.mark.parametrize("graded_class", ["roi_pool"], indirect=True)
def test_the_gradebook_has_the_graders_points(graded_class, tmp_path):
    """No file that was handed in brings points, marks, outputs or HTML of its own into nbgrader."""
    nbgrader = pytest.importorskip("nbgrader.api")
    folder, result = graded_class
    write_gradebook(result, tmp_path / "gradebook.db", folder)
    name = result.assignment.name
    points = sum(item.max_score for item in (*result.assignment.rubric, *result.assignment.manual))
    with nbgrader.Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        grades = book.db.query(nbgrader.Grade).all()
        assert {grade.manual_score for grade in grades} == {None}
        paid = {(grade.student.id, grade.name): (grade.auto_score, grade.max_score) for grade in grades}
    for submission in result.submissions:
        for item in submission.items:
            assert paid[submission.student, item.id] == (item.score, item.max_score), submission.student
        path = tmp_path / "autograded" / submission.student / name / f"{name}.ipynb"
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        marks = [cell["metadata"].get("nbgrader", {}) for cell in cells]
        assert sum(mark.get("points", 0) for mark in marks) == points
        outputs = [output for cell in cells for output in cell.get("outputs", [])]
        assert {kind for output in outputs for kind in output["data"]} <= {"text/html", "text/plain"}
        html = "".join(output["data"].get("text/html", "") for output in outputs)
        assert set(re.findall(r"<\s*/?\s*([A-Za-z!?]+)", html)) <= OURS, submission.student
        text = "".join(cell["source"] for cell in cells if cell["cell_type"] == "markdown")
        assert not TAG.search(text), submission.student
        assert not CONTROL.search(text + json.dumps(outputs)), submission.student
        assert not leaked(name, json.dumps(outputs)), submission.student


def test_no_hand_in_is_imported(rung, tmp_path, monkeypatch):
    """A class is graded in its own folder, where students are called like Python's modules."""
    folder, trace = tmp_path / "class", tmp_path / "trace"
    folder.mkdir()
    for name in MODULES:
        (folder / f"{name}.py").write_text(f"open({str(trace)!r}, 'a').write(__file__)\n", encoding="utf-8")
    monkeypatch.chdir(folder)
    with hand_ins(Path("."), "roi_pool") as found:
        result = pipeline.grade_class(plan_for("roi_pool", rung, 20), found, jobs=2)
    assert not trace.exists(), trace.read_text()
    assert [(one.student, one.score) for one in result.submissions] == [(name, 0) for name in sorted(MODULES)]


# ------------------------------------------------------------------ that all this can fail
def test_a_grader_without_the_sandbox_pays():
    """Run in the grader's own process, attacks earn points, end it, spoil the next student or go ungraded."""
    asked = {
        "assignment": str(load("roi_pool").folder),
        "seed": SEED,
        "honest": solution_text("roi_pool"),
        "attacks": {name: ATTACKS[name].data.decode() for name in (*PAID, *ENDING, *SPOILING, *UNGRADED)},
    }
    runner = Path(__file__).with_name("naive_grader.py")
    run = subprocess.run([sys.executable, runner], input=json.dumps(asked), stdout=-1, text=True, check=True)
    found = json.loads(run.stdout)
    assert all(found[name][0] > ATTACKS[name].points for name in PAID), found
    assert all(found[name] is None for name in ENDING), found
    assert all(found[name][1] < 40 for name in SPOILING), found
    assert all(found[name][0] is None for name in UNGRADED), found


def test_the_corpus():
    assert len(ATTACKS) >= 33 + 4 + 25
    for attack in ATTACKS.values():
        assert attack.expect <= OUTCOMES, attack.name
        assert len(attack.why) > 15, attack.name
    assert {number for attack in ATTACKS.values() for number in numbers_of(attack.why)} == set(range(1, 34))


def numbers_of(why):
    """Which attacks on nbgrader a file stands for: "nbgrader 7 and 8: ..."."""
    return map(int, re.findall(r"\d+", why.partition(":")[0])) if why.startswith("nbgrader") else ()
