"""``roikit grade --dask``: what it takes, and what it says at the end."""

import json

import pytest

from grader.executors import address


@pytest.mark.parametrize(
    "text",
    ["tcp://10.0.0.1:8786", "tls://head-node.example.org:1", "tcp://[fe80::1]:8786", "local:1", "local:512"],
)
def test_addresses(text):
    assert address.checked(text) == text


@pytest.mark.parametrize(
    "text",
    ["", "local", "local:0", "local:513", "local:-1", "tcp://", "tcp://host", "tcp://host:0", "tcp://host:65536",
     "http://host:1", "host:8786", "tcp://host:1/x", "tcp://ho st:1", "tcp://-x:1", "local:٣", "tcp://h:1\n"],
)  # fmt: skip
def test_no_addresses(roikit, text, tmp_path):
    code, _, errors = roikit("grade", "toy", tmp_path, "--output", tmp_path / "out", "--dask", text)
    assert code == 2
    assert "must be tcp://HOST:PORT, tls://HOST:PORT or local:N" in errors
    assert "Traceback" not in errors


def test_not_with_jobs(roikit, tmp_path):
    words = ("grade", "toy", tmp_path, "--output", tmp_path / "out", "--dask", "local:2", "--jobs", 2)
    code, _, errors = roikit(*words)
    assert code == 2
    assert "not allowed with argument" in errors


def test_a_class(roikit, toy, students, sandbox, tmp_path):
    """The same results, and the command that goes on says where."""
    words = ("grade", toy.folder, students, "--no-gradebook", "--seed", 3, *sandbox)
    assert roikit(*words, "--output", tmp_path / "here", "--jobs", 1)[0] == 0
    code, said, errors = roikit(*words, "--output", tmp_path / "there", "--dask", "local:2")
    assert (code, errors) == (0, "")
    assert "--dask=local:2" in said.partition("Again: ")[2]
    here, there = (scores(tmp_path / name) for name in ("here", "there"))
    assert here == there


def scores(folder):
    found = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    return [(entry["student"], entry["score"], entry["outcome"]) for entry in found["submissions"]]


def test_no_scheduler(roikit, toy, students, sandbox, tmp_path, monkeypatch):
    monkeypatch.setattr("grader.executors.dask.CONNECT_SECONDS", 0.1)
    words = ("grade", toy.folder, students, "--no-gradebook", "--output", tmp_path / "out", *sandbox)
    code, _, errors = roikit(*words, "--dask", "tcp://127.0.0.1:1")
    assert code == 2
    assert errors.startswith("roikit: no Dask scheduler answers at tcp://127.0.0.1:1: ")
