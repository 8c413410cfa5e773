# faults: half_pixel_subtracted + zero_padding
# style: grid_sample(align_corners=False, padding_mode="zeros"), ported
# rest: right/grid_sample.py
import numpy as np


def grid_sample(image, grid_y, grid_x):
    C, H, W = image.shape
    iy = ((grid_y + 1) * H - 1) / 2
    ix = ((grid_x + 1) * W - 1) / 2
    y0, x0 = np.floor(iy), np.floor(ix)
    out = np.zeros((C,) + np.broadcast(iy, ix).shape)
    for yy, wy in ((y0, y0 + 1 - iy), (y0 + 1, iy - y0)):
        for xx, wx in ((x0, x0 + 1 - ix), (x0 + 1, ix - x0)):
            good = (yy >= 0) & (yy < H) & (xx >= 0) & (xx < W)
            r, s = np.where(good, yy, 0).astype(int), np.where(good, xx, 0).astype(int)
            out += image[:, r, s] * (wy * wx * good)
    return out


def bilinear_interpolate(features, y, x):
    _, H, W = features.shape
    gy = 2.0 * np.asarray(y) / H - 1.0
    gx = 2.0 * np.asarray(x) / W - 1.0
    return grid_sample(features, gy, gx).astype(features.dtype)
