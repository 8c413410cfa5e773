# faults: zero_padding
# style: PyTorch's grid_sample with padding_mode="zeros", ported
# rest: right/grid_sample.py
import numpy as np


def safe_get(features, iy, ix):
    _, H, W = features.shape
    within = (iy >= 0) & (iy < H) & (ix >= 0) & (ix < W)
    return features[:, np.where(within, iy, 0).astype(int), np.where(within, ix, 0).astype(int)] * within


def bilinear_interpolate(features, y, x):
    y, x = np.asarray(y, np.float64), np.asarray(x, np.float64)
    ix_nw, iy_nw = np.floor(x), np.floor(y)
    nw = (ix_nw + 1 - x) * (iy_nw + 1 - y)
    ne = (x - ix_nw) * (iy_nw + 1 - y)
    sw = (ix_nw + 1 - x) * (y - iy_nw)
    se = (x - ix_nw) * (y - iy_nw)
    out = nw * safe_get(features, iy_nw, ix_nw)
    out = out + ne * safe_get(features, iy_nw, ix_nw + 1)
    out = out + sw * safe_get(features, iy_nw + 1, ix_nw)
    out = out + se * safe_get(features, iy_nw + 1, ix_nw + 1)
    return out.astype(features.dtype)
