# faults: thirds + weights_after_the_clip
# style: loops with named neighbours, thirds of the bin
# rest: right/loops.py
import numpy as np


def sample_points(start, size, bins, sampling_ratio):
    out = np.zeros((bins, sampling_ratio))
    for p in range(bins):
        for i in range(sampling_ratio):
            out[p][i] = start + p * size / bins + size / bins * (i + 1) / (sampling_ratio + 1)
    return out


def bilinear_interpolate(features, y, x):
    C, H, W = features.shape
    y, x = np.broadcast_arrays(y, x)
    out = np.zeros((C,) + y.shape, dtype=features.dtype)
    for n in np.ndindex(y.shape):
        x_1, y_1 = np.floor(x[n]), np.floor(y[n])
        x_low, x_high = (int(min(max(v, 0), W - 1)) for v in (x_1, x_1 + 1))
        y_low, y_high = (int(min(max(v, 0), H - 1)) for v in (y_1, y_1 + 1))
        wx = [x_high - x[n], x[n] - x_low]
        wy = [y_high - y[n], y[n] - y_low]
        patch = features[:, [[y_low], [y_high]], [x_low, x_high]]
        out[(slice(None),) + n] = (patch * np.outer(wy, wx)).sum(axis=(1, 2))
    return out
