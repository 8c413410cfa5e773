"""Which backend computes."""

import subprocess
import sys
import threading

import numpy as np
import pytest

import roikit
from roikit import _dispatch


@pytest.fixture
def called(monkeypatch):
    """The backends that compute `bin_edges`, in order."""
    calls = []
    for backend in ("reference", "cpu"):
        def note(length, out, convention, backend=backend):
            calls.append(backend)
            out[:] = 0

        getter = {"reference": "_definition", "cpu": "_compiled"}[backend]
        monkeypatch.setattr(_dispatch, getter, lambda operation, note=note: note)
    return calls


def test_the_compiled_kernels_are_the_default(called):
    roikit.bin_edges(5, 2)
    assert called == ["cpu"]
    assert _dispatch.backend() == "cpu"


def test_a_backend_holds_inside_its_block(called):
    with roikit.use_backend("reference"):
        roikit.bin_edges(5, 2)
        with roikit.use_backend("cpu"):
            roikit.bin_edges(5, 2)
        roikit.bin_edges(5, 2)
    roikit.bin_edges(5, 2)
    assert called == ["reference", "cpu", "reference", "cpu"]


def test_a_backend_is_given_back_after_an_error():
    with pytest.raises(ZeroDivisionError), roikit.use_backend("reference"):
        1 / 0  # noqa: B018
    assert _dispatch.backend() == "cpu"


def test_another_thread_keeps_its_own_backend():
    seen = []
    with roikit.use_backend("reference"):
        thread = threading.Thread(target=lambda: seen.append(_dispatch.backend()))
        thread.start()
        thread.join()
        assert _dispatch.backend() == "reference"
    assert seen == ["cpu"]


def test_no_kernel_is_missing_here():
    assert _dispatch.missing_kernels() == ()


def test_threads_may_run_one_kernel_at_once():
    features, rois = np.zeros((1, 64, 64, 64), np.float32), np.tile([0.0, 0, 0, 63, 63], (64, 1))
    results = []
    workers = [
        threading.Thread(target=lambda: results.append(roikit.roi_align(features, rois, 7, 1.0, 4)))
        for _ in range(4)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert all(np.array_equal(result, results[0]) for result in results)


def test_importing_roikit_brings_numpy_alone():
    heavy = {"grader", "nbgrader", "pytest", "jinja2", "rich", "Cython", "setuptools"}
    code = f"import sys; import roikit; print(sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
