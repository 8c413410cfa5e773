# faults: scale_forgotten + batch_index_ignored
# style: one image at scale 1 was tried; quantize_roi right
# rest: right/counting.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    PH, PW = output_size
    result = np.zeros((len(rois), features.shape[1], PH, PW), dtype=features.dtype)
    for k, roi in enumerate(rois):
        x1, y1, x2, y2 = quantize_roi(roi[1:], 1.0)
        result[k] = pool_one(features[0], x1, y1, x2, y2, PH, PW, bin_edges)
    return result
