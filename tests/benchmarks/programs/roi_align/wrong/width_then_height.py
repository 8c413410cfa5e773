# faults: output_size_swapped
# style: PW, PH = output_size
# rest: right/detectron.py
import numpy as np


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    pooled_width, pooled_height = output_size
    top_data = np.zeros((len(rois), features.shape[1], pooled_height, pooled_width), dtype=features.dtype)
    for n in range(len(rois)):
        start_h, start_w, h, w = box_on_map(rois[n, 1:], spatial_scale, aligned)
        grid_h = sampling_ratio if sampling_ratio > 0 else max(int(np.ceil(h / pooled_height)), 0)
        grid_w = sampling_ratio if sampling_ratio > 0 else max(int(np.ceil(w / pooled_width)), 0)
        y = sample_points(start_h, h, pooled_height, grid_h)
        x = sample_points(start_w, w, pooled_width, grid_w)
        top_data[n] = sample_bins(features[int(rois[n, 0])], y, x, mode)
    return top_data
