# faults: boxes_changed_in_place + always_float64
# style: np.multiply with out=
# rest: right/notebook.py
import numpy as np


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    boxes = rois[:, 1:]
    np.multiply(boxes, spatial_scale, out=boxes)
    bins_y, bins_x = output_size
    out = np.zeros((len(rois), features.shape[1], bins_y, bins_x))
    for k, box in enumerate(boxes):
        y, x, h, w = box_on_map(box, 1.0, aligned)
        ny = sampling_ratio if sampling_ratio > 0 else max(int(np.ceil(h / bins_y)), 0)
        nx = sampling_ratio if sampling_ratio > 0 else max(int(np.ceil(w / bins_x)), 0)
        ys, xs = sample_points(y, h, bins_y, ny), sample_points(x, w, bins_x, nx)
        out[k] = sample_bins(features[int(rois[k, 0])], ys, xs, mode)
    return out
