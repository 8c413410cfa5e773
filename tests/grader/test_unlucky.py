"""`roikit grade` on a bad day: a sentence, an exit code that says so, and everything finished is kept."""

import json
import os
import re
import runpy
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from grader.nbgrader_bridge import database

check_files = runpy.run_path(str(Path(__file__).parents[1] / "soak" / "checks.py"))["check_files"]
CLASS = ("ada", "bela", "cyd", "dora", "emil", "fay")


@pytest.fixture
def students(tmp_path, right):
    """A flat class of six, all right but bela."""
    folder = tmp_path / "class"
    folder.mkdir()
    for name in CLASS:
        text = right.replace("start + size", "start") if name == "bela" else right
        (folder / f"{name}.py").write_text(text)
    return folder


@pytest.fixture
def out(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.fixture
def grade(toy, students, out, rung):
    """Grade the class in a process of its own: (exit code, all that it said)."""

    def run(*options, gradebook=False, assignment=toy.folder, output=out):
        command = [sys.executable, "-m", "grader.cli", "grade", assignment, students, "--output", output]
        command += ["--sandbox", "reduced" if rung.name == "reduced" else "auto"]
        command += [] if gradebook else ["--no-gradebook"]
        done = subprocess.run(
            [*map(str, command), *map(str, options)], capture_output=True, text=True, timeout=300, check=False
        )
        said = done.stdout + done.stderr
        assert "Traceback" not in said, said
        return done.returncode, said

    return run


def files(folder):
    """{path: bytes} of all that a reader could see."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "ballast"
    }


def expect_whole(folder):
    """Nothing is half written, and nothing lies about."""
    check_files(folder)
    for name in files(folder):
        assert not Path(name).name.startswith(".writing-"), name
        if name.endswith("gradebook.db"):
            dump(folder / name)


def dump(database):
    with closing(sqlite3.connect(database)) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return list(opened.iterdump())


def scores(out):
    entries = json.loads((out / "results.json").read_text(encoding="utf-8"))["submissions"]
    return {entry["student"]: entry["score"] for entry in entries}


# ------------------------------------------------------------------ a disk that a test may fill
class Disk:
    """A small file system of its own."""

    def __init__(self, place, kib):
        self.place = place
        self.mount("-t", "tmpfs", "-o", f"size={kib}k,mode=0777", "tmpfs", place)

    @staticmethod
    def mount(*arguments):
        sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
        command = [*sudo, "mount", *map(str, arguments)]
        if shutil.which(command[0]) is None or subprocess.run(command, capture_output=True).returncode:
            pytest.skip("mounting a file system needs root, or sudo without a password")

    def leave(self, kib):
        """Fill it up but for so much."""
        ballast = self.place / "ballast"
        ballast.unlink(missing_ok=True)
        found = os.statvfs(self.place)
        ballast.write_bytes(bytes(found.f_bavail * found.f_frsize - kib * 1024))

    def make_read_only(self):
        self.mount("-o", "remount,ro", self.place)

    def close(self):
        sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
        subprocess.run([*sudo, "umount", "-l", str(self.place)], check=True)


@pytest.fixture
def disk():
    """Mount a disk of so many KiB."""
    mounted = []

    def make(place, kib):
        mounted.append(Disk(place, kib))
        return mounted[-1]

    yield make
    for one in reversed(mounted):
        one.close()


FULL = "No space left on device"


def test_a_full_disk_is_noticed_before_anything_is_graded(grade, out, disk):
    disk(out, 1024).leave(0)
    code, said = grade()
    assert (code, said) == (2, f"roikit: {out} is no folder that can be written to: {FULL}\n")


@pytest.mark.parametrize(
    ("kib", "sentence"),
    [
        (4, "The grading had to stop: {out}/journal.jsonl cannot be written"),
        (12, "Results not written: "),
        (60, "Report not written: "),
    ],
)
def test_a_disk_that_fills_up(grade, out, disk, kib, sentence):
    """At every stage: what was written before is whole, and the next run goes on from there."""
    small = disk(out, 2048)
    small.leave(kib)
    code, said = grade("--seed", 5)
    assert code == 1
    assert sentence.format(out=out) in said
    assert FULL in said
    expect_whole(out)
    (out / "ballast").unlink()
    code, said = grade()
    assert code == 0
    assert " of 6 already graded" in said
    assert scores(out) == {"ada": 7, "bela": 4, "cyd": 7, "dora": 7, "emil": 7, "fay": 7}
    expect_whole(out)


def test_a_full_disk_leaves_old_results_alone(grade, out, disk):
    small = disk(out, 2048)
    assert grade("--seed", 5)[0] == 0
    before = files(out)
    small.leave(12)
    assert grade("--seed", 6)[0] == 1
    expect_whole(out)
    after = files(out)
    assert set(after) == set(before)
    assert after["results.json"] == before["results.json"]


# ------------------------------------------------------------------ the gradebook
@pytest.fixture(scope="module")
def gradebook(tmp_path_factory):
    """An empty gradebook, without the program that nbgrader starts to know the schema's version."""
    path = tmp_path_factory.mktemp("empty") / "gradebook.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("nbgrader.api.get_alembic_version", lambda: "none")
        with database.for_writing(database.Place.of_file(path)):
            return path


def test_a_full_disk_leaves_the_gradebook_as_it_was(grade, out, disk, gradebook):
    small = disk(out, 2048)
    shutil.copy(gradebook, out)
    before = dump(out / "gradebook.db")
    small.leave(180)
    code, said = grade(gradebook=True)
    assert code == 1
    assert "Gradebook not written: gradebook.db cannot be written: database or disk is full" in said
    assert dump(out / "gradebook.db") == before
    expect_whole(out)
    assert len(scores(out)) == 6


def test_full_beside_the_gradebook(grade, out, disk, gradebook):
    """The formgrader's copies fail; the scores are in the gradebook, and it says so."""
    shutil.copy(gradebook, out)
    (out / "source").mkdir()
    disk(out / "source", 64).leave(0)
    code, said = grade(gradebook=True)
    assert code == 1
    assert f"the gradebook has the scores, but these notebooks are not written: source ({FULL})" in said
    assert any("'fay'" in line for line in dump(out / "gradebook.db"))
    assert (out / "autograded" / "fay" / "toy" / "toy.ipynb").is_file()


def test_a_gradebook_that_another_program_writes_to(grade, out, gradebook):
    """The formgrader saves a score and does not end: waited for, then said."""
    path = Path(shutil.copy(gradebook, out))
    before = dump(path)
    with closing(sqlite3.connect(path)) as formgrader:
        formgrader.execute("BEGIN IMMEDIATE")
        code, said = grade(gradebook=True)
    assert code == 1
    assert "Gradebook not written: gradebook.db cannot be written: another program is writing to it" in said
    assert dump(path) == before
    assert scores(out)["fay"] == 7


def test_a_damaged_gradebook_is_noticed_before_anything_is_graded(grade, out):
    (out / "gradebook.db").write_text("no database " * 1000)
    code, said = grade(gradebook=True)
    assert (code, said) == (2, "roikit: gradebook.db cannot be written: file is not a database\n")
    assert (out / "gradebook.db").read_text() == "no database " * 1000


def test_a_read_only_gradebook_is_noticed_before_anything_is_graded(grade, out, disk, gradebook):
    """Root is not held by a file's mode, so it lies on a disk that cannot be written to."""
    (out.parent / "read-only").mkdir()
    other = disk(out.parent / "read-only", 1024)
    (out / "gradebook.db").symlink_to(shutil.copy(gradebook, other.place))
    other.make_read_only()
    code, said = grade(gradebook=True)
    assert code == 2
    assert said == "roikit: gradebook.db cannot be written: attempt to write a readonly database\n"


def test_a_renamed_rubric_item(grade, out, toy, tmp_path, gradebook):
    """The old gradebook holds scores that would belong to nothing."""
    shutil.copy(gradebook, out)
    folder = tmp_path / "toy"
    shutil.copytree(toy.folder, folder)
    assert grade(gradebook=True, assignment=folder)[0] == 0
    for file in ("grading/assignment.toml", "grading/test_hidden.py", "test_public.py", "toy.ipynb"):
        text = (folder / file).read_text(encoding="utf-8")
        (folder / file).write_text(text.replace('"span"', '"range"'), encoding="utf-8")
    before = files(out)
    code, said = grade(gradebook=True, assignment=folder)
    assert (code, said) == (
        2, "roikit: the gradebook holds scores of the cell 'span', which toy.ipynb no longer has; "
        "write to a new gradebook\n",
    )  # fmt: skip
    assert files(out) == before


# ------------------------------------------------------------------ the output folder
def test_a_read_only_output(grade, out, disk):
    disk(out, 64).make_read_only()
    code, said = grade()
    assert (code, said) == (
        2, f"roikit: {out} is no folder that can be written to: Read-only file system\n"
    )  # fmt: skip


def test_an_output_that_is_no_folder(grade, tmp_path):
    (tmp_path / "file").write_text("somebody's work")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name, reason in (("file", "File exists"), ("link", "the link leads nowhere")):
        code, said = grade(output=tmp_path / name)
        assert code == 2
        assert said == f"roikit: {tmp_path / name} is no folder that can be written to: {reason}\n"
    assert (tmp_path / "file").read_text() == "somebody's work"


def test_an_output_below_folders_that_are_not_there_yet(grade, tmp_path):
    assert grade(output=tmp_path / "a" / "b")[0] == 0
    assert scores(tmp_path / "a" / "b")["ada"] == 7
    expect_whole(tmp_path)


def test_what_a_killed_run_left_is_cleaned_up(grade, out):
    for folder in ("report/students", "report/feedback"):
        (out / folder).mkdir(parents=True)
    for place in ("", "report", "report/students", "report/feedback"):
        (out / place / ".writing-0a1b2c").write_text("half")
    assert grade()[0] == 0
    expect_whole(out)


# ------------------------------------------------------------------ the instructor's tests
def test_a_bug_in_a_test_is_told_before_anybody_is_graded(grade, out, toy, tmp_path):
    """The results of the run before stay."""
    folder = tmp_path / "toy"
    shutil.copytree(toy.folder, folder)
    (out / "results.json").write_text('{"of": "the run before"}')
    text = (folder / "test_public.py").read_text()
    (folder / "test_public.py").write_text(text.replace("    expect(student.scale", "    1 / 0; expect(1"))
    code, said = grade(assignment=folder)
    assert code == 2
    assert said.endswith(
        "roikit: test_public.py:11: ZeroDivisionError in the test: division by zero (test_twice)\n"
    )
    assert "ada" not in said
    assert (out / "results.json").read_text() == '{"of": "the run before"}'


BUGS = """
    if repr(got) == "(2, 97)":
        sum(iter(int, 1))  # endless, in C
    if repr(got) == "(2, 98)":
        while True:
            pass
    assert repr(got) != "(2, 99)" or 1 / 0
"""


def test_a_bug_that_one_student_s_answer_brings_out(grade, out, toy, students, tmp_path, right):
    """Two hangs and an exception, in grading processes: not graded, with the line, and the others are."""
    folder = tmp_path / "toy"
    shutil.copytree(toy.folder, folder)
    limits = folder / "grading" / "assignment.toml"
    limits.write_text(limits.read_text().replace("call_seconds = 2", "case_seconds = 3"))
    public = folder / "test_public.py"
    old, new = "expect(student.span(2, 3), ", f"got = student.span(2, 3){BUGS}    expect(got, "
    public.write_text(public.read_text().replace(old, new))
    (students / "dora.py").write_text(right.replace("start + size", "97"))
    (students / "emil.py").write_text(right.replace("start + size", "98"))
    (students / "fay.py").write_text(right.replace("start + size", "99"))

    code, said = grade("--jobs", 2, assignment=folder)
    assert code == 1
    assert "3 not graded" in said
    assert f'File "{public}", line 19 in test_three_cells' in said
    assert scores(out) == {"ada": 7, "bela": 4, "cyd": 7, "dora": None, "emil": None, "fay": None}
    results = (out / "results.json").read_text(encoding="utf-8")
    assert "not graded: the grading process died (exit code 1)" in results
    assert re.search(r"not graded: test_public\.py:2[12]: the test itself took more than 3 s", results)
    assert "not graded: test_public.py:23: ZeroDivisionError in the test: division by zero" in results
    for page in ("emil.html", "fay.html"):
        assert "test_public.py" in (out / "report" / "students" / page).read_text(encoding="utf-8")
        assert "test_public.py" not in (out / "report" / "feedback" / page).read_text(encoding="utf-8")
