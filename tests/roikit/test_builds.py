"""The kernels never leave an array: they run over every border in two builds that watch each access.

The sources beside the installed package are compiled into a temporary folder, so this also shows that they
are complete.
"""

import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

import roikit

STRESS = Path(__file__).with_name("kernel_stress.py")
SETUP = """
import runpy
from setuptools import setup

build = runpy.run_path("roikit/cpu/build.py")
arguments = ["-q", "build_ext", "--inplace"]
setup(name="watched", packages=[], ext_modules=build["extensions"](), script_args=arguments)
"""
WATCHERS = {"bounds checks": "ROIKIT_CYTHON_DEBUG", "AddressSanitizer": "ROIKIT_SANITIZE"}

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs gcc or clang")


def sanitizer_library():
    compiler = shlex.split(sysconfig.get_config_var("CC") or "cc")[0]
    asked = subprocess.run(
        [compiler, "-print-file-name=libasan.so"], capture_output=True, text=True, check=True
    )
    return asked.stdout.strip()


@pytest.fixture(scope="module", params=WATCHERS)
def watched(request, tmp_path_factory):
    """Runs the stress on a build of the package with one of the watchers."""
    folder = tmp_path_factory.mktemp("build")
    shutil.copytree(
        Path(roikit.__file__).parent, folder / "roikit",
        ignore=shutil.ignore_patterns("*.so", "*.pyd", "*.c", "__pycache__"),
    )
    environment = {**os.environ, "PYTHONPATH": str(folder), WATCHERS[request.param]: "1"}
    built = subprocess.run(
        [sys.executable, "-c", SETUP], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert built.returncode == 0, built.stdout + built.stderr
    if request.param == "AddressSanitizer":
        environment |= {
            "LD_PRELOAD": sanitizer_library(),
            "ASAN_OPTIONS": "detect_leaks=0:allocator_may_return_null=1",  # Python itself leaks at exit
            "PYTHONMALLOC": "malloc",
        }

    def run(*arguments):
        command = [sys.executable, str(STRESS), *arguments]
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)

    run.watcher, run.folder = request.param, folder
    return run


def test_the_watcher_sees_a_stray_access(watched):
    done = watched("stray")
    assert done.returncode != 0
    sign = {
        "bounds checks": "IndexError: Out of bounds on buffer access (axis 0)",
        "AddressSanitizer": "ERROR: AddressSanitizer: heap-buffer-overflow",
    }
    assert sign[watched.watcher] in done.stdout + done.stderr


def test_no_access_leaves_an_array(watched):
    done = watched()
    assert (done.returncode, done.stdout.strip()) == (0, "done"), done.stdout + done.stderr
    assert list(watched.folder.glob("roikit/cpu/_roi_pool*.so"))
