"""What a user installs is whole: sources for the GPU and the compiler, the assignments, the command."""

import os
import subprocess
import sys
from importlib import metadata, resources
from pathlib import Path

import pytest

import grader
import roikit
from grader import assignment, play

#: What the fast kernels include.
HEADERS = (
    "align.h", "align_passes.h", "channels.h", "channels_passes.h", "kinds.h", "passes.h", "pool.h",
    "pool_passes.h", "prefetch.h", "simd.h", "simd_where.h",
)


def run(*argv, **kwargs):
    argv = [sys.executable, "-I", *argv]
    return subprocess.run(argv, capture_output=True, text=True, timeout=120, **kwargs)


def test_the_installed_package_is_what_is_tested():
    """``make test`` installs the wheel: a checkout on the path would hide what it lacks."""
    checkout = Path(__file__).parents[1]
    if not (checkout / ".venv" / ".installed-dev").exists():
        assert "roikit" in roikit.__file__  # an editable install, while working on roikit itself
        return
    assert "site-packages" in roikit.__file__
    assert "site-packages" in grader.__file__


def test_kernel_sources_are_shipped():
    cpu = resources.files("roikit") / "cpu"
    names = {p.name for p in cpu.iterdir()}
    assert {"_geometry.pxd", "_roi_pool.pyx", "_roi_align.pyx", "_roi_align.pyi"} <= names
    names = {p.name for p in (cpu / "fast").iterdir()}
    assert {"_taps.pxd", "_roi_align.pyx", "_roi_align.pyi", *HEADERS} <= names
    assert (resources.files("roikit") / "py.typed").is_file()


def test_cuda_sources_are_shipped():
    """With what runs them on the CPU, which is compiled where it is used."""
    gpu, simt = resources.files("roikit") / "gpu", resources.files("roikit") / "simt"
    assert {"geometry.cuh", "values.cuh", "roi_align.cu", "roi_pool.cu"} <= {p.name for p in gpu.iterdir()}
    assert {"cuda_fp16.h", "cuda_bf16.h"} <= {p.name for p in (simt / "include").iterdir()}
    assert {"engine.h", "driver.cpp"} <= {p.name for p in (simt / "engine").iterdir()}
    assert any(p.name.endswith(".h") for p in (simt / "language").iterdir())


def test_assignments_are_found_wherever_roikit_is_installed():
    assert {"roi_pool", "bilinear", "roi_align"} <= set(assignment.names())


def test_what_is_not_python_is_shipped():
    """Templates, the page's scripts and style, the schema; of an assignment all that grades and diagnoses."""
    installed = resources.files("grader")
    for name in (
        "report/templates/similar.html", "report/templates/style.css", "report/results.schema.json",
        "report/templates/graded_cell.html", "course/templates/nbgrader_config.json.txt",
        "course/templates/gitignore.txt", "platforms/templates/gradescope.html",
    ):  # fmt: skip
        assert (installed / name).is_file(), name
    assert (assignment.home() / "README.md").is_file()
    assert any((installed / "new_assignment" / "templates").iterdir())
    page = {p.name for p in (installed / "play").iterdir()}
    assert {"page.html", "play.css", *play.SCRIPTS} <= page
    for name in ("roi_pool", "bilinear", "roi_align"):
        grading = assignment.find(name) / "grading"
        for file in ("assignment.toml", "misconceptions.py", "probes.py", "solution.py", "test_hidden.py"):
            assert (grading / file).is_file(), f"{name}: {file}"


def test_import_needs_numpy_alone():
    """A student's or an engineer's ``import roikit`` pulls in nothing of the grader."""
    code = "import sys, roikit; print(sorted({m.split('.')[0] for m in sys.modules}))"
    loaded = run("-c", code).stdout
    others = ("pytest", "rich", "jinja2", "nbgrader", "copydetect", "matplotlib", "cupy", "torch")
    for name in ("grader", *others):
        assert f"'{name}'" not in loaded


def test_the_pytest_plugin_is_inert_until_asked():
    """roikit's plugin is loaded into every pytest run of whoever installed it: it must cost nothing."""
    code = """if True:
        import sys, grader.pytest_plugin
        loaded = {m.split('.')[0] for m in sys.modules}
        print(sorted(loaded & {'numpy', 'roikit', 'rich', 'jinja2', 'nbgrader'}))"""
    assert run("-c", code).stdout.strip() == "[]"


def test_the_command_is_installed():
    script = Path(sys.executable).with_name("roikit")
    done = subprocess.run([script, "--version"], capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["roikit", metadata.version("roikit")]


@pytest.mark.parametrize("name", ["LICENSE", "README.md", "CHANGELOG.md"])
def test_every_project_has(name):
    assert (Path(__file__).parents[1] / name).stat().st_size > 300


def test_version_is_written_once():
    assert roikit.__version__ == metadata.version("roikit")
    assert os.path.exists(roikit.__file__)
