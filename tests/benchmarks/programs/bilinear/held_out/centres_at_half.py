# faults: half_pixel_subtracted
# style: works with cell centres at .5, lerp twice
# rest: right/notebook.py
import numpy as np


def lerp(a, b, t):
    return a + (b - a) * t


def bilinear_interpolate(features, y, x):
    C, H, W = features.shape
    y, x = np.broadcast_arrays(np.asarray(y, float), np.asarray(x, float))
    # pixel centres
    yc, xc = y - 0.5, x - 0.5
    r0, r1, fr = neighbours(yc, H)
    c0, c1, fc = neighbours(xc, W)
    upper = lerp(features[:, r0, c0], features[:, r0, c1], fc)
    lower = lerp(features[:, r1, c0], features[:, r1, c1], fc)
    out = lerp(upper, lower, fr)
    ok = (yc >= -1) & (yc <= H) & (xc >= -1) & (xc <= W)
    return (out * ok).astype(features.dtype)
