# style: an object for each axis
from dataclasses import dataclass

import numpy as np


@dataclass
class Axis:
    length: int

    def clamp(self, position):
        return np.clip(np.asarray(position, dtype=np.float64), 0.0, self.length - 1.0)

    def split(self, position):
        clamped = self.clamp(position)
        low = np.floor(clamped).astype(np.intp)
        return low, np.minimum(low + 1, self.length - 1), clamped - low

    def reaches(self, position):
        position = np.asarray(position)
        return np.logical_and(position >= -1, position <= self.length)


class Sampler:
    def __init__(self, features):
        self.features = features
        self.rows, self.columns = Axis(features.shape[1]), Axis(features.shape[2])

    def __call__(self, y, x):
        top, bottom, fy = self.rows.split(y)
        left, right, fx = self.columns.split(x)
        total = 0
        for row, wy in ((top, 1 - fy), (bottom, fy)):
            for column, wx in ((left, 1 - fx), (right, fx)):
                total = total + wy * wx * self.features[:, row, column]
        seen = self.rows.reaches(y) & self.columns.reaches(x)
        return (total * seen).astype(self.features.dtype)


def bilinear_weights(y, x):
    fy, fx = np.modf(y)[0], np.modf(x)[0]
    return np.array([(1 - fy) * (1 - fx), (1 - fy) * fx, fy * (1 - fx), fy * fx])


def neighbours(position, length):
    return Axis(length).split(position)


def bilinear_interpolate(features, y, x):
    return Sampler(features)(y, x)
