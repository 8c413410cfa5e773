# faults: outside_left_out
# style: samples off the map are skipped and not counted
# rest: right/plain_lists.py
import numpy as np


def sample_bins(feature_map, y, x, mode):
    C, H, W = feature_map.shape
    out = np.zeros((C, len(y), len(x)), dtype=feature_map.dtype)
    for c, plane in enumerate(feature_map.tolist()):
        for i in range(len(y)):
            for j in range(len(x)):
                valid = [(p, q) for p in y[i] for q in x[j] if -1 <= p <= H and -1 <= q <= W]
                samples = [read(plane, p, q) for p, q in valid]
                if samples:
                    out[c, i, j] = max(samples) if mode == "max" else sum(samples) / len(samples)
    return out
