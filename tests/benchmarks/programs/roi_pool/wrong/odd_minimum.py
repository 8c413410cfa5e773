# faults: none
# style: min for max
# rest: right/two_passes.py
import numpy as np


def strips(array, edges, axis):
    length = array.shape[axis]
    pooled, filled = [], []
    for start, end in edges:
        start, end = max(start, 0), min(end, length)
        filled.append(end > start)
        if end > start:
            pooled.append(np.take(array, range(start, end), axis=axis).min(axis=axis))
        else:
            pooled.append(np.zeros_like(np.take(array, 0, axis=axis)))
    return np.stack(pooled, axis=axis), np.array(filled)
