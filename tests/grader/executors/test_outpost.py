"""A worker's side, called as Dask calls it: in threads, with plain data."""

import json
import os
import pickle
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest

from grader import packing
from grader.errors import SandboxError
from grader.executors import folders, hosts, outpost
from grader.executors.parcel import Plain
from grader.records import Submission
from grader.sandbox import owner, watchdog


@pytest.fixture
def opened(echo):
    """Work -> key of a run whose parcel is open; closed at the end."""
    keys = []

    def go(*arguments):
        keys.append(f"run {len(keys)}")
        said = outpost.open_parcel(pickle.dumps(Plain(keys[-1], echo(*arguments))), 0)
        assert json.loads(said) == {"opened": True}
        return keys[-1]

    yield go
    for key in keys:
        outpost.close(key)


def batch(*students):
    return pickle.dumps([(number, Submission(name, "", None)) for number, name in enumerate(students)])


def graded(said):
    return [packing.unpack(text).student for _, text in json.loads(said)["results"]]


def test_stations_stay_for_the_next_batch(opened):
    key, before = opened(), watchdog.descendants(os.getpid())
    assert graded(outpost.grade(key, batch("a", "b"))) == ["a", "b"]
    station = set(watchdog.descendants(os.getpid())) - set(before)
    assert graded(outpost.grade(key, batch("c"))) == ["c"]
    assert set(watchdog.descendants(os.getpid())) - set(before) == station
    outpost.close(key)
    assert watchdog.descendants(os.getpid()) == before


def test_threads_have_stations_of_their_own(opened):
    key, before = opened(), len(watchdog.descendants(os.getpid()))
    with ThreadPoolExecutor(2) as threads:
        said = threads.map(lambda name: outpost.grade(key, batch("slow", name)), "ab")
        assert [graded(one) for one in said] == [["slow", "a"], ["slow", "b"]]
    assert len(watchdog.descendants(os.getpid())) == before + 2


def test_a_run_that_is_not_known():
    assert json.loads(outpost.grade("another", batch("a"))) == {"unknown": True}


def test_what_goes_wrong_is_told(opened):
    said = json.loads(outpost.grade(opened("raises"), batch("a")))
    assert said == {"problem": "the tests are wrong", "kind": "AssignmentError"}
    said = json.loads(outpost.grade(opened("dies"), batch("a")))
    assert said == {"problem": "the grading processes die before they start", "kind": "DieEarly"}


def test_a_run_that_nobody_leads_any_more(opened, monkeypatch):
    """Whoever led it was killed: its stations are closed."""
    key = opened()
    outpost.grade(key, batch("a"))
    monkeypatch.setattr(outpost, "FORGOTTEN_SECONDS", -1.0)
    outpost._close_forgotten()
    assert json.loads(outpost.grade(key, batch("a"))) == {"unknown": True}


# ------------------------------------------------------------------ who it is
def test_the_facts_come_back_as_they_were():
    said = hosts.read(outpost.facts("").decode())
    assert said == hosts.here("")
    assert said.pid == os.getpid()
    assert hosts.refusal(said, hosts.here(""), "tcp://a:1") == ""


def test_a_machine_without_a_sandbox(monkeypatch):
    def choose_rung(name):
        raise SandboxError("bubblewrap is not installed")

    monkeypatch.setattr("grader.sandbox.choose_rung", choose_rung)
    said = hosts.here("bubblewrap")
    assert (said.rung, said.no_sandbox) == ("", "bubblewrap is not installed")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"host": 1}'])
def test_facts_that_are_none(text):
    with pytest.raises(packing.NoResult):
        hosts.read(text)


def test_folders_of_dead_processes_are_removed(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    ours = owner.name(os.getpid())
    dead = tmp_path / f"roikit-assignment-{ours.rpartition('-')[0]}-1-0-abc"
    dead.mkdir()
    found = folders.new("assignment")
    assert not dead.exists()
    assert folders.new("assignment") != found
    assert found.exists()
    assert ours in found.name
    shutil.rmtree(found)
