# style: dataclasses for box and layer
from dataclasses import dataclass

import numpy as np


@dataclass
class Span:
    start: float
    size: float

    def points(self, bins, per_bin):
        part = self.size / (bins * per_bin) if per_bin else 0.0
        return (self.start + part * (np.arange(bins * per_bin) + 0.5)).reshape(bins, per_bin)

    def adaptive(self, bins):
        return max(int(np.ceil(self.size / bins)), 0)


@dataclass
class Layer:
    output_size: tuple
    spatial_scale: float
    sampling_ratio: int
    aligned: bool
    mode: str

    def spans(self, box):
        y, x, h, w = box_on_map(box, self.spatial_scale, self.aligned)
        return Span(y, h), Span(x, w)

    def __call__(self, image, box):
        grids = []
        for span, bins in zip(self.spans(box), self.output_size):
            per_bin = self.sampling_ratio if self.sampling_ratio > 0 else span.adaptive(bins)
            grids.append(span.points(bins, per_bin))
        return sample_bins(image, *grids, self.mode)


def sample_points(start, size, bins, sampling_ratio):
    return Span(start, size).points(bins, sampling_ratio)


def box_on_map(box, spatial_scale, aligned):
    x1, y1, x2, y2 = (spatial_scale * float(v) for v in box)
    shift, least = (0.5, -np.inf) if aligned else (0.0, 1.0)
    return y1 - shift, x1 - shift, max(y2 - y1, least), max(x2 - x1, least)


def values_at(image, y, x):
    H, W = image.shape[1:]
    off = (y < -1) | (y > H) | (x < -1) | (x > W)
    y, x = np.clip(y, 0, H - 1), np.clip(x, 0, W - 1)
    i, j = np.floor(y).astype(int), np.floor(x).astype(int)
    k, m = np.minimum(i + 1, H - 1), np.minimum(j + 1, W - 1)
    b, a = y - i, x - j
    mixed = image[:, i, j] * (1 - b) * (1 - a) + image[:, i, m] * (1 - b) * a
    mixed = mixed + image[:, k, j] * b * (1 - a) + image[:, k, m] * b * a
    return np.where(off, 0.0, mixed)


def sample_bins(feature_map, y, x, mode):
    if y.shape[1] == 0 or x.shape[1] == 0:
        return np.zeros((len(feature_map), len(y), len(x)), dtype=feature_map.dtype)
    samples = values_at(feature_map, y[:, None, :, None], x[None, :, None, :])
    reduce = {"avg": np.mean, "max": np.max}[mode]
    return reduce(samples, axis=(3, 4)).astype(feature_map.dtype)


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    layer = Layer(tuple(output_size), spatial_scale, sampling_ratio, aligned, mode)
    out = [layer(features[int(roi[0])], roi[1:]) for roi in rois]
    return np.array(out, dtype=features.dtype).reshape(len(rois), features.shape[1], *output_size)
