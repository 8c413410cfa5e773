"""On Dask's own workers: two of them, for all these tests, started as ``--dask local:2`` does."""

import os
import signal
import sys

import pytest
from distributed import Client

from grader import executors, pipeline
from grader.errors import AssignmentError, GraderError
from grader.executors import dask
from grader.executors.batches import without_seconds
from grader.records import Submission
from grader.sandbox import watchdog


@pytest.fixture(scope="module")
def cluster(echo_is_importable):
    with dask.own_cluster("local:2") as address:
        yield address


@pytest.fixture
def run(cluster, echo):
    """Students -> results in order; what was said is an attribute."""

    def go(students, work=None, done=lambda: None):
        found, go.said = {}, []

        def note(number, one):
            assert number not in found
            found[number] = one
            done()

        go.found = found
        submissions = (Submission(name, name, None) for name in students)
        where = executors.Dask(cluster, go.said.append)
        executors.execute(work or echo(), submissions, len(students), where, note)
        assert sorted(found) == list(range(len(students)))
        return [found[number] for number in sorted(found)]

    return go


def pid_of_scheduler(address):
    with Client(address, set_as_default=False) as client:
        return client.run_on_scheduler(os.getpid)


CLASS = [f"s{number}" for number in range(60)]


def test_every_submission_once(run):
    assert [one.student for one in run(CLASS)] == CLASS
    assert not any("refused" in sentence for sentence in run.said)


def test_nobody_handed_in(run):
    assert run([]) == []


def test_a_station_that_dies_costs_what_it_was_grading(run):
    """As on this machine: who kills it is not given to another one."""
    found = run([*CLASS[:9], "kills", *CLASS[:9], "exits"])
    assert [one.student for one in found if one.outcome != "correct"] == ["kills", "exits"]
    assert found[9].notes == ("the grading process died (exit code -9)",)
    assert found[19].notes == ("the grading process died (exit code 7)",)


def test_the_stations_end_with_the_run(run, cluster, echo, tmp_path):
    """By the front door; the workers stay for the next run."""
    before = watchdog.descendants(pid_of_scheduler(cluster))
    run(CLASS, echo("", tmp_path))
    assert {path.suffix for path in tmp_path.iterdir()} == {".closed"}
    assert watchdog.descendants(pid_of_scheduler(cluster)) == before


def test_an_assignment_s_mistake_is_passed_on(run, echo):
    with pytest.raises(AssignmentError, match="the tests are wrong"):
        run(CLASS, echo("raises"))


def test_stations_that_cannot_start(run, echo, monkeypatch):
    monkeypatch.setattr("grader.executors.spread.GRACE_SECONDS", -1.0)
    with pytest.raises(GraderError, match=r"no worker of .* can grade: .*: the grading processes die before"):
        run(CLASS, echo("dies"))


def test_ctrl_c(run):
    def done():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(CLASS, done=done)
    assert len(run.found) == 1


def test_as_a_serial_run(toy, rung, hand_in, right, cluster):
    """In sandboxes that the workers start; but for the time that it took, the results are the same."""
    plan = pipeline.Plan(toy, rung, seed=7)
    texts = [right, right.replace("start + size", "start"), "import os\nos._exit(3)", "def scale(", "x = 1"]
    submissions = [hand_in(text, f"s{number}") for number, text in enumerate(texts)]
    serial, there = {}, {}
    executors.execute(plan, iter(submissions), len(texts), 1, serial.__setitem__)
    executors.execute(plan, iter(submissions), len(texts), executors.Dask(cluster), there.__setitem__)
    assert sorted(there) == sorted(serial)
    for number, one in serial.items():
        assert without_seconds(there[number]) == without_seconds(one)


def test_a_worker_is_killed(run, echo, tmp_path):
    """By SIGKILL, with what it was grading: others do that again."""
    found = run([*CLASS, "kills its worker", *CLASS], echo("", tmp_path))
    assert {one.outcome for one in found} == {"correct"}


def test_a_worker_hangs(echo, tmp_path, monkeypatch):
    """What it has, the other one does; whoever leads the run does not wait for it."""
    monkeypatch.setattr("grader.executors.spread.SECOND_RUN_SECONDS", 0.0)
    found, stopped = {}, tmp_path / "stopped"
    students = [*CLASS, "stops its worker", *CLASS]
    submissions = (Submission(name, "", None) for name in students)
    with dask.own_cluster("local:2") as address:
        try:
            where = executors.Dask(address)
            executors.execute(echo("", tmp_path), submissions, len(students), where, found.__setitem__)
        finally:
            os.kill(int(stopped.read_text()), signal.SIGCONT)
    assert sorted(found) == list(range(len(students)))
    assert {one.outcome for one in found.values()} == {"correct"}


def test_the_scheduler_is_killed(echo):
    """Soon it is said, and what is finished is told."""
    found = {}
    with dask.own_cluster("local:1") as address:
        pid = pid_of_scheduler(address)

        def done(number, one):
            found[number] = one
            os.kill(pid, signal.SIGKILL)

        submissions = (Submission(name, "", None) for name in CLASS)
        with pytest.raises(GraderError, match=f"the Dask scheduler at {address} does not answer any more"):
            executors.execute(echo(), submissions, len(CLASS), executors.Dask(address), done)
    assert 0 < len(found) < len(CLASS)


def test_no_scheduler(monkeypatch, echo):
    monkeypatch.setattr(dask, "CONNECT_SECONDS", 0.1)
    where = executors.Dask("tcp://127.0.0.1:1")
    with pytest.raises(GraderError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:1: "):
        executors.execute(echo(), iter([Submission("a", "", None)]), 1, where, print)


def test_without_dask(monkeypatch, echo):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(GraderError, match=r"distributed is not installed: pip install 'roikit\[dask\]'"):
        executors.execute(echo(), iter([Submission("a", "", None)]), 1, executors.Dask("local:1"), print)
