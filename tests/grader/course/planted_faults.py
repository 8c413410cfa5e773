"""Faults that are planted in a sound course: how each is made, and what is found then."""

import json
import re
import shutil

from nbgrader.api import Gradebook

from grader import course

NAME = "iou"
NOTEBOOK = f"source/{NAME}/{NAME}.ipynb"
BANK = f"source/{NAME}/grading/misconceptions.py"
RELEASED = f"release/{NAME}/{NAME}.ipynb"


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def cells(root, change):
    """Change the source notebook's cells."""
    notebook = json.loads((root / NOTEBOOK).read_text(encoding="utf-8"))
    change(notebook["cells"])
    (root / NOTEBOOK).write_text(json.dumps(notebook), encoding="utf-8")


def marked(cells, grade_id):
    (cell,) = (c for c in cells if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)
    return cell["metadata"]["nbgrader"]


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


# ------------------------------------------------------------------ the course's own files
def no_config(root):
    (root / course.CONFIG).unlink()


def broken_config(root):
    write(root / course.CONFIG, "c = get_config()\nc.CourseDirectory.nothing.here(")


def no_scorer(root):
    edit(root / course.CONFIG, "\nuse_trusted_scorer()", "\n")


def no_floor(root):
    (root / course.FLOOR).unlink()
    edit(root / course.CONFIG, "c = get_config()", 'c = get_config()\nc.CourseDirectory.ignore = ["grading"]')


def nothing_ignored(root):
    (root / course.FLOOR).unlink()


def other_folders(root):
    line = 'c.CourseDirectory.directory_structure = "{student_id}/{nbgrader_step}/{assignment_id}"\n'
    write(root / course.CONFIG, (root / course.CONFIG).read_text() + line)


def no_seed(root):
    (root / course.SEED).unlink()


def seed_is_no_number(root):
    write(root / course.SEED, "secret")


def seed_is_readable(root):
    (root / course.SEED).chmod(0o644)


def gradebook_is_readable(root):
    (root / "gradebook.db").chmod(0o644)


def known_results(root, mode):
    """The folder that `roikit grade` makes, and modes of it that it does not give."""
    folder = root / course.RESULTS
    folder.mkdir(parents=True)
    folder.parent.chmod(0o755)
    folder.chmod(mode)


def results_are_readable(root):
    root.chmod(0o755)
    known_results(root, 0o755)


def results_are_writable(root):
    known_results(root, 0o777)


def link_in_release(root):
    (root / "release" / NAME / "map.npy").symlink_to("/etc/hostname")


def link_handed_in(root):
    (root / "submitted" / "ben" / NAME / "data").symlink_to("/etc/hostname")


CONFIGURATION = [
    (no_config, "error", course.CONFIG, "is missing: nbgrader would run students' code unprotected"),
    (broken_config, "error", course.CONFIG, "fails: SyntaxError"),
    (no_scorer, "error", course.CONFIG, "does not call use_trusted_scorer"),
    (no_floor, "warning", course.FLOOR, "does not keep nbgrader from running students' code"),
    (nothing_ignored, "error", course.CONFIG, "CourseDirectory.ignore lacks 'grading'"),
    (other_folders, "error", course.CONFIG, "directory_structure is not nbgrader's own"),
    (no_seed, "error", course.SEED, "No such file"),
    (seed_is_no_number, "error", course.SEED, "must hold one number"),
    (seed_is_readable, "warning", course.SEED, "can be read by everybody"),
    (gradebook_is_readable, "warning", "gradebook.db", "can be read by everybody"),
    (results_are_readable, "warning", str(course.RESULTS), "can be entered by everybody"),
    (results_are_writable, "error", str(course.RESULTS), "can be written to by everybody"),
    (link_in_release, "error", f"release/{NAME}/map.npy", "is a link out of the course, to /etc/hostname"),
    (link_handed_in, "warning", f"submitted/ben/{NAME}/data", "is a link out of the course"),
]


# ------------------------------------------------------------------ source/
def source_of_nbgrader_alone(root):
    write(root / "source" / "plain" / "plain.ipynb", (root / NOTEBOOK).read_text(encoding="utf-8"))


def notebook_named_otherwise(root):
    (root / NOTEBOOK).rename(root / "source" / NAME / "Sheet 1.ipynb")


def two_notebooks(root):
    shutil.copy(root / NOTEBOOK, root / "source" / NAME / "old.ipynb")


def grade_id_twice(root):
    cells(root, lambda found: marked(found, "tools").update(grade_id="area"))


def cell_of_no_rubric_item(root):
    cells(root, lambda found: marked(found, "area").update(grade_id="volume"))


def points_of_another_sum(root):
    cells(root, lambda found: marked(found, "area").update(points=60))


def region_not_closed(root):
    edit(root / NOTEBOOK, "### END SOLUTION", "")


def slip_in_a_test_file(root):
    edit(root / "source" / NAME / "test_public.py", "(student)", "(student")


def rubric_item_unknown(root):
    edit(root / "source" / NAME / "grading" / "test_hidden.py", 'rubric("area"', 'rubric("aera"')


def notes_beside_the_notebook(root):
    write(root / "source" / NAME / "notes.md", "Last year's answers")


def no_source(root):
    shutil.rmtree(root / "source" / NAME)


def points_changed_since(root):
    edit(root / "source" / NAME / "grading" / "test_hidden.py", "points=3)", "points=5)")
    cells(root, lambda found: marked(found, "area").update(points=8.5))


SOURCES = [
    (source_of_nbgrader_alone, "error", "source/plain", "no grading/assignment.toml"),
    (notebook_named_otherwise, "error", f"source/{NAME}", f"no {NAME}.ipynb; there is Sheet 1.ipynb"),
    (two_notebooks, "error", f"source/{NAME}", "takes old.ipynb for a part of the assignment"),
    (grade_id_twice, "error", NOTEBOOK, "2 cells have the grade_id 'area'"),
    (cell_of_no_rubric_item, "error", NOTEBOOK, "no graded cell for the rubric item 'area'"),
    (points_of_another_sum, "warning", NOTEBOOK, "says 60 points for area; its cases have 6.5"),
    (region_not_closed, "error", NOTEBOOK, "BEGIN SOLUTION has no END SOLUTION"),
    (slip_in_a_test_file, "error", f"source/{NAME}", "test_public.py:"),
    (rubric_item_unknown, "error", f"source/{NAME}", "names the rubric item 'aera'"),
    (notes_beside_the_notebook, "warning", f"source/{NAME}/notes.md", "is handed out by nbgrader"),
    (no_source, "error", "source/", "holds no assignment"),
    (no_source, "note", "gradebook.db", f"has an assignment '{NAME}', which source/ has not"),
    (points_changed_since, "warning", "gradebook.db", "of other points: area 6.5, now 8.5"),
]


# ------------------------------------------------------------------ what students get
def whole_source_released(root):
    shutil.copy(root / NOTEBOOK, root / "release" / NAME)


def solution_without_its_marks(root):
    line = "    width = np.maximum(boxes[:, 2] - boxes[:, 0], 0)"
    edit(root / RELEASED, "    # YOUR CODE HERE", line)


def mark_scheme_released(root):
    text = (root / NOTEBOOK).read_text(encoding="utf-8")
    line = re.search(r"1 point: no, the part that lies in both [^\"\\]*", text)[0]
    edit(root / RELEASED, "YOUR ANSWER HERE", line)


def hidden_tests_in_a_cell(root):
    edit(root / RELEASED, "YOUR ANSWER HERE", "### BEGIN HIDDEN TESTS")


def grading_released(root):
    shutil.copytree(root / "source" / NAME / "grading", root / "release" / NAME / "grading")


def bank_released(root):
    write(root / "release" / NAME / "misconceptions.py", "")


def probes_under_another_name(root):
    shutil.copy(root / "source" / NAME / "grading" / "probes.py", root / "release" / NAME / "data.txt")


def part_of_the_hidden_tests(root):
    text = (root / "source" / NAME / "grading" / "test_hidden.py").read_text(encoding="utf-8")
    write(root / "release" / NAME / "more_tests.py", text[text.index("def boxes_of") :])


def seed_released(root):
    shutil.copy(root / course.SEED, root / "release" / NAME / "notes.txt")


def seed_in_a_report(root):
    number = (root / course.SEED).read_text().strip()
    write(root / "feedback" / "ben" / NAME / "results.json", json.dumps({"seed": int(number)}))


def gradebook_released(root):
    shutil.copy(root / "gradebook.db", root / "release" / NAME)


def hidden_test_in_feedback(root):
    shown = "<pre>width, height <b>=</b> rng.permutation(np.arange(2, 12))[:8].reshape(2, 4)</pre>"
    write(root / "feedback" / "ben" / NAME / f"{NAME}.html", shown)


def bank_in_the_exchange(root):
    exchange = root.parent / "exchange"
    edit(root / course.CONFIG, "c.Exchange.root = ", f'c.Exchange.root = "{exchange}"  # ')
    write(exchange / "course" / "outbound" / NAME / "help.py", (root / BANK).read_text(encoding="utf-8"))


def released_before_a_change(root):
    edit(root / NOTEBOOK, "Plan 15 minutes", "Plan 20 minutes")


def public_tests_changed_since(root):
    edit(root / "source" / NAME / "test_public.py", "4 cells wide", "four cells wide")


LEAKS = [
    (whole_source_released, "error", RELEASED, "SOLUTION region; still has a MARK SCHEME region; holds"),
    (solution_without_its_marks, "error", RELEASED, "a private line, such as `width = np.maximum("),
    (mark_scheme_released, "error", RELEASED, f"of a mark scheme of {NOTEBOOK}"),
    (hidden_tests_in_a_cell, "error", RELEASED, "still has a HIDDEN TESTS region"),
    (grading_released, "error", f"release/{NAME}/grading", "must never get"),
    (bank_released, "error", f"release/{NAME}/misconceptions.py", "must never get"),
    (probes_under_another_name, "error", f"release/{NAME}/data.txt", f"is source/{NAME}/grading/probes.py"),
    (part_of_the_hidden_tests, "error", f"release/{NAME}/more_tests.py", f"of source/{NAME}/grading/test_h"),
    (seed_released, "error", f"release/{NAME}/notes.txt", "is seed.txt under another name"),
    (seed_in_a_report, "error", f"feedback/ben/{NAME}/results.json", "holds the course's seed"),
    (gradebook_released, "error", f"release/{NAME}/gradebook.db", "must never get"),
    (hidden_test_in_feedback, "error", f"feedback/ben/{NAME}/{NAME}.html", "holds a private line"),
    (bank_in_the_exchange, "error", f"outbound/{NAME}/help.py", f"is {BANK} under another name"),
    (released_before_a_change, "warning", RELEASED, "differs from what the source gives now"),
    (public_tests_changed_since, "warning", f"release/{NAME}/test_public.py", "checks run on it"),
]


# ------------------------------------------------------------------ submitted/
def names_alike(root):
    shutil.copytree(root / "submitted" / "ada", root / "submitted" / "Ada")


def unusable_name(root):
    (root / "submitted" / "ben").rename(root / "submitted" / 'b"en')


def no_notebook(root):
    write(root / "submitted" / "ben" / NAME / f"{NAME}.ipynb", "{}")


def linked_notebook(root):
    path = root / "submitted" / "ben" / NAME / f"{NAME}.ipynb"
    path.unlink()
    path.symlink_to(root / NOTEBOOK)


def for_no_assignment(root):
    (root / "submitted" / "ben" / NAME).rename(root / "submitted" / "ben" / "uoi")


def graded(root, *students):
    """They are in the gradebook, each with this assignment."""
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}", "course") as book:
        for student in students:
            book.add_student(student)
            with book.db.no_autoflush:
                book.add_submission(NAME, student)


def student_gone(root):
    graded(root, "ada", "cy")


def without_time(root):
    (root / "submitted" / "ben" / NAME / "timestamp.txt").unlink()


SUBMITTED = [
    (names_alike, "error", f"submitted/ada/{NAME}/{NAME}.ipynb", "cannot be graded: these hand-ins"),
    (unusable_name, "warning", f"submitted/'b\"en/{NAME}'", "cannot be used as a name"),
    (no_notebook, "warning", f"submitted/ben/{NAME}/{NAME}.ipynb", "will get 0: the file is not a notebook"),
    (linked_notebook, "warning", f"submitted/ben/{NAME}/{NAME}.ipynb", "will get 0: the file is a symbolic"),
    (for_no_assignment, "warning", "submitted/*/uoi", "a hand-in for no assignment of this course"),
    (student_gone, "warning", "gradebook.db", "the student 'cy' has no hand-in in submitted/"),
    (without_time, "note", f"submitted/*/{NAME}", "1 of 2 hand-ins have no timestamp.txt"),
]

#: The fault, and the finding: severity, end of the place, part of the sentence.
FAULTS = [*CONFIGURATION, *SOURCES, *LEAKS, *SUBMITTED]
