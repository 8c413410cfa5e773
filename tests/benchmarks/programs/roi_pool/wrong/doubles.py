# faults: always_float64
# style: np.zeros without dtype
# rest: right/padded.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    pooled = np.zeros((len(rois), features.shape[1], output_size[0], output_size[1]))
    for roi, target in zip(rois, pooled):
        x1, y1, x2, y2 = quantize_roi(roi[1:], spatial_scale)
        ybins = [(y1 + s, y1 + e) for s, e in bin_edges(max(y2 - y1, 1), output_size[0])]
        xbins = [(x1 + s, x1 + e) for s, e in bin_edges(max(x2 - x1, 1), output_size[1])]
        target[:] = pool_bins(features[int(roi[0])], ybins, xbins)
    return pooled
