"""Hostile hand-ins and files once more, as the other kind of user: ordinary where we are root, else root."""

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from grader.errors import SandboxError
from grader.sandbox import choose_rung

HERE = Path(__file__).resolve().parent
HARNESS = HERE / "sandbox" / "harness"
COURSE = [*(HERE / "attacks" / "course").glob("*.py")]
FILES = [path.read_text(encoding="utf-8") for path in (HERE / "attacks" / "files").glob("*.py")]
#: A file of names makes a folder, a zip and a tar.
BUILT = [kind for text in FILES for kind in re.findall("^# kind: (file|class|names)", text, re.M)]
BUILT += [kind for kind in BUILT if kind == "names"] * 2


COURSE_TESTS = ("no_attack_earns_a_point", "the_student_sees_no_hidden_number", "nobody_sees_a_secret")
POINTS = [f"no_points/test_no_points.py::test_{name}" for name in COURSE_TESTS]
#: name -> (what is run, how many tests that is)
AGAIN = {
    "course": (POINTS, len(COURSE_TESTS) * len(COURSE)),
    "files": (["intake/test_file_attacks.py"], len(BUILT) + 2),
}


@pytest.mark.parametrize(("tests", "count"), AGAIN.values(), ids=AGAIN)
def test_attacks_as_the_other_user(tests, count):
    """All of them pass there too, and none is left out."""
    users = runpy.run_path(str(HARNESS / "users.py"))
    other = "user" if os.geteuid() == 0 else "root"
    again = [sys.executable, HARNESS / "pytest_at_home.py", "-qx", *(HERE / test for test in tests)]
    try:
        choose_rung("auto")
        program = users["command"](other, list(map(str, again)))
    except (SandboxError, users["CannotBe"]) as reason:
        pytest.skip(f"sandbox wall: {reason}")
    run = subprocess.run(program, cwd=HERE.parents[1], stdout=-1, stderr=subprocess.STDOUT, text=True)
    assert run.returncode == 0, run.stdout
    assert re.search(rf"^{count} passed in ", run.stdout, re.M), run.stdout
