"""ONNX Runtime: a model of one node, its input and output bound to memory that stays.

The one tiny RoI is for the price of a call, so there the arrays are handed over in each call, as to roikit.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper

if TYPE_CHECKING:
    from workloads import Workload


def ways(work: Workload) -> tuple[str, ...]:
    return ("fresh",) if work.regions == 1 else ("reused",)


def versions() -> dict[str, str]:
    return {"onnxruntime": onnxruntime.__version__, "onnx": onnx.__version__}


def prepare(work: Workload, threads: int, way: str) -> Callable[[], Any] | None:
    if work.argmax or work.operation.endswith("_backward"):
        return None
    if work.operation == "roi_align":
        feed = {"x": work.features, "boxes": work.boxes, "index": np.zeros(work.regions, np.int64)}
        node = functools.partial(
            helper.make_node, "RoiAlign", mode=work.mode, sampling_ratio=work.ratio,
            output_height=work.bins[0], output_width=work.bins[1],
            coordinate_transformation_mode="half_pixel" if work.aligned else "output_half_pixel",
        )  # fmt: skip
    else:
        feed = {"x": work.features, "rois": work.rois}
        node = functools.partial(helper.make_node, "MaxRoiPool", pooled_shape=work.bins)
    session = _session(node(list(feed), ["out"], spatial_scale=work.scale), feed, threads)

    if way == "fresh":
        return lambda: session.run(None, feed)[0]
    out = onnxruntime.OrtValue.ortvalue_from_numpy(np.empty(work.output_shape, np.float32))
    binding = session.io_binding()
    for name, array in feed.items():
        binding.bind_ortvalue_input(name, onnxruntime.OrtValue.ortvalue_from_numpy(array))
    binding.bind_ortvalue_output("out", out)

    def run() -> Any:
        session.run_with_iobinding(binding)
        return out

    return run


def _session(node: onnx.NodeProto, feed: dict[str, np.ndarray], threads: int) -> onnxruntime.InferenceSession:
    inputs = [
        helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(array.dtype), array.shape)
        for name, array in feed.items()
    ]
    out = helper.make_tensor_value_info("out", TensorProto.FLOAT, None)
    graph = helper.make_graph([node], "one_node", inputs, [out])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 16)], ir_version=8)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = 3  # it warns of its own meaning of max
    return onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )


def arrays(result: Any) -> tuple[np.ndarray, ...]:
    return (result if isinstance(result, np.ndarray) else result.numpy(),)


def expected(work: Workload, reference: np.ndarray) -> np.ndarray | None:
    """Its RoiAlign takes the maximum of the weighted neighbours, not of the samples: not comparable."""
    return None if (work.operation, work.mode) == ("roi_align", "max") else reference
