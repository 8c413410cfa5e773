"""The CUDA kernel of position-sensitive pooling, on the CPU."""

import numpy as np
import pytest

import roikit
from roikit.gpu import _simt, ps_roi_pool

MAPS = (np.arange(16.0).reshape(4, 4) + 100 * np.arange(4)[:, None, None])[None].astype(np.float32)


def pool(on, features, rois, bins, groups, scale=1.0, convention="exclusive", mode="avg"):
    """Into an output every element of which held NaN before."""
    out = np.full((len(rois), features.shape[1] // (groups[0] * groups[1]), *bins), np.nan, features.dtype)
    rules = roikit.CONVENTIONS[convention]
    given = (features, np.asarray(rois), out, scale, groups, rules, mode)
    _simt.run(ps_roi_pool.ps_roi_pool, on, (2,), *given)
    return out


def test_each_quarter_of_the_map_on_a_map_of_its_own():
    got = pool(_simt.SimtDevice(mode="check"), MAPS, [[0.0, 0, 0, 4, 4]], (2, 2), (2, 2))
    assert got.tolist() == [[[[2.5, 104.5], [210.5, 312.5]]]]
    largest = pool(_simt.SimtDevice(mode="check"), MAPS, [[0.0, 0, 0, 4, 4]], (2, 2), (2, 2), mode="max")
    assert largest.tolist() == [[[[5, 107], [213, 315]]]]


@pytest.mark.parametrize("convention", ["exclusive", "rfcn", "chainercv"])
def test_the_checker_finds_nothing_and_it_is_what_the_cpu_says(convention):
    rng = np.random.default_rng(0)
    features = rng.standard_normal((2, 12, 6, 7)).astype(np.float32)
    rois = np.column_stack([rng.integers(0, 2, 9), rng.integers(-12, 40, (9, 4)) / 4])
    got = pool(_simt.SimtDevice(mode="check"), features, rois, (3, 2), (2, 3), 0.5, convention)
    with roikit.use_backend("plain"):
        options = {"group_size": (2, 3), "convention": convention}
        expected = roikit.ps_roi_pool(features, rois, (3, 2), 0.5, **options)
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-6)


def test_a_faulty_box_gives_nan_and_is_noted():
    on = _simt.SimtDevice(mode="check")
    on.fault = np.zeros(4)
    rois = np.tile([0.0, 0, 0, 4, 4], (5, 1))
    rois[0, 0], rois[1, 0], rois[2, 3], rois[3, 4] = 7, 0.5, np.nan, 1e30
    got = pool(on, MAPS, rois, (2, 2), (2, 2))
    assert np.isnan(got).all(axis=(1, 2, 3)).tolist() == [True] * 4 + [False]
    assert 1 <= on.fault.view(np.uint64)[0] <= 4
