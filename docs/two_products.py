"""RoIAlign as two matrix products, step 3 of kernels.md."""

import numpy as np


def axis_matrix(start, end, bins, cells, ratio):
    """(bins, cells): what each cell weighs in each bin's average, along one axis."""
    t = start + (np.arange(bins * ratio) + 0.5) * (end - start) / (bins * ratio)
    inside = (t >= -1) & (t <= cells)  # a sample off the map has no cells, and counts
    t = np.clip(t, 0, cells - 1)
    low = t.astype(int)
    high = np.minimum(low + 1, cells - 1)
    matrix = np.zeros((bins, cells))
    p = np.arange(bins).repeat(ratio)
    np.add.at(matrix, (p, low), inside * (1 - (t - low)) / ratio)
    np.add.at(matrix, (p, high), inside * (t - low) / ratio)
    return matrix


def window(matrix):
    """The cells from the first that has a weight to the last."""
    cells = np.flatnonzero(matrix.any(axis=0))
    return slice(cells[0], cells[-1] + 1) if len(cells) else slice(0, 0)


def two_products(features, rois, out, spatial_scale, ratio):
    """RoIAlign, average, aligned=True: out[k] = W_y · X · W_xᵀ, for all channels at once."""
    (H, W), (PH, PW) = features.shape[2:], out.shape[2:]
    for values, (image, *box) in zip(out, rois, strict=True):
        x1, y1, x2, y2 = np.array(box) * spatial_scale - 0.5
        W_y = axis_matrix(y1, y2, PH, H, ratio).astype(features.dtype)
        W_x = axis_matrix(x1, x2, PW, W, ratio).astype(features.dtype)
        rows, columns = window(W_y), window(W_x)
        X = features[int(image), :, rows, columns]
        values[...] = W_y[:, rows] @ X @ W_x[:, columns].T
