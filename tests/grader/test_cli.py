"""The command: what it prints, what it writes, and how it ends."""

import builtins
import errno
import json
import shutil
import sys

import pytest

from grader import doctor
from grader.commands import grade as grade_command
from grader.commands import students as student_commands
from grader.errors import GraderError, SandboxError
from grader.sandbox import choose_rung


def test_grade(roikit, toy, students, tmp_path, sandbox):
    out = tmp_path / "out"
    code, text, errors = roikit(
        "grade", toy.folder, students, "--output", out, "--seed", 5, "--jobs", 1, "--no-gradebook", *sandbox
    )
    assert (code, errors) == (0, "")
    assert "1/2 ada: correct" in text
    assert "2/2 bela: partly" in text
    assert "end 1: expected 5" in text
    assert f"Report: {out / 'report' / 'index.html'}" in text
    again = f" grade {toy.folder} {students} --output {out} --no-gradebook --seed=5"
    assert again in text.partition("Again: ")[2]
    results = json.loads((out / "results.json").read_text(encoding="utf-8"))
    assert results["seed"] == 5
    assert [entry["score"] for entry in results["submissions"]] == [7, 4]
    assert (out / "report" / "index.html").is_file()
    assert not (out / "gradebook.db").exists()


def test_where_roikit_is_not_on_the_path_the_command_names_the_python(
    roikit, toy, students, tmp_path, sandbox, monkeypatch
):
    real = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "roikit" else real(name))
    _, text, _ = roikit("grade", toy.folder, students, "--output", tmp_path, "--no-gradebook", *sandbox)
    assert f"Again: {sys.executable} -m grader.cli grade " in text


def test_one_file_of_a_class_with_its_gradebook(roikit, toy, tmp_path, right, sandbox):
    from nbgrader.api import Gradebook

    out, course = tmp_path / "out", tmp_path / "class"
    for student in ("ada", "bela"):
        (course / student / "toy").mkdir(parents=True)
        (course / student / "toy" / "toy.py").write_text("x = 1\n")
    roikit("grade", toy.folder, course, "--output", out, "--jobs", 1, *sandbox)
    (course / "ada" / "toy" / "toy.py").write_text(right)
    one = course / "ada" / "toy" / "toy.py"
    code, _, errors = roikit("grade", toy.folder, one, "--output", out, *sandbox)
    assert (code, errors) == (0, "")
    with Gradebook(f"sqlite:///{out / 'gradebook.db'}") as book:
        scores = {student.id: student.score for student in book.students}
    assert scores == {"ada": 7, "bela": 0}
    assert "start + size" in (out / "autograded" / "ada" / "toy" / "toy.ipynb").read_text()


def test_every_run_has_a_seed_of_its_own(roikit, toy, students, tmp_path, sandbox):
    seeds = set()
    for run in ("first", "second"):
        roikit("grade", toy.folder, students, "--output", tmp_path / run, "--no-gradebook", *sandbox)
        seeds.add(json.loads((tmp_path / run / "results.json").read_text(encoding="utf-8"))["seed"])
    assert len(seeds) == 2


def test_something_not_graded_is_exit_1(roikit, toy, students, tmp_path, monkeypatch, sandbox):
    from grader import pipeline

    def fails(*arguments):
        raise SandboxError("the machine is out of processes")

    monkeypatch.setattr(pipeline, "Sandbox", fails)
    code, text, _ = roikit(
        "grade", toy.folder, students, "--output", tmp_path / "o", "--jobs", 1, "--no-gradebook", *sandbox
    )
    assert code == 1
    assert "2 not graded" in text


def test_no_sandbox_is_exit_3(roikit, toy, students, tmp_path, monkeypatch):
    def none(name="auto"):
        raise SandboxError("apt install bubblewrap")

    monkeypatch.setattr("grader.sandbox.choose_rung", none)
    code, text, errors = roikit("grade", toy.folder, students, "--output", tmp_path / "o", "--no-gradebook")
    assert (code, text, errors) == (3, "", "roikit: apt install bubblewrap\n")
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["grade", "no_such", ".", "--output", "o", "--no-gradebook", "--sandbox", "none"],
            "there is no assignment",
        ),
        (
            ["grade", "TOY", "no_such", "--output", "o", "--no-gradebook", "--sandbox", "none"],
            "there is no file",
        ),
        (["check", "TOY", "no_such.py"], "no_such.py cannot be read"),
        (["release", "no_such", "o"], "there is no assignment"),
        (["grade", "TOY"], "required"),
        (["grade", "TOY", ".", "--output", "o", "--jobs", "0"], "must be a number from 1 to 512"),
        (["grade", "TOY", ".", "--output", "o", "--seed", "-1"], "must be a number from 0 to 2\\*\\*63 - 1"),
        (["mark"], "invalid choice"),
    ],
)
def test_exit_2(roikit, toy, tmp_path, monkeypatch, arguments, sentence):
    monkeypatch.chdir(tmp_path)
    code, _, errors = roikit(*(str(toy.folder) if word == "TOY" else word for word in arguments))
    assert code == 2
    assert sentence.replace("\\", "") in errors
    assert list(tmp_path.iterdir()) == []


def test_no_command_is_a_question(roikit):
    code, text, errors = roikit()
    assert (code, errors) == (2, "")
    assert "grade a class in the sandbox" in text


def test_folders_without_a_hand_in_are_named(roikit, toy, students, tmp_path, right):
    """A student who put the notebook into the wrong folder is not missed in silence."""
    for name, place in (("dora", toy.name), ("bo", "elsewhere")):
        (tmp_path / "class" / name / place).mkdir(parents=True, exist_ok=True)
        (tmp_path / "class" / name / place / "work.py").write_text(right)
    options = ("--output", tmp_path / "o", "--no-gradebook", "--sandbox", "none", "--jobs", 1)
    code, text, _ = roikit("grade", toy.folder, tmp_path / "class", *options)
    assert code == 0
    assert f"No {toy.name} in 1 of the folders: bo" in text
    assert "Sandbox none: student code is not fully walled in" in text


# ------------------------------------------------------------------ where nothing can be written
@pytest.mark.parametrize("place", ["k.py", "k.py/folder", "/proc/roikit"])
def test_the_output_is_tried_before_anything_is_graded(roikit, toy, students, tmp_path, sandbox, place):
    (tmp_path / "k.py").write_text("somebody's work")
    output = tmp_path / place
    code, text, errors = roikit("grade", toy.folder, students, "--output", output, "--no-gradebook", *sandbox)
    assert (code, text) == (2, "")
    assert errors.startswith(f"roikit: {output} is no folder that can be written to: ")
    assert errors.count("\n") == 1
    assert (tmp_path / "k.py").read_text() == "somebody's work"


@pytest.mark.parametrize("place", ["k.py", "/proc/roikit"])
def test_a_release_into_no_folder_is_one_sentence(roikit, toy, tmp_path, place):
    (tmp_path / "k.py").write_text("somebody's work")
    code, text, errors = roikit("release", toy.folder, tmp_path / place)
    assert (code, text) == (2, "")
    assert errors.startswith(f"roikit: {tmp_path / place}")
    assert errors.count("\n") == 1


def test_no_heading_before_the_submissions_are_found(roikit, toy, tmp_path, sandbox):
    code, text, _ = roikit(
        "grade", toy.folder, tmp_path / "nowhere", "--output", tmp_path / "o", "--no-gradebook", *sandbox
    )
    assert (code, text) == (2, "")


def test_a_full_disk_after_grading_costs_only_what_it_must(
    roikit, toy, students, tmp_path, monkeypatch, sandbox
):
    def fails(result, path):
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr("grader.report.results_json.write", fails)
    out = tmp_path / "out"
    code, text, _ = roikit("grade", toy.folder, students, "--output", out, "--no-gradebook", *sandbox)
    assert code == 1
    assert "end 1: expected 5" in text  # the table
    assert f"Results not written: {out / 'results.json'}: No space left on device" in text
    assert f"Report: {out / 'report' / 'index.html'}" in text


def test_a_gradebook_that_fails_comes_last_and_costs_nothing_else(
    roikit, toy, students, tmp_path, monkeypatch, sandbox
):
    def fails(result, path, submissions):
        raise GraderError("gradebook.db cannot be written: database is locked")

    monkeypatch.setattr(grade_command, "has_nbgrader", lambda: True)
    monkeypatch.setattr("grader.nbgrader_bridge.write_gradebook", fails)
    out = tmp_path / "out"
    code, text, _ = roikit("grade", toy.folder, students, "--output", out, *sandbox)
    said = [
        "end 1: expected 5",
        f"Results: {out / 'results.json'}",
        f"Report: {out / 'report' / 'index.html'}",
        "Gradebook not written: gradebook.db cannot be written: database is locked",
    ]
    places = [text.index(sentence) for sentence in said]
    assert code == 1
    assert places == sorted(places)


# ------------------------------------------------------------------ what is missing
def test_nbgrader_is_asked_for_before_anything_is_graded(roikit, toy, students, tmp_path, monkeypatch):
    monkeypatch.setattr(grade_command, "has_nbgrader", lambda: False)
    code, _, errors = roikit("grade", toy.folder, students, "--output", tmp_path / "o")
    assert code == 2
    assert errors == (
        "roikit: nbgrader is not installed: pip install 'roikit[nbgrader]', or pass --no-gradebook\n"
    )


@pytest.mark.parametrize(
    ("package", "extra"), [("rich", "student"), ("jinja2", "grader"), ("pytest", "student")]
)
def test_a_missing_package_is_one_sentence(roikit, monkeypatch, package, extra):
    real = builtins.__import__

    def without(name, *arguments, **options):
        if name.split(".")[0] == package:
            raise ModuleNotFoundError(f"No module named {name!r}", name=package)
        return real(name, *arguments, **options)

    def command(console):
        __import__(package)

    monkeypatch.setattr(student_commands, "doctor", command)
    monkeypatch.setattr(builtins, "__import__", without)
    code, _, errors = roikit("doctor")
    assert (code, errors) == (2, f"roikit: {package} is not installed: pip install 'roikit[{extra}]'\n")


# ------------------------------------------------------------------ doctor
def test_doctor_here(roikit, rung):
    code, text, _ = roikit("doctor")
    assert code == (3 if rung.name == "reduced" else 0)
    for name in ("Python", "NumPy", "compiled kernels", "GPU", "pytest", "nbgrader", "sandbox"):
        assert name in text


def test_doctor_without(roikit, monkeypatch):
    """Every missing part names its remedy."""

    def none(name="auto"):
        raise SandboxError("apt install bubblewrap")

    monkeypatch.setattr("grader.sandbox.choose_rung", none)
    monkeypatch.setattr("grader.sandbox.cgroup.find", lambda: None)
    monkeypatch.setattr("grader.sandbox.landlock.version", lambda: 0)
    monkeypatch.setattr("roikit._dispatch.missing_kernels", lambda: ("roi_pool",))
    monkeypatch.setattr("grader.doctor_gpu.findings", tuple)  # has a test of its own
    monkeypatch.setattr(doctor.importlib.util, "find_spec", lambda name: None)
    assert roikit("doctor")[0] == 3
    missing = {found.name: found for found in doctor.findings() if not found.is_ok}
    assert set(missing) == {
        "compiled kernels", "pytest", "rich", "jinja2", "nbgrader", "sandbox", "control groups",
        "Landlock", "reduced sandbox",
    }  # fmt: skip
    assert all(found.remedy for name, found in missing.items() if name != "Landlock")
    assert missing["sandbox"].remedy == "apt install bubblewrap"


# ------------------------------------------------------------------ demo
@pytest.fixture
def small_course(toy, right, tmp_path, monkeypatch):
    """The toy assignment and a sample class of one, in place of the real ones."""
    home = tmp_path / "assignments"
    shutil.copytree(toy.folder, home / "toy")
    (home / "sample_class" / "ada" / "toy").mkdir(parents=True)
    (home / "sample_class" / "ada" / "toy" / "toy.py").write_text(right)
    monkeypatch.setattr("grader.assignment.home", lambda: home)
    monkeypatch.setattr(grade_command, "has_nbgrader", lambda: False)


def test_demo(roikit, small_course, tmp_path, rung, monkeypatch):
    monkeypatch.setattr("grader.sandbox.choose_rung", lambda name="auto": rung)
    code, text, _ = roikit("demo", "--output", tmp_path / "out")
    assert code == 0
    assert "no gradebook.db without nbgrader" in text
    assert (tmp_path / "out" / "toy" / "report" / "index.html").is_file()
    results = json.loads((tmp_path / "out" / "toy" / "results.json").read_text(encoding="utf-8"))
    assert (results["seed"], results["submissions"][0]["score"]) == (grade_command.SAMPLE_SEED, 7)


def test_demo_where_no_sandbox_can_be_had(roikit, small_course, tmp_path, monkeypatch):
    """Our own sample class is graded in the reduced sandbox, and every place says so."""
    real = choose_rung

    def none_but_reduced(name="auto"):
        if name == "auto":
            raise SandboxError("apt install bubblewrap")
        return real(name)

    monkeypatch.setattr("grader.sandbox.choose_rung", none_but_reduced)
    code, text, _ = roikit("demo", "--output", tmp_path / "out")
    assert code == 0
    assert "No full sandbox here: apt install bubblewrap" in text
    assert "Sandbox reduced: student code is not fully walled in" in " ".join(text.split())
    results = json.loads((tmp_path / "out" / "toy" / "results.json").read_text(encoding="utf-8"))
    assert "no private file system" in json.dumps(results["sandbox"])
    assert results["submissions"][0]["score"] == 7
