"""The reduced sandbox's walls: what Landlock takes away, and what is listed as missing where it cannot."""

import json
import os
import socket
import subprocess
import sys

import pytest

from grader.records import Cell, Source
from grader.sandbox import Sandbox, choose, choose_rung, landlock, places, probe
from grader.sandbox.probe import WALLS

#: wall -> the first version of Landlock with which the reduced sandbox holds it, whoever runs it
SINCE = {"/etc/passwd": 1, "home": 1, "roikit's files": 1, "writing outside": 3, "kill parent": 6}

ATTEMPTS = """
import json, os, signal, socket, subprocess, sys
import landlock
readable, hidden, scratch, outside, port, pid, name = json.loads(sys.argv[1])
landlock._call(0, 0)  # ctypes is loaded before files are out of reach
rules = landlock.make(readable, hidden, scratch)
import ctypes
ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)  # no new privileges
landlock.enter(rules)
def can(attempt, *args):
    try: attempt(*args)
    except OSError: return False
    return True
def abstract():
    with socket.socket(socket.AF_UNIX) as s: s.connect("\\0" + name)
print(json.dumps({
    "read": can(open, f"{readable[0]}/shown/file"),
    "read beside": can(open, f"{readable[0]}/file"),
    "list": can(os.listdir, readable[0]),
    "read hidden": can(open, f"{hidden[0]}/file"),
    "read outside": can(open, f"{outside}/file"),
    "list outside": can(os.listdir, outside),
    "write in readable": can(open, f"{readable[0]}/shown/file", "w"),
    "make outside": can(open, f"{outside}/new", "w"),
    "remove outside": can(os.unlink, f"{outside}/file"),
    "run": can(subprocess.run, [f"{readable[0]}/shown/program"]),
    "write in scratch": can(open, f"{scratch}/new", "w"),
    "device": can(open, "/dev/null", "w"),
    "truncate": can(os.truncate, f"{outside}/file", 0),
    "connect": can(socket.create_connection, ("127.0.0.1", port)),
    "signal": can(os.kill, pid, 0),
    "own signal": can(os.kill, os.getpid(), 0),
    "abstract socket": can(abstract),
}))
"""


@pytest.fixture
def version():
    version = landlock.version()
    if version == 0:
        pytest.skip("sandbox wall: this kernel has no Landlock")
    return version


def test_the_rules_hold(version, tmp_path):
    """Tried by the owner of all the files, to whom their modes would be no hindrance."""
    for folder in ("lib/shown", "lib/hidden", "scratch", "outside"):
        (tmp_path / folder).mkdir(parents=True)
    for file in ("lib/file", "lib/shown/file", "lib/hidden/file", "outside/file"):
        (tmp_path / file).write_text("text")
    program = tmp_path / "lib/shown/program"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    name = f"roikit-test-{os.getpid()}"
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.socket(socket.AF_UNIX) as abstract,
    ):
        abstract.bind(f"\0{name}")
        abstract.listen()
        folders = [str(tmp_path / folder) for folder in ("scratch", "outside")]
        readable, hidden = [str(tmp_path / "lib")], [str(tmp_path / "lib/hidden")]
        setup = [readable, hidden, *folders, server.getsockname()[1], os.getpid(), name]
        command = [sys.executable, "-c", ATTEMPTS, json.dumps(setup)]
        environment = {**os.environ, "PYTHONPATH": str(places.HERE)}
        run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    did = json.loads(run.stdout)
    allowed = {"read", "read beside", "list", "write in scratch", "device", "own signal"}
    later = {"truncate": 3, "connect": 4, "signal": 6, "abstract socket": 6}
    assert {what for what, worked in did.items() if worked} == allowed | {
        what for what, since in later.items() if version < since
    }


def test_an_error_is_one(version, tmp_path):
    with pytest.raises(OSError, match="Landlock: "):
        landlock.enter(0)
    with pytest.raises(FileNotFoundError):
        landlock.make([str(tmp_path / "absent")], [], str(tmp_path))


def test_the_reduced_sandbox_lists_just_what_does_not_hold(version):
    rung = choose_rung("reduced")
    walls = probe(rung)
    assert rung.landlock
    assert "no Landlock" not in rung.missing
    for wall in walls:
        assert (WALLS[wall.name] in rung.missing) == (not wall.held), wall
    held = {wall.name for wall in walls if wall.held}
    assert held >= {wall for wall, since in SINCE.items() if version >= since}
    assert held >= {"network", "processes", "memory", "parent's limits"}
    assert "file names" not in held


def test_a_kernel_without_landlock(monkeypatch):
    """The reduced sandbox is still to be had, and lists what came through."""
    monkeypatch.setattr(landlock, "version", lambda: 0)
    choose._lesser.cache_clear()
    rung = choose_rung("reduced")
    choose._lesser.cache_clear()
    assert not rung.landlock
    lost = {WALLS[wall] for wall in ("/etc/passwd", "home", "writing outside")}
    assert lost | {"no Landlock"} <= set(rung.missing)
    assert WALLS["network"] not in rung.missing  # the system-call filter holds that one


def test_own_files_and_processes_in_the_reduced_sandbox(version):
    """What is listed as missing is true, and no more than that."""
    rung = choose_rung("reduced")
    is_root = os.geteuid() == 0
    assert ("same user as the grader" in rung.missing) == (not is_root)
    assert (WALLS["file modes"] in rung.missing) == (not is_root)
    assert "no private file system" in rung.missing


INSIDE = """
import os, signal
def kill_worker(): os.kill(os.getppid(), signal.SIGKILL)
def everybody():
    if os.fork() == 0: os.kill(0, signal.SIGKILL)  # its group: the grader must not be in it
    os.wait()
    return 1
def packages(folder):
    import fractions, numpy.testing
    for name in sorted(os.listdir(folder)):
        try: open(os.path.join(folder, name, "__init__.py"))
        except OSError: continue
        return name
def scratch():
    import tempfile
    with tempfile.NamedTemporaryFile("w+") as file:
        file.write("text")
        file.seek(0)
        return file.read()
"""


@pytest.fixture
def box(limits):
    with Sandbox(Source((Cell("in.py", INSIDE),), False), limits, choose_rung("reduced")) as box:
        yield box


def test_the_worker_of_the_reduced_sandbox_cannot_be_killed(version, box):
    outcome = box.call("kill_worker", [])
    if version >= 6:
        assert outcome.sentence.startswith("PermissionError: [Errno 1] Operation not permitted")
    else:
        assert outcome.status == "crashed"


def test_the_grader_is_in_no_group_with_a_sandbox(box):
    assert box.call("everybody", []).status == "crashed"  # a call may end itself, and only itself


def test_the_scratch_folder_of_the_reduced_sandbox(box):
    assert box.call("scratch", []).value == "text"


def test_the_standard_library_without_the_packages_in_it(version, box):
    """Where other packages lie in a folder of the standard library, imports work and these stay closed."""
    for folder in places.find().hidden:
        outcome = box.call("packages", [folder])
        assert outcome.value is None
        assert outcome.status == "returned" or "PermissionError" in outcome.sentence
