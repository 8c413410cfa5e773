"""Where the kernels could not be built the definitions compute: the same answers, and one warning."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import roikit

# One call of every operation, and what was warned of.
SCRIPT = """
import sys, warnings
import numpy as np
import roikit
from roikit import _dispatch, examples

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    results = {
        "roi_pool": roikit.roi_pool(examples.MAP_8X8_BATCH, examples.ROI_8X8, (3, 2)),
        "roi_align": roikit.roi_align(examples.MAP_8X8_BATCH, examples.ROI_8X8, (3, 2)),
        "bilinear_interpolate": roikit.bilinear_interpolate(examples.MAP_8X8, [0.5, 3.25], 1.75),
        "quantize_rois": roikit.quantize_rois(examples.BOX_665, 1 / 32),
        "bin_edges": roikit.bin_edges(20, 7),
    }
np.savez(sys.argv[1], **results)
print(roikit.__file__)
print(_dispatch.backend(), *_dispatch.missing_kernels())
for warning in caught:
    print(f"{warning.category.__name__} at {warning.filename}: {warning.message}")
try:
    roikit.use_backend("cpu").__enter__()
except RuntimeError as error:
    print(error)
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Runs code on a copy of the package without its compiled modules."""
    folder = tmp_path_factory.mktemp("uncompiled")
    shutil.copytree(
        Path(roikit.__file__).parent, folder / "roikit",
        ignore=shutil.ignore_patterns("*.so", "*.pyd", "__pycache__"),
    )

    def run(code, *arguments):
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments], cwd=folder, capture_output=True, text=True,
            env={**os.environ, "PYTHONPATH": str(folder)},
        )
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        return done.stdout.splitlines()

    run.folder = folder
    return run


def test_same_answers_and_one_warning(run, tmp_path):
    where, backend, *rest = run(SCRIPT, str(tmp_path / "results.npz"))
    assert Path(where).is_relative_to(run.folder)
    sources = Path(roikit.__file__).parent.glob("cpu/_*.pyx")
    operations = sorted({path.stem.removeprefix("_") for path in sources} - {"ordinary"})
    assert backend == " ".join(["reference", *operations])
    warning, refusal = rest
    assert warning == (
        "RuntimeWarning at <string>: roikit's compiled kernels are not built here: the NumPy definitions "
        "compute instead, with the same answers, slowly. Reinstall roikit where a C compiler is present "
        "to build them."
    )
    assert refusal.startswith("the compiled kernels are not built here (bilinear_interpolate, bin_edges, ")

    got = np.load(tmp_path / "results.npz")
    examples = roikit.examples
    expected = {
        "roi_pool": roikit.roi_pool(examples.MAP_8X8_BATCH, examples.ROI_8X8, (3, 2)),
        "roi_align": roikit.roi_align(examples.MAP_8X8_BATCH, examples.ROI_8X8, (3, 2)),
        "bilinear_interpolate": roikit.bilinear_interpolate(examples.MAP_8X8, [0.5, 3.25], 1.75),
        "quantize_rois": roikit.quantize_rois(examples.BOX_665, 1 / 32),
        "bin_edges": roikit.bin_edges(20, 7),
    }
    for name, values in expected.items():
        assert np.array_equal(got[name], values), name


def test_who_asks_for_the_definitions_is_not_warned(run):
    code = "import warnings; warnings.simplefilter('error'); import roikit\n"
    code += "with roikit.use_backend('reference'): print(roikit.bin_edges(5, 2).tolist())"
    assert run(code) == ["[[0, 3], [2, 5]]"]


def test_the_warning_comes_with_the_first_call_and_not_with_the_import(run):
    code = "import warnings; warnings.simplefilter('error'); import roikit; print('imported')"
    assert run(code) == ["imported"]


@pytest.mark.skipif(sys.platform == "win32", reason="names the compiler by CC")
def test_an_install_goes_on_without_a_compiler(tmp_path):
    kernels, copy = Path(roikit.__file__).with_name("cpu"), tmp_path / "roikit" / "cpu"
    copy.mkdir(parents=True)
    for name in ("__init__.py", "build.py", "_geometry.pxd", "_bin_edges.pyx"):
        shutil.copy(kernels / name, copy)
    code = (
        "import runpy; from setuptools import setup\n"
        "extensions = runpy.run_path('roikit/cpu/build.py')['extensions']()\n"
        "setup(name='x', packages=[], ext_modules=extensions, script_args=['build_ext', '--inplace'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True,
        env={**os.environ, "CC": str(tmp_path / "no-compiler")},
    )
    assert done.returncode == 0, done.stderr
    assert 'building extension "roikit.cpu._bin_edges" failed' in done.stdout + done.stderr
    assert not list(copy.glob("*.so"))
