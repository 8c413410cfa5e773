# faults: normalised_by_size
# style: knows grid_sample: normalises to [-1, 1] and back again
# rest: right/notebook.py
import numpy as np


def sample_bins(feature_map, y, x, mode):
    C, H, W = feature_map.shape
    (PH, ny), (PW, nx) = y.shape, x.shape
    if ny * nx == 0:
        return np.zeros((C, PH, PW), dtype=feature_map.dtype)
    # to [-1, 1]
    gy = 2 * y.reshape(-1) / H - 1
    gx = 2 * x.reshape(-1) / W - 1
    # grid_sample, align_corners=True
    py = (gy + 1) / 2 * (H - 1)
    px = (gx + 1) / 2 * (W - 1)
    samples = bilinear_interpolate(feature_map, py[:, None], px[None, :]).reshape(C, PH, ny, PW, nx)
    return samples.mean((2, 4)) if mode == "avg" else samples.max((2, 4))
