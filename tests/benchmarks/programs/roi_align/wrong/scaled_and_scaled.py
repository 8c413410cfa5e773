# faults: scaled_twice
# style: scaled boxes handed to the step that scales
# rest: right/notebook.py
import numpy as np


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    PH, PW = output_size
    images, boxes = rois[:, 0].astype(int), rois[:, 1:] * spatial_scale
    out = np.zeros((len(rois), features.shape[1], PH, PW), features.dtype)
    for k in range(len(boxes)):
        y, x, h, w = box_on_map(boxes[k], spatial_scale, aligned)
        if sampling_ratio > 0:
            ny = nx = sampling_ratio
        else:
            ny, nx = int(max(np.ceil(h / PH), 0)), int(max(np.ceil(w / PW), 0))
        out[k] = sample_bins(
            features[images[k]], sample_points(y, h, PH, ny), sample_points(x, w, PW, nx), mode
        )
    return out
