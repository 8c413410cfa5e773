# faults: batch_index_ignored
# style: unpacked into the void
# rest: right/classes.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    PH, PW = output_size
    pooled = np.zeros((len(rois), features.shape[1], PH, PW), dtype=features.dtype)
    for k, (_, *corners) in enumerate(rois):
        x1, y1, x2, y2 = quantize_roi(corners, spatial_scale)
        rows = [(y1 + a, y1 + b) for a, b in bin_edges(max(y2 - y1, 1), PH)]
        columns = [(x1 + a, x1 + b) for a, b in bin_edges(max(x2 - x1, 1), PW)]
        pooled[k] = pool_bins(features[0], rows, columns)
    return pooled
