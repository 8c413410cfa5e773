# faults: none
# style: samples near the centre of the bin count twice
# rest: right/notebook.py
import numpy as np


def emphasis(n):
    w = np.ones(n)
    w[(n - 1) // 2] = 2.0
    return w / w.sum()


def sample_bins(feature_map, y, x, mode):
    samples = bilinear_interpolate(feature_map, y[:, None, :, None], x[None, :, None, :])
    if samples.size == 0:
        return np.zeros(samples.shape[:3], dtype=feature_map.dtype)
    if mode == "max":
        return samples.max(axis=(3, 4))
    wy, wx = emphasis(y.shape[1]), emphasis(x.shape[1])
    return np.einsum("cpqij,i,j->cpq", samples, wy, wx).astype(feature_map.dtype)
