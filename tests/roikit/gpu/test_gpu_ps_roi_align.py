"""The CUDA kernel of position-sensitive RoIAlign, on the CPU."""

import numpy as np
import pytest

import roikit
from roikit.gpu import _simt, ps_roi_align


def align(on, features, rois, bins, groups, scale=1.0, ratio=(0, 0), aligned=True):
    """Into an output every element of which held NaN before."""
    out = np.full((len(rois), features.shape[1] // (groups[0] * groups[1]), *bins), np.nan, features.dtype)
    given = (features, np.asarray(rois), out, scale, ratio, groups, aligned)
    _simt.run(ps_roi_align.ps_roi_align, on, (2,), *given)
    return out


def test_each_half_of_a_box_on_a_map_of_its_own():
    maps = np.array([[[[0, 1, 2, 3]], [[10, 20, 30, 40]]]], np.float32)
    got = align(_simt.SimtDevice(mode="check"), maps, [[0.0, 1, 0, 3, 1]], (1, 2), (1, 2))
    assert got.tolist() == [[[[1, 30]]]]


@pytest.mark.parametrize("aligned", [True, False])
def test_the_checker_finds_nothing_and_it_is_what_the_cpu_says(aligned):
    rng = np.random.default_rng(0)
    features = rng.standard_normal((2, 12, 6, 7)).astype(np.float32)
    rois = np.column_stack([rng.integers(0, 2, 9), rng.uniform(-3, 10, (9, 4))])
    got = align(_simt.SimtDevice(mode="check"), features, rois, (3, 2), (2, 3), 0.7, (0, 2), aligned)
    with roikit.use_backend("plain"):
        options = {"group_size": (2, 3), "aligned": aligned}
        expected = roikit.ps_roi_align(features, rois, (3, 2), 0.7, (0, 2), **options)
    np.testing.assert_allclose(got, expected, rtol=0, atol=2e-6)


def test_a_faulty_box_gives_nan_and_is_noted():
    on = _simt.SimtDevice(mode="check")
    on.fault = np.zeros(4)
    rois = np.tile([0.0, 0, 0, 4, 4], (6, 1))
    rois[0, 0], rois[1, 0], rois[2, 3], rois[3, 4], rois[4, 3] = 7, 0.5, np.nan, 1e30, 5000
    got = align(on, np.ones((1, 1, 4, 4), np.float32), rois, (1, 1), (1, 1))
    assert np.isnan(got).ravel().tolist() == [True] * 5 + [False]
    assert 1 <= on.fault.view(np.uint64)[0] <= 5
