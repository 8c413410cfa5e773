# style: classes, a box that knows how to split itself
from dataclasses import dataclass

import numpy as np


@dataclass
class Span:
    start: int
    stop: int

    @property
    def size(self):
        return max(self.stop - self.start, 1)

    def split(self, rule, parts):
        return [Span(self.start + a, self.start + b) for a, b in rule(self.size, parts)]

    def on(self, length):
        return slice(min(max(self.start, 0), length), min(max(self.stop, 0), length))


@dataclass
class Box:
    columns: Span
    rows: Span

    @classmethod
    def of(cls, corners):
        x1, y1, x2, y2 = corners
        return cls(Span(x1, x2), Span(y1, y2))


class RoIPool:
    def __init__(self, output_size, spatial_scale, quantize, rule):
        self.height, self.width = output_size
        self.scale = spatial_scale
        self.quantize = quantize
        self.rule = rule

    def one(self, image, corners):
        box = Box.of(self.quantize(corners, self.scale))
        return pool_spans(image, box.rows.split(self.rule, self.height), box.columns.split(self.rule, self.width))

    def __call__(self, features, rois):
        pooled = np.empty((len(rois), features.shape[1], self.height, self.width), features.dtype)
        for row, roi in zip(pooled, rois):
            row[...] = self.one(features[int(roi[0])], roi[1:])
        return pooled


def pool_spans(image, rows, columns):
    C, H, W = image.shape
    pooled = np.zeros((C, len(rows), len(columns)), image.dtype)
    for i, r in enumerate(rows):
        for j, c in enumerate(columns):
            part = image[:, r.on(H), c.on(W)].reshape(C, -1)
            if part.shape[1] > 0:
                pooled[:, i, j] = part.max(1)
    return pooled


def pool_bins(feature_map, rows, columns):
    return pool_spans(feature_map, [Span(*r) for r in rows], [Span(*c) for c in columns])


def quantize_roi(roi, spatial_scale):
    return tuple(np.floor(np.asarray(roi, float) * spatial_scale).astype(int))


def bin_edges(length, bins):
    return [(p * length // bins, (p + 1) * length // bins) for p in range(bins)]


def roi_pool(features, rois, output_size, spatial_scale):
    return RoIPool(output_size, spatial_scale, quantize_roi, bin_edges)(features, rois)


def bin_edges_truncate(length, bins):
    size = max(length // bins, 1)
    return [(min(p * size, length), min((p + 1) * size, length)) for p in range(bins)]


def bin_edges_overlap(length, bins):
    return [(p * length // bins, -(-(p + 1) * length // bins)) for p in range(bins)]


def quantize_roi_caffe(roi, spatial_scale):
    scaled = np.asarray(roi, float) * spatial_scale
    x1, y1, x2, y2 = np.copysign(np.floor(np.abs(scaled) + 0.5), scaled).astype(int)
    return x1, y1, x2 + 1, y2 + 1


def roi_pool_caffe(features, rois, output_size, spatial_scale):
    return RoIPool(output_size, spatial_scale, quantize_roi_caffe, bin_edges_overlap)(features, rois)
