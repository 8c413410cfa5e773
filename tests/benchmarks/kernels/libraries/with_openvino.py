"""OpenVINO: a model of one node, compiled for float32; the request keeps its output's memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import openvino
from openvino import opset9

if TYPE_CHECKING:
    from workloads import Workload


def ways(work: Workload) -> tuple[str, ...]:
    return ("reused",)


def versions() -> dict[str, str]:
    return {"openvino": openvino.__version__}


def prepare(work: Workload, threads: int, _way: str) -> Callable[[], Any] | None:
    if work.argmax or work.operation.endswith("_backward"):
        return None
    x = opset9.parameter(work.input_shape, np.float32)
    if work.operation == "roi_align":
        inputs = [work.features, work.boxes, np.zeros(work.regions, np.int64)]
        boxes = opset9.parameter(work.boxes.shape, np.float32)
        index = opset9.parameter([work.regions], np.int64)
        parameters = [x, boxes, index]
        node = opset9.roi_align(
            x, boxes, index, *work.bins, work.ratio, work.scale, work.mode,
            aligned_mode="half_pixel_for_nn" if work.aligned else "asymmetric",
        )  # fmt: skip
    else:
        inputs = [work.features, work.rois]
        parameters = [x, opset9.parameter(work.rois.shape, np.float32)]
        node = opset9.roi_pooling(*parameters, list(work.bins), work.scale, "max")
    options = {
        "INFERENCE_NUM_THREADS": threads,
        "INFERENCE_PRECISION_HINT": "f32",
        "PERFORMANCE_HINT": "LATENCY",
    }
    model = openvino.Model([node], parameters, "one_node")
    request = openvino.compile_model(model, "CPU", options).create_infer_request()
    for place, array in enumerate(inputs):
        request.set_input_tensor(place, openvino.Tensor(array, shared_memory=True))

    def run(_inputs: object = inputs) -> Any:  # held here: a tensor does not hold its array
        request.infer()
        return request

    return run


def arrays(result: Any) -> tuple[np.ndarray, ...]:
    return (result.get_output_tensor(0).data,)


def expected(work: Workload, reference: np.ndarray) -> np.ndarray:
    """Its RoIAlign's maximum begins at 0: a negative one becomes 0."""
    clipped = (work.operation, work.mode) == ("roi_align", "max")
    return np.maximum(reference, 0) if clipped else reference
