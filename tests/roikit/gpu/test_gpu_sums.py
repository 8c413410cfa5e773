"""Where RoIAlign's fast CUDA kernels could lose what the readable ones keep: sums of very many samples, and
samples that rounding moves over a border. On the CPU, by `roikit.simt`.
"""

import numpy as np
import pytest

import roikit

LAYOUTS = pytest.mark.parametrize("layout", ["NCHW", "NHWC"])


def align(features, layout, *how):
    """Of (N, C, H, W), in either layout; and by the definition's arithmetic, in float64."""
    laid = features if layout == "NCHW" else np.ascontiguousarray(features.transpose(0, 2, 3, 1))
    with roikit.use_backend("simt"):
        got = roikit.roi_align(laid, *how, layout=layout)
    got = got if layout == "NCHW" else got.transpose(0, 3, 1, 2)
    with roikit.use_backend("plain"):
        return got, roikit.roi_align(features.astype(np.float64), *how)


@LAYOUTS
def test_a_bin_of_the_whole_of_a_large_map(layout):
    """90,000 samples on as many cells, more than the tables have room for."""
    features = np.where(np.arange(300) % 3, 0.1, 0.3).astype(np.float32) * np.ones((1, 1, 300, 1), np.float32)
    got, expected = align(features, layout, [[0, 0, 0, 300, 300]], 1)
    np.testing.assert_allclose(got, expected, rtol=2e-7)


@LAYOUTS
def test_a_thousand_samples_on_each_cell(layout):
    features = np.random.default_rng(0).random((1, 4, 9, 9)).astype(np.float32)
    got, expected = align(features, layout, [[0, 0.3, 1.1, 8.2, 7.9]], 2, 1.0, 1000)
    np.testing.assert_allclose(got, expected, rtol=3e-7)


@LAYOUTS
def test_large_numbers_do_not_overflow_on_the_way(layout):
    features = np.full((1, 1, 300, 300), 1e36, np.float32)
    got, _ = align(features, layout, [[0, 0, 0, 300, 300]], 1)
    np.testing.assert_allclose(got, 1e36, rtol=2e-7)


def test_a_sample_that_lies_beyond_its_box_by_rounding():
    """The box ends at 16, a sample of its last bin lies at 15.999…: cell 15, of another tile, has a part."""
    start = 16.00000000000001
    box = [[0, start + 0.5, 0, 16.5, 0]]
    grad = np.full((1, 1, 1, 7), np.inf)
    with np.errstate(all="ignore"):
        with roikit.use_backend("plain"):
            expected = roikit.roi_align_backward(grad, box, (1, 1, 20, 20), 1.0, 3, True)
        with roikit.use_backend("simt"):
            got = roikit.roi_align_backward(grad, box, (1, 1, 20, 20), 1.0, 3, True)
    assert expected[0, 0, 0, 15] == np.inf
    np.testing.assert_array_equal(got, expected)
