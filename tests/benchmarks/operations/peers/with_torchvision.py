"""torchvision's registered operators, its RoIs over a pyramid, and its pasting of masks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
import torchvision
from calls import Call
from torchvision.models.detection.roi_heads import paste_masks_in_image
from torchvision.ops import MultiScaleRoIAlign

WAYS = ("fresh",)


def versions() -> dict[str, str]:
    return {"torchvision": torchvision.__version__, "torch": torch.__version__}


def prepare(call: Call, threads: int, _way: str) -> Callable[[], Any] | None:
    torch.set_num_threads(threads)
    return OPERATIONS[call.operation](call.given) if call.operation in OPERATIONS else None


def ps_pooled(given: dict[str, Any]) -> Callable[[], Any]:
    features, rois = torch.from_numpy(given["features"]), torch.from_numpy(given["rois"])
    pool = torch.ops.torchvision.ps_roi_pool
    return lambda: pool(features, rois, given["spatial_scale"], 7, 7)[0]


def ps_aligned(given: dict[str, Any]) -> Callable[[], Any]:
    features, rois = torch.from_numpy(given["features"]), torch.from_numpy(given["rois"])
    align = torch.ops.torchvision.ps_roi_align
    return lambda: align(features, rois, given["spatial_scale"], 7, 7, given["sampling_ratio"])[0]


def ps_pooled_back(given: dict[str, Any]) -> Callable[[], Any]:
    grad, rois, shape = torch.from_numpy(given["grad"]), torch.from_numpy(given["rois"]), given["input_shape"]
    scale = given["spatial_scale"]
    _, channels = torch.ops.torchvision.ps_roi_pool(torch.zeros(shape), rois, scale, 7, 7)
    backward = torch.ops.torchvision._ps_roi_pool_backward
    return lambda: backward(grad, rois, channels, scale, 7, 7, *shape)


def ps_aligned_back(given: dict[str, Any]) -> Callable[[], Any]:
    grad, rois, shape = torch.from_numpy(given["grad"]), torch.from_numpy(given["rois"]), given["input_shape"]
    scale, ratio = given["spatial_scale"], given["sampling_ratio"]
    _, channels = torch.ops.torchvision.ps_roi_align(torch.zeros(shape), rois, scale, 7, 7, ratio)
    backward = torch.ops.torchvision._ps_roi_align_backward
    return lambda: backward(grad, rois, channels, scale, 7, 7, ratio, *shape)


def over_a_pyramid(given: dict[str, Any]) -> Callable[[], Any]:
    maps = {str(level): torch.from_numpy(each) for level, each in enumerate(given["features"])}
    boxes = [torch.from_numpy(given["rois"][:, 1:].copy())]
    align = MultiScaleRoIAlign([*maps], given["output_size"], given["sampling_ratio"])
    height, width = given["features"][0].shape[2:]
    return lambda: align(maps, boxes, [(4 * height, 4 * width)])


def pasted(given: dict[str, Any]) -> Callable[[], Any]:
    masks, boxes = torch.from_numpy(given["masks"])[:, None], torch.from_numpy(given["boxes"])
    return lambda: paste_masks_in_image(masks, boxes, given["image_size"])[:, 0]


OPERATIONS = {
    "ps_roi_pool": ps_pooled,
    "ps_roi_pool_backward": ps_pooled_back,
    "ps_roi_align": ps_aligned,
    "ps_roi_align_backward": ps_aligned_back,
    "roi_align_pyramid": over_a_pyramid,
    "paste_masks": pasted,
}


def array(result: Any) -> Any:
    return result.numpy()
