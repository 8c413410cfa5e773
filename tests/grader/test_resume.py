"""`roikit grade` again into the same folder: nothing finished is lost, done twice, or mistaken."""

import datetime
import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader import cli, journal, pipeline
from grader.errors import SandboxError

SOAK = Path(__file__).parents[1] / "soak"


@pytest.fixture
def sample(monkeypatch):
    """The class of the soak test, and what it checks."""
    monkeypatch.syspath_prepend(SOAK)
    import checks
    import sample

    sample.contents, sample.assert_same = checks.contents, checks.assert_same
    return sample


@pytest.fixture
def students(tmp_path, right):
    """A flat class of three: right, half right, a loop."""
    folder = tmp_path / "class"
    folder.mkdir()
    (folder / "ada.py").write_text(right)
    (folder / "bela.py").write_text(right.replace("start + size", "start"))
    (folder / "cyd.py").write_text("x = 1\n")
    return folder


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


@pytest.fixture
def grade(capsys, toy, students, out, rung):
    """Arguments -> (exit code, what was said, results.json): the toy and the class, unless told otherwise."""

    def run(*arguments, assignment=toy.folder, where=students, output=out):
        sandbox = "reduced" if rung.name == "reduced" else "auto"
        words = ["grade", assignment, where, "--output", output, "--no-gradebook", "--sandbox", sandbox]
        code = cli.main([str(word) for word in (*words, *arguments)])
        said = "".join(capsys.readouterr())
        path = output / "results.json"
        return code, said, json.loads(path.read_text(encoding="utf-8")) if path.exists() else None

    return run


def untimed(results):
    """Results without what no two runs share."""
    if isinstance(results, dict):
        times = ("started", "finished", "seconds")
        return {key: untimed(value) for key, value in results.items() if key not in times}
    return [untimed(entry) for entry in results] if isinstance(results, list) else results


def graded_in(said):
    """The students that a run graded itself."""
    lines = (line.partition(": ")[0].split() for line in said.splitlines())
    return sorted(words[1] for words in lines if len(words) == 2 and "/" in words[0])


def scores(results):
    return {entry["student"]: entry["score"] for entry in results["submissions"]}


# ------------------------------------------------------------------ again
def test_what_is_finished_is_not_run_again(grade):
    code, said, first = grade("--jobs", 1)
    assert (code, graded_in(said)) == (0, ["ada", "bela", "cyd"])
    code, said, second = grade("--jobs", 2)
    assert (code, graded_in(said)) == (0, [])
    assert "3 of 3 already graded, 0 to do" in said
    assert untimed(second) == untimed(first)


def test_a_changed_submission_is_graded_again(grade, students, right):
    _, _, first = grade("--jobs", 1)
    (students / "bela.py").write_text(right)
    (students / "dora.py").write_text(right)
    (students / "cyd.py").unlink()
    code, said, second = grade("--jobs", 1)
    assert (code, graded_in(said)) == (0, ["bela", "dora"])
    assert "1 of 3 already graded, 2 to do" in said
    assert scores(second) == {"ada": 7, "bela": 7, "dora": 7}
    assert second["seed"] == first["seed"]


@pytest.mark.parametrize("name", ["test_public.py", "grading/test_hidden.py", "grading/assignment.toml"])
def test_changed_tests_grade_everybody_again(grade, toy, tmp_path, name):
    folder = shutil.copytree(toy.folder, tmp_path / "toy")
    grade("--jobs", 1, assignment=folder)
    with open(folder / name, "a") as file:
        file.write("\n# clearer now\n")
    _, said, _ = grade("--jobs", 1, assignment=folder)
    assert graded_in(said) == ["ada", "bela", "cyd"]


def test_another_seed_is_another_run(grade):
    _, _, first = grade("--jobs", 1, "--seed", 8)
    _, said, other = grade("--jobs", 1, "--seed", 9)
    assert graded_in(said) == ["ada", "bela", "cyd"]
    assert (first["seed"], other["seed"]) == (8, 9)
    _, said, again = grade("--jobs", 1, "--seed", 8)
    assert "3 of 3 already graded" in said
    assert untimed(again) == untimed(first)


def test_fresh_begins_anew(grade, out):
    _, _, first = grade("--jobs", 1)
    code, said, second = grade("--jobs", 1, "--fresh")
    assert (code, graded_in(said)) == (0, ["ada", "bela", "cyd"])
    assert "already graded" not in said
    assert second["seed"] != first["seed"]
    assert len((out / journal.NAME).read_bytes().splitlines()) == 3
    _, said, third = grade("--jobs", 1, "--fresh", "--seed", second["seed"])
    assert graded_in(said) == ["ada", "bela", "cyd"]
    assert untimed(third) == untimed(second)


def test_fresh_keeps_the_journal_until_the_tests_are_tried(grade, toy, tmp_path):
    """What is graded is not given up for tests that cannot grade."""
    folder = shutil.copytree(toy.folder, tmp_path / "toy")
    grade("--jobs", 1, assignment=folder)
    hidden = folder / "grading" / "test_hidden.py"
    right = hidden.read_text()
    hidden.write_text(right.replace("start + size", "start - size"))
    assert grade("--fresh", assignment=folder)[0] == 2
    hidden.write_text(right)
    assert "3 of 3 already graded" in grade("--jobs", 1, assignment=folder)[1]


def test_our_own_failures_are_tried_again(grade, monkeypatch):
    with monkeypatch.context() as patch:
        def fails(*arguments):
            raise SandboxError("the machine is out of processes")

        patch.setattr(pipeline, "Sandbox", fails)
        code, _, first = grade("--jobs", 1)
        assert (code, set(scores(first).values())) == (1, {None})
    code, said, second = grade("--jobs", 1)
    assert (code, graded_in(said)) == (0, ["ada", "bela", "cyd"])
    assert scores(second) == {"ada": 7, "bela": 4, "cyd": 0}


def test_a_damaged_line_costs_one_job(grade, out):
    _, _, first = grade("--jobs", 1)
    path = out / journal.NAME
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[1].replace(b'"bela"', b'"beta"') + lines[2][:99])
    code, said, second = grade("--jobs", 1)
    assert (code, graded_in(said)) == (0, ["bela", "cyd"])
    assert said.count(f"{path}: 2 lines are damaged; what is missing is graded again.") == 1
    assert untimed(second) == untimed(first)


def test_a_foreign_journal_is_one_sentence(grade, out):
    out.mkdir()
    (out / journal.NAME).write_text("my diary\n")
    code, said, results = grade()
    assert (code, results) == (2, None)
    assert said.startswith(f"roikit: {out / journal.NAME} is no journal of this roikit")
    assert (out / journal.NAME).read_text() == "my diary\n"


def test_two_graders_on_one_folder(grade, out):
    out.mkdir()
    with journal.opened(out / journal.NAME):
        code, said, results = grade()
    assert (code, results) == (2, None)
    assert said.startswith(f"roikit: another roikit is grading into {out}")


# ------------------------------------------------------------------ one student of a class
def test_one_file_into_the_folder_of_its_class(grade, students, right):
    """The results stay those of the class, with this student's new ones."""
    _, _, first = grade("--jobs", 1)
    (students / "bela.py").write_text(right)
    code, said, second = grade("--jobs", 1, where=students / "bela.py")
    assert (code, graded_in(said)) == (0, ["bela"])
    assert scores(second) == {"ada": 7, "bela": 7, "cyd": 0}
    others = [entry for entry in untimed(second)["submissions"] if entry["student"] != "bela"]
    assert others == [entry for entry in untimed(first)["submissions"] if entry["student"] != "bela"]


def test_one_file_in_the_folder_of_its_student(grade, tmp_path, right):
    """`<student>/<assignment>/<file>` is that student's, whatever the file is called."""
    where = tmp_path / "nested"
    for student in ("ada", "bela"):
        (where / student / "toy").mkdir(parents=True)
        (where / student / "toy" / "toy.py").write_text("x = 1\n")
    grade("--jobs", 1, where=where)
    (where / "ada" / "toy" / "toy.py").write_text(right)
    code, said, results = grade("--jobs", 1, where=where / "ada" / "toy" / "toy.py")
    assert (code, graded_in(said)) == (0, ["ada"])
    assert scores(results) == {"ada": 7, "bela": 0}


def test_one_file_afresh_keeps_what_is_known_of_the_others(grade, students):
    grade("--jobs", 1, "--seed", 5)
    code, said, _ = grade("--jobs", 1, "--seed", 5, "--fresh", where=students / "ada.py")
    assert (code, graded_in(said)) == (0, ["ada"])
    code, said, _ = grade("--jobs", 1, "--seed", 5)
    assert (code, graded_in(said)) == (0, [])


def test_no_results_among_the_submissions(grade, students, tmp_path):
    """A journal that lies there may be a student's own."""
    for output in (students, students / "ada" / "out"):
        code, said, _ = grade("--jobs", 1, output=output)
        assert code == 2
        assert "lies inside of the submissions" in said


def test_one_file_of_nobody_in_the_class(grade, students, tmp_path, right):
    """It would join the class as one more student."""
    _, _, first = grade("--jobs", 1)
    (tmp_path / "toy.py").write_text(right)
    code, said, second = grade("--jobs", 1, where=tmp_path / "toy.py")
    assert code == 2
    assert "results.json has no student 'toy': grade the whole class" in said
    assert second == first


@pytest.mark.parametrize("options", [("--seed", 9), ("--fresh",)])
def test_one_file_with_other_inputs_than_its_class(grade, students, options):
    """Their scores would not belong together; nothing is touched."""
    grade("--jobs", 1, "--seed", 8)
    code, said, results = grade("--jobs", 1, *options, where=students / "bela.py")
    assert code == 2
    assert "results.json holds 2 students whose tests, limits or seed were others" in said
    assert (results["seed"], scores(results)) == (8, {"ada": 7, "bela": 4, "cyd": 0})
    assert "3 of 3 already graded" in grade("--jobs", 1)[1]


def test_one_file_beside_results_that_say_nothing(grade, students, out):
    out.mkdir()
    (out / "results.json").write_text('{"schema": "roikit-results", "version": 1}')
    code, said, _ = grade(where=students / "bela.py")
    assert (code, said) == (2, f"roikit: {out / 'results.json'} is damaged: grade the whole class\n")


# ------------------------------------------------------------------ time, order, processes
def test_the_clock_may_be_set_back(grade, monkeypatch):
    """By a year at every look; how long it took is not asked of it."""

    class Clock(datetime.datetime):
        year_now = 2030

        @classmethod
        def now(cls, zone=None):
            cls.year_now -= 1
            return datetime.datetime(cls.year_now, 1, 1, tzinfo=zone)

    monkeypatch.setattr(pipeline, "datetime", Clock)
    monkeypatch.setattr("time.time", lambda: -1e9)
    code, _, results = grade("--jobs", 1)
    assert code == 0
    assert results["started"].startswith("2029-01-01T00:0")
    assert results["started"] <= results["finished"] < "2030"
    assert all(0 <= entry["seconds"] < 600 for entry in results["submissions"])


def test_neither_order_nor_processes_change_a_result(grade, sample, tmp_path, monkeypatch):
    """Of 25 students, among them hostile ones; eight processes have eight hash seeds."""
    where = sample.write_class(tmp_path / "many", 25)
    (where / "S0000-Right.py").write_text(sample.RIGHT)  # too much like another name
    options = {"assignment": sample.TINY, "where": where}
    _, _, one = grade("--jobs", 1, "--seed", 3, output=tmp_path / "one", **options)

    real, shuffled = os.scandir, random.Random(3)

    class Shuffled:
        def __init__(self, path="."):
            with real(path) as entries:
                self._entries = sorted(entries, key=lambda entry: entry.name)
            shuffled.shuffle(self._entries)

        def __enter__(self):
            return iter(self._entries)

        def __exit__(self, *exception):
            pass

    monkeypatch.setattr(os, "scandir", Shuffled)
    _, _, eight = grade("--jobs", 8, "--seed", 3, output=tmp_path / "eight", **options)
    assert untimed(eight) == untimed(one)
    assert len(one["submissions"]) == 26
    sample.assert_same(sample.contents(tmp_path / "eight"), sample.contents(tmp_path / "one"))


# ------------------------------------------------------------------ kill -9
def test_fifty_kills_change_nothing(rung):
    """A class of 300, hostile ones among them; tests/soak/kills.py says when, and what must hold."""
    words = ["--students", "300", "--kills", "50", "--jobs", "1,1,1,2"]
    sandbox = "reduced" if rung.name == "reduced" else "auto"
    command = [sys.executable, SOAK / "kills.py", *words, "--sandbox", sandbox]
    ended = subprocess.run(command, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr[-4000:]
    counts = json.loads(ended.stdout)
    assert (counts["students"], counts["kills"]) == (300, 50)
