"""What travels to another machine: the assignment's files, once, and what is unpacked is the same plan."""

import pickle
import shutil

import pytest

from grader import assignment, fingerprint, pipeline
from grader.errors import GraderError
from grader.executors import parcel


@pytest.fixture
def plan(toy, rung, tmp_path):
    """Of a copy of the toy assignment, which may go."""
    folder = shutil.copytree(toy.folder, tmp_path / "here" / "toy")
    (folder / "grading" / "__pycache__").mkdir(exist_ok=True)
    (folder / "grading" / "__pycache__" / "old.pyc").write_bytes(b"")
    (folder / "picture.png").write_bytes(b"beside the tests")
    return pipeline.Plan(assignment.load(str(folder)), rung, seed=5)


def test_a_plan_arrives(plan, tmp_path):
    packed, mark = pickle.dumps(parcel.parcel(plan)), fingerprint.of_plan(plan)
    shutil.rmtree(plan.assignment.folder)
    there = pickle.loads(packed).unpacked(tmp_path / "there")
    assert fingerprint.of_plan(there) == mark
    assert there.assignment.folder == tmp_path / "there" / "toy"
    assert (there.assignment.folder / "picture.png").read_bytes() == b"beside the tests"
    assert not list(there.assignment.folder.rglob("__pycache__"))


def test_every_run_has_a_key_of_its_own(plan):
    assert parcel.parcel(plan).key != parcel.parcel(plan).key


def test_a_plan_that_would_be_another_one_there(plan, tmp_path, monkeypatch):
    sent = parcel.parcel(plan)
    monkeypatch.setattr(fingerprint, "engine", lambda: ["0.1", "newer"])
    with pytest.raises(GraderError, match="is not what is graded with here"):
        sent.unpacked(tmp_path / "there")


def test_what_is_no_assignment(plan, monkeypatch):
    monkeypatch.setattr(parcel, "MAX_BYTES", 10)
    with pytest.raises(GraderError, match="too much to send to workers"):
        parcel.parcel(plan)
