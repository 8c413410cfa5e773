# faults: corners_for_centres
# style: an affine grid with aligned corners, as in spatial transformers
# rest: right/grid_sample.py
import numpy as np


def affine_axis(start, size, n):
    """theta is (size / 2, centre), the grid goes from -1 to 1."""
    grid = np.linspace(-1, 1, n) if n > 0 else np.zeros(0)
    return (start + size / 2) + grid * size / 2


def sample_points(start, size, bins, sampling_ratio):
    return affine_axis(start, size, bins * sampling_ratio).reshape(bins, -1)[:, :sampling_ratio]


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    out = np.zeros((len(rois), features.shape[1]) + tuple(output_size), features.dtype)
    for k in range(len(rois)):
        y, x, h, w = box_on_map(rois[k, 1:], spatial_scale, aligned)
        counts = [sampling_ratio, sampling_ratio]
        if sampling_ratio <= 0:
            counts = [max(int(np.ceil(h / output_size[0])), 0), max(int(np.ceil(w / output_size[1])), 0)]
        grids = []
        for start, size, bins, n in zip((y, x), (h, w), output_size, counts):
            grids.append(affine_axis(start, size, bins * n).reshape(bins, n))
        out[k] = sample_bins(features[int(rois[k, 0])], grids[0], grids[1], mode)
    return out
