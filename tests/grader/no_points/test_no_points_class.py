"""A class of hand-ins that want points they do not deserve, and honest students among them."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from course_attacks import ATTACKS, grade, honest, leaked, plan_for, solution_text, told

from grader import assignment, pipeline
from grader.intake.collect import hand_ins
from grader.nbgrader_bridge import write_gradebook
from grader.report import html, results_json

HONEST = 6  # students in each class
MODULES = ("conftest", "json", "numpy", "pickle", "roikit", "signal", "sitecustomize", "socket")
#: What a browser, and what a terminal would take for more than text.
TAG = re.compile("<(script|img|svg on|style>.{dis)", re.IGNORECASE)
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


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
