# style: interpolates the last axis away, calls itself for the one before, scalars inside
import numpy as np


def neighbours(position, length):
    def one(p):
        p = 0.0 if p < 0 else float(length - 1) if p > length - 1 else float(p)
        return int(p), min(int(p) + 1, length - 1), p - int(p)

    flat = [one(p) for p in np.ravel(position)]
    shape = np.shape(position)
    low, high, fraction = zip(*flat) if flat else ((), (), ())
    return np.reshape(low, shape).astype(int), np.reshape(high, shape).astype(int), np.reshape(fraction, shape)


def bilinear_weights(y, x):
    t, s = y % 1, x % 1
    return np.array([(1 - t) * (1 - s), (1 - t) * s, t * (1 - s), t * s])


def read(line, position):
    """Interpolate the last axis at the last position; then the others."""
    if not position:
        return line
    *others, p = position
    n = line.shape[-1]
    if p < -1 or p > n:
        return np.zeros(line.shape[: line.ndim - len(position)])
    low, high, t = (v.item() for v in neighbours(p, n))
    return read(line[..., low] * (1 - t) + line[..., high] * t, others)


def bilinear_interpolate(features, y, x):
    points = np.broadcast(y, x)
    out = np.empty((len(features), points.size), dtype=features.dtype)
    for n, (py, px) in enumerate(points):
        out[:, n] = read(features, [float(py), float(px)])
    return out.reshape(len(features), *points.shape)
