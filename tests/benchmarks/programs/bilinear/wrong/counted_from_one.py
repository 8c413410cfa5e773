# faults: none
# style: rows and columns counted from 1, as in another language
# rest: right/notebook.py
import numpy as np


def bilinear_interpolate(features, y, x):
    H, W = features.shape[1:]
    y, x = np.asarray(y, dtype=float), np.asarray(x, dtype=float)
    row, frac_y = np.divmod(np.clip(y, 0, H - 1), 1)
    col, frac_x = np.divmod(np.clip(x, 0, W - 1), 1)
    rows = [np.clip(row.astype(int) + k, 0, H - 1) for k in (1, 2)]
    cols = [np.clip(col.astype(int) + k, 0, W - 1) for k in (1, 2)]
    wa, wb, wc, wd = bilinear_weights(frac_y, frac_x)
    out = wa * features[:, rows[0], cols[0]] + wb * features[:, rows[0], cols[1]]
    out = out + wc * features[:, rows[1], cols[0]] + wd * features[:, rows[1], cols[1]]
    return np.where((y < -1) | (y > H) | (x < -1) | (x > W), 0, out).astype(features.dtype)
