# faults: clipped_then_weighted
# style: the notebook's steps: both neighbours clipped, distances to them
# rest: right/notebook.py
import numpy as np


def clipped(position, length):
    first = np.floor(position).astype(int)
    return np.clip(first, 0, length - 1), np.clip(first + 1, 0, length - 1)


def bilinear_interpolate(features, y, x):
    y, x = np.asarray(y, dtype=float), np.asarray(x, dtype=float)
    H, W = features.shape[1:]
    rows, cols = clipped(y, H), clipped(x, W)
    y_dist = (rows[1] - y, y - rows[0])
    x_dist = (cols[1] - x, x - cols[0])
    acc = np.zeros((features.shape[0],) + np.broadcast(y, x).shape)
    for r in range(2):
        for s in range(2):
            acc += y_dist[r] * x_dist[s] * features[:, rows[r], cols[s]]
    acc[:, (y < -1) | (y > H) | (x < -1) | (x > W)] = 0
    return acc.astype(features.dtype)
