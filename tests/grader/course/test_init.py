"""``roikit course init``, and what a run of ``roikit grade`` knows of the course around it."""

import json
import stat

import pytest

from grader import assignment, cli, course
from grader.errors import AssignmentError, GraderError


def test_a_course(tmp_path, toy):
    folder = tmp_path / "Computer Vision 2"
    made = course.init(folder, [str(toy.folder)])
    names = [
        "nbgrader_config.json", "nbgrader_config.py", "README.md", ".gitignore", "seed.txt", "source/toy",
    ]  # fmt: skip
    assert [path.relative_to(folder).as_posix() for path in made] == names
    assert 'course_id = "Computer-Vision-2"' in (folder / course.CONFIG).read_text()
    assert "{{" not in (folder / "README.md").read_text()
    assert "grading" in json.loads((folder / course.FLOOR).read_text())["CourseDirectory"]["ignore"]
    assert assignment.load(str(folder / "source" / "toy")).rubric == toy.rubric
    for path in (folder, folder / course.SEED):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077


def test_every_assignment_by_default(tmp_path):
    course.init(tmp_path)  # a folder that is there, and empty
    assert sorted(path.name for path in (tmp_path / "source").iterdir()) == assignment.names()


def test_two_courses_have_two_secrets(tmp_path, toy):
    seeds = set()
    for name in ("spring", "autumn"):
        course.init(tmp_path / name, [str(toy.folder)])
        seeds.add(course.seed(tmp_path / name))
    assert len(seeds) == 2


def test_what_is_there_is_not_touched(tmp_path, toy):
    (tmp_path / "notes.txt").touch()
    with pytest.raises(GraderError, match="is there already and not empty"):
        course.init(tmp_path, [str(toy.folder)])
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_nothing_is_made_for_an_assignment_that_is_not_there(tmp_path, toy):
    with pytest.raises(AssignmentError, match="there is no assignment 'roi_pol'"):
        course.init(tmp_path / "new", ["roi_pol"])
    with pytest.raises(AssignmentError, match="toy is there twice"):
        course.init(tmp_path / "new", [str(toy.folder)] * 2)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("text", ["", "seed", "-1", "9223372036854775808", "1 2"])
def test_a_secret_that_is_none(tmp_path, text):
    (tmp_path / course.SEED).write_text(text)
    with pytest.raises(GraderError, match="must hold one number from 0 to"):
        course.seed(tmp_path)


def test_reports_of_a_course_and_its_one_gradebook(tmp_path, toy):
    folder = tmp_path / "vision"
    course.init(folder, [str(toy.folder)])
    assert course.around(folder / "graded" / "toy") == folder
    assert course.around(folder / "tried") == folder / "tried"
    assert course.around(tmp_path / "graded" / "toy") == tmp_path / "graded" / "toy"


def test_a_run_in_a_course_uses_its_secret_and_its_gradebook(tmp_path, toy, right, rung, capsys, monkeypatch):
    monkeypatch.setattr("nbgrader.api.get_alembic_version", lambda: "none")
    folder = tmp_path / "vision"
    course.init(folder, [str(toy.folder)])
    handed_in = folder / "submitted" / "ada" / "toy"
    handed_in.mkdir(parents=True)
    (handed_in / "toy.py").write_text(right)
    sandbox = "reduced" if rung.name == "reduced" else "auto"
    words = ["grade", folder / "source" / "toy", folder / "submitted", "--output", folder / "graded" / "toy"]
    assert cli.main([*map(str, words), "--sandbox", sandbox, "--jobs", "1"]) == 0
    assert f"Gradebook: {folder / 'gradebook.db'}" in capsys.readouterr().out
    results = json.loads((folder / "graded" / "toy" / "results.json").read_text())
    assert results["seed"] == course.seed(folder)
    assert (folder / "autograded" / "ada" / "toy" / "toy.ipynb").exists()
