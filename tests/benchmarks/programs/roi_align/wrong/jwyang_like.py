# faults: corners_for_centres + width_plus_one
# style: C kernel: bin size by P - 1, size + 1
# rest: right/c_like.py
import numpy as np


def sample_points(start, size, bins, sampling_ratio):
    total = bins * sampling_ratio
    step = size / (total - 1.0) if total > 1 else 0.0
    return np.array([start + n * step for n in range(total)], dtype=float).reshape(bins, sampling_ratio)


def box_on_map(box, spatial_scale, aligned):
    roi_start_w, roi_start_h = box[0] * spatial_scale, box[1] * spatial_scale
    roi_end_w, roi_end_h = box[2] * spatial_scale, box[3] * spatial_scale
    roi_height, roi_width = roi_end_h - roi_start_h + 1.0, roi_end_w - roi_start_w + 1.0
    if aligned:
        return roi_start_h - 0.5, roi_start_w - 0.5, roi_height, roi_width
    return roi_start_h, roi_start_w, max(roi_height, 1.0), max(roi_width, 1.0)
