# faults: none
# style: the channels' axis comes last
# rest: right/dataclass.py
import numpy as np


def bilinear_interpolate(features, y, x):
    C, H, W = features.shape
    y, x = np.broadcast_arrays(y, x)
    t, b, v = neighbours(y, H)
    l, r, u = neighbours(x, W)
    hwc = features.transpose(1, 2, 0)
    v, u = v[..., None], u[..., None]
    out = (1 - v) * ((1 - u) * hwc[t, l] + u * hwc[t, r]) + v * ((1 - u) * hwc[b, l] + u * hwc[b, r])
    out[(y < -1) | (y > H) | (x < -1) | (x > W)] = 0
    return out.astype(features.dtype)
