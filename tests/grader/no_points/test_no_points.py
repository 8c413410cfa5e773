"""Hand-ins for the course's own assignments that want points they do not deserve, one by one."""

import json
import re
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest
from course_attacks import (
    ATTACKS,
    NAMES,
    OUTCOMES,
    SEED,
    cases_of,
    grade,
    honest,
    leaked,
    load,
    plan_for,
    solution_text,
    told,
)

from grader.report.graded_notebook import graded_notebook, marked_cells
from grader.report.summary import for_student

#: What these do to a grader that runs students' code in its own process: it pays, ends, fails the next
#: student, or takes the attack for its own mistake.
PAID = ("hunt_expected", "import_reference", "only_while_grading", "patch_numpy")
ENDING = ("os_exit_in_function", "patch_builtins")
SPOILING = ("patch_types",)
UNGRADED = ("exceptions_by_our_names", "pytest_hooks")


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
