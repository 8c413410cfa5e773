"""The CUDA kernels agree with the CPU's over the same examples as the CPU's with the definition.

They run through `roikit.simt`, and on arrays of CuPy where there is a GPU (``make test-gpu``). Maxima and
their places are the same bits; sums lie within what the rounding of float32 explains.
"""

from importlib import import_module

import numpy as np
import pytest
from drawn import case, parts
from hypothesis import given, settings
from hypothesis import strategies as st
from test_fast import ODD, ROUNDING, calls, close, magnitude, modes, ratios

import roikit
from roikit import _on_gpu
from roikit.convention import POOLING
from roikit.gpu import _simt, driver

OPERATIONS = sorted(_on_gpu.operations())
ON_A_GPU = [pytest.mark.gpu, pytest.mark.skipif(bool(driver.missing()), reason=driver.missing())]
BACKENDS = (
    "simt", "simt-plain", *(pytest.param(name, marks=ON_A_GPU) for name in ("cupy", "cupy-plain")),
)


@pytest.fixture(autouse=True)
def small_device(monkeypatch):
    """A GPU that no call is too small for: the fast kernels are taken wherever they can be."""
    monkeypatch.setattr(_simt.SimtDevice, "processors", 0)


def on_cuda(backend, operation, *arguments, **options):
    """The same call on a GPU, or on its stand-in."""
    if backend.startswith("simt"):
        with roikit.use_backend(backend):
            return operation(*arguments, **options)
    cupy = import_module("cupy")
    given_ = [cupy.asarray(each) if is_map(each) else each for each in arguments]
    options = {key: cupy.asarray(each) if is_map(each) else each for key, each in options.items()}
    with roikit.use_backend("plain" if backend == "cupy-plain" else "cpu"):
        result = operation(*given_, **options)
    return tuple(part.get() for part in result) if isinstance(result, tuple) else result.get()


def is_map(argument):
    """A batch of maps, bins or places; boxes and points are left to the operation."""
    return isinstance(argument, np.ndarray) and argument.ndim in (3, 4)


def on_cpu(operation, *arguments, **options):
    with roikit.use_backend("plain"):
        return operation(*arguments, **options)


def largest(arguments):
    """The largest finite magnitude that is added up, times how many there may be of a gradient."""
    return max(map(magnitude, filter(is_map, arguments)), default=0) * 50


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", OPERATIONS)
@settings(max_examples=40)
@given(data=st.data())
def test_the_examples_of_the_definition(name, backend, data):
    arguments, options = data.draw(case(name))
    with np.errstate(all="ignore"):
        expected = on_cpu(getattr(roikit, name), *arguments, **options)
        got = on_cuda(backend, getattr(roikit, name), *arguments, **options)
    exact = options.get("mode") == "max" and name in ("roi_pool", "ps_roi_pool")
    for ours, theirs in zip(parts(got), parts(expected), strict=True):
        assert ours.dtype == theirs.dtype
        if exact or ours.dtype.kind == "i":  # places are the same, too
            np.testing.assert_array_equal(ours, theirs)
        else:
            close(ours, theirs, largest(arguments))


@pytest.mark.parametrize("backend", BACKENDS)
@settings(max_examples=40)
@given(call=calls(), ratio=ratios, aligned=st.booleans(), mode=modes)
def test_roi_align_in_every_dtype_and_layout(backend, call, ratio, aligned, mode):
    features, rois, bins, options = call
    given_ = (features, rois, bins, 0.7, ratio, aligned)
    expected = on_cpu(roikit.roi_align, *given_, mode=mode, layout=options["layout"])
    got = on_cuda(backend, roikit.roi_align, *given_, mode=mode, layout=options["layout"])
    close(got, expected, magnitude(features))


@pytest.mark.parametrize("backend", BACKENDS)
@settings(max_examples=40)
@given(call=calls(), convention=st.sampled_from([*POOLING, ODD]), mode=modes)
def test_roi_pool_in_every_dtype_and_layout(backend, call, convention, mode):
    features, rois, bins, options = call
    with_argmax = mode == "max"
    chosen = {"convention": convention, "mode": mode, "return_argmax": with_argmax}
    chosen["layout"] = options["layout"]
    expected = on_cpu(roikit.roi_pool, features, rois, bins, 0.7, **chosen)
    got = on_cuda(backend, roikit.roi_pool, features, rois, bins, 0.7, **chosen)
    for ours, theirs in zip(parts(got), parts(expected), strict=True):
        assert ours.dtype == theirs.dtype
        if with_argmax:
            np.testing.assert_array_equal(ours.astype(np.float64), theirs.astype(np.float64))
        else:
            close(ours, theirs, magnitude(features))


def test_every_dtype_has_its_bound():
    assert set(ROUNDING) == {"float16", "bfloat16", "float32", "float64"}
