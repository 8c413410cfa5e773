"""torch's interpolation, in the algorithm of torchvision's paste_masks_in_image."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from calls import Call
from torch.nn.functional import interpolate, pad

WAYS = ("fresh",)


def versions() -> dict[str, str]:
    return {"torch": torch.__version__}


def prepare(call: Call, threads: int, _way: str) -> Callable[[], Any] | None:
    torch.set_num_threads(threads)
    if call.operation != "paste_masks":
        return None
    masks, boxes = torch.from_numpy(call.given["masks"]), torch.from_numpy(call.given["boxes"])
    return lambda: pasted(masks, boxes, *call.given["image_size"])


def pasted(masks: Any, boxes: Any, height: int, width: int) -> Any:
    """Each mask with a border of one cell, stretched over its box made larger by as much."""
    growth = (masks.shape[-1] + 2) / masks.shape[-1]
    middles, halves = (boxes[:, 2:] + boxes[:, :2]) / 2, (boxes[:, 2:] - boxes[:, :2]) / 2 * growth
    corners = torch.cat([middles - halves, middles + halves], dim=1).to(torch.int64).tolist()
    framed = pad(masks, (1, 1, 1, 1))
    return torch.stack([pasted_one(*each, height, width) for each in zip(framed, corners, strict=True)])


def pasted_one(mask: Any, corners: list[int], height: int, width: int) -> Any:
    x1, y1, x2, y2 = corners
    size = max(y2 - y1 + 1, 1), max(x2 - x1 + 1, 1)
    stretched = interpolate(mask[None, None], size, mode="bilinear", align_corners=False)[0, 0]
    image = torch.zeros((height, width), dtype=mask.dtype)
    top, bottom, left, right = max(y1, 0), min(y2 + 1, height), max(x1, 0), min(x2 + 1, width)
    image[top:bottom, left:right] = stretched[top - y1 : bottom - y1, left - x1 : right - x1]
    return image


def array(result: Any) -> Any:
    return result.numpy()
