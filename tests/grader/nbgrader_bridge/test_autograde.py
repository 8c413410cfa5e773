"""``nbgrader autograde`` with the trusted scorer, asked as the formgrader's button asks it."""

from datetime import datetime, timedelta

from nbgrader.converters import GenerateFeedback
from toy_course import FULL, WRONG, autograde, configure, gradebook, hand_in, notebook, score

from grader.nbgrader_bridge.course import configured

LATE = '''
from nbgrader.plugins import BasePlugin

class Half(BasePlugin):
    """Half of it is gone after an hour."""

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return score / 2 if total_seconds_late > 3600 else None
'''


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


def test_a_class_is_graded_on_all_cores(vision, right):
    students = [f"s{number}" for number in range(6)]
    for student in students:
        hand_in(vision, student, right)
    configure(vision, "c.TrustedAutograde.jobs = 2")
    success, log = autograde(vision)
    assert success, log
    assert [score(vision, student) for student in students] == [FULL] * 6


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
