"""Which rung is taken, what the lesser ones list as missing, and the remedies where none can be had."""

import dataclasses
import os
import pickle
import shutil
import subprocess
import sys

import numpy as np
import pytest

from grader.errors import AssignmentError, SandboxError
from grader.records import Cell, Source
from grader.sandbox import Limits, Sandbox, bubblewrap, choose, choose_rung, places, probe, reduced
from grader.sandbox.probe import WALLS
from grader.sandbox.user import COUNT, FIRST_UID

PRIVATE = set(range(FIRST_UID, FIRST_UID + COUNT))
TEXT = "import os\ndef f(x): return [x * 2, os.getuid(), os.listdir(os.getcwd())]\n"
GOOD = Source((Cell("roi.py", TEXT),), is_notebook=False)


@pytest.fixture
def fresh():
    """No rung is remembered, before and after."""
    choose._full.cache_clear()
    choose._lesser.cache_clear()
    yield
    choose._full.cache_clear()
    choose._lesser.cache_clear()


# ---------------------------------------------------------------- the rungs
def test_the_full_rung_holds_every_wall(full_rung):
    walls = probe(full_rung)
    assert {wall.name for wall in walls} == set(WALLS)
    assert [wall for wall in walls if not wall.held] == []
    assert full_rung.is_full
    assert pickle.loads(pickle.dumps(full_rung)) == full_rung


def test_every_bubblewrap_rung_that_starts_holds_every_wall(full_rung):
    """The variant without /proc, for containers, is no weaker."""
    without_proc = dataclasses.replace(full_rung, name="bubblewrap-noproc", proc=False)
    assert all(wall.held for wall in probe(without_proc))


@pytest.mark.parametrize("name", ["reduced", "none"])
def test_lesser_rungs_work_and_say_what_they_lack(name):
    lesser = choose_rung(name)
    assert lesser.name == name
    assert not lesser.is_full
    assert "no private file system" in lesser.missing
    assert ("system files can be read" in lesser.missing) == (not lesser.landlock)
    assert ("the network is open" in lesser.missing) == (name == "none")
    assert "no limit on memory" not in lesser.missing
    with Sandbox(GOOD, Limits(), lesser) as box:
        doubled, uid, entries = box.call("f", [np.arange(2.0)]).value
    assert np.array_equal(doubled, [0.0, 2.0])
    assert entries == []
    assert (uid in PRIVATE) == (os.geteuid() == 0)
    assert uid in PRIVATE or uid == os.getuid()


def test_sandboxes_of_root_have_users_of_their_own(any_rung):
    with Sandbox(GOOD, Limits(), any_rung) as one, Sandbox(GOOD, Limits(), any_rung) as other:
        uids = {box.call("f", [1]).value[1] for box in (one, other)}
    if any_rung.private_uid:
        assert len(uids) == 2
        assert uids < PRIVATE
    else:  # an ordinary user's sandboxes are told apart by their namespaces, where there are any
        assert len(uids) == 1


def test_late_imports_work_in_every_rung(any_rung):
    """Also where the interpreter lies in a folder that the worker's user may not enter."""
    text = "def f():\n    import fractions, encodings.idna, numpy.testing\n    return 1\n"
    with Sandbox(Source((Cell("roi.py", text),), False), Limits(), any_rung) as box:
        assert box.call("f", []).value == 1


def test_other_packages_cannot_be_imported_in_any_rung(any_rung):
    text = "def f(name):\n    __import__(name)\n"
    with Sandbox(Source((Cell("roi.py", text),), False), Limits(), any_rung) as box:
        for name in ("roikit", "grader", "pytest", "nbgrader"):
            assert box.call("f", [name]).sentence.startswith(f"{name} is not available while grading")


# ---------------------------------------------------------------- refusals
def test_an_unknown_name():
    with pytest.raises(AssignmentError, match="unknown sandbox 'docker'"):
        choose_rung("docker")


def test_no_bubblewrap(fresh, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SandboxError, match="bubblewrap is missing: apt install bubblewrap"):
        choose_rung("auto")


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_not_linux(fresh, monkeypatch, platform):
    monkeypatch.setattr(sys, "platform", platform)
    with pytest.raises(SandboxError, match="is for Linux"):
        choose_rung("auto")


def fake_bubblewrap(folder, monkeypatch, message, version="bubblewrap 0.8.0"):
    script = folder / "bwrap"
    script.write_text(
        f'#!/bin/sh\nif [ "$1" = --version ]; then echo "{version}"; exit; fi\necho "{message}" >&2; exit 1\n'
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


@pytest.mark.parametrize(
    ("message", "in_container", "remedy"),
    [
        ("bwrap: setting up uid map: Permission denied",
         False, "kernel.apparmor_restrict_unprivileged_userns=0"),
        ("bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted", False, "bwrap-userns-restrict"),
        ("bwrap: No permissions to create new namespace, likely because the kernel does not allow",
         False, "sysctl -w kernel.unprivileged_userns_clone=1"),
        ("bwrap: No permissions to create new namespace, likely because the kernel does not allow",
         True, "this container may not make namespaces: start it with --security-opt"),
        ("bwrap: Creating new namespace failed: nesting depth or max_*_namespaces exceeded (ENOSPC)",
         True, "sysctl -w user.max_user_namespaces=15000"),
        ("bwrap: Can't mount proc on /newroot/proc: Operation not permitted",
         False, "--security-opt systempaths=unconfined"),
        ("bwrap: Failed to mount tmpfs: Permission denied", False, "or grade outside of it"),
        ("bwrap: something new",
         False, "bubblewrap does not work here: the sandbox did not start: bwrap: something new"),
    ],
)  # fmt: skip
def test_remedies(fresh, monkeypatch, tmp_path, message, in_container, remedy):
    fake_bubblewrap(tmp_path, monkeypatch, message)
    monkeypatch.setattr(choose, "_in_container", lambda: in_container)
    with pytest.raises(SandboxError) as caught:
        choose_rung("auto")
    assert remedy in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_container_that_masks_proc(fresh, monkeypatch, tmp_path, full_rung):
    """Then a sandbox without /proc is a full one."""
    real = shutil.which("bwrap")
    refusal = "bwrap: Can't mount proc on /newroot/proc: Operation not permitted"
    refuse = f'[ "$word" != --proc ] || {{ echo "{refusal}" >&2; exit 1; }}'
    script = tmp_path / "bwrap"
    script.write_text(f'#!/bin/sh\nfor word in "$@"; do {refuse}; done\nexec {real} "$@"\n')
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    rung = choose_rung("auto")
    assert (rung.name, rung.proc, rung.is_full) == ("bubblewrap-noproc", False, True)


@pytest.mark.parametrize(
    ("version", "absent"),
    [((0, 5, 0), {"--size", "--disable-userns"}), ((0, 6, 1), {"--size", "--disable-userns"}),
     ((0, 7, 0), {"--disable-userns"}), ((0, 8, 0), set())],
)  # fmt: skip
def test_options_that_an_older_bubblewrap_does_not_have(monkeypatch, full_rung, version, absent):
    """Ubuntu 22.04 has 0.6.1. The watchdog and the system-call filter do the work of what is left out."""
    program = shutil.which("bwrap")
    monkeypatch.setattr(bubblewrap, "find", lambda: (program, version))
    unprivileged = dataclasses.replace(full_rung, user_namespace=True, private_uid=False)
    words = set(bubblewrap.command(unprivileged, Limits(), 3, []))
    assert absent.isdisjoint(words)
    assert {"--size", "--disable-userns"} - absent <= words
    assert [wall for wall in probe(full_rung) if not wall.held] == []


def test_too_many_bytes_in_files_where_the_folder_has_no_size(monkeypatch, full_rung, limits):
    program = shutil.which("bwrap")
    monkeypatch.setattr(bubblewrap, "find", lambda: (program, (0, 6, 1)))
    fill = "    for k in range(8): open(f'/tmp/{k}', 'wb').write(bytes(4 << 20))\n    time.sleep(30)"
    source = Source((Cell("roi.py", f"import time\ndef f():\n{fill}\n"),), False)
    with Sandbox(source, dataclasses.replace(limits, call_seconds=60.0), full_rung) as box:
        assert box.call("f", []).sentence == "f wrote more than 5000 files or 24 MiB"


def test_processes_on_kernels_that_count_them_for_the_user_as_a_whole(monkeypatch, full_rung):
    """Before Linux 5.14 a namespace has no count of its own: what the user runs elsewhere is added."""
    unprivileged = dataclasses.replace(full_rung, user_namespace=True, private_uid=False)
    uname = os.uname()

    def other_threads(release, rung):
        words = (*uname[:2], release, *uname[3:])
        monkeypatch.setattr(os, "uname", lambda: os.uname_result(words))
        return reduced.other_threads(rung)

    assert other_threads("5.10.0-30-amd64", unprivileged) >= 1
    assert other_threads("5.14.0", unprivileged) == 0
    assert other_threads("5.10.0", dataclasses.replace(unprivileged, private_uid=True)) == 0


def test_mounts_tell_of_the_interpreter_alone(full_rung, tmp_path, monkeypatch):
    """/proc says where on the machine each mounted folder lies: nothing of the course may be among them."""
    monkeypatch.chdir(tmp_path)
    text = "def f(): return open('/proc/self/mountinfo').read()"
    with Sandbox(Source((Cell("roi.py", text),), False), Limits(), full_rung) as box:
        mounts = [line.split() for line in box.call("f", []).value.splitlines()]
    where = places.find()
    shown = (*where.libraries, *where.numpy, where.python, "/etc/ld.so.cache", "/etc/alternatives")
    for mount in mounts:
        source, kind = mount[3], mount[mount.index("-") + 1]
        if kind not in ("tmpfs", "devtmpfs", "proc"):
            assert any(path.endswith(source) for path in shown), mount
        assert str(tmp_path) not in " ".join(mount)


def test_an_old_bubblewrap(fresh, monkeypatch, tmp_path):
    fake_bubblewrap(tmp_path, monkeypatch, "", version="bubblewrap 0.4.1")
    with pytest.raises(SandboxError, match=r"bubblewrap 0\.4\.1 is too old"):
        choose_rung("auto")


def test_a_wall_that_does_not_hold_is_no_full_rung(fresh, monkeypatch, full_rung):
    monkeypatch.setattr(choose, "probe", lambda _: [probe_result(name) for name in WALLS])

    def probe_result(name):
        from grader.sandbox import Wall

        return Wall(name, name != "memory", "1 GiB was held")

    with pytest.raises(SandboxError, match=r"these walls do not hold: memory \(1 GiB was held\)"):
        choose_rung("auto")


def test_where_namespaces_are_forbidden(full_rung):
    """In a sandbox that forbids further namespaces, as in many containers, the answer is a remedy."""
    code = "from grader.sandbox import choose_rung; print(choose_rung('auto'))"
    outer = [shutil.which("bwrap"), "--unshare-user", "--disable-userns", "--cap-drop", "ALL"]
    inner = ["--dev-bind", "/", "/", sys.executable, "-c", code]
    run = subprocess.run([*outer, *inner], capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "grader.errors.SandboxError" in run.stderr.splitlines()[-1]
    assert "--security-opt" in run.stderr or "sysctl" in run.stderr
