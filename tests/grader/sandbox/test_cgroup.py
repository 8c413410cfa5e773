"""Control groups: on made-up trees of both versions, and the real ones where this machine has some for us."""

import dataclasses
import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from grader.records import Cell, Source
from grader.sandbox import Limits, Sandbox, cgroup, choose_rung, owner, watchdog

MIB = 1 << 20
FILES = {
    "memory": {
        "memory.limit_in_bytes": "max", "memory.memsw.limit_in_bytes": "max", "memory.swappiness": "60",
        "memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 0\n", "cgroup.procs": "",
        "memory.max_usage_in_bytes": "0",
    },
    "pids": {"pids.max": "max", "cgroup.procs": ""},
    "unified": {
        "memory.max": "max", "memory.swap.max": "max", "memory.oom.group": "0", "pids.max": "max",
        "memory.events": "low 0\nhigh 0\nmax 0\noom 0\noom_kill 0\noom_group_kill 0\n", "cgroup.procs": "",
        "cgroup.subtree_control": "",
    },
}  # fmt: skip


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A folder that behaves like /sys/fs/cgroup: files come with each folder and go with it."""
    root = tmp_path / "cgroup"
    mkdir, rmdir = Path.mkdir, Path.rmdir

    def make(path, *args, **options):
        was_there = path.exists()
        mkdir(path, *args, **options)
        if root in path.parents and not was_there:
            for name, text in FILES.get(path.relative_to(root).parts[0], FILES["unified"]).items():
                (path / name).write_text(text)

    def remove(path):
        if root in path.parents:
            if any(Path(f"/proc/{pid}").exists() for pid in (path / "cgroup.procs").read_text().split()):
                raise OSError(errno.EBUSY, "busy")
            for file in path.iterdir():
                file.unlink()
        rmdir(path)

    monkeypatch.setattr(Path, "mkdir", make)
    monkeypatch.setattr(Path, "rmdir", remove)
    monkeypatch.setattr(cgroup, "ROOT", root)
    monkeypatch.setattr(cgroup, "OWN", tmp_path / "own")
    cgroup.find.cache_clear()
    mkdir(root)
    yield root
    cgroup.find.cache_clear()


@pytest.fixture
def version_1(root):
    for name in ("memory", "pids"):
        (root / name).mkdir()
    cgroup.OWN.write_text("9:name=systemd:/\n8:pids:/job\n4:memory:/job\n1:cpu,cpuacct:/\n0::/\n")
    return root


@pytest.fixture
def version_2(root):
    """The grader alone in a scope of its own."""
    (root / "cgroup.controllers").write_text("cpuset cpu io memory pids\n")
    for folder in ("user", "user/scope"):
        (root / folder).mkdir()
    (root / "user/scope/cgroup.procs").write_text(f"{os.getpid()}\n")
    cgroup.OWN.write_text("0::/user/scope\n")
    return root


def forbid(monkeypatch, *folders):
    """Makes folders into ones that belong to somebody else; a test run as root would not notice modes."""
    make = Path.mkdir

    def refuse(path, *args, **options):
        if path.parent in folders and not path.exists():
            raise PermissionError(errno.EACCES, "not yours")
        make(path, *args, **options)

    monkeypatch.setattr(Path, "mkdir", refuse)


# ---------------------------------------------------------------- made-up trees
def test_no_control_groups_at_all(root):
    cgroup.OWN.write_text("0::/\n")
    assert cgroup.find() is None


def test_version_1_as_root(version_1):
    place = cgroup.find()
    assert place == cgroup.Place(1, version_1 / "memory/roikit", version_1 / "pids/roikit")
    group = cgroup.Group(place, 512 * MIB, 24)
    group.enter(77)
    (memory,) = (path for path in place.memory.iterdir() if path.is_dir())
    pids = place.pids / memory.name
    assert (memory / "memory.limit_in_bytes").read_text() == str(512 * MIB)
    assert (memory / "memory.memsw.limit_in_bytes").read_text() == str(512 * MIB)
    assert (memory / "memory.swappiness").read_text() == "0"
    assert (pids / "pids.max").read_text() == "24"
    assert (memory / "cgroup.procs").read_text() == (pids / "cgroup.procs").read_text() == "77"


def test_version_1_in_folders_that_an_administrator_gave(version_1, monkeypatch):
    for name in ("memory", "pids"):
        (version_1 / name / "roikit").mkdir()
    forbid(monkeypatch, version_1 / "memory", version_1 / "pids")
    assert cgroup.find().memory == version_1 / "memory/roikit"


def test_version_1_in_a_group_of_ones_own(version_1, monkeypatch):
    for name in ("memory", "pids"):
        (version_1 / name / "job").mkdir()
    forbid(monkeypatch, version_1 / "memory", version_1 / "pids")
    assert cgroup.find().pids == version_1 / "pids/job"


def test_version_1_of_somebody_else(version_1, monkeypatch):
    forbid(monkeypatch, version_1 / "memory", version_1 / "pids")
    assert cgroup.find() is None


def test_version_2_in_a_scope_of_ones_own(version_2, monkeypatch):
    """Groups with limits and processes do not go together in one folder, so the grader steps aside."""
    forbid(monkeypatch, version_2)
    scope = version_2 / "user/scope"
    place = cgroup.find()
    assert place == cgroup.Place(2, scope, scope)
    assert (scope / "roikit-self/cgroup.procs").read_text() == str(os.getpid())
    assert (scope / "cgroup.subtree_control").read_text() == "+memory +pids"
    cgroup.Group(place, 512 * MIB, 24).enter(77)
    (group,) = scope.glob("grader-*")
    numbers = {name: (group / name).read_text() for name in FILES["unified"]}
    assert numbers == FILES["unified"] | {
        "memory.max": str(512 * MIB), "memory.swap.max": "0", "memory.oom.group": "1", "pids.max": "24",
        "cgroup.procs": "77",
    }  # fmt: skip


def test_version_2_when_the_grader_has_stepped_aside_already(version_2, monkeypatch):
    """As for each further process of the grader."""
    forbid(monkeypatch, version_2)
    (version_2 / "user/scope/cgroup.subtree_control").write_text("memory pids")
    cgroup.OWN.write_text("0::/user/scope/roikit-self\n")
    assert cgroup.find().memory == version_2 / "user/scope"


def test_version_2_in_a_scope_that_others_share(version_2, monkeypatch):
    """Nobody else's shell is moved about."""
    forbid(monkeypatch, version_2)
    (version_2 / "user/scope/cgroup.procs").write_text(f"{os.getppid()}\n{os.getpid()}\n")
    assert cgroup.find() is None
    assert not (version_2 / "user/scope/roikit-self").exists()


def test_version_2_as_root(version_2):
    assert cgroup.find().memory == version_2 / "roikit"


def test_version_2_without_the_controllers(version_2):
    """As where version 1 has them."""
    (version_2 / "cgroup.controllers").write_text("hugetlb\n")
    assert cgroup.find() is None
    assert not (version_2 / "roikit").exists()


@pytest.mark.parametrize("oom_kill", [0, 1])
@pytest.mark.parametrize("reached", [False, True])
def test_only_ones_own_limit_counts(version_1, oom_kill, reached):
    """Whoever dies because the whole machine is out of memory has not used too much."""
    group = cgroup.Group(cgroup.find(), 512 * MIB, 24)
    (folder,) = (version_1 / "memory/roikit").glob("grader-*")
    (folder / "memory.oom_control").write_text(f"oom_kill_disable 0\nunder_oom 0\noom_kill {oom_kill}\n")
    (folder / "memory.max_usage_in_bytes").write_text(str(512 * MIB - 4096 if reached else 100 * MIB))
    assert group.ran_out() == (oom_kill == 1 and reached)


@pytest.mark.parametrize("oom_kill", [0, 1])
@pytest.mark.parametrize("reached", [0, 7])
def test_only_ones_own_limit_counts_on_version_2(version_2, oom_kill, reached):
    group = cgroup.Group(cgroup.find(), 512 * MIB, 24)
    (folder,) = (version_2 / "roikit").glob("grader-*")
    (folder / "memory.events").write_text(f"low 0\nhigh 0\nmax {reached}\noom 0\noom_kill {oom_kill}\n")
    assert group.ran_out() == (oom_kill == 1 and reached > 0)


def test_groups_of_dead_graders_are_removed(version_1):
    """The start time tells a dead grader from whoever has its pid now; a foreign namespace is left alone."""
    place = cgroup.find()
    mine, namespace = owner.name(os.getpid()), os.stat("/proc/self/ns/pid").st_ino
    dead = [f"grader-{namespace}-{os.getpid()}-1-0", f"grader-{namespace}-{2**22 + 1}-5-0"]
    kept = [f"{mine}-0", f"grader-{namespace + 1}-{os.getpid()}-1-0", "somebody-else"]
    for folder in place.folders:
        for name in [*dead, *kept]:
            (folder / name).mkdir()
    cgroup.find.cache_clear()
    assert cgroup.find() == place
    for folder in place.folders:
        assert {path.name for path in folder.iterdir() if path.is_dir()} == set(kept)


def test_what_is_still_in_a_group_is_killed_with_it(version_1):
    """None may fork ahead of that."""
    group = cgroup.Group(cgroup.find(), 512 * MIB, 24)
    (pids,) = (version_1 / "pids/roikit").glob("grader-*")
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        group.enter(process.pid)
        signals = []

        def kill(pid, number):
            signals.append(((pids / "pids.max").read_text(), pid))

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "kill", kill)
            patch.setattr(cgroup, "CLOSE_SECONDS", 0.01)
            group.close()
        assert set(signals) == {("0", process.pid)}
        process.kill()
    group.close()
    assert not pids.exists()


def test_a_sandbox_without_a_group(any_rung, limits, monkeypatch):
    monkeypatch.setattr(cgroup, "find", lambda: None)
    with Sandbox(Source((Cell("one.py", "def f(): return 1"),), False), limits, any_rung) as box:
        assert box.call("f", []).value == 1


# ---------------------------------------------------------------- the real ones
PLACE = cgroup.find()
HOGS = """
import os, signal, time
def hog():
    held = []
    while True: held.append(bytearray(b"x") * (1 << 20))
def child_hogs(then=None):
    if os.fork() == 0: hog()
    pid, status = os.wait()
    if then: os.kill(os.getppid(), signal.SIGKILL); time.sleep(60)
    return os.WTERMSIG(status)
def worker(): return os.getppid()
"""
SOURCE = Source((Cell("hogs.py", HOGS),), is_notebook=False)


def groups():
    """The groups of this process that there are."""
    return sorted(PLACE.memory.glob(f"{owner.name(os.getpid())}-*"))


GRADER = """
import sys
sys.path[:0] = {path!r}
from grader.sandbox import Limits, Sandbox, choose_rung
from grader.records import Cell, Source
box = Sandbox(Source((Cell("hogs.py", "def f(): return 1"),), False), Limits(), choose_rung("none"))
print(box.call("f", []).value, flush=True)
sys.stdin.read()
"""

FORKS = """
import os
forks = 0
input()
try:
    while os.fork(): forks += 1
    input()
except OSError: print(forks)
"""

if PLACE is not None:  # root anywhere but in most containers; for others an administrator has to see to it

    @pytest.fixture
    def unwatched(limits, monkeypatch):
        """No watchdog, and time enough for a busy machine."""
        monkeypatch.setattr(watchdog, "memory", lambda pid, limit: 0)
        return dataclasses.replace(limits, call_seconds=30.0, cpu_seconds=30)

    def test_every_worker_has_a_group_of_its_own(any_rung, limits):
        with Sandbox(SOURCE, limits, any_rung) as one, Sandbox(SOURCE, limits, any_rung) as two:
            for box in (one, two):
                box.call("worker", [])
            found = [set((folder / "cgroup.procs").read_text().split()) for folder in groups()]
            workers = {str(box._process._pid) for box in (one, two)}
            assert set.union(*found) > workers  # and the process of each one's submission
            assert all(len(pids & workers) == 1 for pids in found)
        assert groups() == []

    def test_the_kernel_ends_a_hog_and_the_outcome_is_memory(any_rung, unwatched):
        """The usual words, although it is nobody's watchdog that ends it."""
        with Sandbox(SOURCE, unwatched, any_rung) as box:
            outcome = box.call("hog", [])
            assert (outcome.status, outcome.phase) == ("memory", "call")
            assert outcome.sentence == "hog used more than 192 MiB of memory"
            assert box.call("child_hogs", []).sentence == "child_hogs used more than 192 MiB of memory"
            assert box.call("worker", []).status == "returned"

    def test_import_that_hogs(full_rung, unwatched):
        with Sandbox(Source((Cell("hogs.py", f"{HOGS}\nhog()"),), False), unwatched, full_rung) as box:
            assert box.call("hog", []).sentence == "importing the file used more than 192 MiB of memory"

    def test_memory_when_the_worker_dies_with_it(unwatched):
        with Sandbox(SOURCE, unwatched, choose_rung("none")) as box:  # in the others it cannot be killed
            assert box.call("child_hogs", [True]).sentence == "child_hogs used more than 192 MiB of memory"

    def test_processes_of_a_group_are_counted():
        group = cgroup.Group(PLACE, 64 * MIB, 5)
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        with subprocess.Popen([sys.executable, "-c", FORKS], **pipes) as process:
            group.enter(process.pid)
            process.stdin.write(b"\n")
            process.stdin.flush()
            assert process.stdout.readline() == b"4\n"
            group.close()

    def test_the_next_grader_removes_what_a_killed_one_left():
        code = GRADER.format(path=sys.path)
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        with subprocess.Popen([sys.executable, "-c", code], **pipes) as grader:
            assert grader.stdout.readline() == b"1\n"
            (folder,) = PLACE.memory.glob(f"{owner.name(grader.pid)}-*")
            grader.send_signal(signal.SIGKILL)
        assert folder.exists()
        cgroup.find.cache_clear()
        assert cgroup.find() == PLACE
        assert not folder.exists()
        assert not (PLACE.pids / folder.name).exists()

    def test_a_group_that_cannot_be_made_is_our_failure(full_rung, monkeypatch):
        from grader.errors import SandboxError

        monkeypatch.setattr(cgroup, "find", lambda: cgroup.Place(1, Path("/absent"), Path("/absent")))
        with (
            pytest.raises(SandboxError, match="the sandbox's control group failed"),
            Sandbox(SOURCE, Limits(), full_rung) as box,
        ):
            box.call("worker", [])
