"""Position-sensitive crop_and_resize of CuPy arrays: calls that run on their GPU (here: on its stand-in)."""

import sys

import numpy as np
import pytest

import roikit
from roikit import ps_crop_and_resize, ps_crop_and_resize_backward, ps_crop_and_resize_backward_rois

sys.path.append(str(__file__.rpartition("/")[0]))
import fake_cupy

ROIS = np.array([[1, 0.1, -0.2, 0.9, 0.8], [0, 0.7, 0.2, 0.1, 1.3], [1, 0, 0, 1, 1]])
OPTIONS = {"group_size": (2, 3)}


@pytest.fixture
def cupy():
    with fake_cupy.installed() as module:
        yield module


def maps(layout="NCHW"):
    features = np.random.default_rng(0).standard_normal((2, 12, 6, 7)).astype(np.float32)
    return features if layout == "NCHW" else features.transpose(0, 2, 3, 1).copy()


@pytest.mark.parametrize("dtype", [None, np.float32, np.float64])
@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
def test_values_and_gradients_are_those_on_the_cpu(cupy, layout, dtype):
    """Boxes of float32 are cut into parts in float64; those of the CPU are taken, too."""
    features, options = maps(layout), {**OPTIONS, "layout": layout}
    rois = ROIS if dtype is None else ROIS.astype(dtype)

    def all_of(array, boxes):
        given = array(features)
        crops = ps_crop_and_resize(given, boxes, (3, 2), -1.5, **options)
        by_maps = ps_crop_and_resize_backward(crops, boxes, features.shape, **options)
        by_rois = ps_crop_and_resize_backward_rois(crops, given, boxes, **options)
        return crops, by_maps, by_rois

    boxes = rois if dtype is None else cupy.asarray(rois)
    for ours, theirs in zip(all_of(cupy.asarray, boxes), all_of(np.asarray, rois), strict=True):
        assert isinstance(ours, cupy.ndarray)
        assert ours.dtype == theirs.dtype
        np.testing.assert_allclose(ours.get(), theirs, rtol=1e-5, atol=1e-5)


def test_it_writes_where_it_is_told_to(cupy):
    out = cupy.empty((3, 2, 2, 2), np.float32)
    given = cupy.asarray(maps()), cupy.asarray(ROIS), 2
    assert ps_crop_and_resize(*given, out=out, **OPTIONS) is out
    np.testing.assert_array_equal(out.get(), ps_crop_and_resize(*given, **OPTIONS).get())
    back = cupy.empty((2, 12, 6, 7), np.float32)
    assert ps_crop_and_resize_backward(out, given[1], back.shape, out=back, **OPTIONS) is back
    expected = ps_crop_and_resize_backward(out.get(), ROIS, back.shape, **OPTIONS)
    np.testing.assert_allclose(back.get(), expected, rtol=1e-5, atol=1e-5)


def test_a_box_of_which_nothing_can_be_computed(cupy):
    """Its crop is NaN, the others' are right, and the next check says what was wrong."""
    rois = ROIS.copy()
    rois[1, 2] = np.nan
    got = ps_crop_and_resize(cupy.asarray(maps()), cupy.asarray(rois), 2, **OPTIONS).get()
    assert np.isnan(got).all(axis=(1, 2, 3)).tolist() == [False, True, False]
    with pytest.raises(ValueError, match=r"^rois\[1\] holds nan: boxes must be finite numbers$"):
        roikit.gpu.check()
