"""Numbers that the peers' own tests and documents state, each with its source in ``golden/*.json``."""

import json
from pathlib import Path

import numpy as np
import pytest

from roikit import roi_align, roi_align_backward, roi_align_backward_rois, roi_pool, roi_pool_backward

pytestmark = pytest.mark.usefixtures("backend")


def golden(name):
    return json.loads(Path(__file__).with_name("golden").joinpath(name).read_text())


def named(case):
    return f"{case['source'].split(' :')[0].split('/')[1]}: {case['name']}"


POOL, ALIGN = golden("roi_pool.json"), golden("roi_align.json")
GRADIENTS = golden("gradients.json")
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


@pytest.mark.parametrize("case", OTHER_MAXIMUM, ids=named)
def test_onnx_takes_the_maximum_of_something_else(case):
    """That of the samples' weighted neighbours is its numbers; that of the samples differs, on purpose."""
    parts, samples = align(case | {"mode": "max_corners"}), align(case)
    np.testing.assert_allclose(parts, case["expected"], rtol=0, atol=case["tolerance"])
    # These maps are not negative: four parts add up to more than one of them.
    assert (samples >= parts - 1e-12).all()
    assert np.abs(samples - parts).max() > 0.3


def gradients_of(operation):
    return [case for case in GRADIENTS if case["op"] == operation]


@pytest.mark.parametrize("case", gradients_of("roi_pool"), ids=named)
def test_gradient_of_roi_pool(case):
    """Of the sum of all bins."""
    features, rois = np.array(case["features"]), case["rois"]
    bins, argmax = roi_pool(features, rois, case["output_size"], case["spatial_scale"], return_argmax=True)
    got = roi_pool_backward(np.ones_like(bins), rois, argmax, features.shape)
    assert np.array_equal(got, case["by_features"])


@pytest.mark.parametrize("case", gradients_of("roi_align"), ids=named)
def test_gradient_of_roi_align(case):
    """Of the sum of all bins."""
    features, parameters = np.array(case["features"]), (case["sampling_ratio"], case["aligned"])
    grad = np.ones((len(case["rois"]), features.shape[1], *case["output_size"]))
    got = roi_align_backward(grad, case["rois"], features.shape, case["spatial_scale"], *parameters)
    np.testing.assert_allclose(got, case["by_features"], rtol=0, atol=case["tolerance"])


@pytest.mark.parametrize("case", gradients_of("prroi_pool"), ids=named)
def test_gradients_of_the_exact_integral(case):
    """Precise RoI Pooling integrates the interpolated map, and is the one peer with a gradient by the boxes.

    Samples in the middle of equal parts that no cell's border cuts add up to the integral: here 3 a bin.
    """
    features, rois, scale = np.array(case["features"]), case["rois"], case["spatial_scale"]
    grad = np.ones((len(rois), features.shape[1], *case["output_size"]))
    by_features = roi_align_backward(grad, rois, features.shape, scale, 3)
    np.testing.assert_allclose(by_features, case["by_features"], rtol=0, atol=case["tolerance"])
    by_boxes = roi_align_backward_rois(grad, features, rois, scale, 3)
    np.testing.assert_allclose(by_boxes, case["by_boxes"], rtol=0, atol=case["tolerance"])


def test_every_number_names_its_source():
    for case in POOL + ALIGN + GRADIENTS:
        assert " : " in case["source"]
        assert case["licence"] in {"Apache-2.0", "MIT", "BSD-3-Clause"}
