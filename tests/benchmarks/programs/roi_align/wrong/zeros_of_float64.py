# faults: always_float64
# style: np.zeros and no dtype
# rest: right/notebook.py
import numpy as np


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    height_bins, width_bins = output_size
    output = np.zeros((rois.shape[0], features.shape[1], height_bins, width_bins))
    for n in range(rois.shape[0]):
        y, x, h, w = box_on_map(rois[n][1:], spatial_scale, aligned)
        ny = sampling_ratio if sampling_ratio > 0 else max(int(np.ceil(h / height_bins)), 0)
        nx = sampling_ratio if sampling_ratio > 0 else max(int(np.ceil(w / width_bins)), 0)
        grid_y, grid_x = sample_points(y, h, height_bins, ny), sample_points(x, w, width_bins, nx)
        output[n] = sample_bins(features[int(rois[n][0])], grid_y, grid_x, mode)
    return output
