# style: PyTorch's grid_sample in NumPy: nw, ne, sw, se
import numpy as np


def bilinear_weights(y, x):
    iy_n, ix_w = np.floor(y), np.floor(x)
    iy_s, ix_e = iy_n + 1, ix_w + 1
    nw = (ix_e - x) * (iy_s - y)
    ne = (x - ix_w) * (iy_s - y)
    sw = (ix_e - x) * (y - iy_n)
    se = (x - ix_w) * (y - iy_n)
    return np.array([nw, ne, sw, se])


def neighbours(position, length):
    clamped = np.minimum(np.maximum(position, 0), length - 1)
    low = np.floor(clamped).astype(np.int32)
    high = low + 1
    high = np.where(high > length - 1, length - 1, high)
    return low, high, clamped - low


def gather(features, iy, ix):
    _, H, W = features.shape
    return features[:, np.clip(iy, 0, H - 1).astype(int), np.clip(ix, 0, W - 1).astype(int)]


def bilinear_interpolate(features, y, x):
    _, H, W = features.shape
    y, x = np.asarray(y, dtype=np.float64), np.asarray(x, dtype=np.float64)
    keep = (y >= -1) & (y <= H) & (x >= -1) & (x <= W)
    y, x = np.clip(y, 0, H - 1), np.clip(x, 0, W - 1)
    nw, ne, sw, se = bilinear_weights(y, x)
    north, west = np.floor(y), np.floor(x)
    out = nw * gather(features, north, west)
    out = out + ne * gather(features, north, west + 1)
    out = out + sw * gather(features, north + 1, west)
    out = out + se * gather(features, north + 1, west + 1)
    return (keep * out).astype(features.dtype)
