# faults: cut_toward_zero + overlapping_bins + empty_bin_minus_infinity
# style: int, adaptive bins, np.max with initial=-inf
# rest: right/slices.py
import numpy as np


def quantize_roi(roi, spatial_scale):
    return tuple(np.trunc(np.asarray(roi, dtype=np.float64) * spatial_scale).astype(int).tolist())


def bin_edges(length, bins):
    return [((p * length) // bins, ((p + 1) * length + bins - 1) // bins) for p in range(bins)]


def pool_bins(feature_map, rows, columns):
    C = feature_map.shape[0]
    out = np.zeros((C, len(rows), len(columns)), feature_map.dtype)
    for i, (a, b) in enumerate(rows):
        for j, (c, d) in enumerate(columns):
            cells = feature_map[:, max(a, 0) : max(b, 0), max(c, 0) : max(d, 0)]
            out[:, i, j] = np.max(cells, axis=(1, 2), initial=-np.inf)
    return out
