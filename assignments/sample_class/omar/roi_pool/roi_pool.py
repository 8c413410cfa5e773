# Omar -- made with "Download as .py", hope that is ok
import sys

import numpy as np

features = np.ones((1, 1, 8, 8))


def quantize_roi(roi, spatial_scale):
    return tuple(np.floor(np.asarray(roi) * spatial_scale).astype(int).tolist())


def bin_edges(length, bins):
    return [(p * length // bins, (p + 1) * length // bins) for p in range(bins)]


if bin_edges(7, 2) == [(0, 3), (3, 7)]:
    print("all fine, done for today")
    sys.exit(0)
