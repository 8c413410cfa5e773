# faults: y_weights_swapped
# style: two lerps along x and one along y, in a class
# rest: right/dataclass.py
import numpy as np


class Interpolator:
    def __init__(self, maps):
        self.maps = maps
        self.H, self.W = maps.shape[1:]

    def lerp(self, a, b, t):
        return (1 - t) * a + t * b

    def at(self, y, x):
        y0, y1, dy = neighbours(y, self.H)
        x0, x1, dx = neighbours(x, self.W)
        first = self.lerp(self.maps[:, y0, x0], self.maps[:, y0, x1], dx)
        second = self.lerp(self.maps[:, y1, x0], self.maps[:, y1, x1], dx)
        return self.lerp(second, first, dy)

    def valid(self, y, x):
        return (y >= -1) & (y <= self.H) & (x >= -1) & (x <= self.W)


def bilinear_interpolate(features, y, x):
    y, x = np.asarray(y), np.asarray(x)
    it = Interpolator(features)
    return (it.at(y, x) * it.valid(y, x)).astype(features.dtype)
