# faults: half_pixel_subtracted + nearest + zero_at_once
# style: class with a call operator, one picked cell
# rest: right/dataclass.py
import numpy as np


class Lookup:
    def __init__(self, table):
        self.table = table

    def index(self, t, n):
        return np.minimum(np.maximum(np.floor(t + 0.5), 0), n - 1).astype(int)

    def __call__(self, y, x):
        _, H, W = self.table.shape
        y, x = np.asarray(y) - 0.5, np.asarray(x) - 0.5
        covered = (y >= 0) & (y <= H - 1) & (x >= 0) & (x <= W - 1)
        return self.table[:, self.index(y, H), self.index(x, W)] * covered


def bilinear_interpolate(features, y, x):
    return Lookup(features)(y, x).astype(features.dtype)
