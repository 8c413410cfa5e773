# faults: always_float64 + boxes_changed_in_place
# style: a view of rois scaled by mul_, as in torch
# rest: right/masked_arrays.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    PH, PW = output_size
    boxes = rois[:, 1:]
    np.multiply(boxes, spatial_scale, out=boxes)
    out = np.zeros((len(rois), features.shape[1], PH, PW))
    for k, (x1, y1, x2, y2) in enumerate(np.floor(boxes).astype(int)):
        rows = y1 + np.array(bin_edges(max(y2 - y1, 1), PH))
        columns = x1 + np.array(bin_edges(max(x2 - x1, 1), PW))
        out[k] = pool_bins(features[int(rois[k, 0])], rows, columns)
    return out
