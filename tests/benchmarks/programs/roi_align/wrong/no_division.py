# faults: summed_not_averaged
# style: accumulate the samples
# rest: right/loops.py
import numpy as np


def sample_bins(feature_map, y, x, mode):
    C = len(feature_map)
    PH, PW = y.shape[0], x.shape[0]
    out = np.zeros((C, PH, PW), dtype=feature_map.dtype)
    for ph in range(PH):
        for pw in range(PW):
            values = [bilinear_interpolate(feature_map, a, b) for a in y[ph] for b in x[pw]]
            if not values:
                continue
            if mode == "max":
                out[:, ph, pw] = np.max(values, axis=0)
            else:
                for v in values:
                    out[:, ph, pw] += v
    return out
