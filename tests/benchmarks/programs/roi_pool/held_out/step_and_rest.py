# faults: last_bin_takes_the_rest + empty_bin_crashes
# style: Keras tutorial in numpy, steps and an if for the last one
# rest: right/slices.py
import numpy as np


def bin_edges(length, bins):
    step = int(length / bins)
    return [(i * step, (i + 1) * step if i + 1 < bins else length) for i in range(bins)]


def pool_bins(feature_map, rows, columns):
    def pool_area(area):
        top, bottom = max(area[0], 0), max(area[1], 0)
        left, right = max(area[2], 0), max(area[3], 0)
        return np.max(feature_map[:, top:bottom, left:right], axis=(1, 2))

    areas = [[(r[0], r[1], c[0], c[1]) for c in columns] for r in rows]
    pooled = np.stack([[pool_area(x) for x in row] for row in areas])
    return np.moveaxis(pooled, 2, 0)
