"""A whole course of twenty students, from init to feedback, by nbgrader's own commands."""

import csv
import json
import math
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from grader import cli

NAME = "roi_pool"
#: Of the sample class: right, wrong, raising, ending the process, running too long; notebooks and modules.
SAMPLE = (
    "ada", "bela", "chen", "dana", "emil", "fay", "goran", "hana", "ivan", "jun", "kai", "lena", "mona",
    "nils", "omar", "quinn", "sven",
)  # fmt: skip
#: They hand in through nbgrader's exchange; the others' folders come from elsewhere.
BY_EXCHANGE = ("ada", "hana")
DUE = "2999-01-31 12:00:00 UTC"
CONFIG = """
c.AssignLatePenalties.plugin_class = "late.PointAnHour"
c.Exchange.root = {root!r}
c.Exchange.cache = {cache!r}
"""
LATE = """
from nbgrader.plugins import BasePlugin

class PointAnHour(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return round(total_seconds_late / 3600, 1)
"""
#: Prints, and raises, what must not run in a browser; says what nbgrader takes for a score.
MALLORY = """
import sys
def quantize_roi(roi, spatial_scale):
    print("<script>canary(1)</script>" * 100_000)
    raise ValueError("<script>canary(2)</script> [x](javascript:canary(3)) $\\\\href{javascript:canary(4)}x$")
def bin_edges(length, bins):
    return float("nan")
def pool_bins(feature_map, rows, columns):
    sys.stdout.write("-1000")
    return feature_map * float("nan")
"""


@dataclass(frozen=True)
class Course:
    """The course at its end, and what was seen on the way."""

    folder: Path
    twin: Path  # the same seed and submissions, graded by `roikit grade`
    first: dict  # rows of the gradebook after the first autograde
    logs: dict


def rows(course):
    """(student, cell) -> (auto, manual, needs a person, penalty) of a gradebook."""
    with Gradebook(f"sqlite:///{course}/gradebook.db", "vision") as book:
        return {
            (submission.student_id, grade.name): (
                grade.auto_score, grade.manual_score, bool(grade.needs_manual_grade),
                submission.late_submission_penalty,
            )
            for submission in book.assignment_submissions(NAME)
            for grade in submission.notebooks[0].grades
        }  # fmt: skip


def mallory(notebook):
    """Her cells have outputs of their own, marks of a test, and points."""
    evil, nan = (
        {"output_type": kind, "metadata": {}, "data": data}
        for kind, data in (
            ("display_data", {"text/html": "<script>canary(5)</script>"}),
            ("execute_result", {"text/plain": "nan"}),
        )
    )
    made = json.loads(notebook)
    for cell in made["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [evil, nan]
        marks = cell["metadata"].get("nbgrader", {})
        if marks.get("grade"):
            marks["points"] = 999
        if marks.get("solution") and cell["cell_type"] == "markdown":
            cell["source"] = "<script>canary(6)</script> ![x](http://e.example/canary)"
    made["cells"].insert(0, {**made["cells"][2], "source": MALLORY, "metadata": {}, "outputs": [evil]})
    made["cells"] = [c for c in made["cells"] if "solve_" not in str(c["metadata"])]
    return json.dumps(made)


@pytest.fixture(scope="module")
def course(new_course, nbgrader, hand_in, sample, tmp_path_factory, sandbox):
    root = tmp_path_factory.mktemp("exchange")
    root.chmod(0o777)
    cache = tmp_path_factory.mktemp("cache")
    folder = new_course(NAME, config=CONFIG.format(root=str(root), cache=str(cache)))
    (folder / "late.py").write_text(LATE)
    logs = {}
    logs["made"] = nbgrader(
        folder,
        ("generate_assignment", NAME),
        ("db", "assignment", "add", NAME, f"--duedate={DUE}"),
        ("db", "student", "add", "yuri"),
        ("release_assignment", NAME),
    )
    for student in BY_EXCHANGE:
        _hand_in_by_exchange(nbgrader, tmp_path_factory.mktemp(student), student, root, sample(student))
    logs["collected"] = nbgrader(folder, ("list", "--inbound"), ("collect", NAME))
    for student in set(SAMPLE) - set(BY_EXCHANGE):
        hand_in(folder, student, sample(student))
    hand_in(folder, "mallory", {f"{NAME}.ipynb": mallory(sample("ada")[f"{NAME}.ipynb"])})
    hand_in(folder, "nobody", {"notes.txt": "forgot it"})
    _stamp(folder, "kai", "2999-01-31 15:30:00 UTC")  # three hours and a half late
    _stamp(folder, "emil", "2999-01-31 11:00:00 UTC")

    twin = shutil.copytree(folder, tmp_path_factory.mktemp("twin") / "vision")
    logs["graded"] = nbgrader(folder, "autograde", NAME)
    first = rows(folder)
    _mark_by_hand(folder)
    hand_in(folder, "emil", sample("ada"))  # again, and late
    _stamp(folder, "emil", "2999-01-31 14:00:00 UTC")
    logs["again"] = nbgrader(folder, "autograde", NAME)
    logs["feedback"] = nbgrader(
        folder, ("generate_feedback", NAME), ("release_feedback", NAME), ("export", "--to=grades.csv")
    )
    _graded_by_roikit(folder, twin, sandbox)
    return Course(folder, twin, first, logs)


def _hand_in_by_exchange(nbgrader, home, student, root, files):
    options = (
        "--course=vision", f"--Exchange.root={root}", f"--Exchange.cache={home}/cache",
        f"--Exchange.assignment_dir={home}",
    )  # fmt: skip
    nbgrader(home, "fetch_assignment", NAME, *options, user=student)
    assert (home / NAME / "test_public.py").is_file()
    for name, content in files.items():
        (home / NAME / name).write_bytes(content)
    nbgrader(home, "submit", NAME, *options, user=student)


def _stamp(folder, student, moment):
    (folder / "submitted" / student / NAME / "timestamp.txt").write_text(moment)


def _mark_by_hand(folder):
    """ada's and emil's essays, and a point of grace for emil."""
    with Gradebook(f"sqlite:///{folder}/gradebook.db", "vision") as book:
        for student in ("ada", "emil"):
            essay = book.find_grade("what_is_lost", NAME, NAME, student)
            essay.manual_score, essay.needs_manual_grade = 3.0, False
        book.find_grade("quantize_roi", NAME, NAME, "emil").extra_credit = 1.0
        book.find_comment("solve_bin_edges", NAME, NAME, "emil").manual_comment = "See me."
        book.db.commit()


def _graded_by_roikit(folder, twin, sandbox):
    command = ["grade", twin / "source" / NAME, folder / "submitted", "--output", twin, "--sandbox", sandbox]
    assert cli.main(list(map(str, command))) == 0


# ------------------------------------------------------------------ scores
def test_everybody_is_graded(course):
    students = {student for student, _ in rows(course.folder)}
    assert students == {*SAMPLE, "mallory", "nobody"}
    with Gradebook(f"sqlite:///{course.folder}/gradebook.db", "vision") as book:
        assert len(book.students) == 20
        assert book.find_student("yuri").score == 0.0  # handed in nothing


def test_scores_are_those_of_roikit_grade(course):
    """Late penalties and the hand-in that changed included."""
    ours = {key: (auto, penalty) for key, (auto, _, _, penalty) in rows(course.folder).items()}
    theirs = {key: (auto, penalty) for key, (auto, _, _, penalty) in rows(course.twin).items()}
    assert ours == theirs
    written = json.loads((course.twin / "results.json").read_text())["submissions"]
    for one in written:
        autos = [ours[one["student"], item["id"]][0] for item in one["items"]]
        assert autos == [item["score"] for item in one["items"]]
    assert len(written) == 19


def test_what_coming_late_costs(course):
    penalties = {student: penalty for (student, _), (*_, penalty) in rows(course.folder).items() if penalty}
    assert penalties == {"kai": 3.5, "emil": 2.0}
    assert course.first["emil", "bin_edges"][3] in (None, 0.0)


def test_no_score_is_anything_but_a_number_within_its_points(course):
    points = {"what_is_lost": 4, "which_boxes": 4}
    with Gradebook(f"sqlite:///{course.folder}/gradebook.db", "vision") as book:
        points |= {cell.name: cell.max_score for cell in book.find_notebook(NAME, NAME).grade_cells}
    assert sum(points.values()) == 48
    for (_, cell), (auto, *_) in rows(course.folder).items():
        if cell in ("what_is_lost", "which_boxes"):
            assert auto is None
        else:
            assert math.isfinite(auto)
            assert 0 <= auto <= points[cell]
    found = rows(course.folder)
    assert found["mallory", "quantize_roi"][0] == found["mallory", "bin_edges"][0] == 0
    assert {auto for (student, _), (auto, *_) in found.items() if student == "nobody"} == {0, None}


def test_what_a_person_marks_stays_a_person_s(course):
    found = rows(course.folder)
    assert course.first["ada", "what_is_lost"][:3] == (None, None, True)
    for student in ("ada", "emil"):  # graded once, graded again
        assert found[student, "what_is_lost"][:3] == (None, 3.0, False)
    assert found["emil", "which_boxes"][:3] == (None, None, True)
    with Gradebook(f"sqlite:///{course.folder}/gradebook.db", "vision") as book:
        assert book.find_grade("quantize_roi", NAME, NAME, "emil").extra_credit == 1.0
        assert book.find_comment("solve_bin_edges", NAME, NAME, "emil").comment == "See me."


def test_only_who_handed_in_again_is_graded_again(course):
    again = re.findall(r"(\w+): [\d.]+ of 40", course.logs["again"])
    assert again == ["emil"]
    assert len(re.findall("Skipping existing assignment", course.logs["again"])) == 18
    found = rows(course.folder)
    changed = {student for (student, cell), row in found.items() if row[0] != course.first[student, cell][0]}
    assert changed == {"emil"}


def test_the_export(course):
    with open(course.folder / "grades.csv", newline="") as file:
        table = {row["student_id"]: row for row in csv.DictReader(file)}
    assert len(table) == 20
    assert (table["ada"]["score"], table["ada"]["max_score"]) == ("43.0", "48.0")
    assert float(table["kai"]["late_submission_penalty"]) == 3.5
    assert float(table["emil"]["score"]) == 40 + 3 + 1 - 2
    assert all(float(row["score"] or 0) >= 0 for row in table.values())


# ------------------------------------------------------------------ the exchange
def test_hand_ins_came_by_the_exchange(course):
    for student in BY_EXCHANGE:
        assert f"vision {student} {NAME}" in course.logs["collected"]
        assert f"Collecting submission: {student} {NAME}" in course.logs["collected"]


def test_feedback_is_released(course):
    for student in BY_EXCHANGE:
        assert f"Releasing feedback for student '{student}'" in course.logs["feedback"]


# ------------------------------------------------------------------ no kernel
def test_no_kernel_was_started(course, nbgrader, canary):
    """And one that is started does leave a trace: `validate` runs a notebook, the instructor's own."""
    assert not canary.exists()
    notebooks = [f"{step}/{NAME}/{NAME}.ipynb" for step in ("source", "release")]
    log = nbgrader(course.folder, *(("validate", notebook) for notebook in notebooks), kernels=True)
    assert "Success! Your notebook passes all the tests" in log
    assert "The following" in log  # cells of the released one failed: nothing is solved yet
    assert not canary.exists()
    nbgrader(course.folder, "validate", notebooks[1], code=1)
    assert canary.exists()


# ------------------------------------------------------------------ what is shown, what is not
def texts(folder):
    return {path: path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file()}


def test_release_and_autograded_hold_no_more_than_they_should(course):
    released = course.folder / "release"
    assert set(texts(released)) == {released / NAME / f"{NAME}.ipynb", released / NAME / "test_public.py"}
    autograded = {path.name for path in texts(course.folder / "autograded")}
    assert autograded <= {f"{NAME}.ipynb", "timestamp.txt", "submission_secret.txt"}


def test_nothing_of_grading_is_anywhere_else(course):
    """No line of the tests, the solution or the bank that is not also the students' own."""
    source = course.folder / "source" / NAME
    public = "".join(texts(course.folder / "release").values())
    lines = {
        line.strip() for path in (source / "grading").glob("*.py") for line in path.read_text().splitlines()
        if len(line.strip()) > 40 and line.strip() not in public
    }  # fmt: skip
    assert len(lines) > 100
    written = {json.dumps(line)[1:-1] for line in lines}
    for step in ("release", "feedback", "autograded"):
        for path, text in texts(course.folder / step).items():
            student = path.relative_to(course.folder / step).parts[0]
            own = "".join(texts(course.folder / "submitted" / student).values())
            held = {line for line in written if line in text and line not in own}
            assert not held, (path, held)


def test_the_solution_is_not_released(course):
    notebook = json.loads((course.folder / "source" / NAME / f"{NAME}.ipynb").read_text())
    released = (course.folder / "release" / NAME / f"{NAME}.ipynb").read_text()
    regions = re.findall(r"### BEGIN SOLUTION(.*?)### END SOLUTION", "\n".join(
        "".join(cell["source"]) for cell in notebook["cells"]), re.DOTALL)  # fmt: skip
    solution = {line.strip() for region in regions for line in region.splitlines() if len(line.strip()) > 20}
    assert solution
    assert not {line for line in solution if json.dumps(line)[1:-1] in released}
    assert "MARK SCHEME" not in released


def test_feedback_says_nothing_of_hidden_tests_but_their_idea(course):
    written = json.loads((course.twin / "results.json").read_text())["submissions"]
    checked = 0
    for one in written:
        cases = [case for item in one["items"] for case in item["cases"]]
        public = " ".join(case["sentence"] for case in cases if case["visibility"] == "public")
        pages = "".join(
            (course.folder / step / one["student"] / NAME / f"{NAME}.{kind}").read_text(encoding="utf-8")
            for step, kind in (("feedback", "html"), ("autograded", "ipynb"))
        )
        for case in cases:
            assert case["case"] not in pages
            if case["visibility"] == "hidden" and case["sentence"] and case["sentence"] not in public:
                checked += case["outcome"] == "wrong"
                assert "expected" not in case["sentence"] or case["sentence"] not in pages, case
    assert checked > 5


def test_what_a_student_printed_is_bounded_and_inert(course):
    page = (course.folder / "feedback" / "mallory" / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    others = (course.folder / "feedback" / "ada" / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    assert len(page) < len(others) + 300_000
    for text in (page, (course.folder / "autograded" / "mallory" / NAME / f"{NAME}.ipynb").read_text()):
        assert "<script>canary" not in text
        assert not re.search(r"""href=["']?javascript:canary|src=["']?http://e\.example""", text)
    notebook = json.loads((course.folder / "autograded" / "mallory" / NAME / f"{NAME}.ipynb").read_text())
    assert all(c["metadata"].get("nbgrader", {}).get("points", 0) <= 14 for c in notebook["cells"])
