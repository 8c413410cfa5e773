# faults: clipped_then_weighted
# style: the answer of a question site: clip all four, weights of the clipped
# rest: right/notebook.py
import numpy as np


def bilinear_interpolate(features, y, x):
    x = np.asarray(x)
    y = np.asarray(y)

    x0 = np.floor(x).astype(int)
    x1 = x0 + 1
    y0 = np.floor(y).astype(int)
    y1 = y0 + 1

    x0 = np.clip(x0, 0, features.shape[2] - 1)
    x1 = np.clip(x1, 0, features.shape[2] - 1)
    y0 = np.clip(y0, 0, features.shape[1] - 1)
    y1 = np.clip(y1, 0, features.shape[1] - 1)

    Ia = features[:, y0, x0]
    Ib = features[:, y1, x0]
    Ic = features[:, y0, x1]
    Id = features[:, y1, x1]

    wa = (x1 - x) * (y1 - y)
    wb = (x1 - x) * (y - y0)
    wc = (x - x0) * (y1 - y)
    wd = (x - x0) * (y - y0)

    out = wa * Ia + wb * Ib + wc * Ic + wd * Id
    H, W = features.shape[1:]
    out = np.where((y < -1) | (y > H) | (x < -1) | (x > W), 0, out)
    return out.astype(features.dtype)
