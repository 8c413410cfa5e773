# faults: half_pixel_subtracted + clamped_everywhere
# style: resize code: (dst + 0.5) * scale - 0.5 with the first half left out
# rest: right/lerp.py
import numpy as np


def bilinear_interpolate(features, y, x):
    n_rows, n_cols = features.shape[1:]
    src_y = np.clip(np.asarray(y) - 0.5, 0, n_rows - 1)
    src_x = np.clip(np.asarray(x) - 0.5, 0, n_cols - 1)
    r0, r1, ty = neighbours(src_y, n_rows)
    c0, c1, tx = neighbours(src_x, n_cols)
    upper = lerp(features[:, r0, c0], features[:, r0, c1], tx)
    lower = lerp(features[:, r1, c0], features[:, r1, c1], tx)
    return lerp(upper, lower, ty).astype(features.dtype)
