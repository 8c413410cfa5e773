"""Ctrl-C, SIGTERM, SIGHUP, a closed pipe: what was graded is written, nobody is left running."""

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from multiprocessing import resource_tracker
from pathlib import Path

import pytest

from grader import cli, grading, interrupts, progress
from grader.records import ClassResult, SandboxReport
from grader.report import files
from grader.sandbox import cgroup, owner, watchdog


@pytest.fixture(autouse=True)
def heard():
    """Signals that these tests may have been started without: `nohup make test`."""
    before = {number: signal.getsignal(number) for number in interrupts.SIGNALS}
    for number, handler in before.items():
        if handler is signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def students(tmp_path, right):
    folder = tmp_path / "class"
    folder.mkdir()
    for number in range(6):
        (folder / f"s{number}.py").write_text(right)
    return folder


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


@pytest.fixture
def words(toy, students, out, rung):
    """The command of all these tests."""
    sandbox = "reduced" if rung.name == "reduced" else "auto"
    fixed = ["--output", out, "--no-gradebook", "--seed", 5, "--sandbox", sandbox]
    return [str(word) for word in ("grade", toy.folder, students, *fixed)]


def results(out):
    return json.loads((out / "results.json").read_text(encoding="utf-8"))


def names(out):
    return [entry["student"] for entry in results(out)["submissions"]]


def send(number, times=1):
    for _ in range(times):
        os.kill(os.getpid(), number)


def when(monkeypatch, place, name, action, turn=1):
    """Call `action` at a certain call of a function, before the function itself."""
    real, calls = getattr(place, name), []

    def called(*arguments, **options):
        calls.append(1)
        if len(calls) == turn:
            action()
        return real(*arguments, **options)

    monkeypatch.setattr(place, name, called)


# ------------------------------------------------------------------ while it grades
@pytest.mark.parametrize("jobs", ["1", "4"])
@pytest.mark.parametrize("number", interrupts.SIGNALS)
def test_a_signal_ends_the_grading_and_not_the_writing(words, out, monkeypatch, capsys, number, jobs):
    when(monkeypatch, progress, "_plain", lambda: send(number), turn=3)  # the third result is told
    before, running = signal.getsignal(number), processes()
    assert cli.main([*words, "--jobs", jobs]) == 1
    said = capsys.readouterr().out
    assert "interrupted" in said
    assert f" {' '.join(words[:5])} --no-gradebook --seed=5" in " ".join(said.partition("Go on: ")[2].split())
    assert not results(out)["complete"]
    assert 3 <= len(names(out)) < 6
    assert (out / "report" / "index.html").is_file()
    assert signal.getsignal(number) == before
    assert processes() == running

    assert cli.main([*words, "--jobs", jobs]) == 0
    assert "of 6 already graded" in capsys.readouterr().out
    assert results(out)["complete"]
    assert names(out) == [f"s{n}" for n in range(6)]


def processes():
    """What runs below this one, with multiprocessing's own helper, which stays for all tests."""
    resource_tracker.ensure_running()
    return watchdog.descendants(os.getpid())


def test_a_signal_while_the_solution_is_tried(words, out, monkeypatch, capsys):
    """Nothing is graded yet, so nothing is written."""
    when(monkeypatch, grading.interrupts, "allowing", lambda: send(signal.SIGTERM), turn=2)
    assert cli.main(words) == 1
    assert capsys.readouterr().err == "roikit: interrupted; the same command goes on from here\n"
    assert not (out / "results.json").exists()


def test_what_is_ignored_stays_ignored():
    """`nohup roikit grade` outlives its terminal."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with interrupts.listening(), interrupts.allowing(0):
            send(signal.SIGHUP)
            assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


# ------------------------------------------------------------------ while it writes
def test_the_first_signal_lets_the_writing_end(words, out, monkeypatch, capsys):
    """All is there, and the exit code says all the same that somebody wanted an end."""
    when(monkeypatch, files.os, "replace", lambda: send(signal.SIGINT), turn=3)
    assert cli.main(words) == 1
    assert capsys.readouterr().err == ""
    assert results(out)["complete"]
    assert len(list((out / "report" / "students").iterdir())) == 6


def test_a_signal_ends_the_demo(toy, students, tmp_path, monkeypatch, capsys):
    """Also one that comes while the results of an assignment are written: the next one is not begun."""
    graded = []

    def grade_class(console, order):
        with interrupts.listening(), interrupts.allowing(1):
            graded.append(order.assignment)
            send(signal.SIGTERM)
            return ClassResult(toy, (), SandboxReport("reduced"), 1, "", "", "")

    monkeypatch.setattr(grading, "grade_class", grade_class)
    before = signal.getsignal(signal.SIGTERM)
    assert cli.main(["demo", "--output", str(tmp_path / "demo")]) == 1
    assert capsys.readouterr().err == "roikit: interrupted; the same command goes on from here\n"
    assert len(graded) == 1
    assert signal.getsignal(signal.SIGTERM) == before


@pytest.mark.parametrize("turn", [1, 2, 5, 14])
def test_the_second_ends_it_soon_and_leaves_no_half_file(words, out, monkeypatch, capsys, turn):
    when(monkeypatch, files.os, "replace", lambda: send(signal.SIGINT, times=2), turn=turn)
    assert cli.main(words) == 1
    assert "interrupted; the same command goes on" in capsys.readouterr().err
    assert not list(out.rglob(".writing-*"))
    assert (out / "results.json").exists() == (turn > 1)
    for page in out.rglob("*.html"):
        assert page.read_text(encoding="utf-8").rstrip().endswith("</html>")
    monkeypatch.undo()
    assert cli.main(words) == 0
    assert "6 of 6 already graded" in capsys.readouterr().out
    assert names(out) == [f"s{n}" for n in range(6)]


def test_a_line_of_the_journal_is_never_cut_by_a_signal(words, out, monkeypatch):
    from grader import journal

    when(monkeypatch, journal.packing, "pack", lambda: send(signal.SIGINT, times=2), turn=2)
    assert cli.main([*words, "--jobs", "1"]) == 1
    lines = (out / journal.NAME).read_bytes().splitlines()
    assert [json.loads(line)["job"]["student"] for line in lines] == ["s0", "s1"]


# ------------------------------------------------------------------ a process of its own
@pytest.fixture
def program(words, tmp_path):
    """The command as a process in a group of its own, as a terminal starts it."""

    def start(*more, **options):
        command = [sys.executable, "-m", "grader.cli", *words, *more]
        options |= {"start_new_session": True, "text": True, "stdout": subprocess.PIPE, "cwd": tmp_path}
        return subprocess.Popen(command, **options)

    return start


def read_until(process, beginning):
    while not process.stdout.readline().startswith(beginning):
        assert process.poll() is None


def survivors(session):
    """The processes of a session that do not end by themselves; one that is ending gets a minute."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended
            name, _, rest = path.read_text().rpartition(") ")
            pid = int(path.parent.name)
            if int(rest.split()[3]) == session and not select.select([os.pidfd_open(pid)], [], [], 60)[0]:
                found.append(name)
    return found


@pytest.mark.parametrize("jobs", ["1", "3"])
def test_ctrl_c_at_the_terminal_reaches_every_process(program, out, jobs):
    """The grading processes leave it to the first one, and are gone when that one ends."""
    with program("--jobs", jobs, stderr=subprocess.PIPE) as process:
        read_until(process, "2/6 ")
        os.killpg(process.pid, signal.SIGINT)
        said, errors = process.communicate()
    assert process.returncode == 1
    assert errors == ""
    assert "Go on: " in said
    assert 2 <= len(names(out)) < 6
    assert all(entry["score"] == 7 for entry in results(out)["submissions"])
    assert survivors(process.pid) == []


@pytest.fixture
def scratch(monkeypatch):
    """A temporary folder for the program alone, which a sandbox's user can walk into as well."""
    with tempfile.TemporaryDirectory(prefix="roikit-test-") as folder:
        os.chmod(folder, 0o755)
        monkeypatch.setenv("TMPDIR", folder)
        yield Path(folder)


def made_by(owners, scratch):
    """The names of scratch folders and control groups that certain processes have made."""
    place = cgroup.find()
    folders = [scratch, *(place.folders if place else ())]
    return [name for folder in folders for name in os.listdir(folder) if any(one in name for one in owners)]


@pytest.mark.parametrize("jobs", ["1", "3"])
@pytest.mark.parametrize("number", [None, signal.SIGTERM, signal.SIGKILL])
def test_no_folder_and_no_group_is_left(program, scratch, jobs, number):
    """After SIGKILL the next grader removes them."""
    owners = set()
    with program("--jobs", jobs, "--sandbox", "reduced") as process:
        read_until(process, "2/6 ")
        process.send_signal(signal.SIGSTOP)
        for pid in watchdog.descendants(process.pid):
            with suppress(FileNotFoundError, ProcessLookupError):  # it has ended
                owners.add(owner.name(pid) + "-")
        assert number is None or made_by(owners, scratch)
        process.send_signal(signal.SIGCONT)
        if number is not None:
            process.send_signal(number)
        process.communicate()
    assert survivors(process.pid) == []
    if number == signal.SIGKILL:
        with program("--jobs", jobs, "--sandbox", "reduced") as process:
            process.communicate()
    assert process.returncode == (1 if number == signal.SIGTERM else 0)
    assert os.listdir(scratch) == made_by(owners, scratch) == []


def test_nobody_reads_what_is_said(program, out):
    """`roikit grade ... | head -1`: the results are written all the same."""
    with program("--jobs", "1", stderr=subprocess.PIPE) as process:
        read_until(process, "1/6 ")
        process.stdout.close()
        errors = process.stderr.read()
    assert (process.returncode, errors) == (0, "")
    assert names(out) == [f"s{n}" for n in range(6)]
    assert (out / "report" / "index.html").is_file()


def test_the_terminal_is_closed(program, out):
    """SIGHUP, and every write to it fails from then on."""
    leader, terminal = os.openpty()
    with program("--jobs", "1", stderr=terminal) as process:
        os.close(terminal)
        read_until(process, "1/6 ")
        os.close(leader)
        process.stdout.close()
        os.kill(process.pid, signal.SIGHUP)
    assert process.returncode == 1
    assert not results(out)["complete"]
