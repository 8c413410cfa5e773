"""The kernels on a GPU, by CuPy: what `make test-gpu` runs. Without a GPU it is skipped.

The examples are those of the definition. Tests named `small` also run below compute-sanitizer.
"""

import warnings

import numpy as np
import pytest
from drawn import case, parts
from hypothesis import given, settings
from hypothesis import strategies as st
from test_fast import close, magnitude

import roikit
from roikit import _on_gpu
from roikit.gpu import driver

pytestmark = [pytest.mark.gpu, pytest.mark.skipif(bool(driver.missing()), reason=driver.missing())]

MAP = roikit.examples.MAP_8X8_BATCH.astype(np.float32)
ROIS = np.array([[0, 3, 1, 17, 13], [1, -4, 6, 30, 22], [1, 8, 8, 8, 8]], np.float32)


@pytest.fixture(scope="module")
def cupy():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own imports
        return pytest.importorskip("cupy")


def maps(*shape, dtype="float32"):
    return np.random.default_rng(0).standard_normal(shape).astype(dtype)


def on_gpu(cupy, values):
    """4-D arrays as CuPy's; boxes and points stay what they are."""
    return cupy.asarray(values) if isinstance(values, np.ndarray) and values.ndim == 4 else values


def same(ours, exact, largest):
    """Indices exactly, values within what rounding explains."""
    assert ours.dtype == exact.dtype
    if exact.dtype.kind == "i":
        np.testing.assert_array_equal(ours.get(), exact)
    else:
        close(ours.get(), exact, largest)


def gradients(cupy, deterministic):
    """Of 300 boxes upon each other."""
    grad, rois = maps(300, 8, 7, 7), np.tile(ROIS, (100, 1))
    order = {"deterministic": deterministic}
    aligned = roikit.roi_align_backward(cupy.asarray(grad), rois, (2, 8, 20, 24), 0.5, 2, **order)
    features = cupy.asarray(maps(2, 8, 20, 24))
    _, argmax = roikit.roi_pool(features, rois, 7, 0.5, return_argmax=True)
    pooled = roikit.roi_pool_backward(cupy.asarray(grad), rois, argmax, (2, 8, 20, 24), **order)
    return aligned.get(), pooled.get()


# --- one worked example, and the definition's --------------------------------------------------------------


def test_small_the_8x8_map(cupy):
    """Columns 0..6 and rows 3..7 in 2 × 2 bins: the course's worked example."""
    bins = roikit.roi_pool(cupy.asarray(MAP), cupy.asarray([[0.0, 0, 3, 7, 8]]), 2, convention="disjoint")

    np.testing.assert_array_equal(bins.get()[0, 0], np.float32([[0.85, 0.84], [0.97, 0.96]]))


@pytest.mark.parametrize("name", sorted(_on_gpu.operations()))
@settings(max_examples=100)
@given(data=st.data())
def test_the_examples_of_the_definition(cupy, name, data):
    arguments, options = data.draw(case(name))
    with np.errstate(all="ignore"), roikit.use_backend("plain"):
        expected = getattr(roikit, name)(*arguments, **options)
    got = getattr(roikit, name)(*(on_gpu(cupy, each) for each in arguments), **options)
    largest = max(magnitude(each) for each in arguments if isinstance(each, np.ndarray) and each.ndim == 4)
    for ours, exact in zip(parts(got), parts(expected), strict=True):
        same(ours, exact, 50 * largest)  # of a gradient, so many may add up
    roikit.gpu.check()


@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_small_every_operation(cupy, dtype, layout):
    """Channels 32 and more, so that lanes are channels; into memory that holds NaN."""
    shape = (2, 40, 20, 24) if layout == "NCHW" else (2, 20, 24, 40)
    features = maps(*shape, dtype=dtype)

    def all_of(array, room):
        given, laid = array(features), {"layout": layout}
        bins = (3, 40, 7, 7) if layout == "NCHW" else (3, 7, 7, 40)
        aligned = roikit.roi_align(given, ROIS, 7, 0.5, 2, True, out=room(bins), **laid)
        adaptive = roikit.roi_align(given, ROIS, 7, 0.5, out=room(bins), **laid)
        pooled, argmax = roikit.roi_pool(given, ROIS, 7, 0.5, return_argmax=True, **laid)
        by_align = roikit.roi_align_backward(aligned, ROIS, shape, 0.5, 2, True, out=room(shape), **laid)
        by_pool = roikit.roi_pool_backward(pooled, ROIS, argmax, shape, out=room(shape), **laid)
        return aligned, adaptive, pooled, argmax, by_align, by_pool

    ours = all_of(cupy.asarray, lambda shape: cupy.full(shape, np.nan, dtype))
    exact = all_of(np.asarray, lambda shape: np.empty(shape, dtype))

    for found, expected in zip(ours, exact, strict=True):
        same(found, expected, 50 * magnitude(features))  # the last box is one point: 49 bins add up there


def test_small_both_orders_of_a_gradient(cupy):
    for ordered, atomic in zip(gradients(cupy, True), gradients(cupy, False), strict=True):
        np.testing.assert_allclose(ordered, atomic, rtol=1e-4, atol=1e-4)


# --- what only a GPU shows ---------------------------------------------------------------------------------


def test_a_deterministic_gradient_is_the_same_every_time(cupy):
    first = gradients(cupy, True)

    for _ in range(5):
        for one, other in zip(first, gradients(cupy, True), strict=True):
            assert one.tobytes() == other.tobytes()


def test_more_boxes_than_a_grid_has_rows(cupy):
    rois = np.tile(np.float32([[0, 0, 0, 6, 7]]), (70_000, 1))

    bins = roikit.roi_align(cupy.asarray(MAP), cupy.asarray(rois), 2, sampling_ratio=2).get()

    assert (bins == bins[:1]).all()


def test_it_computes_in_the_current_stream(cupy):
    features = cupy.asarray(maps(1, 64, 200, 200))
    with cupy.cuda.Stream(non_blocking=True) as stream:
        twice = features * 2
        bins = roikit.roi_align(twice, ROIS[:1], 7, 1.0, 2)
        stream.synchronize()

    close(bins.get(), roikit.roi_align(twice.get(), ROIS[:1], 7, 1.0, 2), 10)


def test_small_boxes_that_cannot_be_computed_are_told_later(cupy):
    rois = cupy.asarray(np.float32([[0, 0, 0, 3, 3], [7, 0, 0, 3, 3]]))

    bins = roikit.roi_align(cupy.asarray(MAP), rois, 2, sampling_ratio=2).get()

    assert np.isnan(bins[1]).all()
    assert not np.isnan(bins[0]).any()
    with pytest.raises(ValueError, match=r"rois\[1\] names batch index 7"):
        roikit.gpu.check()
    roikit.gpu.check()  # told once
