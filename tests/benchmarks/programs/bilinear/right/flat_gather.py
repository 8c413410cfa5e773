# style: TensorFlow's gather on the flattened map
import numpy as np


def bilinear_weights(y, x):
    y0, x0 = np.floor(y), np.floor(x)
    y1, x1 = y0 + 1.0, x0 + 1.0
    wa = (y1 - y) * (x1 - x)
    wb = (y1 - y) * (x - x0)
    wc = (y - y0) * (x1 - x)
    wd = (y - y0) * (x - x0)
    return np.stack([np.asarray(w) for w in (wa, wb, wc, wd)], axis=0)


def neighbours(position, length):
    max_index = length - 1
    position = np.clip(position, 0, max_index)
    p0 = np.floor(position).astype("int32")
    p1 = np.clip(p0 + 1, 0, max_index)
    return p0, p1, position - p0


def bilinear_interpolate(features, y, x):
    channels, height, width = np.shape(features)
    y, x = np.broadcast_arrays(np.asarray(y, "float64"), np.asarray(x, "float64"))
    out_shape = (channels, *y.shape)
    y, x = y.flatten(), x.flatten()
    y0, y1, dy = neighbours(y, height)
    x0, x1, dx = neighbours(x, width)
    flat = np.reshape(features, (channels, height * width))
    ia = np.take(flat, y0 * width + x0, axis=1)
    ib = np.take(flat, y0 * width + x1, axis=1)
    ic = np.take(flat, y1 * width + x0, axis=1)
    id_ = np.take(flat, y1 * width + x1, axis=1)
    weights = bilinear_weights(dy, dx)
    out = (np.stack([ia, ib, ic, id_]) * weights[:, None, :]).sum(axis=0)
    out[:, (y < -1) | (y > height) | (x < -1) | (x > width)] = 0
    return out.reshape(out_shape).astype(features.dtype)
