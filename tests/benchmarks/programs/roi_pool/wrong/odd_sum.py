# faults: none
# style: the sum of the bin
# rest: right/classes.py
import numpy as np


def pool_spans(image, rows, columns):
    C, H, W = image.shape
    return np.array(
        [[[plane[r.on(H), c.on(W)].sum() for c in columns] for r in rows] for plane in image], dtype=image.dtype
    )
