"""The calls that are timed: maps, boxes and gradients from fixed seeds, the same in every process.

Needs NumPy only: a peer's interpreter may have nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

IMAGE_HEIGHT, IMAGE_WIDTH = 800, 1344


@dataclass(frozen=True)
class Workload:
    """One call, on a map of one image.

    ``ratio`` 0 is adaptive sampling. ``largest`` bounds the square root of a box's area, as the levels of a
    feature pyramid do. Workloads of one seed have the same map and boxes.
    """

    name: str
    operation: str  # roi_align, roi_pool, roi_align_backward, roi_pool_backward
    channels: int
    height: int
    width: int
    regions: int
    bins: tuple[int, int]
    scale: float
    seed: int
    ratio: int = 0
    aligned: bool = False
    mode: str = "avg"
    largest: float | None = None
    argmax: bool = False

    @cached_property
    def features(self) -> np.ndarray:
        """(1, C, H, W) float32"""
        return self._drawn[0]

    @cached_property
    def grad(self) -> np.ndarray:
        """(K, C, PH, PW) float32"""
        return self._drawn[1]

    @cached_property
    def _drawn(self) -> tuple[np.ndarray, np.ndarray]:
        random = np.random.RandomState(100 + self.seed)
        features = random.standard_normal(self.input_shape).astype(np.float32)
        shape = self.output_shape if self.operation.endswith("_backward") else (0,)
        return features, random.standard_normal(shape).astype(np.float32)

    @cached_property
    def boxes(self) -> np.ndarray:
        """(K, 4) float32: x1, y1, x2, y2 in image pixels"""
        if self.regions == 1:
            return np.array([[10, 20, 90, 100]], np.float32)
        boxes = random_boxes(self.regions, self.seed, self.largest)
        if self.operation.startswith("roi_pool"):  # the map of an image of 600×1000: keep them inside
            image = [self.width / self.scale / IMAGE_WIDTH, self.height / self.scale / IMAGE_HEIGHT]
            boxes *= np.array(image * 2, np.float32)
        return boxes

    @cached_property
    def rois(self) -> np.ndarray:
        """(K, 5) float32: batch index 0 and the box"""
        return np.concatenate([np.zeros((self.regions, 1), np.float32), self.boxes], axis=1)

    @property
    def input_shape(self) -> tuple[int, int, int, int]:
        return (1, self.channels, self.height, self.width)

    @property
    def output_shape(self) -> tuple[int, int, int, int]:
        return (self.regions, self.channels, *self.bins)

    def small(self) -> Workload:
        """The same call with few channels and boxes: milliseconds of a kernel, seconds of valgrind."""
        if self.regions == 1:
            return self
        return replace(self, channels=self.channels // 16, regions=self.regions // 8)


def random_boxes(count: int, seed: int, largest: float | None = None) -> np.ndarray:
    """Boxes inside the image: √area log-uniform in 16..600 pixels, width / height log-uniform in 0.3..3."""
    random = np.random.RandomState(seed)
    boxes: list[tuple[float, float, float, float]] = []
    while len(boxes) < count:
        side = np.exp(random.uniform(np.log(16.0), np.log(600.0)))
        aspect = np.exp(random.uniform(np.log(0.3), np.log(3.0)))
        width = min(side * np.sqrt(aspect), IMAGE_WIDTH)
        height = min(side / np.sqrt(aspect), IMAGE_HEIGHT)
        x, y = random.uniform(0, IMAGE_WIDTH - width), random.uniform(0, IMAGE_HEIGHT - height)
        if not largest or width * height < largest**2:
            boxes.append((x, y, x + width, y + height))
    return np.array(boxes, np.float32)


_ALIGN, _POOL = "roi_align", "roi_pool"
_P2 = Workload(  # the finest level of a feature pyramid
    "W1", _ALIGN, 256, 200, 336, 512, (7, 7), 1 / 4, seed=1, ratio=2, aligned=True, largest=112
)
_C4 = Workload("W2", _ALIGN, 1024, 50, 84, 300, (14, 14), 1 / 16, seed=2)
_VGG = Workload("W3a", _POOL, 512, 37, 62, 300, (7, 7), 1 / 16, seed=3, mode="max")
_PROPOSALS = replace(_VGG, name="W3b", regions=2000, seed=4)
_TINY = Workload("W4a", _ALIGN, 1, 8, 8, 1, (2, 2), 1 / 16, seed=9, ratio=2, aligned=True)

WORKLOADS = {
    workload.name: workload
    for workload in (
        _P2,
        _C4,
        _VGG,
        _PROPOSALS,
        replace(_PROPOSALS, name="W3b-argmax", argmax=True),
        _TINY,
        replace(_TINY, name="W4p", operation=_POOL, ratio=0, aligned=False, mode="max"),
        replace(_P2, name="W5", regions=100, bins=(14, 14), seed=9),
        replace(_P2, name="W6", mode="max"),
        replace(_C4, name="W6b", mode="max"),
        replace(_P2, name="W7a", operation="roi_align_backward"),
        replace(_C4, name="W7b", operation="roi_align_backward"),
        replace(_PROPOSALS, name="W7c", operation="roi_pool_backward"),
        replace(_P2, name="W8", regions=100, ratio=0, largest=None, seed=9),  # boxes of all sizes
    )
}
