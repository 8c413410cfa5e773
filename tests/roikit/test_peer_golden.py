"""Numbers that the peers' own tests and documents state, each with its source in ``golden/*.json``."""

import json
from pathlib import Path

import numpy as np
import pytest

from roikit import roi_align, roi_pool
from roikit.reference.bilinear_interpolate import axis_taps
from roikit.reference.roi_align import sample_points, scale_axis

pytestmark = pytest.mark.usefixtures("backend")


def golden(name):
    return json.loads(Path(__file__).with_name("golden").joinpath(name).read_text())


def named(case):
    return f"{case['source'].split(' :')[0].split('/')[1]}: {case['name']}"


POOL, ALIGN = golden("roi_pool.json"), golden("roi_align.json")
OTHER_MAXIMUM = [case for case in ALIGN if "weighted corners" in case.get("note", "")]
SAME_MEANING = [case for case in ALIGN if case not in OTHER_MAXIMUM]


def align(case):
    features = np.array(case["features"], np.float64)
    parameters = (case["spatial_scale"], case["sampling_ratio"], case["aligned"])
    return roi_align(features, case["rois"], case["output_size"], *parameters, mode=case["mode"])


@pytest.mark.parametrize("case", POOL, ids=named)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_roi_pool(case, dtype):
    features = np.array(case["features"], dtype)
    parameters = (case["output_size"], case["spatial_scale"])
    got = roi_pool(features, case["rois"], *parameters, convention=case["convention"])
    assert np.array_equal(got, np.array(case["expected"], dtype))


@pytest.mark.parametrize("case", SAME_MEANING, ids=named)
def test_roi_align(case):
    """The tolerance is the peer's: how many decimals its test prints."""
    np.testing.assert_allclose(align(case), case["expected"], rtol=0, atol=case["tolerance"])


def max_of_weighted_corners(plane, y, x):
    """What ONNX calls the maximum: of 4 weighted neighbours at each point, not of the 4 added up."""
    y, x = axis_taps(y[:, None], plane.shape[0]), axis_taps(x, plane.shape[1])
    corners = [
        (1 - y.fraction) * (1 - x.fraction) * plane[y.low, x.low],
        (1 - y.fraction) * x.fraction * plane[y.low, x.high],
        y.fraction * (1 - x.fraction) * plane[y.high, x.low],
        y.fraction * x.fraction * plane[y.high, x.high],
    ]
    return np.where(y.inside & x.inside, np.max(corners, axis=0), 0).max()


@pytest.mark.parametrize("case", OTHER_MAXIMUM, ids=named)
def test_onnx_takes_the_maximum_of_something_else(case):
    """With ONNX's meaning put in by hand the peer's numbers come out; with ours they differ, on purpose."""
    features, ratio, scale = np.array(case["features"]), case["sampling_ratio"], case["spatial_scale"]
    PH, PW = case["output_size"]
    got = np.empty_like(case["expected"])
    for k, (batch, x1, y1, x2, y2) in enumerate(case["rois"]):
        y = sample_points(*scale_axis(y1, y2, scale, case["aligned"]), PH, ratio)
        x = sample_points(*scale_axis(x1, x2, scale, case["aligned"]), PW, ratio)
        for c, ph, pw in np.ndindex(got.shape[1:]):
            got[k, c, ph, pw] = max_of_weighted_corners(features[int(batch), c], y[ph], x[pw])
    np.testing.assert_allclose(got, case["expected"], rtol=0, atol=case["tolerance"])

    ours = align(case)
    # These maps are not negative: four parts add up to more than one of them.
    assert (ours >= got - 1e-12).all()
    assert np.abs(ours - got).max() > 0.3


def test_every_number_names_its_source():
    for case in POOL + ALIGN:
        assert " : " in case["source"]
        assert case["licence"] in {"Apache-2.0", "MIT", "BSD-3-Clause"}
