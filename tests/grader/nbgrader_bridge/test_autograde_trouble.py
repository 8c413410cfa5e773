"""``nbgrader autograde`` with the trusted scorer: what cannot be graded costs nobody else anything."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from toy_course import FULL, WRONG, autograde, gradebook, hand_in, nbgrader, notebook, score

from grader import course, pipeline


def test_a_strangers_time_of_submission_is_no_trouble(vision, right):
    for student, stamp in (("ada", "never"), ("bela", "2026-99-99 99:99:99 UTC"), ("carl", "")):
        hand_in(vision, student, right, stamp=stamp)
    success, log = autograde(vision)
    assert success, log
    assert score(vision, "carl") == FULL


def test_our_failure_keeps_what_was_there(vision, right, monkeypatch):
    hand_in(vision, "ada", right)
    assert autograde(vision)[0]
    hand_in(vision, "ada", WRONG)
    hand_in(vision, "bela", right)
    grade = course_of_events(monkeypatch, breaks_for="ada")  # in this process
    success, log = autograde(vision)
    assert grade.calls == ["ada", "bela"]
    assert not success
    assert "ada: not graded: RuntimeError: out of luck; what was there stays" in log
    assert score(vision, "ada") == score(vision, "bela") == FULL
    assert notebook(vision, "ada").exists()


def course_of_events(monkeypatch, breaks_for):
    """Grading as ever, but for one student the sandbox breaks."""
    real = pipeline.Boxes.open

    def fails(boxes, submission):
        fails.calls.append(submission.student)
        if submission.student == breaks_for:
            raise RuntimeError("out of luck")
        return real(boxes, submission)

    fails.calls = []
    monkeypatch.setattr(pipeline.Boxes, "open", fails)
    return fails


def test_an_assignment_that_only_nbgrader_could_grade_is_not_graded(vision, right):
    shutil.rmtree(vision / "source" / "toy" / "grading")
    hand_in(vision, "ada", right)
    success, log = autograde(vision)
    assert not success
    assert "toy has no grading/assignment.toml: nbgrader alone could grade it" in log
    assert not (vision / "autograded").exists()


def test_an_assignment_that_is_not_there(vision):
    found = nbgrader(vision).autograde("toi", "*")
    success, log = found["success"], found["log"]
    assert not success
    assert "there is no 'toi' in source/; there are: toy" in log


def test_names_that_are_too_much_alike_become_nobodys_scores(vision, right):
    hand_in(vision, "ada", right)
    hand_in(vision, "Ada", WRONG)
    hand_in(vision, "bela", right)
    success, log = autograde(vision)
    assert not success
    assert "Ada: not graded: these hand-ins have names that are too much alike" in log
    with gradebook(vision) as book:
        assert [student.id for student in book.students] == ["bela"]
    assert [path.name for path in (vision / "autograded").iterdir()] == ["bela"]


@pytest.mark.parametrize("name", ["../submitted/ada/toy", "toy/../toy", "..", "", "/toy", "source/toy"])
def test_an_assignment_lies_in_source_and_nowhere_else(vision, right, tmp_path, name):
    """A hand-in that brings tests of its own is no assignment."""
    hand_in(vision, "ada", right)
    canary = tmp_path / "canary"
    shutil.copytree(vision / "source" / "toy", vision / "submitted" / "ada" / "toy", dirs_exist_ok=True)
    tests = vision / "submitted" / "ada" / "toy" / "grading" / "test_hidden.py"
    tests.write_text(CANARY.format(str(canary)) + tests.read_text())
    found = nbgrader(vision).autograde(name, "*")
    assert not found["success"]
    assert "is not the name of an assignment" in found["log"]
    assert not canary.exists()


def test_a_notebook_that_cannot_be_written_costs_nothing(vision, right, monkeypatch):
    hand_in(vision, "ada", right)
    assert autograde(vision)[0]
    before = notebook(vision, "ada").read_bytes()
    hand_in(vision, "ada", WRONG)

    def full(*arguments):
        raise OSError(28, "No space left on device", "toy.ipynb")

    monkeypatch.setattr("grader.nbgrader_bridge.autograde.graded_notebook", full)
    success, log = autograde(vision)
    assert not success
    assert "ada: toy.ipynb: No space left on device; what was there stays" in log
    assert (score(vision, "ada"), notebook(vision, "ada").read_bytes()) == (FULL, before)
    assert [path.name for path in (vision / "autograded" / "ada").iterdir()] == ["toy"]


def test_an_interrupt_loses_nothing_and_the_same_command_goes_on(vision, right, monkeypatch):
    for student in ("ada", "bela"):
        hand_in(vision, student, right)
    assert autograde(vision, "ada")[0]
    with monkeypatch.context() as patch:
        patch.setattr(pipeline.Boxes, "open", interrupted)
        success, log = autograde(vision)
    assert not success
    assert "interrupted; the same command goes on from here" in log
    assert notebook(vision, "ada").exists()
    assert autograde(vision, force=False)[0]
    assert score(vision, "bela") == FULL


def interrupted(*arguments):
    raise KeyboardInterrupt


def test_odd_folders_cost_nobody_else_anything(vision, right):
    for student in ("a\nb", "\x1b[31mred", "zed"):
        hand_in(vision, student, right)
    success, log = autograde(vision)
    assert not success
    assert "\x1b" not in log
    assert score(vision, "zed") == FULL
    with gradebook(vision) as book:
        assert [student.id for student in book.students] == ["zed"]


def test_a_course_without_its_secret(vision, right):
    (vision / course.SEED).unlink()
    hand_in(vision, "ada", right)
    success, log = autograde(vision)
    assert not success
    assert "seed.txt, the secret that hidden inputs are drawn from: No such file or directory" in log


CANARY = "import pathlib\npathlib.Path({!r}).touch()\n"


@pytest.mark.parametrize("broken", ["use_trusted_scorer(c, 1)", "import no_such_module", "c = ("])
def test_a_mistake_in_the_configuration_runs_nobodys_code(vision, right, broken, tmp_path, notebook_of):
    """nbgrader goes on without a configuration that fails: nbgrader_config.json must hold by itself."""
    path = vision / course.CONFIG
    path.write_text(broken + "\n" + path.read_text().replace("use_trusted_scorer()", ""))
    canary = tmp_path / "canary"
    hand_in(vision, "ada", notebook_of(CANARY.format(str(canary))), "toy.ipynb")
    shutil.rmtree(vision / "release")
    done = command(vision, "autograde", "toy")
    assert done.returncode != 0
    assert "the trusted scorer is not in place" in done.stderr
    assert not canary.exists()
    command(vision, "generate_assignment", "toy", "--force")
    released = sorted(path.name for path in (vision / "release" / "toy").iterdir())
    assert released == ["test_public.py", "toy.ipynb"]


@pytest.fixture
def notebook_of(released):
    """The released notebook with `text` in its first cell of code."""
    def make(text):
        made = json.loads(Path(released, "release", "toy", "toy.ipynb").read_text(encoding="utf-8"))
        first = next(cell for cell in made["cells"] if cell["cell_type"] == "code")
        first["source"] = text
        return json.dumps(made)

    return make


def scripts_on_path():
    return os.pathsep.join((sysconfig.get_path("scripts"), os.environ.get("PATH", os.defpath)))


def command(folder, *words):
    code = "import sys; from nbgrader.apps.nbgraderapp import main; sys.argv[0] = 'nbgrader'; main()"
    home = str(folder.parent)
    environment = {**os.environ, "HOME": home, "JUPYTER_CONFIG_DIR": home, "PATH": scripts_on_path()}
    return subprocess.run(
        [sys.executable, "-c", code, *words], cwd=folder, env=environment, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
