# style: np.interp along x for every row, then along y
import numpy as np


def sample_points(start, size, bins, sampling_ratio):
    edges = np.linspace(0, size, bins * sampling_ratio + 1)
    return (start + (edges[:-1] + edges[1:]) / 2).reshape(bins, sampling_ratio)


def box_on_map(box, spatial_scale, aligned):
    x1, y1, x2, y2 = (float(end) * spatial_scale for end in box)
    result = [y1, x1, y2 - y1, x2 - x1]
    if aligned:
        result[0] -= 0.5
        result[1] -= 0.5
    for i in (2, 3):
        if not aligned and result[i] < 1:
            result[i] = 1.0
    return tuple(result)


def along(values, points):
    """values (..., n) read at points (m,), outside 0: (..., m)."""
    n = values.shape[-1]
    lines = values.reshape(-1, n)
    read = np.array([np.interp(points, np.arange(n), line) for line in lines])
    read[:, (points < -1) | (points > n)] = 0
    return read.reshape(*values.shape[:-1], len(points))


def sample_bins(feature_map, y, x, mode):
    (PH, ny), (PW, nx) = y.shape, x.shape
    if min(ny, nx) == 0:
        return np.zeros((len(feature_map), PH, PW), dtype=feature_map.dtype)
    samples = along(feature_map, x.ravel())  # (C, H, PW nx)
    samples = along(np.swapaxes(samples, 1, 2), y.ravel())  # (C, PW nx, PH ny)
    samples = samples.reshape(-1, PW, nx, PH, ny)
    pooled = samples.mean(axis=(2, 4)) if mode == "avg" else samples.max(axis=(2, 4))
    return np.swapaxes(pooled, 1, 2).astype(feature_map.dtype)


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    out = np.zeros((len(rois), features.shape[1], output_size[0], output_size[1]), dtype=features.dtype)
    for k in range(len(rois)):
        start_y, start_x, height, width = box_on_map(rois[k][1:], spatial_scale, aligned)
        grids = []
        for start, size, bins in ((start_y, height, output_size[0]), (start_x, width, output_size[1])):
            ratio = sampling_ratio if sampling_ratio > 0 else int(np.ceil(max(size, 0) / bins))
            grids.append(sample_points(start, size, bins, ratio))
        out[k] = sample_bins(features[int(rois[k][0])], *grids, mode)
    return out
