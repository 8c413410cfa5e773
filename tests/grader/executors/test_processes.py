"""Several grading processes: each result once, and a process that dies costs one submission."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader import executors
from grader.errors import AssignmentError, GraderError
from grader.records import Submission
from grader.sandbox import watchdog


def execute(students, jobs, work):
    found = {}

    def done(number, one):
        assert number not in found
        found[number] = one

    submissions = (Submission(name, name, None) for name in students)
    executors.execute(work, submissions, len(students), jobs, done)
    assert sorted(found) == list(range(len(students)))
    return [found[number] for number in sorted(found)]


@pytest.mark.parametrize("jobs", [1, 2, 9])
def test_every_submission_once(jobs, echo):
    students = ["slow", "b", "c", "d", "e"]
    assert [one.student for one in execute(students, jobs, echo())] == students


def test_a_process_that_dies_costs_what_it_was_grading(echo):
    students = ["a", "kills", "b", "exits", "c", "kills", "kills", "kills", "d"]
    found = execute(students, 2, echo())
    assert [one.outcome for one in found] == [
        "internal_error" if name in ("kills", "exits") else "correct" for name in students
    ]
    assert found[1].notes == ("the grading process died (exit code -9)",)
    assert found[3].notes == ("the grading process died (exit code 7)",)


def test_processes_that_cannot_start(echo):
    with pytest.raises(GraderError, match="die before they start"):
        execute(["a", "b"], 2, echo("dies"))


def test_the_processes_close_what_they_prepared(tmp_path, echo):
    """Told that there is no more to do, each leaves its work by the front door."""
    execute(["a", "b", "c", "d"], 3, echo("", tmp_path))
    assert {path.suffix for path in tmp_path.iterdir()} == {".closed"}


def test_starts_that_fail_now_and_then(tmp_path, echo):
    """What counts is how many fail one after the other."""
    students = ["kills"] * 12
    assert len(execute(students, 2, echo("every second", tmp_path))) == 12


def test_an_assignment_s_mistake_is_passed_on(echo):
    with pytest.raises(AssignmentError, match="the tests are wrong"):
        execute(["a", "b"], 2, echo("raises"))


def test_submissions_are_read_one_at_a_time(echo):
    """A class of a thousand notebooks is not held in memory."""
    read = []

    def submissions():
        for number in range(6):
            read.append(number)
            yield Submission(str(number), "", None)

    seen = []
    executors.execute(echo(), submissions(), 6, 2, lambda number, one: seen.append(len(read) - len(seen)))
    assert max(seen) <= 3


def test_ctrl_c_ends_the_processes(echo):
    def done(number, one):
        raise KeyboardInterrupt

    before = watchdog.descendants(os.getpid())
    with pytest.raises(KeyboardInterrupt):
        executors.execute(echo(), (Submission(str(n), "", None) for n in range(9)), 9, 2, done)
    assert watchdog.descendants(os.getpid()) == before


def test_they_end_with_the_first_process(tmp_path):
    """Killed, it can tell nobody; the pipe that all of them hold is closed once the last one has ended."""
    code = """if __name__ == "__main__":
        import os, echo_work
        from grader import executors
        from grader.records import Submission
        submissions = (Submission(name, "", None) for name in ("stays", "stays", "a"))
        executors.execute(echo_work.Echo(), submissions, 3, 3, lambda number, one: os.kill(os.getpid(), 9))
    """
    folder = Path(__file__).parent.parent / "data"
    path = os.pathsep.join(filter(None, (str(folder), os.environ.get("PYTHONPATH"))))
    environment = {**os.environ, "PYTHONPATH": path}
    command = [sys.executable, "-c", code]
    options = {"env": environment, "cwd": tmp_path, "timeout": 300}
    ended = subprocess.run(command, stdout=subprocess.PIPE, **options)
    assert ended.returncode == -9
