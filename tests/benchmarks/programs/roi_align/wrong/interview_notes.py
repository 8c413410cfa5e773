# faults: weights_after_the_clip
# style: interview notes: min for the second neighbour, scalars in loops
# rest: right/loops.py
import numpy as np


def bilinear(fmap, y, x):
    C, H, W = fmap.shape
    if y < -1 or y > H or x < -1 or x > W:
        return np.zeros(C)
    y_low, x_low = max(0, min(int(np.floor(y)), H - 1)), max(0, min(int(np.floor(x)), W - 1))
    y_high, x_high = max(0, min(int(np.floor(y)) + 1, H - 1)), max(0, min(int(np.floor(x)) + 1, W - 1))
    wa = (x_high - x) * (y_high - y)
    wb = (x_high - x) * (y - y_low)
    wc = (x - x_low) * (y_high - y)
    wd = (x - x_low) * (y - y_low)
    return (
        wa * fmap[:, y_low, x_low]
        + wb * fmap[:, y_high, x_low]
        + wc * fmap[:, y_low, x_high]
        + wd * fmap[:, y_high, x_high]
    )


def sample_bins(feature_map, y, x, mode):
    PH, PW = y.shape[0], x.shape[0]
    out = np.zeros((feature_map.shape[0], PH, PW), dtype=feature_map.dtype)
    for ph in range(PH):
        for pw in range(PW):
            s = np.array([bilinear(feature_map, a, b) for a in y[ph] for b in x[pw]])
            if len(s):
                out[:, ph, pw] = s.mean(axis=0) if mode == "avg" else s.max(axis=0)
    return out
