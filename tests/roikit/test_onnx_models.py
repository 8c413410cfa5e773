"""`roikit.onnx`: models made with onnx's helper, by our operators and by ONNX Runtime in the same process.

Where ONNX Runtime does not know an operator, ours is compared with ONNX's own node tests, and with itself.
What ONNX Runtime does otherwise than ours is in test_onnx.py.
"""

from importlib import import_module

import ml_dtypes
import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

import roikit.onnx

KINDS = {
    "float16": TensorProto.FLOAT16, "float32": TensorProto.FLOAT, "float64": TensorProto.DOUBLE,
    "bfloat16": TensorProto.BFLOAT16, "int64": TensorProto.INT64,
}
H, W = 9, 11
X = np.random.default_rng(21).normal(size=(2, 3, H, W)).astype(np.float32)
#: Inside; ties; across every border; empty; without a width; off the map; smaller than a cell.
BOXES = np.array(
    [
        [0, 1.25, 2.5, 6, 7], [1, 0.5, 1.5, 4.5, 6.5], [0, -2, -3, 5, 4], [1, 4, 5, 15, 13],
        [0, 3, 3, 3, 3], [1, 2, 1, 2, 6], [0, 30, 30, 40, 41], [1, -9, -9, -5, -4], [1, 4.1, 4.2, 4.4, 4.6],
    ],
    np.float32,
)


def model(operator, opset, inputs, **attributes):
    kinds = {name: KINDS[each.dtype.name] for name, each in inputs.items()}
    infos = [helper.make_tensor_value_info(name, kind, None) for name, kind in kinds.items()]
    node = helper.make_node(operator, list(inputs), ["Y"], **attributes)
    output = helper.make_tensor_value_info("Y", kinds["X"], None)
    graph = helper.make_graph([node], operator, infos, [output])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=10)


def ours(made, inputs):
    evaluator = ReferenceEvaluator(made, new_ops=[roikit.onnx.RoiAlign, roikit.onnx.MaxRoiPool])
    return evaluator.run(None, inputs)[0]


def theirs(made, inputs):
    options = onnxruntime.SessionOptions()
    options.log_severity_level, options.intra_op_num_threads = 3, 1
    runner = onnxruntime.InferenceSession(
        made.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    return runner.run(None, inputs)[0]


def align_inputs(dtype=np.float32):
    return {"X": X.astype(dtype), "rois": BOXES[:, 1:].astype(dtype), "batch": BOXES[:, 0].astype(np.int64)}


# --- ONNX's node tests ------------------------------------------------------------------------------------

NODE_TESTS = import_module("onnx.backend.test.case.node.roialign")
EXPORTS = [name for name in vars(NODE_TESTS.RoiAlign) if name.startswith("export")]


def test_there_are_node_tests():
    assert len(EXPORTS) >= 3


@pytest.mark.parametrize("export", EXPORTS)
def test_node_tests_of_the_onnx_package(export, monkeypatch, backend):
    """By our functions, and by ONNX's evaluator with our operators; 4 decimals are given."""
    recorded = []
    note = lambda *case, **named: recorded.append((*case, *named.values()))  # noqa: E731
    monkeypatch.setattr(NODE_TESTS, "expect", note)
    getattr(NODE_TESTS.RoiAlign, export)()
    assert recorded
    for node, inputs, (Y,), _ in recorded:
        attributes = {item.name: helper.get_attribute_value(item) for item in node.attribute}
        named = dict(zip(("X", "rois", "batch"), inputs, strict=True))
        evaluated = ours(model("RoiAlign", 22, named, **attributes), named)
        np.testing.assert_allclose(evaluated, Y, rtol=0, atol=1e-4)
        texts = {name: text.decode() for name, text in attributes.items() if isinstance(text, bytes)}
        assert np.array_equal(roikit.onnx.roi_align(*inputs, **attributes | texts), evaluated)


# --- RoiAlign ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("opset", [10, 15, 16, 21])
@pytest.mark.parametrize("mode", ["avg", "max"])
@pytest.mark.parametrize("ratio", [0, 1, 2])
def test_roi_align_equals_onnx_runtime(opset, mode, ratio):
    """With the defaults of each opset; float32 knows coordinates up to 20 to 1e-6."""
    inputs = align_inputs()
    attributes = {"mode": mode, "sampling_ratio": ratio, "output_height": 2, "output_width": 3}
    made = model("RoiAlign", opset, inputs, **attributes)
    np.testing.assert_allclose(ours(made, inputs), theirs(made, inputs), rtol=0, atol=2e-5)
    direct = roikit.onnx.roi_align(*inputs.values(), opset=opset, **attributes)
    assert np.array_equal(ours(made, inputs), direct)
    if opset >= 16:  # ONNX Runtime has no version 22, which is the same of these dtypes
        assert np.array_equal(ours(model("RoiAlign", 22, inputs, **attributes), inputs), direct)


@pytest.mark.parametrize("how", ["half_pixel", "output_half_pixel"])
@pytest.mark.parametrize("scale", [1.0, 0.5, 1 / 16])
def test_roi_align_by_its_transformation_mode(how, scale):
    inputs = align_inputs()
    inputs["rois"] = inputs["rois"] / np.float32(scale)
    attributes = {"coordinate_transformation_mode": how, "spatial_scale": scale, "sampling_ratio": 2}
    made = model("RoiAlign", 16, inputs, output_height=3, output_width=2, **attributes)
    np.testing.assert_allclose(ours(made, inputs), theirs(made, inputs), rtol=0, atol=2e-5)


def test_roi_align_of_float64():
    inputs = align_inputs(np.float64)
    made = model("RoiAlign", 16, inputs, output_height=2, output_width=2, mode="max")
    got = ours(made, inputs)
    assert got.dtype == np.float64
    np.testing.assert_allclose(got, theirs(made, inputs), rtol=0, atol=1e-12)


def test_an_old_model_has_the_old_default():
    """ONNX's own evaluator takes the newest: it subtracts half a cell, of which the opset knows nothing."""
    inputs = align_inputs()
    attributes = {"output_height": 2, "output_width": 3, "sampling_ratio": 2}
    made = model("RoiAlign", 10, inputs, **attributes)
    newest = roikit.onnx.roi_align(*inputs.values(), opset=22, **attributes)
    whole = slice(0, 4)  # boxes that have a size
    own = ReferenceEvaluator(made).run(None, inputs)[0]
    np.testing.assert_allclose(own[whole], newest[whole], rtol=0, atol=2e-5)
    assert np.abs(ours(made, inputs) - newest)[whole].max() > 0.1


@pytest.mark.parametrize("dtype", [np.float16, ml_dtypes.bfloat16])
def test_halves_are_computed_wide_and_rounded_once(dtype):
    inputs = align_inputs(dtype)
    got = ours(model("RoiAlign", 22, inputs, output_height=2, output_width=2), inputs)
    wide = [each.astype(np.float64) for each in (inputs["X"], inputs["rois"])]
    expected = roikit.onnx.roi_align(*wide, inputs["batch"], output_height=2, output_width=2)
    assert got.dtype == dtype
    assert np.array_equal(got, expected.astype(dtype))


# --- MaxRoiPool -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("opset", [1, 9, 21])
@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (7, 7)])
def test_max_roi_pool_equals_onnx_runtime(opset, shape):
    """Maxima are copied: exactly. ONNX Runtime knows version 1, of opsets from 7 on."""
    inputs = {"X": X, "rois": BOXES}
    runs = model("MaxRoiPool", max(opset, 7), inputs, pooled_shape=shape)
    got = ours(model("MaxRoiPool", opset, inputs, pooled_shape=shape), inputs)
    assert np.array_equal(got, theirs(runs, inputs))
    assert np.array_equal(got, roikit.onnx.max_roi_pool(X, BOXES, pooled_shape=shape, opset=opset))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, ml_dtypes.bfloat16])
def test_max_roi_pool_of_opset_22(dtype):
    """The same numbers: halves round some of these boxes, and none of them to another cell."""
    inputs = {"X": X.astype(dtype), "rois": BOXES.astype(dtype)}
    got = ours(model("MaxRoiPool", 22, inputs, pooled_shape=(2, 2)), inputs)
    old = {"X": X, "rois": BOXES}
    assert got.dtype == dtype
    assert np.array_equal(got, theirs(model("MaxRoiPool", 16, old, pooled_shape=(2, 2)), old).astype(dtype))


def test_a_scale_is_float32_in_a_model():
    inputs = {"X": X, "rois": BOXES}
    made = model("MaxRoiPool", 16, inputs, pooled_shape=(2, 2), spatial_scale=0.3)
    assert np.array_equal(ours(made, inputs), theirs(made, inputs))


# --- errors -----------------------------------------------------------------------------------------------

ROIS, BATCH = BOXES[:, 1:], BOXES[:, 0].astype(np.int64)


@pytest.mark.parametrize(
    ("changed", "error", "sentence"),
    [
        ({"opset": 9}, ValueError, "RoiAlign came with opset 10; got opset 9"),
        ({"opset": 16.0}, TypeError, "opset must be a whole number; got 16.0"),
        ({"mode": "max_corners"}, ValueError, "mode must be 'avg' or 'max'; got 'max_corners'"),
        ({"output_height": 0}, ValueError, "output_height must lie within 1 .. 1048576; got 0"),
        ({"output_width": 2.0}, TypeError, "output_width must be a whole number; got 2.0"),
        ({"sampling_ratio": -1}, ValueError, "sampling_ratio must lie within 0 .. 4096; got -1"),
        ({"spatial_scale": 0}, ValueError, "spatial_scale must be positive and finite; got 0"),
        ({"coordinate_transformation_mode": "asymmetric"}, ValueError,
         "coordinate_transformation_mode must be 'half_pixel' or 'output_half_pixel'; got 'asymmetric'"),
        ({"opset": 15, "coordinate_transformation_mode": "half_pixel"}, ValueError,
         "coordinate_transformation_mode came with opset 16; got 'half_pixel' in version 10"),
        ({"X": X[0]}, ValueError, "X must have shape (N, C, H, W); got (3, 9, 11)"),
        ({"X": X.astype(int)}, TypeError,
         "X must be float16, float32, float64 or bfloat16 in version 22; got int64"),
        ({"X": X.astype(ml_dtypes.bfloat16), "opset": 16}, TypeError,
         "X must be float16, float32 or float64 in version 16; got bfloat16"),
        ({"rois": BOXES}, ValueError, "rois must have shape (K, 4): x1, y1, x2, y2; got (9, 5)"),
        ({"rois": ROIS.astype(float)}, TypeError, "rois must be float32 in version 22; got float64"),
        ({"rois": ROIS * np.float32("nan")}, ValueError, "rois[0] holds nan: boxes must be finite numbers"),
        ({"batch_indices": BATCH.astype(np.int32)}, TypeError,
         "batch_indices must be int64 in version 22; got int32"),
        ({"batch_indices": BATCH[:, None]}, ValueError, "batch_indices must have shape (K,); got (9, 1)"),
        ({"batch_indices": BATCH[1:]}, ValueError,
         "batch_indices must name an image for each box: got 8, for 9"),
        ({"batch_indices": BATCH + 1}, ValueError, "batch_indices[1] is 2, but X holds 2 images (0..1)"),
    ],
)
def test_what_roi_align_does_not_take(changed, error, sentence):
    inputs = {"X": X, "rois": ROIS, "batch_indices": BATCH}
    inputs |= {name: changed[name] for name in inputs if name in changed}
    attributes = {name: value for name, value in changed.items() if name not in inputs}
    with pytest.raises(error) as caught:
        roikit.onnx.roi_align(**inputs, **attributes)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("changed", "error", "sentence"),
    [
        ({"opset": 0}, ValueError, "opset must lie within 1 .. 2147483648; got 0"),
        ({"pooled_shape": 2}, TypeError, "pooled_shape must be two whole numbers, (height, width); got 2"),
        ({"pooled_shape": (2, 0)}, ValueError, "pooled_shape[1] must lie within 1 .. 1048576; got 0"),
        ({"rois": ROIS}, ValueError,
         "rois must have shape (K, 5): batch index, x1, y1, x2, y2; got (9, 4)"),
    ],
)
def test_what_max_roi_pool_does_not_take(changed, error, sentence):
    with pytest.raises(error) as caught:
        roikit.onnx.max_roi_pool(**({"X": X, "rois": BOXES, "pooled_shape": (2, 2)} | changed))
    assert str(caught.value) == sentence


def test_a_name_that_is_not_there():
    with pytest.raises(AttributeError, match=r"module 'roikit\.onnx' has no attribute 'RoiPool'"):
        roikit.onnx.RoiPool  # noqa: B018


def test_the_schemas_are_those_that_we_know():
    """A version of either operator that is not 10, 16, 22 and 1, 22 would be news."""
    for operator, versions in (("RoiAlign", {10, 16, 22}), ("MaxRoiPool", {1, 22})):
        schemas = [each for each in onnx.defs.get_all_schemas_with_history() if each.name == operator]
        assert {each.since_version for each in schemas} == versions
