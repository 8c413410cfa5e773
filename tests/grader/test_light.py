"""A student has the extra `student` alone: the checks need NumPy, pytest and rich, and nothing else."""

import importlib.metadata
import shutil
import subprocess
import sys

import pytest

from grader import assignment

#: What the extra brings, and what that needs, by the names of their packages.
EXTRA = {
    "numpy", "roikit", "grader", "pytest", "_pytest", "py", "pluggy", "iniconfig", "packaging",
    "exceptiongroup", "tomli", "typing_extensions", "colorama", "rich", "pygments", "markdown_it", "mdurl",
}  # fmt: skip
INSTALLED = importlib.metadata.packages_distributions()
OTHERS = sorted(name for name in INSTALLED if name not in EXTRA and "editable" not in name)

#: Put before a program: whatever else is installed cannot be imported.
ONLY = f"""
import sys

class Others:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {OTHERS!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Others())
"""


@pytest.fixture
def folder(tmp_path):
    """A released folder with a student's module, in which boxes end in the nearest cell."""
    shutil.copy(assignment.home() / "roi_pool" / "test_public.py", tmp_path)
    (tmp_path / "roi_pool.py").write_text(
        "import numpy as np\n"
        "def quantize_roi(roi, scale):\n"
        "    return tuple(int(end) for end in np.round(np.asarray(roi) * scale))\n"
    )
    return tmp_path


def run(folder, program):
    """(exit code, output) of a program to which nothing but the extra is there."""
    environment = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PATH": "", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-c", ONLY + program], cwd=folder, env=environment, capture_output=True, text=True,
        timeout=60,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["nbgrader", "jinja2", "IPython", "matplotlib", "nbformat"])
def test_what_is_heavy_is_out_of_reach(folder, name):
    code, text = run(folder, f"import {name}")
    assert code == 1
    assert "ModuleNotFoundError" in text


def test_a_notebook_s_check(folder):
    program = (
        "from roikit import examples, explain\n"
        "explain.roi_pool(examples.MAP_8X8_BATCH, examples.ROI_8X8, 2).picture()\n"
        "from grader.notebook import check\n"
        "exec(open('roi_pool.py').read())\n"
        "check('quantize_roi')"
    )
    code, text = run(folder, program)
    assert code == 1
    assert "x1: expected 0, got 1" in text
    assert "Go back to “Step 1. Quantize the box”." in text
    assert "2 of 2 checks of quantize_roi did not pass; see above" in text


def test_roikit_check(folder):
    program = (
        "from grader import cli\nsys.exit(cli.main(['check', 'roi_pool', 'roi_pool.py', '--hint', 'idea']))"
    )
    code, text = run(folder, program)
    assert code == 1
    assert "Go back to “Step 1. Quantize the box”." in text


def test_plain_pytest(folder):
    program = "import pytest\nsys.exit(pytest.main(['-q', '-p', 'grader.pytest_plugin', '-k', 'floor']))"
    code, text = run(folder, program)
    assert code == 1
    assert "x1: expected 0, got 1 (and 2 more of 4 differ)\n" in text
