# style: np.vectorize of a function of one point
import numpy as np


def _part(p):
    return p - np.floor(p)


def bilinear_weights(y, x):
    y, x = np.broadcast_arrays(y, x)
    out = np.empty((4, *y.shape))
    out[3] = _part(y) * _part(x)
    out[2] = _part(y) - out[3]
    out[1] = _part(x) - out[3]
    out[0] = 1 - out[1] - out[2] - out[3]
    return out


def _limits(p, length):
    p = sorted((0.0, float(p), length - 1.0))[1]
    low = int(p)
    return low, low + 1 if low + 1 < length else low, p - low


neighbours = np.vectorize(_limits, otypes=[int, int, float])


def bilinear_interpolate(features, y, x):
    height, width = features.shape[1:]

    def value(plane, py, px):
        if py < -1 or py > height or px < -1 or px > width:
            return 0.0
        top, bottom, fy = _limits(py, height)
        left, right, fx = _limits(px, width)
        square = plane[[[top], [bottom]], [left, right]]
        return [1 - fy, fy] @ square @ [1 - fx, fx]

    planes = [np.vectorize(lambda py, px, plane=plane: value(plane, py, px), otypes=[float])(y, x)
              for plane in features]
    return np.stack(planes).astype(features.dtype)
