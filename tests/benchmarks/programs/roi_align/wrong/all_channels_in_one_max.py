# faults: channels_mixed
# style: one reduction over the whole block of samples
# rest: right/notebook.py
import numpy as np


def sample_bins(feature_map, y, x, mode):
    C, PH, PW = len(feature_map), len(y), len(x)
    out = np.zeros((C, PH, PW), dtype=feature_map.dtype)
    if y.size == 0 or x.size == 0:
        return out
    for ph in range(PH):
        for pw in range(PW):
            samples = bilinear_interpolate(feature_map, y[ph, :, None], x[pw, None, :])
            for c in range(C):
                out[c, ph, pw] = samples.mean() if mode == "avg" else samples.max()
    return out
