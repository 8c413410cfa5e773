# faults: image_number_scaled
# style: the whole RoI is quantized, first column included
# rest: right/masked_arrays.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    K, C = len(rois), features.shape[1]
    PH, PW = output_size
    out = np.zeros((K, C, PH, PW), features.dtype)
    cells = quantize_all(rois, spatial_scale)
    for k in range(K):
        b, x1, y1, x2, y2 = cells[k]
        rows = y1 + np.array(bin_edges(max(y2 - y1, 1), PH))
        columns = x1 + np.array(bin_edges(max(x2 - x1, 1), PW))
        out[k] = pool_bins(features[b], rows, columns)
    return out
