"""A course as an instructor has it, and nbgrader's commands in it."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from grader import assignment, cli
from grader.errors import SandboxError
from grader.sandbox import choose_rung

sys.path.append(str(Path(__file__).parent))  # planted_faults.py
SAMPLE = assignment.home() / assignment.SAMPLE_CLASS


@pytest.fixture(scope="session")
def sandbox():
    """The option that gives the best sandbox of this machine."""
    try:
        choose_rung("auto")
        return "auto"
    except SandboxError:
        return "reduced"


@pytest.fixture(scope="module")
def new_course(tmp_path_factory, sandbox):
    """Assignments, more lines of configuration -> a new course's folder."""

    def make(*assignments, config=""):
        folder = tmp_path_factory.mktemp("school") / "vision"
        assert cli.main(["course", "init", str(folder), *map(str, assignments)]) == 0
        with (folder / "nbgrader_config.py").open("a") as file:
            file.write(f"\nc.TrustedAutograde.sandbox = {sandbox!r}\n{config}")
        return folder

    return make


@pytest.fixture(scope="module")
def hand_in():
    """(course, student, {name: content}) -> a folder of nbgrader's layout in submitted/."""

    def put(course, student, files, assignment="roi_pool"):
        folder = course / "submitted" / student / assignment
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name, content in files.items():
            (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return folder

    return put


@pytest.fixture(scope="module")
def sample():
    """(student, assignment) -> {name: content} of the sample class."""

    def files(student, assignment="roi_pool"):
        folder = SAMPLE / student / assignment
        return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}

    return files


@pytest.fixture(scope="module")
def canary(tmp_path_factory):
    """Where a kernel that is started leaves a line."""
    return tmp_path_factory.mktemp("kernels") / "started"


@pytest.fixture(scope="session")
def environment(tmp_path_factory):
    """nbgrader's programs find each other by the PATH, and nobody's own configuration."""
    home = str(tmp_path_factory.mktemp("home"))
    path = os.pathsep.join((sysconfig.get_path("scripts"), os.environ.get("PATH", os.defpath)))
    return os.environ | {"PATH": path, "HOME": home, "JUPYTER_CONFIG_DIR": home, "JUPYTER_DATA_DIR": home}


@pytest.fixture(scope="module")
def nbgrader(canary, environment):
    """Run nbgrader's commands: ``nbgrader(course, "list", ...)`` -> its log; several if given as tuples."""

    def run(cwd, *commands, code=0, **more):
        several = [commands] if isinstance(commands[0], str) else commands
        orders = [{"argv": list(map(str, argv)), "cwd": str(cwd), **more} for argv in several]
        program = [sys.executable, str(Path(__file__).with_name("nbgrader_commands.py")), str(canary)]
        done = subprocess.run(
            program, input=json.dumps(orders), text=True, capture_output=True, timeout=300, env=environment,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)
        for argv, each in zip(several, found, strict=True):
            assert each["code"] == code, (argv, each["log"])
        return "".join(each["log"] for each in found)

    return run
