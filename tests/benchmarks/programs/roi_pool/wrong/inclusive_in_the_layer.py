# faults: inclusive_ends
# style: width = x2 - x1 + 1 as in old detection code
# rest: right/two_passes.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    pooled_height, pooled_width = output_size
    num_rois, num_channels = rois.shape[0], features.shape[1]
    pooled = np.zeros((num_rois, num_channels, pooled_height, pooled_width), dtype=features.dtype)
    for i in range(num_rois):
        x1, y1, x2, y2 = quantize_roi(rois[i, 1:5], spatial_scale)
        roi_width = max(x2 - x1 + 1, 1)
        roi_height = max(y2 - y1 + 1, 1)
        hs = [(y1 + s, y1 + e) for s, e in bin_edges(roi_height, pooled_height)]
        ws = [(x1 + s, x1 + e) for s, e in bin_edges(roi_width, pooled_width)]
        pooled[i] = pool_bins(features[int(rois[i, 0])], hs, ws)
    return pooled
