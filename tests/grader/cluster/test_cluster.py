"""A class on three hosts: workers die, cables break, some are unfit; the result is the serial one."""

import json
import os
import shutil
import signal
import subprocess
from pathlib import Path

import checks
import cluster
import pytest
import sample
from cluster import BIN, finished, grade

import grader
import roikit
from grader.sandbox import watchdog

FEW = 24  # students, two of them hostile


def serially(folder, count, sandbox):
    """A class, and what one process on one machine makes of it."""
    where, output = sample.write_class(folder / "class", count), folder / "serial"
    words = [BIN / "roikit", *grade(sample.TINY, where, output, *sandbox), "--jobs", "1"]
    subprocess.run(words, check=True, capture_output=True, cwd=folder)
    checks.whole_class(results(output), count)
    return where, output


def results(output):
    return json.loads((output / "results.json").read_text(encoding="utf-8"))


def outcomes(output):
    """What everybody got, item by item."""
    return {
        one["student"]: (one["score"], [(item["id"], item["outcome"]) for item in one["items"]])
        for one in results(output)["submissions"]
    }


@pytest.fixture(scope="module")
def few(tmp_path_factory, rung):
    """A small class and its serial results."""
    sandbox = "--sandbox", "reduced" if rung.name == "reduced" else "auto"
    return serially(tmp_path_factory.mktemp("few"), FEW, sandbox)


@pytest.fixture
def dask(network, tmp_path, sandbox):
    """A scheduler in the first of three hosts."""
    made = cluster.Cluster(network, tmp_path / "cluster", sandbox)
    made.start_scheduler()
    return made


def expect_serial(output, serial):
    """First whose score it is, then every file to the letter, but for times."""
    expected = outcomes(serial)
    assert {who: got for who, got in outcomes(output).items() if got != expected.get(who)} == {}
    checks.assert_same(checks.contents(output), checks.contents(serial))
    assert sorted(finished(output)) == sorted(expected)


# ------------------------------------------------------------------ the whole of it
def test_300_while_a_worker_is_killed_and_a_link_is_cut(network, dask, tmp_path, sandbox):
    head, left, right = network
    where, serial = serially(tmp_path, 300, sandbox)
    dask.start_worker(head, "stays")
    victim = dask.start_worker(left, "killed", nanny=False)
    dask.start_worker(right, "cut off")
    output = tmp_path / "out"
    grading = dask.start_grading(sample.TINY, where, output)
    dask.until_finished(grading, output, 60)
    victim.kill()
    dask.until_finished(grading, output, 120)
    right.cut()
    dask.expect_end(grading, output)
    expect_serial(output, serial)


# ------------------------------------------------------------------ workers that die
def test_a_whole_group_is_killed_and_a_worker_that_its_nanny_starts_again(network, dask, few, tmp_path):
    _, left, right = network
    group, nanny = dask.start_worker(left, "group"), dask.start_worker(right, "nanny")
    output = tmp_path / "out"
    grading = dask.start_grading(sample.TINY, few[0], output)
    dask.until_finished(grading, output, 4)
    os.killpg(group.pid, signal.SIGKILL)
    dask.until_finished(grading, output, 8)
    os.kill(worker_of(nanny), signal.SIGKILL)
    dask.expect_end(grading, output)
    expect_serial(output, few[1])


def worker_of(nanny):
    """The process that grades; the nanny's other child is multiprocessing's own."""
    for pid in watchdog.descendants(nanny.pid)[1:]:
        if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes():
            return pid
    raise AssertionError("the nanny has no worker")


def test_a_cable_is_mended(network, dask, few, tmp_path):
    """What the lost host found comes late, or never; nobody is graded twice, nobody forgotten."""
    head, _, right = network
    dask.start_worker(head, "stays")
    dask.start_worker(right, "away")
    output = tmp_path / "out"
    grading = dask.start_grading(sample.TINY, few[0], output)
    dask.until_finished(grading, output, 4)
    right.cut()
    dask.until_finished(grading, output, 8)
    right.mend()
    dask.expect_end(grading, output)
    expect_serial(output, few[1])


def test_the_scheduler_is_killed(network, dask, few, tmp_path):
    """Nothing goes on without it; what is finished is kept, and a new one does the rest."""
    _, left, right = network
    dask.start_worker(left, "first")
    output = tmp_path / "out"
    grading = dask.start_grading(sample.TINY, few[0], output)
    dask.until_finished(grading, output, 6)
    dask.scheduler.kill()
    dask.expect_end(grading, output, code=1)
    assert "Traceback" not in dask.said("out")
    before = finished(output)
    assert 6 <= len(before) < FEW

    dask.start_scheduler()
    dask.start_worker(right, "second")
    grading = dask.start_grading(sample.TINY, few[0], output)
    dask.expect_end(grading, output)
    assert f"{len(before)} of {FEW} already graded" in dask.said("out")
    assert finished(output)[: len(before)] == before
    expect_serial(output, few[1])


# ------------------------------------------------------------------ workers that are refused
def test_a_worker_without_a_sandbox_is_refused(network, dask, few, tmp_path):
    """Its students would be zeros, or worse: not walled in."""
    _, left, right = network
    dask.start_worker(left, "fit")
    dask.start_worker(right, "unfit", PATH=str(tmp_path))
    output = tmp_path / "out"
    dask.expect_end(dask.start_grading(sample.TINY, few[0], output), output)
    assert right.address in dask.said("out")
    assert "bubblewrap" in dask.said("out")
    expect_serial(output, few[1])


def test_a_worker_with_another_grader_is_refused(network, dask, few, tmp_path):
    _, left, right = network
    other = tmp_path / "other"
    for package in (grader, roikit):
        folder = Path(package.__file__).parent
        shutil.copytree(folder, other / folder.name, ignore=shutil.ignore_patterns("__pycache__"))
    with open(other / "grader" / "score.py", "a") as file:
        file.write("\n# as it was last year\n")
    dask.start_worker(left, "same")
    dask.start_worker(right, "other", PYTHONPATH=str(other))
    output = tmp_path / "out"
    dask.expect_end(dask.start_grading(sample.TINY, few[0], output), output)
    assert right.address in dask.said("out")
    assert "roikit's code" in " ".join(dask.said("out").split())
    expect_serial(output, few[1])


def test_nobody_is_fit(network, dask, few, tmp_path):
    """A sentence, soon; not a wait for somebody better."""
    dask.start_worker(network[1], "unfit", PATH=str(tmp_path))
    output = tmp_path / "out"
    grading = dask.start_grading(sample.TINY, few[0], output)
    dask.expect_end(grading, output, code=2)
    assert "bubblewrap" in dask.said("out")
    assert "Traceback" not in dask.said("out")
    assert finished(output) == []


# ------------------------------------------------------------------ what they need not have
def test_workers_need_no_files_of_the_class(network, dask, few, tmp_path):
    """Neither the assignment, nor the submissions, nor the results: all of it travels."""
    left = network[1]
    away = (sample.TINY, few[0])
    assert left.run("ls", *away, without=away).stdout.split() == [f"{path}:" for path in sorted(away)]
    dask.start_worker(left, "poor", without=away)
    output = tmp_path / "out"
    dask.expect_end(dask.start_grading(sample.TINY, few[0], output), output)
    expect_serial(output, few[1])
