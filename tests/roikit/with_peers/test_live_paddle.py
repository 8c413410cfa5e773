"""Paddle's kernels on a CPU beside the presets with its name, values and gradients by the maps."""

from dataclasses import replace

import numpy as np
import pytest

paddle = pytest.importorskip("paddle", reason="paddlepaddle is not installed here")
peer = pytest.importorskip("paddle.vision.ops", reason="paddlepaddle is not installed here")

from family import gradient  # noqa: E402
from random_calls import COUNTS, FLOAT32, FLOAT64, SCALES, boxes, drawn, lengths, maps  # noqa: E402

import roikit  # noqa: E402
from roikit import CONVENTIONS, PRESETS  # noqa: E402

NEAR = {"float32": FLOAT32, "float64": FLOAT64}
BOTH = ("float32", "float64")
#: Operation, preset, dtypes, what both are called with.
CASES = [
    ("roi_align", "paddle_legacy", BOTH, {"output_size": (3, 4), "sampling_ratio": 2}),
    ("roi_align", "paddle_legacy", BOTH, {"output_size": (3, 4), "sampling_ratio": -1}),
    ("roi_align", "paddle", BOTH, {"output_size": (3, 4), "sampling_ratio": 2}),
    ("roi_align", "paddle", BOTH, {"output_size": (3, 4), "sampling_ratio": -1}),
    ("roi_pool", "paddle", BOTH, {"output_size": (3, 4)}),
    ("roi_pool", "paddle_float32", BOTH, {"output_size": (5, 7)}),
    ("ps_roi_pool", "paddle_float32", ("float32",), {"output_size": 2}),
    ("ps_roi_pool", "paddle_float32", ("float32",), {"output_size": (2, 3)}),
    ("ps_roi_pool", "paddle", ("float64",), {"output_size": (2, 3)}),
]


def called(name, features, rois, counts=COUNTS, **options):
    function = getattr(peer, name.replace("ps_roi", "psroi"))
    return function(features, paddle.to_tensor(rois[:, 1:]), paddle.to_tensor(counts), **options)


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize(
    ("name", "preset", "call", "dtype"),
    [(name, preset, call, dtype) for name, preset, dtypes, call in CASES for dtype in dtypes],
)
def test_values_and_gradients(name, preset, call, dtype, scale):
    alone = {"aligned": preset == "paddle"} if name == "roi_align" else {}
    features = paddle.to_tensor(maps(dtype), stop_gradient=False)
    theirs = called(name, features, boxes(scale).astype(dtype), **call, **alone, spatial_scale=scale)
    given = {"features": maps(dtype), "rois": boxes(scale)} | call | PRESETS[name][preset]
    given["spatial_scale"] = float(np.float32(scale))  # as its operators keep one
    ours = getattr(roikit, name)(**given)
    np.testing.assert_allclose(ours, theirs.numpy(), **({"rtol": 0} if name == "roi_pool" else NEAR[dtype]))
    grad = drawn(*ours.shape, dtype=dtype)
    by_map = paddle.grad(theirs, features, paddle.to_tensor(grad))[0].numpy()
    if alone.get("aligned"):  # its gradient has boxes of at least one cell, as its values have not
        assert np.abs(gradient(name, "backward", given, grad) - by_map).max() > 0.1
        given["convention"] = replace(CONVENTIONS["half_pixel"], minimum_size=1)
        del given["aligned"]
    np.testing.assert_allclose(gradient(name, "backward", given, grad), by_map, **NEAR[dtype])


@pytest.mark.parametrize("dtype", BOTH)
@pytest.mark.parametrize("bins", [7, 11, 13])
def test_roi_pool_cuts_bins_in_float32(bins, dtype):
    """Also those of float64 maps; "paddle" itself has exact bins, which are now and then a cell shorter."""
    column, rois = lengths(dtype)
    counts = np.array([len(rois)], np.int32)
    theirs = called("roi_pool", paddle.to_tensor(column), rois.astype(dtype), counts, output_size=(bins, 1))
    same = roikit.roi_pool(column, rois, (bins, 1), **PRESETS["roi_pool"]["paddle_float32"])
    assert np.array_equal(same, theirs.numpy())
    exact = roikit.roi_pool(column, rois, (bins, 1), **PRESETS["roi_pool"]["paddle"])
    assert set((theirs.numpy() - exact).ravel()) == {0, 1}


@pytest.mark.parametrize("scale", SCALES)
def test_ps_roi_pool_scales_boxes_in_float32(scale):
    """Where that rounds, a bin's edge that is a whole number is another one."""
    theirs = called("ps_roi_pool", paddle.to_tensor(maps()), boxes(scale), output_size=2, spatial_scale=scale)
    exact = roikit.ps_roi_pool(maps(), boxes(scale), 2, scale, **PRESETS["ps_roi_pool"]["paddle"])
    others = (np.abs(exact - theirs.numpy()) > FLOAT32["atol"]).any((1, 2, 3))
    assert others.any() == (scale in (1 / 3, 0.3))
    assert others.sum() < len(others) / 6


def test_roi_align_divides_by_no_samples():
    features, empty = maps("float64")[:1], np.array([[0, 2.0, 2, 2, 2]])
    theirs = called("roi_align", paddle.to_tensor(features), empty, np.array([1], np.int32), output_size=2)
    assert np.isnan(theirs.numpy()).all()
    assert not roikit.roi_align(features, empty, 2, **PRESETS["roi_align"]["paddle"]).any()
