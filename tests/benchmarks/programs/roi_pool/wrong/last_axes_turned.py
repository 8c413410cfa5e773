# faults: output_transposed
# style: bins filled as [pw, ph]
# rest: right/monolith.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    PH, PW = output_size
    out = np.zeros((len(rois), features.shape[1], PW, PH), dtype=features.dtype)
    for k, roi in enumerate(rois):
        x1, y1, x2, y2 = quantize_roi(roi[1:], spatial_scale)
        for ph, (a, b) in enumerate(bin_edges(max(y2 - y1, 1), PH)):
            for pw, (c, d) in enumerate(bin_edges(max(x2 - x1, 1), PW)):
                cell = pool_bins(features[int(roi[0])], [(y1 + a, y1 + b)], [(x1 + c, x1 + d)])
                out[k, :, pw, ph] = cell[:, 0, 0]
    return out
