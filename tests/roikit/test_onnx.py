"""ONNX's own node tests, and ONNX Runtime in the same process on random input.

Where ONNX Runtime means something else the test says so; none of it is hidden in a tolerance:

- bins: it cuts them in float32, and about 1 in 500 is then one cell too long;
- the maximum of RoIAlign: of the weighted neighbours, not of the samples (see test_peer_golden.py);
- NaN: its maximum skips it, ours propagates it;
- a reversed box, aligned and adaptive: it computes a negative number of samples; ours has none and gives 0.
"""

from functools import cache
from importlib import import_module

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper

from roikit import bin_edges, quantize_rois, roi_align, roi_pool
from roikit.reference.roi_align import sample_count, sample_points, scale_axis


@cache
def session(op, inputs, **attributes):
    infos = [helper.make_tensor_value_info(name, kind, None) for name, kind in inputs]
    node = helper.make_node(op, [name for name, _ in inputs], ["Y"], **attributes)
    output = helper.make_tensor_value_info("Y", TensorProto.FLOAT, None)
    graph = helper.make_graph([node], op, infos, [output])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 16)], ir_version=8)
    options = onnxruntime.SessionOptions()
    options.log_severity_level, options.intra_op_num_threads = 3, 1
    providers = ["CPUExecutionProvider"]
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=providers)


def ort_roi_align(features, rois, output_size, scale, ratio, aligned):
    mode = "half_pixel" if aligned else "output_half_pixel"
    runner = session(
        "RoiAlign",
        (("X", TensorProto.FLOAT), ("rois", TensorProto.FLOAT), ("batch", TensorProto.INT64)),
        output_height=output_size[0], output_width=output_size[1], spatial_scale=scale,
        sampling_ratio=max(ratio, 0), coordinate_transformation_mode=mode,
    )
    boxes, batch = rois[:, 1:].astype(np.float32), rois[:, 0].astype(np.int64)
    return runner.run(None, {"X": features, "rois": boxes, "batch": batch})[0]


def ort_roi_pool(features, rois, output_size, scale):
    runner = session(
        "MaxRoiPool", (("X", TensorProto.FLOAT), ("rois", TensorProto.FLOAT)),
        pooled_shape=output_size, spatial_scale=scale,
    )
    return runner.run(None, {"X": features, "rois": rois.astype(np.float32)})[0]


# --- ONNX's node tests ------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", ["aligned_false", "aligned_true"])
def test_node_tests_of_the_onnx_package(case, backend, monkeypatch):
    module = import_module("onnx.backend.test.case.node.roialign")
    recorded = []
    monkeypatch.setattr(module, "expect", lambda *case, **named: recorded.append((*case, *named.values())))
    getattr(module.RoiAlign, f"export_roialign_{case}")()
    node, (X, rois, batch), (Y,), _ = recorded[0]
    attributes = {item.name: onnx.helper.get_attribute_value(item) for item in node.attribute}
    got = roi_align(
        X, np.column_stack([batch, rois]), (attributes["output_height"], attributes["output_width"]),
        attributes["spatial_scale"], attributes["sampling_ratio"],
        attributes["coordinate_transformation_mode"] == b"half_pixel",
    )
    np.testing.assert_allclose(got, Y, rtol=0, atol=1e-4)  # the test prints 4 decimals


# --- RoIAlign against ONNX Runtime ------------------------------------------------------------------------


def boxes_at_the_border(rng, K, images, W, H, scale):
    """Boxes that lie inside, leave the map on every side, touch its border, are empty or reversed."""
    corner = rng.uniform([-6, -6], [W + 4, H + 4], (K, 2))
    boxes = np.column_stack([corner, corner + rng.uniform(-2, 9, (K, 2))])
    boxes[::5] = np.round(boxes[::5])  # on cell borders
    boxes[1::7, 2:] = boxes[1::7, :2]  # empty
    boxes[2::7] = [0, 0, W, H]  # the whole map
    return np.column_stack([rng.integers(0, images, K), np.float32(boxes / scale)])


def jumps(rois, output_size, scale, ratio, aligned, W, H):
    """RoIs with a sample within float32's reach of -1, W or H, where the value jumps to 0."""
    found = []
    for _, x1, y1, x2, y2 in rois:
        near = False
        for start, end, bins, length in ((y1, y2, output_size[0], H), (x1, x2, output_size[1], W)):
            first, size = scale_axis(start, end, scale, aligned)
            points = sample_points(first, size, bins, sample_count(size, bins, ratio))
            near |= bool((np.abs(points[..., None] - [-1, length]) < 1e-4).any())
        found.append(near)
    return np.array(found)


@pytest.mark.parametrize("aligned", [True, False])
@pytest.mark.parametrize("ratio", [1, 2, 3, -1])
@pytest.mark.parametrize("output_size", [(1, 1), (7, 7), (3, 5)])
@pytest.mark.parametrize("scale", [1.0, 1 / 16])
def test_roi_align_equals_onnx_runtime(aligned, ratio, output_size, scale, backend):
    rng = np.random.default_rng(11)
    H, W = 12, 15
    features = rng.normal(size=(2, 3, H, W)).astype(np.float32)
    rois = boxes_at_the_border(rng, 60, 2, W, H, scale)
    if aligned and ratio < 1:
        rois = rois[(rois[:, 3] >= rois[:, 1]) & (rois[:, 4] >= rois[:, 2])]
    rois = rois[~jumps(rois, output_size, scale, ratio, aligned, W, H)]
    assert len(rois) > 30
    theirs = ort_roi_align(features, rois, output_size, scale, ratio, aligned)
    ours = roi_align(features, rois, output_size, scale, ratio, aligned)
    # theirs is computed in float32: coordinates up to 24 are off by 1e-6, values of size 4 by a few of those
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=5e-5)


# --- RoI pooling against ONNX Runtime ---------------------------------------------------------------------


def float_bins_are_exact(length, bins):
    """Whether float32 arithmetic, as ONNX Runtime's, cuts `length` cells as exact integers do."""
    size = np.float32(length) / np.float32(bins)
    p = np.arange(bins, dtype=np.float32)
    edges = np.column_stack([np.floor(p * size), np.ceil((p + 1) * size)])
    return np.array_equal(edges, bin_edges(length, bins))


def float_bins_hurt(rois, output_size, scale):
    cells = quantize_rois(rois, scale)
    return np.array([
        not all(map(float_bins_are_exact, (int(y2 - y1), int(x2 - x1)), output_size))
        for _, x1, y1, x2, y2 in cells
    ])


@pytest.mark.parametrize("output_size", [(1, 1), (2, 3), (7, 7), (6, 11)])
@pytest.mark.parametrize("scale", [1.0, 1 / 16, 0.5])
def test_roi_pool_equals_onnx_runtime(output_size, scale, backend):
    rng = np.random.default_rng(12)
    H, W = 13, 16
    features = rng.normal(size=(3, 4, H, W)).astype(np.float32) - 1  # most values are negative
    rois = boxes_at_the_border(rng, 70, 3, W, H, scale)
    rois[3::4, 1:] = (np.floor(rois[3::4, 1:] * scale) + 0.5) / scale  # ties
    rois = rois[~float_bins_hurt(rois, output_size, scale)]
    assert len(rois) > 40
    theirs = ort_roi_pool(features, rois, output_size, scale)
    assert np.array_equal(roi_pool(features, rois, output_size, scale), theirs)  # maxima are copied: exactly


def test_float_bins_reach_outside_the_box(backend):
    """57 rows in 7 bins: float32 ends the last bin at 58. A 9 just below the box tells the two apart."""
    features = np.zeros((1, 1, 64, 1), np.float32)
    features[0, 0, 57] = 9
    box = np.array([[0, 0, 0, 0, 56]])  # rows 0..56
    assert not float_bins_are_exact(57, 7)
    assert ort_roi_pool(features, box, (7, 1), 1.0).ravel().tolist() == [0, 0, 0, 0, 0, 0, 9]
    assert roi_pool(features, box, (7, 1)).ravel().tolist() == [0] * 7


def test_a_nan_is_skipped_there_and_propagated_here(backend):
    features = np.array([[[[1, np.nan], [3, 2]]]], np.float32)
    box = np.array([[0, 0, 0, 1, 1]])
    assert ort_roi_pool(features, box, (1, 1), 1.0).item() == 3
    assert np.isnan(roi_pool(features, box, 1).item())
