"""``nbgrader autograde`` with the trusted scorer, asked as the formgrader's button asks it."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI, api, autogradeapp
from nbgrader.converters import GenerateFeedback

from grader import course, pipeline
from grader.nbgrader_bridge.course import configured

WRONG = "def scale(x, spatial_scale):\n    return x\n"
#: The toy assignment: 4 + 3 points by tests, 2 + 1 by a person.
FULL = 7.0
LATE = '''
from nbgrader.plugins import BasePlugin

class Half(BasePlugin):
    """Half of it is gone after an hour."""

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return score / 2 if total_seconds_late > 3600 else None
'''


@pytest.fixture(autouse=True)
def nbgraders_own(monkeypatch):
    """A course's configuration puts the scorer into nbgrader; what it puts there ends with the test."""
    for module in (api, autogradeapp):
        monkeypatch.setattr(module, "Autograde", module.Autograde)


@pytest.fixture(scope="module")
def released(tmp_path_factory, toy):
    """A course with the toy assignment, as it is after ``nbgrader generate_assignment``."""
    folder = tmp_path_factory.mktemp("course") / "vision"
    course.init(folder, [str(toy.folder)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(api, "Autograde", api.Autograde)
        patch.setattr(autogradeapp, "Autograde", autogradeapp.Autograde)
        patch.setattr("nbgrader.api.get_alembic_version", lambda: "none")  # a program that takes seconds
        made = nbgrader(folder).generate_assignment("toy")
    assert made["success"], made
    return folder


@pytest.fixture
def vision(released, tmp_path, rung):
    """A copy of that course; where this machine has no full sandbox, it says so."""
    folder = tmp_path / "vision"
    shutil.copytree(released, folder)
    if rung.name == "reduced":
        configure(folder, 'c.TrustedAutograde.sandbox = "reduced"')
    return folder


def nbgrader(folder):
    """What the formgrader calls, with the configuration of the course."""
    coursedir, config = configured(folder)
    return NbGraderAPI(coursedir, config=config)


def configure(folder, line):
    with open(folder / course.CONFIG, "a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")


def hand_in(folder, student, text, name="toy.py", stamp=None):
    place = folder / "submitted" / student / "toy"
    place.mkdir(parents=True, exist_ok=True)
    (place / name).write_text(text, encoding="utf-8")
    if stamp is not None:
        (place / "timestamp.txt").write_text(stamp)


def autograde(folder, student="*", **options):
    found = nbgrader(folder).autograde("toy", student, **options)
    return found["success"], found.get("log", "") + found.get("error", "")


@contextmanager
def gradebook(folder):
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}", "vision") as book:
        yield book


def score(folder, student):
    with gradebook(folder) as book:
        return book.find_submission("toy", student).score


def notebook(folder, student):
    return folder / "autograded" / student / "toy" / "toy.ipynb"


# ------------------------------------------------------------------ a class
def test_scores_and_notebooks(vision, right):
    hand_in(vision, "ada", right)
    hand_in(vision, "bela", WRONG)
    success, log = autograde(vision)
    assert success, log
    assert "ada: 7 of 7, 3 more by hand (ada/toy/toy.py)" in log
    assert score(vision, "ada") == FULL
    assert 0 < score(vision, "bela") < FULL
    assert "def scale(x, spatial_scale):" in notebook(vision, "bela").read_text()
    with gradebook(vision) as book:
        assert book.find_grade("why", "toy", "toy", "ada").needs_manual_grade
        assert book.find_grade("scale", "toy", "toy", "ada").auto_score == 4


def test_no_kernel_is_started_and_nothing_of_the_student_is_copied(vision, right, monkeypatch):
    def start(*arguments, **options):
        raise AssertionError("a kernel is started")

    monkeypatch.setattr("jupyter_client.manager.AsyncKernelManager.start_kernel", start)
    monkeypatch.setattr("jupyter_client.manager.KernelManager.start_kernel", start)
    hand_in(vision, "ada", right)
    (vision / "submitted" / "ada" / "toy" / "data.csv").write_text("1,2")
    assert autograde(vision)[0]
    written = sorted(path.name for path in notebook(vision, "ada").parent.iterdir())
    assert written == ["submission_secret.txt", "timestamp.txt", "toy.ipynb"]  # two for releasing feedback


def test_hidden_tests_are_in_no_feedback(vision, right):
    hand_in(vision, "ada", right)
    assert autograde(vision)[0]
    expect_no_secret(notebook(vision, "ada").read_text())
    coursedir, config = configured(vision)
    coursedir.assignment_id = "toy"
    GenerateFeedback(coursedir, config=config).start()
    page = (vision / "feedback" / "ada" / "toy" / "toy.html").read_text(encoding="utf-8")
    expect_no_secret(page)
    assert "Why are ends exclusive?" in page


def expect_no_secret(text):
    """A task's mark scheme is no secret: nbgrader shows it to graders, and in feedback."""
    for secret in ("SECRET-HIDDEN", "SECRET_SOLUTION", "SECRET-ANSWER"):
        assert secret not in text


# ------------------------------------------------------------------ nbgrader's flags
def test_one_student(vision, right):
    hand_in(vision, "ada", right)
    hand_in(vision, "bela", right)
    assert autograde(vision, "bela")[0]
    assert not notebook(vision, "ada").exists()
    assert notebook(vision, "bela").exists()


def test_what_is_graded_is_skipped_unless_it_is_newer_or_by_force(vision, right):
    hand_in(vision, "ada", right, stamp="2026-03-01 12:00:00.000000 UTC")
    assert autograde(vision)[0]
    hand_in(vision, "ada", WRONG)
    success, log = autograde(vision, force=False)
    assert success
    assert "Skipping existing assignment" in log
    assert score(vision, "ada") == FULL
    hand_in(vision, "ada", WRONG, stamp="2026-03-01 13:00:00.000000 UTC")
    assert autograde(vision, force=False)[0]
    assert score(vision, "ada") < FULL
    hand_in(vision, "ada", right)
    assert autograde(vision, force=True)[0]
    assert score(vision, "ada") == FULL


def test_students_that_are_left_out(vision, right):
    hand_in(vision, "ada", right)
    hand_in(vision, "bela", right)
    configure(vision, 'c.CourseDirectory.student_id_exclude = "ada,carl"')
    assert autograde(vision)[0]
    assert not notebook(vision, "ada").exists()
    assert score(vision, "bela") == FULL


def test_a_student_who_is_not_in_the_database(vision, right):
    hand_in(vision, "ada", right)
    success, log = autograde(vision, create=False)
    assert not success
    assert "No student with ID 'ada' is in the database" in log
    assert not notebook(vision, "ada").exists()


def test_nobody_to_grade(vision, right):
    hand_in(vision, "ada", right)
    success, log = autograde(vision, "zoe")
    assert not success
    assert "submitted holds nothing to grade: no zoe/toy/<file>" in log
    success, log = autograde(vision, "z*")
    assert not success
    assert "submitted has no student 'z*'" in log


# ------------------------------------------------------------------ people, and being late
def test_a_persons_marks_outlive_a_regrade(vision, right):
    hand_in(vision, "ada", right)
    assert autograde(vision)[0]
    with gradebook(vision) as book:
        for cell, points in (("why", 1.5), ("scale", 3.0)):
            grade = book.find_grade(cell, "toy", "toy", "ada")
            grade.manual_score, grade.needs_manual_grade = points, False
        book.db.commit()
    hand_in(vision, "ada", WRONG)
    assert autograde(vision)[0]
    with gradebook(vision) as book:
        assert book.find_grade("why", "toy", "toy", "ada").score == 1.5
        changed = book.find_grade("scale", "toy", "toy", "ada")
        assert (changed.score, changed.auto_score < 4, changed.needs_manual_grade) == (3.0, True, True)


def test_coming_late_costs_what_the_courses_plugin_says(vision, right):
    (vision / "half_late.py").write_text(LATE)
    configure(vision, f"import sys; sys.path.insert(0, {str(vision)!r}); import half_late; sys.path.pop(0)")
    configure(vision, "c.AssignLatePenalties.plugin_class = half_late.Half")
    with gradebook(vision) as book:
        book.update_or_create_assignment("toy", duedate=datetime(2026, 3, 1, 12))
    for student, hours in (("ada", -1), ("bela", 0.5), ("carl", 2)):
        stamp = datetime(2026, 3, 1, 12) + timedelta(hours=hours)
        hand_in(vision, student, right, stamp=f"{stamp:%Y-%m-%d %H:%M:%S.%f} UTC")
    success, log = autograde(vision)
    assert success, log
    assert [score(vision, student) for student in ("ada", "bela", "carl")] == [FULL, FULL, FULL]
    with gradebook(vision) as book:
        penalties = [book.find_submission("toy", s).late_submission_penalty for s in ("ada", "bela", "carl")]
    assert penalties == [0, 0, FULL / 2]


# ------------------------------------------------------------------ what cannot be
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


def test_a_class_is_graded_on_all_cores(vision, right):
    students = [f"s{number}" for number in range(6)]
    for student in students:
        hand_in(vision, student, right)
    configure(vision, "c.TrustedAutograde.jobs = 2")
    success, log = autograde(vision)
    assert success, log
    assert [score(vision, student) for student in students] == [FULL] * 6


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
