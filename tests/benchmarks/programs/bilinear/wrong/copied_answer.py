# faults: clipped_then_weighted | clipped_then_weighted + clamped_everywhere
# style: the answer of a question site as it is, without a test for outside
# rest: right/notebook.py
import numpy as np


def bilinear_interpolate(im, y, x):
    x = np.asarray(x)
    y = np.asarray(y)
    x0 = np.floor(x).astype(int)
    x1 = x0 + 1
    y0 = np.floor(y).astype(int)
    y1 = y0 + 1
    x0 = np.clip(x0, 0, im.shape[2] - 1)
    x1 = np.clip(x1, 0, im.shape[2] - 1)
    y0 = np.clip(y0, 0, im.shape[1] - 1)
    y1 = np.clip(y1, 0, im.shape[1] - 1)
    wa = (x1 - x) * (y1 - y)
    wb = (x1 - x) * (y - y0)
    wc = (x - x0) * (y1 - y)
    wd = (x - x0) * (y - y0)
    return (wa * im[:, y0, x0] + wb * im[:, y1, x0] + wc * im[:, y0, x1] + wd * im[:, y1, x1]).astype(
        im.dtype
    )
