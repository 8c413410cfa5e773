# style: map, reduce, partial, lambdas
from functools import partial, reduce
from itertools import product

import numpy as np

scaled = lambda roi, s: [float(v) * s for v in roi]
quantize_roi = lambda roi, spatial_scale: tuple(map(lambda v: int(np.floor(v)), scaled(roi, spatial_scale)))
cut = lambda n, P, p: p * n // P
bin_edges = lambda length, bins: list(map(lambda p: (cut(length, bins, p), cut(length, bins, p + 1)), range(bins)))
inside = lambda edge, size: [i for i in range(max(edge[0], 0), min(edge[1], size))]


def pool_bins(feature_map, rows, columns):
    C, H, W = feature_map.shape

    def value(r, c):
        cells = [feature_map[:, y, x] for y, x in product(inside(r, H), inside(c, W))]
        return reduce(np.maximum, cells) if cells else np.zeros(C, feature_map.dtype)

    bins = [value(r, c) for r, c in product(rows, columns)]
    return np.array(bins, feature_map.dtype).T.reshape(C, len(rows), len(columns))


def layer(quantize, split, features, rois, output_size, spatial_scale):
    move = lambda edges, by: [(a + by, b + by) for a, b in edges]

    def one(roi):
        x1, y1, x2, y2 = quantize(roi[1:], spatial_scale)
        rows = move(split(max(y2 - y1, 1), output_size[0]), y1)
        columns = move(split(max(x2 - x1, 1), output_size[1]), x1)
        return pool_bins(features[int(roi[0])], rows, columns)

    return np.array(list(map(one, rois)), features.dtype).reshape(len(rois), features.shape[1], *output_size)


bin_edges_truncate = lambda length, bins: [
    (min(p * max(length // bins, 1), length), min((p + 1) * max(length // bins, 1), length)) for p in range(bins)
]
bin_edges_overlap = lambda length, bins: [(cut(length, bins, p), -cut(-length, bins, p + 1)) for p in range(bins)]
away = lambda v: int(np.sign(v) * np.floor(abs(v) + 0.5))


def quantize_roi_caffe(roi, spatial_scale):
    ends = list(map(away, scaled(roi, spatial_scale)))
    return (*ends[:2], ends[2] + 1, ends[3] + 1)


roi_pool = partial(layer, quantize_roi, bin_edges)
roi_pool_caffe = partial(layer, quantize_roi_caffe, bin_edges_overlap)
