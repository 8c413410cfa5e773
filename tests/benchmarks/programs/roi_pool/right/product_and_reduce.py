# style: itertools.product, functools.reduce over cells, generator of boxes
import math
from functools import reduce
from itertools import product

import numpy as np


def quantize_roi(roi, spatial_scale):
    return tuple(map(math.floor, (float(end) * float(spatial_scale) for end in roi)))


def split(length, bins, up):
    return [(p * length // bins, ((p + 1) * length + up * (bins - 1)) // bins) for p in range(bins)]


def bin_edges(length, bins):
    return split(length, bins, 0)


def bin_edges_overlap(length, bins):
    return split(length, bins, 1)


def bin_edges_truncate(length, bins):
    borders = [min(p * max(length // bins, 1), length) for p in range(bins + 1)]
    return list(zip(borders, borders[1:]))


def pool_bins(feature_map, rows, columns):
    _, H, W = feature_map.shape
    out = np.zeros((feature_map.shape[0], len(rows), len(columns)), feature_map.dtype)
    for (i, r), (j, c) in product(enumerate(rows), enumerate(columns)):
        ys = [y for y in range(*r) if 0 <= y < H]
        xs = [x for x in range(*c) if 0 <= x < W]
        cells = [feature_map[:, y, x] for y, x in product(ys, xs)]
        if cells:
            out[:, i, j] = reduce(np.maximum, cells)
    return out


def away(v):
    return math.floor(v + 0.5) if v > 0 else math.ceil(v - 0.5)


def quantize_roi_caffe(roi, spatial_scale):
    left, top, right, bottom = (away(float(end) * spatial_scale) for end in roi)
    return left, top, 1 + right, 1 + bottom


def pooled(features, rois, size, scale, quantize, edges):
    for image, *box in rois:
        x1, y1, x2, y2 = quantize(box, scale)
        spans = ((y1, max(y2 - y1, 1), size[0]), (x1, max(x2 - x1, 1), size[1]))
        yield pool_bins(features[int(image)], *([(o + s, o + e) for s, e in edges(n, P)] for o, n, P in spans))


def roi_pool(features, rois, output_size, spatial_scale, how=(quantize_roi, bin_edges)):
    out = list(pooled(features, rois, output_size, spatial_scale, *how))
    return np.array(out, features.dtype).reshape(len(out), features.shape[1], *output_size)


def roi_pool_caffe(features, rois, output_size, spatial_scale):
    return roi_pool(features, rois, output_size, spatial_scale, (quantize_roi_caffe, bin_edges_overlap))
