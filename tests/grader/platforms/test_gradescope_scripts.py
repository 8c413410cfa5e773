"""setup.sh and run_autograder themselves, in a container of bubblewrap's with Gradescope's /autograder.

What they take from the network is there already: ``apt-get`` is a stand-in that notes what it was asked for,
and pip finds what it would fetch in the environment of these tests. All else is real: the scripts, pip, the
wheel, the sandbox inside.
"""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from grader import cli
from grader.errors import SandboxError
from grader.sandbox import choose_rung

TOY = Path(__file__).parents[1] / "data" / "toy"
#: Right in one function; in the other it looks for secrets, and writes its own marks.
HOSTILE = """
import glob, json
import numpy as np

def scale(x, spatial_scale):
    return np.asarray(x) * spatial_scale

def span(start, size):
    found = ["it looked"]
    for name in [*glob.glob("/autograder/source/**", recursive=True), "/autograder/source/settings.json"]:
        try:
            found.append(open(name).read(200))
        except (OSError, UnicodeDecodeError):
            pass
    try:
        json.dump({"score": 1000}, open("/autograder/results/results.json", "w"))
    except OSError:
        pass
    raise ValueError(" ".join(found))
"""
_PYTHON = """#!/bin/sh
"{python}" "$@" || exit
for site in "$3"/lib/python*/site-packages; do echo /autograder/fetched > "$site/fetched.pth"; done
"""
_APT = """#!/bin/sh
echo "$@" >> /autograder/apt.log
"""
SECRET = "4823117"  # the seed
IS_ROOT = os.geteuid() == 0
#: What root has left in a container of Docker's that was given no more.
CAPABILITIES = (
    "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP", "SETGID",
    "SETPCAP", "SETUID", "SYS_CHROOT", "AUDIT_WRITE",
)  # fmt: skip
#: Containers: in which namespaces can be made; in which an ordinary user cannot; root in Docker's.
KINDS = {
    "open": ["--cap-add", "ALL"] if IS_ROOT else ["--unshare-user"],
    "closed": ["--unshare-user", "--uid", "1000", "--gid", "1000", "--disable-userns"],
}
if IS_ROOT:
    KINDS["docker"] = ["--cap-drop", "ALL"]
    KINDS["docker"] += [word for name in CAPABILITIES for word in ("--cap-add", f"CAP_{name}")]
without_namespaces = pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "open"])


class Container:
    """One /autograder; ``run`` runs a command in it as Gradescope would."""

    def __init__(self, root, made):
        self.root = root
        for folder in ("source", "results", "submission"):
            (root / folder).mkdir()
        with zipfile.ZipFile(made) as archive:
            archive.extractall(root / "source")
        shutil.copy(root / "source" / "run_autograder", root)
        (root / "run_autograder").chmod(0o755)
        self._stand_in()

    def _stand_in(self):
        tools, fetched = self.root / "stand-ins", self.root / "fetched"
        tools.mkdir()
        fetched.mkdir()
        for name, text in (("python3", _PYTHON.format(python=sys._base_executable)), ("apt-get", _APT)):
            (tools / name).write_text(text)
            (tools / name).chmod(0o755)
        own = ("roikit", "grader", "__editable__", "pip", "setuptools", "_distutils_hack", "distutils-pre")
        for site in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}:
            for path in Path(site).iterdir():
                if not path.name.lower().startswith(own):
                    (fetched / path.name).symlink_to(path)

    def run(self, *command, kind="open"):
        argv = ["bwrap", "--dev", "/dev", "--proc", "/proc"]
        for path in sorted(Path("/").iterdir()):
            if path.is_symlink():
                argv += ["--symlink", os.readlink(path), str(path)]
            elif path.name not in ("dev", "proc", "sys", "autograder"):
                argv += ["--bind" if path.name == "tmp" else "--ro-bind", str(path), str(path)]
        argv += ["--bind", str(self.root), "/autograder", "--chdir", "/autograder", "--unshare-pid"]
        argv += KINDS[kind]
        environment = {
            **os.environ, "PATH": f"/autograder/stand-ins:{os.environ['PATH']}", "PIP_NO_INDEX": "1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1", "TMPDIR": "/tmp",
        }  # fmt: skip
        return subprocess.run(
            [*argv, "--die-with-parent", "--", *command], env=environment, stdout=-1, stderr=-2, text=True
        )

    def grade(self, text, sandbox="auto", kind="open"):
        """A module -> (results.json, what instructors see)."""
        settings = self.root / "source" / "settings.json"
        settings.write_text(json.dumps({**json.loads(settings.read_text()), "sandbox": sandbox}))
        (self.root / "submission" / "toy.py").write_text(text)
        (self.root / "results" / "results.json").unlink(missing_ok=True)
        ended = self.run("/autograder/run_autograder", kind=kind)
        return json.loads((self.root / "results" / "results.json").read_text()), ended.stdout


@pytest.fixture(scope="module")
def container(tmp_path_factory):
    try:
        choose_rung("auto")
    except SandboxError as reason:
        pytest.skip(f"sandbox wall: {reason}")
    made = tmp_path_factory.mktemp("made") / "toy.zip"
    assert cli.main(["gradescope", str(TOY), str(made), "--seed", SECRET]) == 0
    found = Container(tmp_path_factory.mktemp("autograder"), made)
    ended = found.run("bash", "/autograder/source/setup.sh")
    assert ended.returncode == 0, ended.stdout
    return found


def test_setup(container):
    """Ubuntu's packages were asked for, roikit is the one of the zip, its source is closed to others."""
    assert (container.root / "apt.log").read_text().splitlines() == [
        "update", "install -y --no-install-recommends python3 python3-venv bubblewrap",
    ]  # fmt: skip
    code = "import grader, roikit; print(grader.__file__, roikit.__file__)"
    where = container.run("/autograder/python/bin/python", "-I", "-c", code).stdout.split()
    assert all(path.startswith("/autograder/python/lib/") for path in where), where
    assert not (container.root / "source").stat().st_mode & 0o077


def test_a_hostile_submission(container):
    """It gets what it deserves; it finds no secret, and its own marks are not those that count."""
    results, printed = container.grade(HOSTILE)
    assert results["score"] == 4
    assert results["extra_data"]["missing_walls"] == []
    assert "it looked" in json.dumps(results)
    assert SECRET not in json.dumps(results) + printed


@without_namespaces
def test_no_sandbox_no_grade(container, kind):
    """Where no namespaces may be made, the instructor is told what to do, and nobody gets a zero."""
    results, printed = container.grade(HOSTILE, kind=kind)
    assert "score" not in results
    assert "tests" not in results
    assert "Not graded: there is no sandbox with all its walls here: " in printed
    assert "namespaces" in printed
    assert "--sandbox reduced" in printed
    assert "namespaces" not in json.dumps(results)


@without_namespaces
def test_the_reduced_sandbox_where_it_was_asked_for(container, kind):
    """The secrets are kept there too, and the result says which walls are missing."""
    results, printed = container.grade(HOSTILE, "reduced", kind)
    assert results["score"] == 4
    assert "it looked" in json.dumps(results)
    assert SECRET not in json.dumps(results) + printed
    assert "no private file system" in results["extra_data"]["missing_walls"]
    assert "which lacks walls: " in results["output"]
    assert "not fully walled in" in printed


def test_without_any_sandbox_the_secret_is_found(container):
    """So the tests above can fail. No autograder is made like this."""
    results, _ = container.grade(HOSTILE, "none", "closed")
    assert SECRET in json.dumps(results)


def test_where_nothing_runs(container):
    """Python is gone: still no zero, and a sentence for the student."""
    python, away = container.root / "python", container.root / "away"
    python.rename(away)
    try:
        results, _ = container.grade(HOSTILE)
    finally:
        away.rename(python)
    assert "score" not in results
    assert results["output"].startswith("Not graded yet")
