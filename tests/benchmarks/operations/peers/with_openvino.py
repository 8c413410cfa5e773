"""OpenVINO: a model of one node, compiled for float32; the request keeps its output's memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import openvino
from calls import Call
from openvino import opset1, opset2, opset15

WAYS = ("reused",)


def versions() -> dict[str, str]:
    return {"openvino": openvino.__version__}


def prepare(call: Call, threads: int, _way: str) -> Callable[[], Any] | None:
    given = call.given
    if call.of_grad or given.get("layout") == "NHWC" or call.operation not in NODES:
        return None
    inputs, make = NODES[call.operation](given)
    inputs = [given["features"], *(np.ascontiguousarray(array) for array in inputs)]
    parameters = [opset1.parameter(array.shape, array.dtype) for array in inputs]
    options = {
        "INFERENCE_NUM_THREADS": threads, "INFERENCE_PRECISION_HINT": "f32", "PERFORMANCE_HINT": "LATENCY",
    }  # fmt: skip
    model = openvino.Model([make(*parameters)], parameters, "one_node")
    request = openvino.compile_model(model, "CPU", options).create_infer_request()
    for place, array in enumerate(inputs):
        request.set_input_tensor(place, openvino.Tensor(array, shared_memory=True))

    def run(_inputs: object = inputs) -> Any:  # held here: a tensor does not hold its array
        request.infer()
        return request

    return run


def rotated(given: dict[str, Any]) -> tuple[list[Any], Callable[..., Any]]:
    boxes = given["rois"][:, 1:].copy()
    boxes[:, 4] = np.radians(boxes[:, 4])
    size = given["output_size"]
    return [boxes, np.zeros(len(boxes), np.int32)], lambda maps, rois, index: opset15.roi_align_rotated(
        maps, rois, index, size, size, given["sampling_ratio"], given["spatial_scale"], clockwise_mode=False
    )


def ps_pooled(given: dict[str, Any]) -> tuple[list[Any], Callable[..., Any]]:
    groups = given["output_size"]
    channels = given["features"].shape[1] // groups**2
    return [given["rois"]], lambda maps, rois: opset1.psroi_pooling(
        maps, rois, channels, groups, given["spatial_scale"], 1, 1, "average"
    )


def cropped(given: dict[str, Any]) -> tuple[list[Any], Callable[..., Any]]:
    size = [given["output_size"]] * 2
    return [given["rois"]], lambda maps, rois: opset2.roi_pooling(maps, rois, size, 1.0, "bilinear")


NODES = {"roi_align_rotated": rotated, "ps_roi_pool": ps_pooled, "crop_and_resize": cropped}


def array(result: Any) -> Any:
    return result.get_output_tensor(0).data
