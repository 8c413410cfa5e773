"""gradebook.db: the scores of a run, read back through nbgrader's own API and commands."""

import csv
import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
import sysconfig
from dataclasses import replace
from datetime import datetime

import pytest
from small_class import (
    ADA,
    BINS_OVERLAP,
    BOB,
    CELLS,
    CYD,
    ITEMS,
    RIGHT_4,
    RIGHT_6,
    comment_of,
    dump,
    grade_of,
    graded,
    make_gradebook,
    notebook,
)

from grader.errors import GraderError
from grader.records import (
    ClassResult,
    SandboxReport,
)


# ------------------------------------------------------------------ a new gradebook
def test_scores_by_cell_are_read_back(run, opened):
    book = opened(run(ADA, BOB, CYD))
    assert [student.id for student in book.students] == ["ada", "bob", "cyd"]
    assert book.find_assignment("roi_pool").max_score == 15.0  # 4 + 6, and 5 by hand
    scores = {s: [grade_of(book, item.id, s).auto_score for item in ITEMS] for s in ("ada", "bob", "cyd")}
    assert scores == {"ada": [4.0, 6.0], "bob": [1.5, 0.0], "cyd": [4.0, None]}
    assert grade_of(book, "bin_edges", "ada").max_score == 4.0  # the rubric's points, not the notebook's 1
    assert not grade_of(book, "bin_edges", "bob").needs_manual_grade


def test_what_is_not_graded_waits_for_a_person(run, opened):
    book = opened(run(ADA, CYD))
    ours, essay = grade_of(book, "roi_pool", "cyd"), grade_of(book, "mask_question", "ada")
    assert (ours.auto_score, ours.needs_manual_grade) == (None, True)
    assert (essay.auto_score, essay.needs_manual_grade, essay.max_score) == (None, True, 5.0)


def test_comments_say_what_the_student_may_read(run, opened):
    book = opened(run(ADA, BOB, CYD))
    assert comment_of(book, "solve_bin_edges", "ada").auto_comment is None
    assert comment_of(book, "solve_bin_edges", "bob").auto_comment == (
        "Bins of a side: bin 1 starts at 2, expected 3"
    )
    hidden = comment_of(book, "solve_roi_pool", "bob").auto_comment
    assert hidden == "Pool every bin: Does not hold yet (wrong): Bins touch."
    ours = comment_of(book, "solve_roi_pool", "cyd").auto_comment
    assert ours.startswith("Pool every bin: Not graded yet")
    assert comment_of(book, "mask_question", "bob").auto_comment is None


def test_comments_are_no_html(run, opened):
    evil = r"E: <img src=x onerror=alert(1)> ![](http://e.example/x.png) $\href{javascript:alert(1)}{x}$"
    book = opened(run(graded("eve", ("error", 0.0, evil, "public"), RIGHT_6)))
    text = comment_of(book, "solve_bin_edges", "eve").auto_comment
    for active in ("<img", "](", "://e", r"\href"):
        assert active not in text


def test_comments_are_readable_in_the_formgraders_text_field(run, opened):
    sentence = "bin [0, 2]: expected 1 < 2, got `x[1]`"
    book = opened(run(graded("eve", ("wrong", 0.0, sentence, "public"), RIGHT_6)))
    assert comment_of(book, "solve_bin_edges", "eve").auto_comment == f"Bins of a side: {sentence}"


def test_cells_and_their_text_are_in_it(run, opened):
    notebook = opened(run(ADA)).find_notebook("roi_pool", "roi_pool")
    assert {cell.name for cell in notebook.grade_cells} == {"bin_edges", "roi_pool", "mask_question"}
    assert {cell.name for cell in notebook.solution_cells} == {
        "solve_bin_edges",
        "solve_roi_pool",
        "mask_question",
    }
    sources = {cell.name: (cell.locked, cell.source) for cell in notebook.source_cells}
    assert sources["bin_edges"] == (True, "check('bin_edges')")
    assert len(sources) == 5


def test_nbgrader_export_of_a_new_gradebook_gives_the_same_scores(run, tmp_path):
    (tmp_path / "course" / "gradebook.db").unlink()
    path = run(ADA, BOB)
    environment = os.environ | {"PATH": sysconfig.get_path("scripts") + os.pathsep + os.environ["PATH"]}
    command = [sys.executable, "-m", "nbgrader", "export"]
    subprocess.run(command, cwd=path.parent, env=environment, check=True, capture_output=True, timeout=120)
    with open(path.parent / "grades.csv", newline="") as file:
        rows = {row["student_id"]: (row["score"], row["max_score"]) for row in csv.DictReader(file)}
    assert rows == {"ada": ("10.0", "15.0"), "bob": ("1.5", "15.0")}


# ------------------------------------------------------------------ graded again
def test_a_regrade_replaces_scores_and_comments(run, opened):
    run(BOB)
    book = opened(run(graded("bob", RIGHT_4, RIGHT_6), ADA))
    assert grade_of(book, "bin_edges", "bob").auto_score == 4.0
    assert comment_of(book, "solve_bin_edges", "bob").auto_comment is None
    assert len(book.students) == 2
    assert len(book.assignment_submissions("roi_pool")) == 2


def test_a_persons_score_and_comment_outlive_a_regrade(run, opened):
    """Bob's teacher gave 3 for the bins and 5 for the essay; the automatic score then rises to 4."""
    book = opened(run(BOB))
    bins, essay = grade_of(book, "bin_edges", "bob"), grade_of(book, "mask_question", "bob")
    bins.manual_score, essay.manual_score, essay.needs_manual_grade = 3.0, 5.0, False
    comment_of(book, "solve_bin_edges", "bob").manual_comment = "See me."
    book.db.commit()

    run(BOB)  # nothing changed: nothing to look at
    book.db.expire_all()
    assert not grade_of(book, "bin_edges", "bob").needs_manual_grade

    run(graded("bob", RIGHT_4, RIGHT_6))
    book.db.expire_all()
    bins, essay = grade_of(book, "bin_edges", "bob"), grade_of(book, "mask_question", "bob")
    assert (bins.auto_score, bins.manual_score, bins.score, bins.needs_manual_grade) == (4.0, 3.0, 3.0, True)
    assert (essay.manual_score, essay.needs_manual_grade) == (5.0, False)
    assert comment_of(book, "solve_bin_edges", "bob").comment == "See me."


def test_our_failure_takes_back_an_old_score(run, opened):
    run(graded("cyd", RIGHT_4, RIGHT_6))
    grade = grade_of(opened(run(CYD)), "roi_pool", "cyd")
    assert (grade.auto_score, grade.needs_manual_grade) == (None, True)


def test_the_gradebook_has_all_of_a_run_or_nothing(run, opened):
    path = run(ADA)
    broken = replace(BOB, items=(replace(BOB.items[0], score="not a number"),))
    with pytest.raises(GraderError, match=r"^gradebook\.db cannot be written: "):
        run(graded("ada", ("wrong", 0.0, "no", "public"), RIGHT_6), broken)
    book = opened(path)
    assert [student.id for student in book.students] == ["ada"]
    assert grade_of(book, "bin_edges", "ada").auto_score == 4.0


def test_a_hundred_submissions_are_one_transaction(run, opened):
    many = [graded(f"s{number:03}", RIGHT_4, RIGHT_6) for number in range(100)]
    book = opened(run(*many))
    assert len(book.assignment_submissions("roi_pool")) == 100


# ------------------------------------------------------------------ twice the same, whole or not at all
def test_equal_results_make_equal_gradebooks(run, tmp_path, empty_gradebook):
    """Ids, and the order of rows, come from the names alone."""
    path = run(ADA, BOB, CYD)
    first = dump(path)
    shutil.copy(empty_gradebook, path)
    assert dump(run(ADA, BOB, CYD)) == first
    assert dump(run(ADA, BOB, CYD)) == first  # over itself
    assert len(first) > 40


KILLED = """
import os, pickle, signal, sys
import nbgrader.api
from sqlalchemy.engine.default import DefaultDialect
from grader import nbgrader_bridge

nbgrader.api.get_alembic_version = lambda: "none"
result, path = pickle.load(sys.stdin.buffer)
commit = DefaultDialect.do_commit

def die(*arguments):
    os.kill(os.getpid(), signal.SIGKILL)

def die_after_changes(dialect, connection):
    if connection.total_changes:
        die()
    commit(dialect, connection)

if path.exists():
    DefaultDialect.do_commit = die_after_changes
else:
    os.replace = die
nbgrader_bridge.write_gradebook(result, path)
"""


@pytest.fixture
def kill(assignment):
    """Write a gradebook in a process that dies at the last moment: all is written, nothing committed."""

    def write(path, *submissions):
        result = ClassResult(assignment, submissions, SandboxReport("bubblewrap"), 7, "", "", "0.1.0")
        done = subprocess.run(
            [sys.executable, "-c", KILLED], input=pickle.dumps((result, path)), timeout=120,
            capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode == -signal.SIGKILL, done.stderr

    return write


def test_a_killed_first_write_leaves_no_gradebook(kill, tmp_path):
    """The next run begins anew, and removes what lies about."""
    path = tmp_path / "gradebook.db"
    kill(path, ADA)
    assert {file.name[:9] for file in tmp_path.glob("*") if file.is_file()} == {".writing-"}
    make_gradebook(path)
    assert [file.name for file in tmp_path.glob("*") if file.is_file()] == ["gradebook.db"]


def test_a_killed_write_leaves_the_old_gradebook(kill, run, tmp_path):
    path = run(ADA)
    before = dump(path)
    kill(path, graded("ada", BINS_OVERLAP, RIGHT_6), BOB, CYD)
    assert dump(path) == before
    run(BOB)
    assert any("'bob'" in line for line in dump(path))


# ------------------------------------------------------------------ the course's folder
@pytest.fixture
def submitted(tmp_path):
    """bob's hand-in in nbgrader's layout, with the time of its collection."""
    folder = tmp_path / "submitted" / "bob" / "roi_pool"
    folder.mkdir(parents=True)
    answer = {**CELLS[4], "source": "It is cut. <script>alert(1)</script>"}
    (folder / "roi_pool.ipynb").write_text(notebook([*CELLS[:4], answer]), encoding="utf-8")
    (folder / "timestamp.txt").write_text("2025-03-01 18:00:00 UTC")
    return tmp_path / "submitted"


def test_the_formgrader_finds_assignment_and_answers(run, submitted):
    """It lists the folders in source/ and opens autograded/<student>/<assignment>/<notebook>."""
    course = run(ADA, BOB, folder=submitted).parent
    assert (course / "source" / "roi_pool" / "roi_pool.ipynb").read_text(encoding="utf-8") == notebook()
    made = json.loads((course / "autograded/bob/roi_pool/roi_pool.ipynb").read_text(encoding="utf-8"))
    assert made["cells"][4]["source"] == "It is cut. &#60;script>alert(1)&#60;/script>"
    assert (course / "autograded" / "ada" / "roi_pool" / "roi_pool.ipynb").is_file()


def test_the_time_of_submission_is_nbgraders_and_otherwise_unknown(run, opened, submitted):
    book = opened(run(ADA, BOB, folder=submitted))
    assert book.find_submission("roi_pool", "bob").timestamp == datetime(2025, 3, 1, 18)
    assert book.find_submission("roi_pool", "ada").timestamp is None

    (submitted / "bob" / "roi_pool" / "timestamp.txt").write_text("\x00 soon")
    run(BOB, folder=submitted)
    book.db.expire_all()
    assert book.find_submission("roi_pool", "bob").timestamp == datetime(2025, 3, 1, 18)


@pytest.mark.parametrize(
    ("stamp", "moment"),
    [
        ("2025-03-01 18:00:00.123456 UTC", datetime(2025, 3, 1, 18)),
        ("2025-03-01 18:00:00 +0130", datetime(2025, 3, 1, 16, 30)),
        ("-08:0099999999999999999999123456789012", None),  # on which dateutil raises what nobody expects
        ("0001-01-01 00:00:00 +1400", None),
        ("2025-13-01 18:00:00 UTC", None),
        ("yesterday", None),
    ],
)
def test_a_strangers_time_of_submission(run, opened, submitted, stamp, moment):
    (submitted / "bob" / "roi_pool" / "timestamp.txt").write_text(stamp)
    assert opened(run(BOB, folder=submitted)).find_submission("roi_pool", "bob").timestamp == moment


def test_answers_that_are_there_are_not_lost(run, submitted):
    place = run(BOB, folder=submitted).parent / "autograded" / "bob" / "roi_pool" / "roi_pool.ipynb"
    before = place.read_bytes()
    run(BOB)  # without the hand-ins
    assert place.read_bytes() == before


@pytest.mark.parametrize("student", ["../../bob", "a/b", "..", "a" * 300, "学" * 100, "x\x07"])
def test_an_id_that_is_no_folder_name_stays_out_of_the_file_system(run, opened, student, tmp_path):
    path = run(graded(student, RIGHT_4, RIGHT_6))
    assert grade_of(opened(path), "bin_edges", student).auto_score == 4.0
    assert not (path.parent / "autograded").exists()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["assignments", "course"]


def test_a_notebook_that_cannot_be_written_costs_no_other_student(run, opened, tmp_path):
    (tmp_path / "course" / "autograded").mkdir()
    (tmp_path / "course" / "autograded" / "bob").write_text("a file where his folder should be")
    with pytest.raises(GraderError, match=r"these notebooks are not written: bob \((File exists|Not a dir)"):
        run(ADA, BOB, CYD)
    course = tmp_path / "course"
    assert (course / "autograded" / "cyd" / "roi_pool" / "roi_pool.ipynb").is_file()
    assert grade_of(opened(course / "gradebook.db"), "bin_edges", "bob").auto_score == 1.5
