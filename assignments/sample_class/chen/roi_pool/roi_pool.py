"""RoI pooling, sheet 3 -- Chen. I work in an editor, so this is a module; the functions are the notebook's."""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Region:
    """Half-open cell ranges of one box."""

    x1: int
    y1: int
    x2: int
    y2: int

    @property
    def width(self) -> int:
        return max(self.x2 - self.x1, 1)

    @property
    def height(self) -> int:
        return max(self.y2 - self.y1, 1)


def quantize_roi(roi, spatial_scale: float) -> tuple[int, ...]:
    return tuple(int(v) for v in np.floor(np.array(roi, dtype=np.float64) * spatial_scale))


def quantize_roi_caffe(roi, spatial_scale: float) -> tuple[int, ...]:
    x1, y1, x2, y2 = (_c_round(v * spatial_scale) for v in np.array(roi, dtype=np.float64))
    return x1, y1, x2 + 1, y2 + 1


def _c_round(v: float) -> int:
    """C's round(): halves away from zero."""
    return int(v + 0.5) if v >= 0 else -int(-v + 0.5)


def bin_edges(length: int, bins: int) -> list[tuple[int, int]]:
    return [(length * p // bins, length * (p + 1) // bins) for p in range(bins)]


def bin_edges_truncate(length: int, bins: int) -> list[tuple[int, int]]:
    step = max(length // bins, 1)
    return [tuple(np.clip([p * step, (p + 1) * step], 0, length).tolist()) for p in range(bins)]


def bin_edges_overlap(length: int, bins: int) -> list[tuple[int, int]]:
    return [(length * p // bins, (length * (p + 1) + bins - 1) // bins) for p in range(bins)]


def pool_bins(feature_map, rows, columns):
    C, H, W = feature_map.shape
    result = np.zeros((C, len(rows), len(columns)), feature_map.dtype)
    inside = lambda edges, n: [(i, max(a, 0), min(b, n)) for i, (a, b) in enumerate(edges) if min(b, n) > max(a, 0)]
    for ph, y1, y2 in inside(rows, H):
        for pw, x1, x2 in inside(columns, W):
            result[:, ph, pw] = feature_map[:, y1:y2, x1:x2].max((1, 2))
    return result


def _pool(features, rois, output_size, spatial_scale, quantize, split):
    if not len(rois):
        return np.zeros((0, features.shape[1], *output_size), features.dtype)
    pooled = []
    for roi in rois:
        region = Region(*quantize(roi[1:], spatial_scale))
        rows = [(region.y1 + a, region.y1 + b) for a, b in split(region.height, output_size[0])]
        columns = [(region.x1 + a, region.x1 + b) for a, b in split(region.width, output_size[1])]
        pooled.append(pool_bins(features[int(roi[0])], rows, columns))
    return np.stack(pooled)


def roi_pool(features, rois, output_size, spatial_scale):
    return _pool(features, rois, output_size, spatial_scale, quantize_roi, bin_edges)


def roi_pool_caffe(features, rois, output_size, spatial_scale):
    return _pool(features, rois, output_size, spatial_scale, quantize_roi_caffe, bin_edges_overlap)


if __name__ == "__main__":
    print(bin_edges(7, 2), file=sys.stderr)
